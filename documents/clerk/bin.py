"""The bin of documents: what is thrown away can be had back, until an administrator empties it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from core.audit import record
from core.newsroom import writer
from core.publishing import NOT_YOURS, Refused
from core.workflow import Action, Right, State
from documents.models import Document

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from core.newsroom import PublicationAdmin as _Admin
else:
    _Admin = object

SHOWN = 200
THROWN_AWAY = (State.DRAFT, State.RETURNED)
NOT_IN_THE_BIN = "Văn bản này không nằm trong thùng rác."
STANDS_IN_THE_WAY = (
    "Văn bản ấy đang có bản đính chính khác. Hãy duyệt xong hoặc bỏ bản kia rồi lấy lại bản này."
)
NAMED_BY_OTHERS = (
    "Văn bản đã đăng hoặc đã duyệt có ghi quan hệ với văn bản này nên chưa xóa hẳn được. Hãy đính "
    "chính văn bản kia trước."
)


def may_throw_away(document: Document, user: "User") -> bool:
    """Return whether `user` may put a document that readers have never seen into the bin."""
    return document.state in THROWN_AWAY and document.grants(user, Right.WRITE)


def throw_away(document: Document, *, by: "User") -> str:
    """Put a document that readers have never seen, or a correction, into the bin."""
    with transaction.atomic():
        document = _locked(document)
        if not document.grants(by, Right.WRITE):
            raise Refused(NOT_YOURS)
        if document.state not in THROWN_AWAY:
            raise Refused(
                "Chỉ bỏ được bản nháp, bản bị trả lại. Bản đang chờ duyệt thì hãy rút về trước; "
                "văn bản đã đăng thì hãy đề nghị gỡ."
            )
        document.binned_at, document.binned_by = timezone.now(), by
        document.save(update_fields=["binned_at", "binned_by"])
        record(document, Action.BIN, by=by)
    return "Đã bỏ vào thùng rác. Muốn lấy lại, hãy mở “Thùng rác”."


def take_back(document: Document, *, by: "User") -> str:
    """Take a document out of the bin: it is the draft that it was."""
    try:
        with transaction.atomic():
            document = _binned(document)
            document.binned_at = document.binned_by = None
            if not document.grants(by, Right.WRITE):
                raise Refused(NOT_YOURS)
            document.save(update_fields=["binned_at", "binned_by"])
            record(document, Action.UNBIN, by=by)
    except IntegrityError as error:
        raise Refused(STANDS_IN_THE_WAY) from error
    return "Đã lấy lại văn bản từ thùng rác."


def delete_for_good(document: Document, *, by: "User") -> str:
    """Delete a document of the bin with its files; its audit trail stays."""
    if not by.has_perm("documents.empty_bin"):
        raise Refused("Chỉ người quản trị được xóa hẳn văn bản trong thùng rác.")
    try:
        with transaction.atomic():
            document = _binned(document)
            record(document, Action.DELETE, by=by)
            # Replaced files first: they hold on to those in their place.
            for file in document.files.exclude(replaced_by=None).order_by("pk"):
                file.delete()
            document.delete()
    except IntegrityError as error:
        raise Refused(NAMED_BY_OTHERS) from error
    return "Đã xóa hẳn, cả các tệp. Nhật ký của văn bản vẫn được giữ."


def _locked(document: Document) -> Document:
    try:
        return document.locked()
    except Document.DoesNotExist as error:
        raise Refused("Văn bản này không còn.") from error


def _binned(document: Document) -> Document:
    found = _locked(document)
    if found.binned_at is None:
        raise Refused(NOT_IN_THE_BIN)
    return found


# One button each on the page of the bin.
DEEDS: dict[str, Callable[..., str]] = {"_back": take_back, "_delete": delete_for_good}


class BinPages(_Admin):
    """The pages of DocumentAdmin around the bin."""

    def get_urls(self) -> list[URLPattern]:
        """Put these before the usual ones."""
        wrap = self.admin_site.admin_view
        name = "documents_document_{}".format
        return [
            path("thung-rac/", wrap(self.bin_view), name=name("bin")),
            path("<int:pk>/bo/", wrap(self.throw_away_view), name=name("throw_away")),
            *super().get_urls(),
        ]

    def throw_away_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask once, then put the document into the bin."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        document = get_object_or_404(self.get_queryset(request), pk=pk)
        if not may_throw_away(document, writer(request)):
            raise PermissionDenied
        if request.method == "POST":
            done = self.attempt(request, partial(throw_away, document))
            page = "bin" if done else "changelist"
            return redirect(f"admin:documents_document_{page}")
        template = "admin/documents/document/throw_away.html"
        return self.page(request, template, document, title="Bỏ vào thùng rác")

    def bin_view(self, request: HttpRequest) -> HttpResponse:
        """List what lies in the bin; take one back, or delete it for good."""
        user = writer(request)
        if not any(map(user.has_perm, ("documents.change_document", "documents.empty_bin"))):
            raise PermissionDenied
        if request.method == "POST":
            self._take(request)
            return redirect("admin:documents_document_bin")
        binned = Document.objects.exclude(binned_at=None).select_related("type", "binned_by")
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Thùng rác",
            "documents": binned.defer("words", "folded").order_by("-binned_at")[:SHOWN],
            "may_take_back": user.has_perm("documents.change_document"),
            "may_delete": user.has_perm("documents.empty_bin"),
        }
        return TemplateResponse(request, "admin/documents/document/bin.html", context)

    def _take(self, request: HttpRequest) -> None:
        for button, deed in DEEDS.items():
            pk = request.POST.get(button, "")
            if pk.isascii() and pk.isdigit() and len(pk) < 19:
                document = get_object_or_404(Document.objects.defer("words"), pk=pk)
                self.attempt(request, partial(deed, document))
