"""Static pages that show a photo or a video, for its page in the library."""

from collections.abc import Sequence

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from core.uses import Place
from portal.models import Page


def pages(request: HttpRequest, rows: Sequence[int]) -> list[Place]:
    """These pages, for who may open them in the newsroom."""
    if not admin.site.get_model_admin(Page).has_view_permission(request):
        return []
    return [
        Place("Trang tĩnh", page.title, reverse("admin:portal_page_change", args=[page.pk]))
        for page in Page.objects.filter(pk__in=rows).only("title")
    ]
