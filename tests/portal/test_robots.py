"""The small files that programs ask for at the root: robots.txt, manifest, icon."""

import io
from urllib.robotparser import RobotFileParser

import pytest
from django.contrib.staticfiles import finders
from django.test import override_settings
from PIL import Image

from portal.models import SiteSettings

pytestmark = pytest.mark.django_db
A_DAY = "public, max-age=86400"


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = "https://dangbo.example.vn"
    SiteSettings.objects.create(pk=1, name="Đảng bộ “Khối”", short_name="Đảng bộ")


def icon(address):
    with open(finders.find(address.removeprefix("/static/")), "rb") as file:
        return Image.open(io.BytesIO(file.read()))


@override_settings(ALLOWED_HOSTS=["*"])
def test_robots_may_read_everything_but_the_newsroom(client):
    response = client.get("/robots.txt", headers={"host": "gia-mao.example"})
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == A_DAY
    rules = RobotFileParser()
    rules.parse(response.content.decode().splitlines())
    for path in ("/", "/tin-tuc/bai-1/", "/media/photos/x/800.webp", "/static/css/site.css"):
        assert rules.can_fetch("Googlebot", path)
    assert not rules.can_fetch("Googlebot", "/quan-tri/login/")
    assert not rules.can_fetch("Googlebot", "/tim-kiem/?q=a")
    assert rules.site_maps() == [
        "https://dangbo.example.vn/sitemap.xml",
        "https://dangbo.example.vn/sitemaps/tin-moi.xml",
    ]


def test_the_sitemaps_that_robots_are_told_of_exist(client):
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").content.decode().splitlines())
    for address in rules.site_maps():
        path = address.removeprefix("https://dangbo.example.vn")
        assert client.get(path).status_code == 200


def test_the_manifest_has_the_names_of_the_site(client):
    response = client.get("/site.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    assert response.headers["Cache-Control"] == A_DAY
    manifest = response.json()
    assert (manifest["name"], manifest["short_name"]) == ("Đảng bộ “Khối”", "Đảng bộ")
    assert manifest["lang"] == "vi"


def test_every_icon_of_the_manifest_is_as_large_as_it_says(client):
    icons = client.get("/site.webmanifest").json()["icons"]
    assert {found["sizes"] for found in icons} == {"192x192", "512x512"}
    assert {found["purpose"] for found in icons} == {"any", "maskable"}
    for found in icons:
        image = icon(found["src"])
        assert found["sizes"] == f"{image.width}x{image.height}"
        assert found["type"] == f"image/{image.format.lower()}"


def test_the_icon_is_found_at_its_old_address(client):
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert response.headers["Cache-Control"] == A_DAY
    assert icon(response.url).format == "ICO"


@pytest.mark.usefixtures("process_that_answered_before")
@pytest.mark.parametrize("path", ["/robots.txt", "/site.webmanifest", "/favicon.ico"])
def test_they_cost_no_query(client, path, django_assert_num_queries):
    client.get(path)
    with django_assert_num_queries(0):
        client.get(path)
    assert client.post(path).status_code == 405
