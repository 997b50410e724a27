"""Many documents at once: each handed in or approved through the one door, with a line for each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from core.deeds import Deed, offers
from core.newsroom import writer
from core.publishing import Refused
from core.workflow import Action
from documents.clerk import desk
from documents.models import Document

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from core.newsroom import PublicationAdmin as _Admin
else:
    _Admin = object

LIMIT = 100
_DEEDS = {deed.action: deed for deed in desk.DEEDS}


@dataclass(frozen=True)
class Line:
    """One document of many: what stands in the way, or, afterwards, what became of it."""

    document: Document
    stamp: str = ""
    obstacle: str = ""
    said: str = ""


class BulkDeeds(_Admin):
    """The actions of the list: what was chosen is shown once more, then done one by one."""

    actions = ("submit_chosen", "approve_chosen")

    def has_hand_in_permission(self, request: HttpRequest) -> bool:
        """Allow who may write."""
        return writer(request).has_perm("documents.change_document")

    def has_approve_permission(self, request: HttpRequest) -> bool:
        """Allow who may approve."""
        return writer(request).has_perm("documents.publish_document")

    @admin.action(description="Gửi duyệt các văn bản đã chọn", permissions=["hand_in"])
    def submit_chosen(self, request: HttpRequest, chosen: QuerySet[Document]) -> HttpResponse:
        """Hand in each of the chosen documents."""
        return self._answer(request, chosen, _DEEDS[Action.SUBMIT])

    @admin.action(description="Duyệt các văn bản đã chọn", permissions=["approve"])
    def approve_chosen(self, request: HttpRequest, chosen: QuerySet[Document]) -> HttpResponse:
        """Approve each of the chosen documents."""
        return self._answer(request, chosen, _DEEDS[Action.APPROVE])

    def _answer(self, request: HttpRequest, chosen: QuerySet[Document], deed: Deed) -> HttpResponse:
        documents = list(chosen.select_related("type", "corrects").order_by("pk")[:LIMIT])
        confirmed = "confirmed" in request.POST
        if confirmed:
            lines = [_done(one, deed, request) for one in documents]
        else:
            lines = [_shown(one, deed, writer(request)) for one in documents]
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{deed.label} nhiều văn bản",
            "deed": deed,
            "action": request.POST.get("action", ""),
            "lines": lines,
            "left_out": chosen.count() - len(documents),
            "limit": LIMIT,
            "ready": 0 if confirmed else sum(not line.obstacle for line in lines),
            "confirmed": confirmed,
        }
        return TemplateResponse(request, "admin/documents/document/bulk.html", context)


def _shown(document: Document, deed: Deed, user: "User") -> Line:
    """The document as it stands, to be looked at before the button is pressed."""
    offer = next(offers([deed], [document], user), None)
    if offer is None:
        return Line(document, obstacle=f"Hiện ở trạng thái “{desk.status_of(document)[1]}”.")
    blocking = [problem.message for problem in document.problems() if problem.blocks]
    return Line(document, document.stamp(), offer.obstacle or " ".join(blocking))


def _done(document: Document, deed: Deed, request: HttpRequest) -> Line:
    seen = request.POST.get(f"stamp-{document.pk}", "")
    if not seen:
        return Line(document, obstacle="Bỏ qua: chưa đủ điều kiện.")
    try:
        said = deed.do(document, by=writer(request), seen=seen)
    except Refused as refusal:
        return Line(document, obstacle=str(refusal))
    return Line(document, said=said)
