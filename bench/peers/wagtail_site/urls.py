"""Addresses of the site."""

from django.urls import include, path
from journal import views
from wagtail import urls as wagtail_urls

urlpatterns = [
    path("search/", views.search),
    path("feed/", views.Latest()),
    path("", include(wagtail_urls)),
]
