"""The one form of the newsroom: an article, whichever of its editions is being written."""

import re
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core.newsroom import SlugForm, overtaken
from core.publishing import State
from core.richtext import absorb_data_images, clean_html
from core.text import nfc
from news.models import Article, Category, Edition

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_IMAGE = re.compile(r"<img\b", re.IGNORECASE)
# A slip of the finger must not file an article under the year 0203; year 1 is none in UTC.
EARLIEST_YEAR = 1900


class ArticleForm(forms.ModelForm):
    """The text of an article; `instance` is the Article, `user` (set by the admin) who writes.

    A bound form locks its article, so it belongs in a transaction.
    """

    user: "User"
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
        self._prepare_fields()

    def _prepare_fields(self) -> None:
        """The time box shows no seconds: they would count as a change when it comes back."""
        if at := self.initial.get("publish_at"):
            self.initial["publish_at"] = at.replace(second=0, microsecond=0)
        if title := self.fields.get("title"):
            title.widget = forms.Textarea({"rows": 1, "maxlength": 200})
            title.widget.attrs["autofocus"] = self.article is None
        if summary := self.fields.get("summary"):
            summary.widget.attrs["rows"] = 3
        if hour := self.fields.get("publish_at"):
            for box, name in zip(hour.widget.widgets, ("Ngày đăng", "Giờ đăng"), strict=True):
                box.attrs["aria-label"] = name

    @cached_property
    def changed_data(self) -> list[str]:
        """Names of the fields whose cleaned value differs from the stored one."""
        changed = [name for name in super().changed_data if name != "stamp"]
        return [name for name in changed if name not in ("title", "body") or self._differs(name)]

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

    def clean_publish_at(self) -> datetime | None:
        """Keep a scheduled article scheduled, unless that is what the button changes."""
        at: datetime | None = self.cleaned_data["publish_at"]
        if at and at.year < EARLIEST_YEAR:
            raise ValidationError(f"Năm {at.year} chưa đúng. Hãy ghi đủ, như 15/07/2023.")
        if self.instance.state != State.APPROVED:
            return at
        if {"_publish", "_unschedule"}.isdisjoint(self.data) and (not at or at <= timezone.now()):
            raise ValidationError(
                "Bài đang hẹn giờ đăng. Hãy chọn một giờ trong tương lai, hoặc bấm “Hủy hẹn giờ”."
            )
        return at or self.initial["publish_at"]

    def clean(self) -> dict[str, Any]:
        """Refuse once to overwrite what somebody else wrote in the meantime."""
        cleaned = super().clean() or self.cleaned_data
        opened_with = cleaned.get("stamp")
        if self.article and opened_with != self.current_stamp and self.changed_data:
            self.data = {**dict(self.data.items()), "stamp": self.current_stamp}
            address = reverse("news:preview", args=[self.article.pk])
            words = overtaken(self.article, noun="bài", by=self.user, address=address)
            raise ValidationError(words, code="stale")
        return cleaned

    def save_text(self) -> Article:
        """Store what was typed as a draft, if anything was; return the article."""
        names = [field.name for field in Edition._meta.fields if field.name in self.cleaned_data]
        texts = {name: self.cleaned_data[name] for name in names}
        if self.article is None:
            return Article.objects.draft(by=self.user, **texts).article
        if self.changed_data:
            # Read anew: validation has already written into the edition that the form holds.
            edition = Article.objects.get(pk=self.article.pk).revise(by=self.user)
            for name, value in texts.items():
                setattr(edition, name, value)
            edition.save()
        return self.article


def stamp_of(edition: Edition | None) -> str:
    """Return what changes whenever the text, the state or the edition changes; "" for None."""
    return f"{edition.pk} {edition.state} {edition.updated_at.isoformat()}" if edition else ""


class CategoryForm(SlugForm):
    """A category; its address follows from its name."""

    slug_source = "name"

    class Meta:
        model = Category
        fields = ("name", "slug", "parent", "description", "order", "on_home")
