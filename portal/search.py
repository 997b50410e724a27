"""Search across the whole portal: one box, one list of results (core/search)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.caching import public_unless_signed_in
from core.search.suggesting import suggestions
from core.templatetags.portal import number
from portal import misses
from portal.results import asked, results
from portal.throttle import Throttle

READS_INTERNAL = "documents.read_internal"
# An office of a hundred people behind one address never meets these.
SEARCHES = Throttle(at_once=120, per_second=4)
SUGGESTIONS = Throttle(at_once=240, per_second=20)


@require_safe
@public_unless_signed_in
def search(request: HttpRequest) -> HttpResponse:
    """What answers the words that were typed, by relevance or newest first."""
    if "" in request.GET.values() and request.GET.get("q"):
        return redirect(asked(request.GET).address())
    if not SEARCHES.admits(request):
        return _too_many(request)
    page = results(request.GET, internal=request.user.has_perm(READS_INTERNAL))
    if page.missed and not request.user.is_staff:
        misses.note(page.asked.text)
    return render(request, "search/results.html", {"results": page, "searching": True})


@require_safe
@public_unless_signed_in
def suggest(request: HttpRequest) -> HttpResponse:
    """Titles and signs that begin as what is being typed, for static/js/suggest.js."""
    if not SUGGESTIONS.admits(request):
        return HttpResponse(status=429, headers={"Retry-After": "1"})
    found = suggestions(request.GET.get("q", ""), internal=request.user.has_perm(READS_INTERNAL))
    shown = [{"text": one.text, "kind": one.kind, "address": one.address} for one in found]
    return JsonResponse({"suggestions": shown, "said": f"{number(len(shown))} gợi ý"})


def _too_many(request: HttpRequest) -> HttpResponse:
    answer = render(request, "search/too_many.html", {"searching": True}, status=429)
    answer.headers["Retry-After"] = "2"
    answer.headers["Cache-Control"] = "no-store"
    return answer
