"""The records clerk's “Văn bản”: from a sign or a file to what cadres find."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from core.newsroom import (
    BoundedPaginator,
    PublicationAdmin,
    all_words,
    confirmed,
    module,
    writer,
)
from core.publishing import Action, State, record
from documents import signs
from documents.clerk import catalogue as catalogue_admin
from documents.clerk import corrections, desk, relating
from documents.clerk.attachments import Stored, take_in
from documents.clerk.filters import (
    StateFilter,
    TaskFilter,
    TypeFilter,
    VisibilityFilter,
    YearFilter,
)
from documents.clerk.forms import DocumentForm
from documents.clerk.guessing import guess
from documents.clerk.inlines import FileInline, RelationInline
from documents.clerk.pages import DocumentPages
from documents.clerk.proposals import proposals
from documents.files import DocumentFile, FileRole
from documents.models import Document, lock_documents
from documents.validity import status

__all__ = ["DocumentAdmin", "catalogue_admin"]


# The buttons that do more than store the form.
DEEDS: dict[str, Callable[..., str]] = {
    "_publish": desk.publish,
    "_unschedule": desk.unschedule,
    "_restore": desk.restore,
}
UNKNOWN_PATTERN = (
    "Số, ký hiệu này không theo mẫu nào nên máy không phát hiện được văn bản trùng. "
    "Nếu văn bản in đúng như vậy thì hãy để nguyên."
)


@admin.register(Document)
class DocumentAdmin(DocumentPages, PublicationAdmin):
    """Documents as the records clerk keeps them: typed, published, corrected, withdrawn."""

    form = DocumentForm
    inlines = (FileInline, RelationInline)
    list_display = (
        *("sign_shown", "abstract", "type", "issuer_name", "issued_on"),
        *("status", "visibility", "force"),
    )
    list_display_links = ("sign_shown", "abstract")
    list_filter = (TaskFilter, StateFilter, TypeFilter, VisibilityFilter, YearFilter)
    list_select_related = ("type", "issuer")
    list_per_page = 50
    paginator = BoundedPaginator
    ordering = ("-pk",)
    search_fields = ("sign",)  # shows the box; get_search_results searches
    search_help_text = "Tìm theo số, ký hiệu (như 24ct/tu) hoặc trích yếu, có dấu hoặc không dấu."
    sortable_by = ()
    autocomplete_fields = ("issuer", "signer")
    change_form_template = "admin/documents/document/change_form.html"
    publish_permission = Document.publish_permission
    noun = "văn bản"
    withdraw_path = "go"

    class Media:
        js = (module("js/admin/document-form.js"),)

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """Leave out what only searches read."""
        return super().get_queryset(request).defer("words", "folded")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Document], search_term: str
    ) -> tuple[QuerySet[Document], bool]:
        """Find a sign however it is typed, and every word with or without diacritics."""
        if not search_term.strip():
            return queryset, False
        found = all_words("folded", search_term)
        if sign := signs.parse(search_term):
            found |= Q(sign_key=signs.key(sign))
        return queryset.filter(found), False

    @admin.display(description="Số, ký hiệu")
    def sign_shown(self, document: Document) -> str:
        """Return the sign, or words where there is none."""
        return document.sign or "Chưa có số"

    @admin.display(description="Cơ quan", empty_value="")
    def issuer_name(self, document: Document) -> str:
        """Return the issuer, shortly."""
        return (document.issuer.short_name or document.issuer.name) if document.issuer else ""

    @admin.display(description="Tình trạng")
    def status(self, document: Document) -> str:
        """Return the status in words, with a modest colour."""
        kind, words = desk.status_of(document)
        return format_html('<span class="state state-{}">{}</span>', kind, words)

    @admin.display(description="Hiệu lực", empty_value="")
    def force(self, document: Document) -> str:
        """Return whether the document is in force today."""
        return status(document, timezone.localdate()).label if document.issued_on else ""

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: Document | None = None) -> Any:
        """Offer an hour only to what waits to be published."""
        waits = obj is None or obj.is_open
        return (
            (None, {"fields": ("sign", ("type", "term"), "issuer", "congress")}),
            ("Nội dung", {"fields": ("abstract", "fields")}),
            ("Ký, hiệu lực", {"fields": ("signer", ("issued_on", "effective_on", "expires_on"))}),
            (
                "Phạm vi và giờ đăng" if waits else "Phạm vi",
                {"fields": ("visibility", "publish_at") if waits else ("visibility",)},
            ),
        )

    def get_form(
        self, request: HttpRequest, obj: Document | None = None, change: bool = False, **kwargs: Any
    ) -> type[DocumentForm]:
        """Return the form for who is signed in, with what the database has refused, if it has."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        form.refusal = vars(request).get("refusal", "")
        return form

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Say what a change of visibility does, and where new rows of the catalogue come from."""
        made = super().formfield_for_dbfield(db_field, request, **kwargs)
        if made and db_field.name in ("issuer", "signer"):
            made.help_text = format_html(
                '<a href="{}" target="_blank">Thêm {} mới</a> (mở thẻ khác)',
                reverse(f"admin:documents_{db_field.name}_add"),
                db_field.verbose_name,
            )
        return made

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Tick fields: they are few."""
        return super().formfield_for_manytomany(
            db_field, request, **{**kwargs, "widget": CheckboxSelectMultiple()}
        )

    def has_change_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        """Leave what is scheduled, or was public, to those who may publish."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.state == State.DRAFT or self.may_publish(request))

    def has_delete_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        """Keep what readers have seen, or will see unless who may publish says otherwise."""
        may = super().has_delete_permission(request, obj)
        if obj is None or not may:
            return may
        return not obj.went_live_at and (obj.state == State.DRAFT or self.may_publish(request))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the documents alone: their files and relations go with them."""
        return [str(document) for document in objs], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Document) -> None:
        """Delete replaced files first: they hold on to those in their place."""
        with transaction.atomic():
            # Before any row: deleting a relation touches the document that it acts on.
            lock_documents()
            if not self.has_delete_permission(request, Document.objects.filter(pk=obj.pk).first()):
                raise PermissionDenied
            for file in obj.files.exclude(replaced_by=None).order_by("pk"):
                file.delete()
            obj.delete()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add what the buttons depend on, and what the first page says to an unconfirmed draft."""
        document = context["original"]
        context |= {
            "title": "Sửa văn bản" if document else "Thêm văn bản",
            "subtitle": None,
            "may_publish": self.may_publish(request),
            "saved_at": document.updated_at if document else None,
        }
        if document:
            context |= self._of_stored(document)
        return super().render_change_form(request, context, *args, **kwargs)

    def _of_stored(self, document: Document) -> dict[str, Any]:
        pictured = document.files.current().filter(has_preview=True).first()
        first = document.files.filter(replaced_by=None, role=FileRole.MAIN).first()
        unconfirmed = document.state == State.DRAFT and document.updated_at == document.created_at
        acted_on_by = document.acted_on_by.select_related("source__type").order_by("kind", "pk")
        return {
            "state": document.state,
            "status": desk.status_of(document),
            "pictured": pictured,
            "unconfirmed": unconfirmed,
            "proposals": proposals(guess(first.text)) if unconfirmed and first else [],
            "acted_on_by": acted_on_by,
        }

    # Storing: what is typed first, its files once that is committed, what the button says last

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Store the form; what only the database knew to refuse comes back as words in it."""
        view = partial(super().changeform_view, request, object_id, form_url, extra_context)
        try:
            response = view()
        except IntegrityError as error:
            refusal = relating.refusal_of(error)
            # Asked anew, the form finds the twin by itself and links to it.
            vars(request)["refusal"] = "" if refusal == relating.TWIN else refusal
            response = view()
        stored = vars(request).get("stored")
        return self._carry_on(request, stored) if stored else response

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:
        """Remember what readers saw, then store."""
        form.before = corrections.snapshot(obj.pk) if obj.went_live_at else None
        if not change:
            obj.created_by = writer(request)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store relations and the places of files; note a correction in the audit trail."""
        super().save_related(request, form, formsets, change)
        document = form.instance
        files = next(one for one in formsets if one.model is DocumentFile) if change else None
        vars(request)["stored"] = Stored(
            document,
            replacements=files.replacements() if files else [],
            uploads=form.cleaned_data["new_files"],
            role=form.cleaned_data["new_role"] or FileRole.MAIN,
            without_secrets=form.cleaned_data["without_secrets"],
        )
        if document.sign and document.number is None:
            self.message_user(request, UNKNOWN_PATTERN, messages.WARNING)
        if form.before:
            self._note_correction(request, document, form.before)
        elif not DEEDS.keys() & request.POST.keys():
            self.message_user(request, saved_words(document), messages.SUCCESS)

    def _note_correction(
        self, request: HttpRequest, document: Document, before: dict[str, str]
    ) -> None:
        after = corrections.snapshot(document.pk)
        words = corrections.changes(before, after)
        if not words:
            if "_save" in request.POST:
                self.message_user(request, "Các ô không có gì thay đổi nên không ghi đính chính.")
            return
        record(document, Action.CORRECT, by=writer(request), reason=words)
        said = "Đã đính chính, bạn đọc thấy ngay và nhật ký ghi lại."
        if document.state != State.LIVE:
            said = "Đã lưu; nhật ký ghi lại. Văn bản đã gỡ nên bạn đọc chưa thấy."
        elif before["Phạm vi"] != after["Phạm vi"]:
            said = f"{said} {desk.visibility_words(document)}"
        self.message_user(request, said, messages.SUCCESS)

    def _name_next(self, request: HttpRequest) -> None:
        remaining = desk.unconfirmed()
        if following := remaining.first():
            self.message_user(
                request,
                format_html(
                    'Còn {} bản nháp cần xác nhận. <a href="{}">Mở bản tiếp theo</a>',
                    remaining.count(),
                    self.address("change", following),
                ),
            )

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Note changes alone: a button pressed on an unchanged document changes none."""
        return super().log_change(request, obj, message) if message else None

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Return to the document; changeform_view carries on from there."""
        return redirect(self.address("change", obj))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Return to the document; changeform_view carries on from there."""
        return redirect(self.address("change", obj))

    def _carry_on(self, request: HttpRequest, stored: Stored) -> HttpResponse:
        taken = list(take_in(stored, by=writer(request)))
        for went_well, words in taken:
            self.message_user(request, words, messages.SUCCESS if went_well else messages.ERROR)
        if all(went_well for went_well, _ in taken):
            self._do(request, stored.document)
        elif DEEDS.keys() & request.POST.keys():
            self.message_user(request, "Chưa đăng, vì có tệp không nhận được.", messages.WARNING)
        if stored.document.state == State.DRAFT:
            self._name_next(request)
        return confirmed(redirect(self.address("change", stored.document)), request)

    def _do(self, request: HttpRequest, document: Document) -> None:
        for button in DEEDS.keys() & request.POST.keys():
            fresh = Document.objects.get(pk=document.pk)
            self.attempt(request, partial(DEEDS[button], fresh))
        if file_pk := request.POST.get("_clear"):
            self.attempt(request, partial(desk.confirm_no_secret, document, file_pk))

    def withdraw(self, subject: Document, *, by: Any, reason: str) -> str:
        """Take the document down (documents/clerk/desk.py)."""
        return desk.withdraw(subject, by=by, reason=reason)


def saved_words(document: Document) -> str:
    """Say what storing a document has changed that readers do not see yet, and who sees it."""
    if document.state == State.APPROVED:
        return "Đã lưu. Văn bản vẫn hẹn giờ đăng như cũ."
    return "Đã lưu bản nháp. Chỉ văn thư thấy."
