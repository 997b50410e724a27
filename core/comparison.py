"""Two contents of one kind, field by field, for people: texts by words, relations by names."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from core import renditions
from core.diff import Block, Run, compare_html, compare_text
from core.media import Photo
from core.publishing import Publishable
from core.richtext import RichTextField

Content = dict[str, Any]
THUMBNAIL = 400


@dataclass(frozen=True)
class Picture:
    """A picture as one of the sides shows it."""

    src: str
    alt: str


@dataclass
class Difference:
    """One field that differs: as runs of words, as blocks, or as a picture on either side."""

    label: str
    runs: list[Run] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    old: Picture | None = None
    new: Picture | None = None


def differences(model: type[Publishable], old: Content, new: Content) -> list[Difference]:
    """Return the fields of `model` in which two of its contents differ, in the order of `new`."""
    names = [*new, *(name for name in old if name not in new)]
    found = (_difference(model, name, old.get(name), new.get(name)) for name in names)
    return [one for one in (*found, *_lead(old, new)) if one]


def _difference(model: type[Publishable], name: str, old: Any, new: Any) -> Difference | None:
    try:
        described = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if old == new or not isinstance(described, models.Field):
        return None
    label = str(described.verbose_name)
    if isinstance(described, RichTextField):
        return Difference(label, blocks=compare_html(old or "", new or ""))
    if described.related_model is Photo:
        return None  # shown as a picture
    before, after = (_in_words(described, value) for value in (old, new))
    if before == after:  # a day as it is stored, and as a save writes it
        return None
    return Difference(label, runs=compare_text(before, after))


def _in_words(described: models.Field, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if described.related_model:
        keys = value if isinstance(value, list) else [value]
        rows: Any = described.related_model
        return ", ".join(str(row) for row in rows.objects.filter(pk__in=keys).order_by("pk"))
    if described.choices:
        return str(dict(described.flatchoices).get(value, value))
    if isinstance(described, models.BooleanField):
        return "có" if value else "không"
    if isinstance(described, models.DateField):
        return f"{described.to_python(value):%d/%m/%Y}"
    return str(value)


def _lead(old: Content, new: Content) -> Iterator[Difference]:
    """The lead photo as it was shown: its picture, then its words."""
    before, after = (side.get("lead") or ["", "", "", ""] for side in (old, new))
    if before[0] != after[0]:
        yield Difference("ảnh chính", old=_picture(before), new=_picture(after))
    labels = ("mô tả ảnh chính", "chú thích ảnh chính", "nguồn ảnh chính")
    for label, was, now in zip(labels, before[1:], after[1:], strict=True):
        if was != now:
            yield Difference(label, runs=compare_text(was, now))


def _picture(lead: list[str]) -> Picture | None:
    return Picture(renditions.src_of(lead[0], THUMBNAIL), lead[1]) if lead[0] else None
