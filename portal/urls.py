"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from portal import feeds, home, sitemaps, views

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("news.urls")),
    path("", include("core.urls")),
    path("quan-tri/", admin.site.urls),
    path("rss/", feeds.rss, name="rss"),
    path("rss/<slug:slug>/", feeds.rss, name="rss"),
    path("atom/", feeds.atom, name="atom"),
    path("atom/<slug:slug>/", feeds.atom, name="atom"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/trang.xml", sitemaps.pages, name="sitemap-pages"),
    path("sitemaps/chuyen-muc.xml", sitemaps.categories, name="sitemap-categories"),
    path("sitemaps/tin-moi.xml", sitemaps.news, name="sitemap-news"),
    path("sitemaps/tin-<slug:name>.xml", sitemaps.month, name="sitemap-month"),
    path("robots.txt", views.robots, name="robots"),
    path("site.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("<slug:slug>/", views.page, name="page"),
]

handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"
