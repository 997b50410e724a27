"""Public addresses of core: the files of photos."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


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
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
        },
    )
