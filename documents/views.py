"""Public pages of the documents."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from core.caching import kept, public_unless_signed_in
from core.workflow import State
from documents.counting import FILTERS
from documents.listing import asked, listing
from documents.models import Document
from documents.page import context_of


@require_safe
@public_unless_signed_in
@kept(*FILTERS, "sap-xep", "trang", unless=("q",))
def index(request: HttpRequest) -> HttpResponse:
    """The library: what the address asks for; a sign that one document bears leads to it."""
    if "" in request.GET.values():
        # The form sends what was left empty; an address to share names only what was chosen.
        return redirect(asked(request.GET).address(request.path))
    page = listing(request.GET, request.user)
    if page.only_bearer:
        return redirect(page.only_bearer)
    return render(request, "documents/index.html", {"listing": page})


@require_safe
@public_unless_signed_in
@kept()
def document(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One document: the id decides, a wrong slug redirects, a withdrawn one is gone (410)."""
    found = get_object_or_404(Document.objects.known_to(request.user).for_page(), pk=pk)
    if found.state == State.WITHDRAWN:
        return render(request, "documents/withdrawn.html", {"withdrawn": found}, status=410)
    if slug != found.slug:
        return redirect(found, permanent=True)
    readable = Document.objects.readable_by(request.user)
    return render(request, "documents/document.html", context_of(found, readable))
