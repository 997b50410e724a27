"""The forms of the records clerk: a document, its relations, its files."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.models import BaseInlineFormSet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from core.newsroom import ChoiceBox, SlugForm
from documents import signs
from documents.clerk import relating
from documents.files import DocumentFile, FileRole
from documents.models import Document, Relation, lock_documents

# Files that one form sends at once; more go through “Nhận nhiều tệp”.
FILES_LIMIT = 20
# Shown beside other errors alone; without any, what was typed is laid aside.
STALE = (
    "Văn bản đã được người khác sửa hoặc chuyển bước sau khi bạn mở. Hãy sửa các lỗi dưới đây rồi "
    "bấm lưu: nội dung bạn nhập được giữ riêng để so sánh, không ghi đè lên bản mới."
)
# The two boxes of each hour.
HOURS = {"publish_at": ("Ngày đăng", "Giờ đăng"), "expire_at": ("Ngày tự gỡ", "Giờ tự gỡ")}
ACCEPTED = ".pdf,.docx,.xlsx,.odt,.jpg,.jpeg,.png"


class FilesInput(forms.FileInput):
    """A box for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploaded files; cleans to a list, in the order in which they were chosen."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Clean each file by itself."""
        given = data if isinstance(data, list | tuple) else [data]
        one = super().clean
        return [one(file, initial) for file in given if file] or one(None, initial) or []

    def has_changed(self, initial: Any, data: Any) -> bool:
        """True when a file was sent: the empty list is nothing new."""
        return bool(data)


class DocumentForm(forms.ModelForm):
    """A document; `refusal` (set by the admin) is what the database has refused.

    A bound form locks the documents, so it belongs in a transaction.
    """

    refusal = ""
    # Which document the form was opened with: another one is not overwritten unseen.
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    new_files = FilesField(
        label="Thêm tệp",
        required=False,
        widget=FilesInput({"accept": ACCEPTED}),
        help_text="PDF, DOCX, XLSX, ODT, JPEG hoặc PNG, mỗi tệp tối đa 50 MB. Chọn được nhiều tệp.",
    )
    new_role = forms.ChoiceField(
        label="Vai trò", choices=FileRole, required=False, initial=FileRole.MAIN
    )

    class Meta:
        model = Document
        fields = ("sign",)  # the admin names them all
        widgets = {"abstract": forms.Textarea({"rows": 3})}

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        instance: Document | None = None,
        **kwargs: Any,
    ) -> None:
        if data is not None:
            lock_documents()
            if instance:
                instance = Document.objects.select_for_update().get(pk=instance.pk)
        self.current_stamp = instance.stamp() if instance and instance.pk else ""
        super().__init__(data, files, instance=instance, **kwargs)
        self.initial["stamp"] = self.current_stamp
        for name in HOURS:
            at = self.initial.pop(name, None)
            if isinstance(at, datetime):  # and not words in the address of an empty form
                self.initial[name] = at.replace(second=0, microsecond=0)
        for name in ("issuer", "signer"):
            box = self.fields[name].widget if name in self.fields else None
            if isinstance(box, ChoiceBox):
                box.known = getattr(self.instance, name)
        self._name_boxes()

    def _name_boxes(self) -> None:
        for name, labels in HOURS.items():
            if hour := self.fields.get(name):
                for box, label in zip(hour.widget.widgets, labels, strict=True):
                    box.attrs["aria-label"] = label
        if hour := self.fields.get("publish_at"):
            hour.help_text = (
                "Để trống: lên trang ngay khi được duyệt. Giờ ở tương lai: đúng giờ ấy."
            )
        if sign := self.fields.get("sign"):
            sign.widget.attrs |= {"autofocus": not self.instance.pk, "autocomplete": "off"}

    def clean_abstract(self) -> str:
        """Return the abstract on one line, however it was pasted."""
        return " ".join(self.cleaned_data["abstract"].split())

    def clean_new_files(self) -> list[UploadedFile]:
        """Refuse more files than one form may carry."""
        files: list[UploadedFile] = self.cleaned_data["new_files"]
        if len(files) > FILES_LIMIT:
            raise ValidationError(f"Mỗi lần thêm tối đa {FILES_LIMIT} tệp. Hãy bớt tệp.")
        return files

    def clean_publish_at(self) -> datetime | None:
        """Refuse an hour gone by, unless it stood there already."""
        return self._ahead("publish_at")

    def clean_expire_at(self) -> datetime | None:
        """Refuse an hour gone by, unless it stood there already."""
        return self._ahead("expire_at")

    def _ahead(self, name: str) -> datetime | None:
        at: datetime | None = self.cleaned_data[name]
        if at and at <= timezone.now() and name in self.changed_data:
            raise ValidationError("Giờ này đã qua. Hãy để trống, hoặc chọn giờ trong tương lai.")
        return at

    def clean(self) -> dict[str, Any]:
        """Refuse to overwrite what somebody else stored in the meantime."""
        cleaned = super().clean() or self.cleaned_data
        sign = signs.parse(cleaned.get("sign", ""))
        if sign and sign.year and not cleaned.get("term"):
            cleaned["term"] = str(sign.year)
        if self.refusal:
            raise ValidationError(self.refusal, code="refused")
        if self.instance.pk and cleaned.get("stamp") != self.current_stamp:
            raise ValidationError(STALE, code="stale")
        return cleaned

    @property
    def overtakes(self) -> bool:
        """True when nothing is wrong but that a newer document would be overwritten."""
        found = [error.code for errors in self.errors.as_data().values() for error in errors]
        return found == ["stale"]

    def _post_clean(self) -> None:
        """With what was typed in the instance, ask what stands against it."""
        super()._post_clean()  # type: ignore[misc]
        if twins := self.instance.twins().select_related("type")[:3]:
            self.add_error("sign", twins_words(twins))


def twins_words(twins: Any) -> str:
    """Say which documents have the key already, with links to them."""
    links = format_html_join(
        ", ",
        '<a href="{}">{}</a> ({})',
        (
            (
                reverse("admin:documents_document_change", args=[twin.pk]),
                twin,
                twin.get_state_display().lower(),
            )
            for twin in twins
        ),
    )
    return format_html(
        "Đã có văn bản cùng cơ quan, loại, số và nhiệm kỳ: {}. Hãy mở văn bản ấy, hoặc sửa số, "
        "loại, cơ quan hay nhiệm kỳ ở đây cho đúng.",
        links,
    )


class PartFormSet(BaseInlineFormSet):
    """Rows of a document; a row that somebody else has taken away meanwhile is said to be gone."""

    def clean(self) -> None:
        """Speak for the hidden box, whose errors are shown nowhere."""
        super().clean()
        if any("id" in form.errors for form in self.forms):
            raise ValidationError("Mục này vừa được thay đổi ở nơi khác. Hãy mở lại trang rồi sửa.")

    def get_queryset(self) -> Any:
        """Return the rows that the document has read for a page that only shows them."""
        if self.is_bound or "read_files" not in vars(self.instance):
            return super().get_queryset()
        return self.known_rows()

    def known_rows(self) -> list[Any]:
        """Return those rows in the order of the page."""
        raise NotImplementedError


class DeletionInput(forms.CheckboxInput):
    """A box with a name of its own: the head of its column is no label."""

    def __init__(self) -> None:
        super().__init__({"aria-label": "Xóa quan hệ này"})


class RelationFormSet(PartFormSet):
    """What a document does to others; each row that may not stand says why."""

    deletion_widget = DeletionInput

    def known_rows(self) -> list[Relation]:
        """Return what the document does to others."""
        return self.instance.acts_in_order()

    def clean(self) -> None:
        """Ask about every row that is new or changed, or whose document has a new issuer."""
        super().clean()
        for form in self.forms:
            given = getattr(form, "cleaned_data", {})
            target, kind = given.get("target"), given.get("kind")
            if not target or not kind or given.get("DELETE"):
                continue
            pk = form.instance.pk
            if words := relating.problem(self.instance, kind, target, relation_pk=pk):
                form.add_error("target", words)


class FileForm(forms.ModelForm):
    """A stored file: its place may change, its bytes only by another row in its place."""

    replacement = forms.FileField(
        label="Thay bằng tệp khác", required=False, widget=forms.FileInput({"accept": ACCEPTED})
    )

    class Meta:
        model = DocumentFile
        fields = ("role", "order")


class RelationForm(forms.ModelForm):
    """One thing that a document does to another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target = self.fields.get("target")
        if target and self.instance.target_id and isinstance(target.widget, ChoiceBox):
            target.widget.known = self.instance.target

    class Meta:
        model = Relation
        fields = ("kind", "target", "provisions")


class NamedForm(SlugForm):
    """A row of the catalogue; its address follows from its name."""

    slug_source = "name"


class IssuerForm(NamedForm):
    """A body; its place among superiors and successors is judged while nothing else moves."""

    def clean(self) -> dict[str, Any]:
        """Lock, so that two clerks cannot close a circle between them."""
        lock_documents()
        return super().clean()
