"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from portal import (
    account_page,
    accounts,
    document_feeds,
    feeds,
    home,
    search,
    sitemaps,
    statistics,
    views,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("news.urls")),
    path("", include("documents.urls")),
    path("", include("core.urls")),
    path("tim-kiem/", search.search, name="search"),
    path("tim-kiem/goi-y/", search.suggest, name="search-suggest"),
    path("thong-ke/", statistics.statistics, name="statistics"),
    path("quan-tri/", admin.site.urls),
    path("dang-nhap/", accounts.sign_in, name="login"),
    path("dang-nhap/ma/", accounts.code, name="login-code"),
    path("dang-nhap/thiet-lap/", accounts.enrol, name="login-enrol"),
    path("dang-nhap/mat-khau-moi/", accounts.own_password, name="login-password"),
    path("dang-nhap/tiep/", accounts.go_on, name="login-go-on"),
    path("dang-xuat/", accounts.sign_out, name="logout"),
    path("doi-mat-khau/", account_page.change_password, name="password-change"),
    path("doi-mat-khau/xong/", account_page.password_changed, name="password-change-done"),
    path("tai-khoan/", account_page.account, name="account"),
    path("tai-khoan/hai-buoc/", account_page.second_step, name="second-step"),
    path("tai-khoan/hai-buoc/ma-du-phong/", account_page.new_codes, name="recovery-codes"),
    path("tai-khoan/hai-buoc/tat/", account_page.turn_off, name="second-step-off"),
    path("tai-khoan/dang-xuat/", account_page.sign_out_everywhere, name="logout-everywhere"),
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
