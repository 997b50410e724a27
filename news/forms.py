"""The one form of the newsroom: an article, whichever of its editions is being written."""

import re
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.newsroom import SlugForm, changed_labels
from core.richtext import absorb_data_images, clean_html
from core.snapshots import Snapshot
from core.text import nfc
from core.workflow import State
from news import rights, versions
from news.models import Article, Category, Change, Edition, Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_IMAGE = re.compile(r"<img\b", re.IGNORECASE)
# When an article comes and goes is no part of the text that is approved.
TIMES = {"publish_at": "đăng", "expire_at": "tự gỡ"}
# Fields that come back otherwise than they went out, and yet unchanged.
REARRANGED = ("title", "body", "change")
# A slip of the finger must not file an article under the year 0203; year 1 is none in UTC.
EARLIEST_YEAR = 1900


class ArticleForm(forms.ModelForm):
    """The text of an article; `instance` is the Article, `user` (set by the admin) who writes.

    A bound form locks its article, so it belongs in a transaction.
    """

    user: "User"
    # Whether the text has passed into other hands, so that nothing typed may take its place.
    writes_beside = False
    # Which text the form was opened with: another one is not overwritten unseen.
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        instance: Article | None = None,
        **kwargs: Any,
    ) -> None:
        if data is not None and instance:
            instance = Article.objects.select_for_update().get(pk=instance.pk)
        self.article = instance
        edition = instance.working_edition() if instance else None
        self.current_stamp = stamp_of(edition)
        self.images_removed = 0
        super().__init__(data, files, instance=edition, **kwargs)
        self.initial["stamp"] = self.current_stamp
        if edition and not edition.is_open:
            # What this text once changed is said; the next one begins with nothing to say.
            self.initial.update(change=Change.MINOR, correction_note="")
        self._prepare_fields()

    def _prepare_fields(self) -> None:
        """The time box shows no seconds: they would count as a change when it comes back."""
        for name in TIMES:
            if at := self.initial.get(name):
                self.initial[name] = at.replace(second=0, microsecond=0)
        if photo := self.fields.get("lead_photo"):
            photo.widget.known = self.instance.lead_photo
        if title := self.fields.get("title"):
            title.widget = forms.Textarea({"rows": 1, "maxlength": 200})
            title.widget.attrs["autofocus"] = self.article is None
        if summary := self.fields.get("summary"):
            summary.widget.attrs["rows"] = 3
        for field, words in TIMES.items():
            if hour := self.fields.get(field):
                for box, word in zip(hour.widget.widgets, ("Ngày", "Giờ"), strict=True):
                    box.attrs["aria-label"] = f"{word} {words}"
        if change := self.fields.get("change"):
            change.widget = forms.RadioSelect(choices=Change.choices)
            change.required = False  # a form opened before the article went live has none

    @cached_property
    def changed_data(self) -> list[str]:
        """Names of the fields whose cleaned value differs from the stored one."""
        changed = [name for name in super().changed_data if name != "stamp"]
        return [name for name in changed if name not in REARRANGED or self._differs(name)]

    def _differs(self, name: str) -> bool:
        """The editor rearranges HTML, and keyboards compose letters, without changing a word."""
        return self.cleaned_data.get(name) != self.initial.get(name)

    def clean_title(self) -> str:
        """Return the title as it will be stored: on one line, however it was pasted."""
        title = nfc(" ".join(self.cleaned_data["title"].split()))
        if not any(letter.isalnum() for letter in title):
            raise ValidationError("Tiêu đề chưa có chữ nào. Hãy nhập tiêu đề.")
        return title

    def clean_body(self) -> str:
        """Store pasted pictures; return clean HTML and count the pictures that were left out."""
        given = absorb_data_images(self.cleaned_data["body"], by=self.user)
        body = clean_html(given)
        self.images_removed = len(_IMAGE.findall(given)) - len(_IMAGE.findall(body))
        return body

    def clean_unit(self) -> Unit | None:
        """Let nobody write in the name of a unit that is not their own, unless they approve."""
        unit: Unit | None = self.cleaned_data["unit"]
        stays = unit is None or unit.pk == self.initial.get("unit")
        if unit and not stays and not rights.may_name(unit, self.user):
            raise ValidationError(
                "Bạn không viết cho đơn vị này. Hãy chọn đơn vị của bạn, hoặc để trống."
            )
        return unit

    def clean_publish_at(self) -> datetime | None:
        """Keep a scheduled article scheduled, unless that is what the button changes."""
        at: datetime | None = self.cleaned_data["publish_at"]
        if at and at.year < EARLIEST_YEAR:
            raise ValidationError(f"Năm {at.year} chưa đúng. Hãy ghi đủ, như 15/07/2023.")
        if self.instance.state != State.APPROVED:
            return at
        if not at or at <= timezone.now():
            raise ValidationError(
                "Bài đã duyệt, đang chờ giờ đăng. Hãy chọn một giờ trong tương lai."
            )
        return at

    def clean_expire_at(self) -> datetime | None:
        """Refuse an hour at which the article would be gone before readers see it."""
        at: datetime | None = self.cleaned_data["expire_at"]
        start = self.cleaned_data.get("publish_at") or timezone.now()
        if at and at != self.initial.get("expire_at") and at <= max(start, timezone.now()):
            raise ValidationError("Giờ tự gỡ phải ở tương lai và sau giờ đăng.")
        return at

    def clean_change(self) -> str:
        """Take a revision for a minor one, unless it says otherwise."""
        return self.cleaned_data["change"] or Change.MINOR

    def clean_correction_note(self) -> str:
        """Refuse a correction that tells readers nothing."""
        note: str = self.cleaned_data["correction_note"]
        if self.cleaned_data.get("change") == Change.SUBSTANTIVE and not note.strip():
            raise ValidationError(
                "Đính chính nội dung thì hãy ghi chú cho bạn đọc: chỗ nào đã sửa, sửa thế nào."
            )
        return note

    @property
    def overtakes(self) -> bool:
        """True when another text than the one that the form was opened with would be replaced."""
        stale = self.writes_beside or self.cleaned_data.get("stamp") != self.current_stamp
        return self.article is not None and stale and bool(self.changed_data)

    def lay_aside(self) -> Snapshot:
        """Keep what was typed beside the text that stands."""
        return versions.lay_aside(self.instance, by=self.user)

    def save_text(self) -> Article:
        """Store what was typed, if anything was; return the article.

        A text that differs from the approved one loses the approval.
        """
        names = [field.name for field in Edition._meta.fields if field.name in self.cleaned_data]
        texts = {name: self.cleaned_data[name] for name in names}
        if self.article is None:
            return Article.objects.draft(by=self.user, **texts).article
        if self.changed_data:
            what = changed_labels(self)
            versions.write(self.article, texts, self.changed_data, by=self.user, what=what)
        return self.article


def stamp_of(edition: Edition | None) -> str:
    """Return what changes whenever the text, the state or the edition changes; "" for None."""
    return edition.stamp() if edition else ""


class CategoryForm(SlugForm):
    """A category; its address follows from its name."""

    slug_source = "name"

    class Meta:
        model = Category
        fields = ("name", "slug", "parent", "description", "order", "on_home")
