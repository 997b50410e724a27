"""Files and relations on the form of a document."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest

from core.newsroom import ChoiceBox
from core.text import excerpt
from documents.clerk.forms import FileForm, PartFormSet, RelationForm, RelationFormSet
from documents.files import DocumentFile
from documents.models import Document, Relation


def cited(document: Document) -> str:
    """Name a document so that it cannot be taken for another of the same sign."""
    day = f"{document.issued_on:%d/%m/%Y}" if document.issued_on else ""
    issuer = (document.issuer.short_name or document.issuer.name) if document.issuer else ""
    return " · ".join(filter(None, (str(document), day, issuer, excerpt(document.abstract, 60))))


class DocumentSelect(ChoiceBox):
    """A box that finds documents, each named as `cited` names it."""

    url_name = "%s:documents_document_choose"


class DocumentChoiceField(ModelChoiceField):
    """A document, chosen from those named as `cited` names them."""

    def label_from_instance(self, document: Any) -> str:
        """Return the words that tell the document from others of its sign."""
        return cited(document)


class PartInline(admin.TabularInline):
    """What belongs to a document: whoever may change the document may change it."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the usual field with its bare widget."""
        made = super().formfield_for_dbfield(db_field, request, **kwargs)
        if made and isinstance(made.widget, RelatedFieldWidgetWrapper):
            made.widget = made.widget.widget
        if made:
            # The head of the column is no label of the box.
            made.widget.attrs["aria-label"] = made.label
        return made

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow who may see the document."""
        return request.user.has_perm("documents.view_document") or self._may(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow who may change the document; the form asks about this one."""
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow who may change the document; the form asks about this one."""
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow who may change the document; the form asks about this one."""
        return self._may(request)

    def _may(self, request: HttpRequest) -> bool:
        change, add = "documents.change_document", "documents.add_document"
        return request.user.has_perm(change) or request.user.has_perm(add)


class FileFormSet(PartFormSet):
    """The current files of a document."""

    def known_rows(self) -> list[DocumentFile]:
        """Return the files that no other has replaced."""
        return self.instance.current_files()

    def clean(self) -> None:
        """Keep what readers have seen: a correction may replace it, not take it away."""
        super().clean()
        if any(_as_published(form.instance) for form in self.deleted_forms):
            raise ValidationError(
                "Tệp bạn đọc đã thấy thì không xóa được, chỉ thay được bằng tệp khác. Văn bản "
                "phải rời trang thì hãy đề nghị gỡ."
            )

    def replacements(self) -> list[tuple[DocumentFile, UploadedFile]]:
        """Return the files to be replaced, each with what came in its place."""
        return [
            (form.instance, upload)
            for form in self.initial_forms
            if (upload := form.cleaned_data.get("replacement")) and form not in self.deleted_forms
        ]


def _as_published(file: DocumentFile) -> bool:
    return file.stands_for is not None and file.stands_for.sha256 == file.sha256


class FileInline(PartInline):
    """Current files: role and order may change; new ones come through the form itself."""

    model = DocumentFile
    form = FileForm
    formset = FileFormSet
    extra = 0
    fields = ("role", "order", "replacement")
    template = "admin/documents/document/files.html"
    verbose_name_plural = "Tệp"

    def get_queryset(self, request: HttpRequest) -> QuerySet[DocumentFile]:
        """Leave out what was replaced."""
        return DocumentFile.objects.current().select_related("cleared_by")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a row is added by `files.attach` alone."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        """Keep the files of what was public."""
        return super().has_delete_permission(request) and not (obj and obj.went_live_at)


class RelationInline(PartInline):
    """What the document does to others."""

    model = Relation
    form = RelationForm
    formset = RelationFormSet
    fk_name = "source"
    extra = 1
    fields = ("kind", "target", "provisions")
    verbose_name = "quan hệ"
    verbose_name_plural = "Văn bản này tác động đến văn bản khác"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Find the other document by sign or words."""
        if db_field.name != "target":
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        known = (
            Document.objects.originals().select_related("type", "issuer").defer("words", "folded")
        )
        return DocumentChoiceField(
            known,
            label="Văn bản chịu tác động",
            widget=DocumentSelect(db_field, self.admin_site),
        )
