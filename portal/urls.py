"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from portal import accounts, document_feeds, feeds, home, sitemaps, statistics, views

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("news.urls")),
    path("", include("documents.urls")),
    path("", include("core.urls")),
    path("thong-ke/", statistics.statistics, name="statistics"),
    path("quan-tri/", admin.site.urls),
    path("dang-nhap/", accounts.sign_in, name="login"),
    path("dang-xuat/", accounts.sign_out, name="logout"),
    path("doi-mat-khau/", accounts.change_password, name="password-change"),
    path("doi-mat-khau/xong/", accounts.password_changed, name="password-change-done"),
    path("rss/van-ban/", document_feeds.rss, name="rss-documents"),
    path("rss/van-ban/<slug:kind>/<slug:slug>/", document_feeds.rss, name="rss-documents"),
    path("atom/van-ban/", document_feeds.atom, name="atom-documents"),
    path("atom/van-ban/<slug:kind>/<slug:slug>/", document_feeds.atom, name="atom-documents"),
    path("rss/", feeds.rss, name="rss"),
    path("rss/<slug:slug>/", feeds.rss, name="rss"),
    path("atom/", feeds.atom, name="atom"),
    path("atom/<slug:slug>/", feeds.atom, name="atom"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/trang.xml", sitemaps.pages, name="sitemap-pages"),
    path("sitemaps/chuyen-muc.xml", sitemaps.categories, name="sitemap-categories"),
    path("sitemaps/van-ban-<slug:name>.xml", sitemaps.year, name="sitemap-year"),
    path("sitemaps/tin-moi.xml", sitemaps.news, name="sitemap-news"),
    path("sitemaps/tin-<slug:name>.xml", sitemaps.month, name="sitemap-month"),
    path("robots.txt", views.robots, name="robots"),
    path("site.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("<slug:slug>/", views.page, name="page"),
]

handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"
