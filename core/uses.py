"""Where photos and videos are shown: one indexed row for each text, kept by triggers.

The SQL function core_note_uses_of reads the addresses of our media out of a text (migration
core 0004) whenever a row with text is written, whatever wrote it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import HttpRequest

from core.media import Photo
from core.video import Video

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SHOWN = 200


@dataclass(frozen=True)
class Place:
    """Where something is shown, for a person who may know; `rows` of its table do so."""

    words: str
    title: str
    url: str
    rows: int = 1


Finder = Callable[[HttpRequest, Sequence[int]], list[Place]]
_finders: dict[str, Finder] = {}


def register(kind: str, finder: Finder) -> None:
    """Have `finder` find, among rows of the table `kind`, the places that the asker may see."""
    _finders[kind] = finder


def places(request: HttpRequest, uses: "models.QuerySet[Any]") -> tuple[list[Place], int]:
    """The places of the newest SHOWN `uses`, and the number of uses not told of."""
    by_kind: dict[str, list[int]] = {}
    for kind, row in uses.order_by("-pk").values_list("kind", "object_id")[:SHOWN]:
        by_kind.setdefault(kind, []).append(row)
    told = [
        place
        for kind, rows in by_kind.items()
        if kind in _finders
        for place in _finders[kind](request, rows)
    ]
    return told, uses.count() - sum(place.rows for place in told)


# Why a person may not change what a photo or a video shows, "" when nothing is in the way.
Guard = Callable[["User", "Photo | Video"], str]
# Notes in the trail of whatever shows it that a person has changed so much of it.
Note = Callable[["User", "Photo | Video", str], None]
_watchers: list[tuple[Guard, Note]] = []


def watch(guard: Guard, note: Note) -> None:
    """Have an app answer for the texts that show photos and videos as the library has them."""
    _watchers.append((guard, note))


def obstacle(user: "User", shown: "Photo | Video") -> str:
    """Return why `user` may not change captions, cut or the like of `shown`, or ""."""
    return next((words for guard, _ in _watchers if (words := guard(user, shown))), "")


def note_change(user: "User", shown: "Photo | Video", what: str) -> None:
    """Have every app note that `user` has changed `what` of `shown`."""
    for _, note in _watchers:
        note(user, shown, what)


class PhotoUse(models.Model):
    """One row of the table `kind`, such as news_edition, that shows `photo`."""

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="uses")
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "object_id", "photo"), name="photo_use_noted_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class VideoUse(models.Model):
    """One row of the table `kind`, such as news_edition, that shows `video`."""

    video = models.ForeignKey(Video, on_delete=models.PROTECT, related_name="uses")
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "object_id", "video"), name="video_use_noted_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
