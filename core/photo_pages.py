"""Pages of the photo library beside list and form: many photos at once, where one is used."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join

from core import photo_intake
from core.media import Photo
from core.newsroom import writer
from core.templatetags.portal import number
from core.uses import places

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as _Admin
else:
    _Admin = object

FILES_PER_REQUEST = 20  # without JavaScript; each is decoded and scaled while the sender waits
UNUSED = "Chưa bài viết hay trang nào dùng ảnh này."


class PhotoPages(_Admin):
    """The page of PhotoAdmin that takes many photos."""

    def get_urls(self) -> list[URLPattern]:
        """Put it before the usual ones."""
        view = self.admin_site.admin_view(self.intake_view)
        return [path("nhan-anh/", view, name="core_photo_intake"), *super().get_urls()]

    def intake_view(self, request: HttpRequest) -> HttpResponse:
        """Take the files sent, one by one or together; JSON for the page's own script."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        files = [one for one in request.FILES.getlist("files") if isinstance(one, UploadedFile)]
        credit = request.POST.get("credit", "").replace("\x00", "").strip()[:200]
        outcomes = [
            _described(photo_intake.receive(file, credit=credit, by=writer(request)))
            for file in files[:FILES_PER_REQUEST]
        ]
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"outcomes": outcomes})
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Đưa nhiều ảnh vào kho",
            "outcomes": outcomes,
            "nothing_sent": request.method == "POST" and not files,
            "left_out": len(files[FILES_PER_REQUEST:]),
            "limit": FILES_PER_REQUEST,
            "undescribed": Photo.objects.filter(alt="", decorative=False).count(),
        }
        return TemplateResponse(request, "admin/core/photo/intake.html", context)


def _described(outcome: photo_intake.Outcome) -> dict[str, str]:
    photo = outcome.photo
    return {
        "name": outcome.name,
        "result": outcome.result,
        "words": outcome.words,
        "document": "Mở ảnh" if photo else "",
        "url": reverse("admin:core_photo_change", args=[photo.pk]) if photo else "",
    }


def where_used(request: HttpRequest, used: Any, unused: str = UNUSED) -> str:
    """The list of places that show a photo or a video, as far as the asker may know."""
    told, others = places(request, used.uses)
    if not (told or others):
        return unused
    rows = [(place.url, place.title, place.words) for place in told]
    items = format_html_join("", '<li><a href="{}">{}</a> ({})</li>', rows)
    if others:
        items = format_html("{}<li>{} chỗ khác</li>", items, number(others))
    return format_html('<ul class="uses">{}</ul>', items)
