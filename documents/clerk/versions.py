"""What a document said at each save: compared with what it says now, taken back, laid aside."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import ForeignKey, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import localize
from django.utils.timezone import localtime

from core.audit import AuditEntry
from core.comparison import Content, Difference, differences
from core.diff import compare_text
from core.newsroom import row_number, writer
from core.publishing import NOT_YOURS, OVERTAKEN, Publishable, Refused, rewritten
from core.snapshots import keep
from core.version_pages import VersionPages
from core.workflow import Action, Right, State
from documents import corrections
from documents.catalogue import Field
from documents.clerk import desk, relating
from documents.clerk.forms import HOURS, DocumentForm
from documents.files import FileRole
from documents.models import Document, Relation, RelationKind

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NOT_OPEN = (
    "Văn bản đã đăng không sửa trực tiếp. Hãy bấm “Soạn đính chính”, rồi lấy lại bản cũ trong bản "
    "đính chính."
)
IN_OTHER_HANDS = (
    "Văn bản đang chờ duyệt hoặc đã duyệt, nên chưa lấy bản khác thay vào được. Hãy rút về hoặc "
    "trả lại trước; bản bạn chọn vẫn nằm trong nhật ký."
)
NOT_KEPT = (
    "Tệp và giờ hẹn bạn vừa chọn không nằm trong bản giữ riêng. Nếu cần, hãy mở lại văn bản rồi "
    "chọn lại."
)


class DocumentVersions(VersionPages):
    """The pages of core/version_pages.py over a document and its corrections."""

    def all_versions(self, subject: Document) -> QuerySet[Document]:
        """Return the corrections, newest first, then the document itself."""
        original = subject.corrects_id or subject.pk
        found = Document.objects.filter(Q(pk=original) | Q(corrects=original), binned_at=None)
        return found.select_related("created_by").defer("words", "folded").order_by("-pk")

    def current(self, subject: Document) -> Publishable:
        """Return the row itself: a correction has a page of its own."""
        return subject

    def version_name(self, version: Document) -> str:
        """Tell corrections apart by when they were begun; a number would be that of the sign."""
        state = self.state_words(version.state).lower()
        if not version.corrects_id:
            return f"văn bản ({state})"
        return f"bản đính chính lập lúc {localize(localtime(version.created_at))} ({state})"

    def state_words(self, state: str) -> str:
        """Return the name of a state; what supersedes a correction is the document itself."""
        return "Đã ghi vào văn bản" if state == State.SUPERSEDED else super().state_words(state)

    def step_words(self, entry: AuditEntry) -> str:
        """Tell the steps of a correction from those of the document."""
        words = super().step_words(entry)
        return words if entry.version_id == entry.object_id else f"Bản đính chính: {words}"

    def compare(self, subject: Document, old: Content, new: Content) -> list[Difference]:
        """Add what is no field of the form: relations and files."""
        # A save comes back with its fields in another order.
        names = (*Document.TEXT_FIELDS, "fields")
        found = differences(Document, old, {name: new[name] for name in names if name in new})
        for label, name, in_words in (
            ("quan hệ với văn bản khác", "acts", _acts_in_words),
            ("tệp", "files", _files_in_words),
        ):
            before, after = (in_words(side.get(name) or []) for side in (old, new))
            if before != after:
                found.append(Difference(label, runs=compare_text(before, after)))
        return found

    def take_over(
        self, subject: Document, content: Content, *, what: str, seen: str, by: Any
    ) -> str:
        """Do as the function of that name says."""
        return take_over(subject, content, what=what, seen=seen, by=by)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show one history for a document and its corrections; compare in the one in work."""
        number = row_number(object_id) or 0
        document = self.get_queryset(request).filter(pk=number).first()
        if document and document.corrects_id:
            return redirect("admin:documents_document_history", document.corrects_id)
        context: dict[str, Any] = {}
        if open_one := document and corrections.open_correction(document):
            context["compare_url"] = self.address("compare", open_one)
        return super().history_view(request, object_id, context | (extra_context or {}))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Take in what was typed before the document passed into other hands: it is laid aside."""
        number = row_number(object_id or "")
        if request.method == "POST" and number is not None:
            vars(request)["writes_beside"] = self._has_lost(request, number)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def writes_beside(self, request: HttpRequest) -> bool:
        """Return whether what is being sent may only be laid aside."""
        return bool(vars(request).get("writes_beside"))

    def _has_lost(self, request: HttpRequest, pk: int) -> bool:
        """Whether the person may write documents, and opened this one before it was moved on."""
        document = Document.objects.filter(pk=pk, binned_at=None).first()
        user, stamp = writer(request), request.POST.get("stamp")
        if document is None or not stamp or desk.may_write(document, user):
            return False
        return document.grants(user, Right.WRITE) and stamp != document.stamp()

    def lay_aside(self, request: HttpRequest, form: DocumentForm, formsets: Any) -> HttpResponse:
        """Keep what was typed over a newer document, and lead to what differs."""
        document = Document.objects.get(pk=form.instance.pk)
        # What was typed into a correction that is done is compared with the document.
        subject = document.corrects if document.state == State.SUPERSEDED else document
        typed = typed_content(form, formsets)
        if form.cleaned_data["new_files"] or not set(HOURS).isdisjoint(form.changed_data):
            self.message_user(request, NOT_KEPT, messages.WARNING)
        if typed == document.content():
            self.message_user(request, OVERTAKEN, messages.WARNING)
            return redirect(self.address("change", document))
        save = keep(document, typed, by=writer(request), aside=True)
        return self.confirmed(self.laid_aside(request, subject, save), request)


def typed_content(form: DocumentForm, formsets: Any) -> Content:
    """Return what the document would say with what was typed in the valid `form`."""
    content = form.instance.content()
    content["fields"] = sorted(field.pk for field in form.cleaned_data["fields"])
    rows = next((one for one in formsets if one.model is Relation), None)
    if rows is not None and rows.is_valid():
        kept = [row for row in rows.cleaned_data if row.get("target") and not row.get("DELETE")]
        acts = ((row["kind"], row["target"].pk, row["provisions"]) for row in kept)
        content["acts"] = [list(act) for act in sorted(acts)]
    return content


def take_over(document: Document, content: Content, *, what: str, seen: str, by: "User") -> str:
    """Write the content of a save or a version into the open `document`; its files stay.

    Raises Refused, with nothing changed, when `by` may not write, the document is not open, has
    become another than `seen`, or may not say that any longer.
    """
    try:
        with transaction.atomic():
            document = document.locked()
            _refuse_unless_open(document, by, seen)
            _write(document, content)
            rewritten(document, by=by, action=Action.EDIT, what=what)
    except IntegrityError as error:
        raise Refused(relating.refusal_of(error)) from error
    return "Đã lấy lại nội dung và quan hệ của bản ấy; tệp và giờ hẹn không đổi."


def _refuse_unless_open(document: Document, by: "User", seen: str) -> None:
    if not document.is_open:
        raise Refused(NOT_OPEN)
    if not document.grants(by, Right.WRITE):
        raise Refused(NOT_YOURS)
    if document.state in (State.SUBMITTED, State.APPROVED):
        raise Refused(IN_OTHER_HANDS)
    if document.stamp() != seen:
        raise Refused(OVERTAKEN)


def _write(document: Document, content: Content) -> None:
    acts = {cast(tuple[str, int, str], tuple(act)) for act in content.get("acts") or []}
    known = Document.objects.originals().filter(pk__in=[target for _, target, _ in acts])
    targets = set(known.values_list("pk", flat=True))
    wanted = {act for act in acts if act[1] in targets}
    for name, value in texts_of(content, document).items():
        setattr(document, name, value)
    document.fields.set(Field.objects.filter(pk__in=content.get("fields") or []))
    corrections.unrelate(document, wanted)
    document.save()
    corrections.relate(document, wanted)


def texts_of(content: Content, document: Document) -> dict[str, Any]:
    """Return the fields that `content` names; related rows that are gone stay as they are."""
    texts: dict[str, Any] = {}
    for name in Document.TEXT_FIELDS:
        described: Any = Document._meta.get_field(name)
        value = content.get(name, described.get_default())
        if not isinstance(described, ForeignKey):
            texts[name] = described.to_python(value)
        elif value is None:
            texts[name] = None
        else:
            rows: Any = described.related_model
            texts[name] = rows.objects.filter(pk=value).first() or getattr(document, name)
    return texts


def _acts_in_words(acts: list[list[Any]]) -> str:
    targets = Document.objects.select_related("type").defer("words", "folded")
    known = targets.in_bulk([target for _, target, _ in acts])
    return "; ".join(
        " ".join(filter(None, (RelationKind(kind).label, str(known.get(target, "")), provisions)))
        for kind, target, provisions in acts
    )


def _files_in_words(files: list[list[str]]) -> str:
    return "; ".join(
        f"{name} ({FileRole(role).label}, SHA-256 {sha256[:12]}…)" for role, name, sha256 in files
    )
