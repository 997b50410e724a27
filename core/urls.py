"""Addresses of core, to be included at the root of the site."""

import re

from django.conf import settings
from django.urls import re_path

from core import video, views
from core.media import KEY_PATTERN

_MEDIA = re.escape(settings.MEDIA_URL.lstrip("/"))

app_name = "media"
urlpatterns = [
    re_path(
        rf"\A{_MEDIA}photos/(?P<key>{KEY_PATTERN})/(?P<name>[1-9][0-9]{{0,4}}\.webp|social\.jpg)\Z",
        views.rendition,
        name="photo_rendition",
    ),
    re_path(
        rf"\A{_MEDIA}videos/(?P<key>{video.KEY_PATTERN})\.(?P<format>{'|'.join(video.FORMATS)})\Z",
        views.video,
        name="video",
    ),
    re_path(
        rf"\A{_MEDIA}videos/(?P<key>{video.KEY_PATTERN})\.vtt\Z", views.captions, name="captions"
    ),
]
