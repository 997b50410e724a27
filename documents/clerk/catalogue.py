"""What documents are sorted by, in the newsroom."""

from django.contrib import admin

from core.newsroom import BoundedPaginator, FoldedSearchAdmin, PlainAdmin
from documents.catalogue import DocumentType, Field, Issuer, Signer
from documents.clerk.forms import IssuerForm, NamedForm


@admin.register(DocumentType)
class DocumentTypeAdmin(PlainAdmin):
    """Types of documents; codes are the office's own to complete."""

    form = NamedForm
    fields = ("name", "code", "slug", "order")
    list_display = ("name", "code", "order")
    list_editable = ("code", "order")


@admin.register(Field)
class FieldAdmin(PlainAdmin):
    """What documents are about."""

    form = NamedForm
    fields = ("name", "slug", "order")
    list_display = ("name", "order")
    list_editable = ("order",)


@admin.register(Issuer)
class IssuerAdmin(FoldedSearchAdmin):
    """Bodies that issue documents; one that has ended names its successor."""

    form = IssuerForm
    list_display = ("name", "code", "superior", "valid_from", "valid_to", "successor")
    list_select_related = ("superior", "successor")
    list_per_page = 50
    paginator = BoundedPaginator
    search_help_text = "Tìm theo tên, tên ngắn hoặc ký hiệu, có dấu hoặc không dấu."
    autocomplete_fields = ("superior", "successor")
    fieldsets = (
        (None, {"fields": ("name", "short_name", "code", "slug")}),
        ("Cấp trên, kế tục", {"fields": ("superior", "valid_from", "valid_to", "successor")}),
    )


@admin.register(Signer)
class SignerAdmin(FoldedSearchAdmin):
    """Who signed, in which position."""

    list_display = ("name", "position")
    list_per_page = 50
    paginator = BoundedPaginator
    search_help_text = "Tìm theo họ tên hoặc chức vụ, có dấu hoặc không dấu."
    fields = ("name", "position")
