"""The records clerk's “Văn bản”: from a sign or a file to what cadres find."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from core import remarks
from core.audit import acknowledged
from core.deeds import offers
from core.newsroom import (
    BoundedPaginator,
    PublicationAdmin,
    all_words,
    module,
    row_number,
    writer,
)
from core.publishing import Publishable, move, rewritten
from core.workflow import Action, State
from documents import corrections, signs
from documents.clerk import bin as the_bin
from documents.clerk import catalogue as catalogue_admin
from documents.clerk import desk, relating
from documents.clerk.attachments import Stored, take_in
from documents.clerk.bulk import BulkDeeds
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
from documents.clerk.thread import thread_of
from documents.clerk.versions import DocumentVersions
from documents.clerk.words import (
    NOTHING_CHANGED,
    UNKNOWN_PATTERN,
    changed_words,
    is_unconfirmed,
    saved_words,
    title_of,
)
from documents.files import DocumentFile, FileRole
from documents.models import Document
from documents.validity import status

__all__ = ["DocumentAdmin", "catalogue_admin"]


# Related rows that the form names.
FORM_NAMES = ("type", "issuer", "signer")


@admin.register(Document)
class DocumentAdmin(the_bin.BinPages, BulkDeeds, DocumentPages, DocumentVersions, PublicationAdmin):
    """Documents as the records clerk keeps them: typed, handed in, corrected, withdrawn."""

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
    deeds = desk.DEEDS
    noun = "văn bản"
    text_template = "admin/documents/document/text.html"

    class Media:
        js = (module("js/admin/document-form.js"),)

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """Leave out the bin, corrections that are done, and what only searches read."""
        found = super().get_queryset(request).filter(binned_at=None)
        return found.exclude(state=State.SUPERSEDED).defer("words", "folded")

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
        """Return whether the document is in force today; a draft has no force to speak of."""
        if document.is_open or not document.issued_on:
            return ""
        return status(document, timezone.localdate()).label

    # The form

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Document | None:
        """Return the document that a page shows as it was read; otherwise read it."""
        if "opened" in vars(request):
            opened: Document | None = vars(request)["opened"]
            return opened
        return super().get_object(request, object_id, from_field)

    def _read(self, request: HttpRequest, object_id: str) -> Document | None:
        """Read the document with all that the form shows of it."""
        named = [f"{own}{name}" for own in ("", "corrects__") for name in FORM_NAMES]
        found = self.get_queryset(request).select_related(*named)
        found = found.defer("words", "folded", "corrects__words", "corrects__folded")
        document = found.filter(pk=row_number(object_id) or 0).first()
        if document:
            document.read_parts()
        return document

    def get_fieldsets(self, request: HttpRequest, obj: Document | None = None) -> Any:
        """Name the fields in the order in which a clerk meets them on paper."""
        # To who may only look, the box would be a red cross beside almost every document.
        said = not obj or obj.congress or self.has_change_permission(request, obj)
        congress = ("congress",) if said else ()
        return (
            (None, {"fields": ("sign", ("type", "term"), "issuer", *congress)}),
            ("Nội dung", {"fields": ("abstract", "fields")}),
            ("Ký, hiệu lực", {"fields": ("signer", ("issued_on", "effective_on", "expires_on"))}),
            ("Phạm vi và giờ đăng", {"fields": ("visibility", "publish_at", "expire_at")}),
        )

    def get_form(
        self, request: HttpRequest, obj: Document | None = None, change: bool = False, **kwargs: Any
    ) -> type[DocumentForm]:
        """Return the form with what the database has refused, if it has."""
        form: Any = super().get_form(request, obj, change, **kwargs)
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

    def versions(self, subject: Document) -> list[Publishable]:
        """Return the one row that the page is about: a correction has a page of its own."""
        return [subject]

    def has_change_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        """Let nobody change what was public, and who may approve alone what is handed in."""
        may = super().has_change_permission(request, obj)
        if obj is None or not may:
            return may
        return desk.may_write(obj, writer(request)) or self.writes_beside(request)

    def has_delete_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        """Refuse: what is thrown away lies in the bin (documents/clerk/bin.py)."""
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add what the buttons depend on, and what the first page says to an unconfirmed draft.

        What would overwrite a newer document is laid aside instead.
        """
        document, form = context["original"], context["adminform"].form
        if form.is_bound and form.overtakes:
            sets = [one.formset for one in context["inline_admin_formsets"]]
            return self.lay_aside(request, form, sets)
        context |= {
            "title": title_of(document, self.has_change_permission(request, document)),
            "noun": self.noun,
            "subtitle": None,
            "saved_at": document.updated_at if document else None,
        }
        if document:
            context |= self._of_stored(document) | self._of_deeds(request, document)
        return super().render_change_form(request, context, *args, **kwargs)

    def _of_stored(self, document: Document) -> dict[str, Any]:
        files = document.current_files()
        first = next((file for file in files if file.role == FileRole.MAIN), None)
        unconfirmed = is_unconfirmed(document)
        acted_on_by = document.acted_on_by.select_related("source__type").order_by("kind", "pk")
        return {
            "state": document.state,
            "status": desk.status_of(document),
            "pictured": next((file for file in files if file.has_preview), None),
            "unconfirmed": unconfirmed,
            "proposals": proposals(guess(first.text)) if unconfirmed and first else [],
            "acted_on_by": acted_on_by,
            "correction": None if document.is_open else corrections.open_correction(document),
            "compared": compared(document),
            "thread": thread_of(document),
        }

    def _of_deeds(self, request: HttpRequest, document: Document) -> dict[str, Any]:
        user = writer(request)
        problems = document.problems() if document.is_open else []
        return {
            "offers": list(offers(self.deeds, self.versions(document), user)),
            "stamp": document.stamp(),
            "problems": problems,
            "accepted": acknowledged(document) if problems else set(),
            "deed_page": "admin:documents_document_deed",
            "bin_page": "admin:documents_document_throw_away",
            "may_throw_away": the_bin.may_throw_away(document, user),
            "may_clear": user.has_perm("documents.publish_document"),
            "may_correct": not document.is_open and user.has_perm("documents.change_document"),
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
        if object_id and request.method == "GET":
            vars(request)["opened"] = self._read(request, object_id)
        if not vars(request).get("opened") and (done := correction_done(object_id)):
            if not self._has_lost(request, done.pk):
                return redirect("admin:documents_document_change", done.corrects_id)
            vars(request)["opened"] = done
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
        """Store a new document; `save_related` stores the others, if anything has changed."""
        if not change:
            obj.created_by = writer(request)
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store what was typed, relations and the places of files; note who has done so."""
        document, what = form.instance, changed_words(form, formsets)
        if not what and is_unconfirmed(document):
            what = "xác nhận bản nháp"
        if what or not change:
            self._store_text(request, form, change)
        super().save_related(request, form, formsets, change)
        if what or not change:
            corrections.stand_in(document)
            action = Action.EDIT if change else Action.CREATE
            rewritten(document, by=writer(request), action=action, what=what)
        settled = remarks.settle(document, request.POST.getlist("settled"))
        self._remember(request, form, formsets, change)
        if document.sign and document.number is None:
            self.message_user(request, UNKNOWN_PATTERN, messages.WARNING)
        if any(deed.name in request.POST for deed in self.deeds):
            return
        if what or not change:
            self.message_user(request, saved_words(document), messages.SUCCESS)
        elif settled:
            done = f"Đã ghi: {settled} góp ý đã sửa xong."
            self.message_user(request, done, messages.SUCCESS)
        elif "_clear" not in request.POST:
            self.message_user(request, NOTHING_CHANGED, messages.SUCCESS)

    def _store_text(self, request: HttpRequest, form: Any, change: bool) -> None:
        document = form.instance
        if document.state == State.APPROVED:
            # Another text than the approved one has to be approved anew.
            document.state = move(document, Action.VOID).state
            document.approved_digest = ""
        if change:
            super().save_model(request, document, form, change)

    def _remember(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        files = next(one for one in formsets if one.model is DocumentFile) if change else None
        vars(request)["stored"] = Stored(
            form.instance,
            replacements=files.replacements() if files else [],
            uploads=form.cleaned_data["new_files"],
            role=form.cleaned_data["new_role"] or FileRole.MAIN,
        )
        vars(request)["stamp"] = Document.objects.get(pk=form.instance.pk).stamp()

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
        fresh, done = Document.objects.get(pk=stored.document.pk), False
        if all(went_well for went_well, _ in taken):
            # What this very request has stored is what the person has seen.
            seen = fresh.stamp() if taken else vars(request)["stamp"]
            done = self.attempt_pressed(request, fresh, seen=seen)
        elif any(deed.name in request.POST for deed in self.deeds):
            self.message_user(request, "Chưa gửi, vì có tệp không nhận được.", messages.WARNING)
        if file_pk := request.POST.get("_clear"):
            self.attempt(request, partial(desk.confirm_no_secret, fresh, file_pk))
        if done and fresh.state == State.DRAFT and not fresh.corrects_id:
            self._name_next(request)
        return self.confirmed(redirect(self.address("change", stored.document)), request)


def correction_done(object_id: str | None) -> Document | None:
    """Return the correction of that number, if its document says what it said by now."""
    done = Document.objects.filter(state=State.SUPERSEDED).select_related("corrects")
    return done.filter(pk=row_number(object_id or "") or 0).first()


def compared(document: Document) -> list[tuple[str, str, str]]:
    """Return what a correction changes: its name, what readers see, what they would see."""
    if document.corrects is None:
        return []
    before, after = (corrections.in_words(one) for one in (document.corrects, document))
    return corrections.differences(before, after)
