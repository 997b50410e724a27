"""Public addresses of core: the files of photos and videos."""

from pathlib import Path

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from core.caching import public
from core.ranges import asked_for, blocks
from core.video import Video

FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def rendition(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """One rendition or link-card picture of a photo; its content never changes.

    Whatever else lies beside it, such as the original, is outside the address pattern.
    """
    try:
        with default_storage.open(f"photos/{key}/{name}") as file:
            content = file.read()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(
        content,
        content_type="image/webp" if name.endswith(".webp") else "image/jpeg",
        headers={
            "Cache-Control": FOR_EVER,
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_safe
def video(request: HttpRequest, key: str, format: str) -> HttpResponseBase:
    """The file of a video, whole or in part; its content never changes."""
    path = Path(default_storage.path(f"videos/{key}.{format}"))
    if not path.is_file():
        raise Http404
    size, etag = path.stat().st_size, f'"{key}"'
    headers = _video_headers(format, etag)
    unmet = get_conditional_response(request, etag=etag)
    if unmet is not None:
        return unmet
    span = asked_for(request, etag, size)
    if not span:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers["Content-Length"] = str(len(span))
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    if len(span) == size:
        return StreamingHttpResponse(blocks(path, span), headers=headers)
    headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    return StreamingHttpResponse(blocks(path, span), status=206, headers=headers)


def _video_headers(format: str, etag: str) -> dict[str, str]:
    return {
        "Content-Type": f"video/{format}",
        "Accept-Ranges": "bytes",
        "Cache-Control": FOR_EVER,
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
    }


@require_safe
@public()
def captions(request: HttpRequest, key: str) -> HttpResponse:
    """The captions of a video as WebVTT; they may be mended."""
    found = get_object_or_404(Video.objects.exclude(captions=""), key=key)
    return HttpResponse(found.captions, content_type="text/vtt; charset=utf-8")
