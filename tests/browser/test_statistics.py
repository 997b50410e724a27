"""From the browser to the spool and back: what is seen is counted, and the figures come anew."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from stats import figures, signing, spool
from stats.models import Kind, Live
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article(site):
    return make_article()


def tell(monkeypatch, online):
    row = Live(loaded_at=timezone.now(), online=online, today=250, week=5_501, total=721_618)
    monkeypatch.setattr(figures.cache, "row", row)


def hits():
    return [line.hit for line in spool.lines({})]


def test_a_page_that_is_seen_is_counted_once_and_its_figures_are_refreshed(
    open_page, article, monkeypatch
):
    tell(monkeypatch, online=17)
    page = open_page("/gioi-thieu-khong-co/")
    expect(page.locator("[data-figure=online]")).to_have_text("17")

    def answer_later(route):
        tell(monkeypatch, online=1_018)
        route.continue_()

    beacon = re.compile(rf"/dem/\?o={Kind.ARTICLE}\.{article.pk}\.")
    page.route(beacon, answer_later)
    with page.expect_response(beacon):
        page.goto(article.get_absolute_url())
    expect(page.locator("[data-figure=online]")).to_have_text("1.018")
    expect(page.locator("[data-figure=total]")).to_have_text("721.618")
    of_article = [hit for hit in hits() if signing.read(hit.token) == (Kind.ARTICLE, article.pk)]
    assert [(hit.kind, hit.site, hit.staff) for hit in of_article] == [
        ("view", "same-origin", False)
    ]


def test_a_reader_without_scripts_is_counted_by_a_picture(open_page, article):
    page = open_page(article.get_absolute_url(), java_script_enabled=False)
    assert [(hit.kind, signing.read(hit.token)) for hit in hits()] == [
        ("pixel", (Kind.ARTICLE, article.pk))
    ]
    expect(page.locator("[data-figure=online]")).to_have_text("–")
    assert page.troubles == []


def test_charts_tell_their_figures_without_scripts(open_page, site):
    page = open_page("/thong-ke/", java_script_enabled=False)
    tables = page.get_by_text("Bảng số liệu")
    assert tables.count() == 3
    tables.first.click()
    expect(page.get_by_role("columnheader", name="Ngày")).to_be_visible()
