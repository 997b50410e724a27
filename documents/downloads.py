"""The bytes of files: permission first, then conditions and ranges (RFC 9110, 13 and 14).

An absent file, an internal one and one not published answer the same 404 by the same query. The
ETag comes from the number of the row, never from the content: it confirms nothing to a guesser.
"""

import logging
import re
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from core.caching import public_unless_signed_in
from core.ranges import asked_for, blocks
from core.text import fold
from core.workflow import State
from documents import vault
from documents.files import DocumentFile, FileKind
from documents.models import Document
from documents.signals import file_downloaded

SHOWN_IN_PLACE = (FileKind.PDF, FileKind.JPEG, FileKind.PNG)

_log = logging.getLogger(__name__)


@require_safe
@public_unless_signed_in
def file(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """One file, whole or in part; one that was replaced or withdrawn is gone (410)."""
    found = _known_file(request, pk)
    if found.document.state == State.WITHDRAWN:
        gone = {"withdrawn": found.document}
        return render(request, "documents/withdrawn.html", gone, status=410)
    if found.replaced_by_id:
        files = {"old": found, "new": _successor(found)}
        return render(request, "documents/replaced.html", files, status=410)
    if name != found.download_name:
        query = request.META["QUERY_STRING"]
        address = found.get_absolute_url()
        return redirect(f"{address}?{query}" if query else address, permanent=True)
    return _answer(request, found)


@require_safe
@public_unless_signed_in
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of a current file's first page."""
    found = _known_file(request, pk)
    if found.document.state == State.WITHDRAWN or found.replaced_by_id or not found.has_preview:
        raise Http404("No such picture.")
    picture = _stored(found, vault.PREVIEW).read_bytes()
    return HttpResponse(
        picture, content_type="image/webp", headers={"ETag": f'"trang-dau-{found.pk}"'}
    )


def _known_file(request: HttpRequest, pk: int) -> DocumentFile:
    known = Document.objects.known_to(request.user)
    files = DocumentFile.objects.filter(document__in=known).select_related("document__type")
    late = ("text", "document__folded", "document__words")
    return get_object_or_404(files.defer(*late), pk=pk)


def _successor(old: DocumentFile) -> DocumentFile:
    """The current file that stands where `old` stood."""
    files = old.document.files.defer("text").in_bulk()
    while old.replaced_by_id:
        old = files[old.replaced_by_id]
    return old


def _stored(found: DocumentFile, suffix: str = "") -> Path:
    """Where the bytes lie; 404, and an entry in the log, when they are lost."""
    path = vault.path(found.sha256, suffix)
    size = path.stat().st_size if path.is_file() else -1
    if size < 0 or (not suffix and size != found.size):
        _log.error("File %s is lost or damaged: %s has %s bytes.", found.pk, path, size)
        raise Http404("The bytes are lost.")
    return path


def _answer(request: HttpRequest, found: DocumentFile) -> HttpResponseBase:
    path, etag = _stored(found), f'"tep-{found.pk}"'
    headers = {"ETag": etag, "Accept-Ranges": "bytes", **_headers(request, found)}
    unmet = get_conditional_response(request, etag=etag)
    if unmet is not None:
        unmet.headers["ETag"] = etag
        return unmet
    span = asked_for(request, etag, found.size)
    if not span:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{found.size}"})
    if request.method == "GET" and span.start == 0:
        file_downloaded.send_robust(DocumentFile, file=found, request=request)
    return _sent(request, found, path, span, headers)


def _sent(
    request: HttpRequest, found: DocumentFile, path: Path, span: range, headers: dict[str, str]
) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(headers=headers | {"Content-Length": str(found.size)})
    # nginx reads the range once more. If-Match it would hold against an ETag of its own: whoever
    # sends that is served from here.
    if settings.ACCEL_REDIRECT and "If-Match" not in request.headers:
        inside = f"{settings.ACCEL_REDIRECT.rstrip('/')}/{vault.relative_path(found.sha256)}"
        return HttpResponse(headers=headers | {"X-Accel-Redirect": inside})
    headers |= {"Content-Length": str(len(span))}
    if len(span) == found.size:
        return StreamingHttpResponse(blocks(path, span), headers=headers)
    headers |= {"Content-Range": f"bytes {span.start}-{span.stop - 1}/{found.size}"}
    return StreamingHttpResponse(blocks(path, span), status=206, headers=headers)


def _headers(request: HttpRequest, found: DocumentFile) -> dict[str, str]:
    in_place = found.kind in SHOWN_IN_PLACE and "tai-ve" not in request.GET
    framed = "frame-ancestors 'self'"
    # WebKit shows no PDF whose answer is in a sandbox; no viewer gives a PDF the site's rights.
    policy = framed if found.kind == FileKind.PDF else f"sandbox; {framed}"
    return {
        "Content-Type": found.content_type,
        "Content-Disposition": disposition(found.name, in_place=in_place),
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
    }


def disposition(name: str, *, in_place: bool) -> str:
    """Return a Content-Disposition that names the file twice (RFC 6266, appendix D).

    Old programs take the plain name, without diacritics; all others the true one (RFC 8187).
    """
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", fold(name))
    kind = "inline" if in_place else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
