"""Pages fetched before they are asked for, left early, returned to: quick, and counted rightly."""

import json
from time import monotonic

import pytest
from django.core.signals import request_started
from playwright.sync_api import expect

from stats import filters, signing, spool
from tests.browser.conftest import LAUNCH
from tests.factories import make_article, make_category
from tests.stats.traffic import BROWSERS

pytestmark = pytest.mark.django_db(transaction=True)

READER = BROWSERS[0].format(1)
NOTE_RETURNS = "addEventListener('pageshow', ({ persisted }) => { window.isReturn = persisted })"
RULES = "script[type=speculationrules]"
# What Chromium does with the parts of such rules that ours use.
MATCHES = """([{ prefetch: [{ where }] }, address]) => {
  const url = new URL(address, "https://dangbo.example.vn")
  const matches = (rule) => rule.and?.every(matches) ?? (rule.not
    ? !matches(rule.not)
    : [rule.href_matches].flat().some((one) => new URLPattern(one, "https://dangbo.example.vn").test(url)))
  return matches(where)
}"""


@pytest.fixture
def asked():
    """The pages that the portal was asked for, each with its purpose."""
    asked = []

    def note(environ, **kwargs):
        asked.append((environ["PATH_INFO"], environ.get("HTTP_SEC_PURPOSE", "")))

    request_started.connect(note)
    yield asked
    request_started.disconnect(note)


def counted():
    """What the loader would count: the kind and the id of each hit."""
    hits = [line.hit for line in spool.lines({})]
    return [signing.read(hit.token) for hit in hits if not filters.reason(hit)]


def told():
    """What the counter was told; Chromium's own name goes with what a page sends on leaving."""
    return [signing.read(line.hit.token) for line in spool.lines({})]


def follow(link):
    with link.page.expect_response("**/dem/**"):
        link.click()


@pytest.fixture(scope="module")
def blank(browser):
    page = browser.new_page()
    page.add_script_tag(path="static/js/page.js", type="module")
    page.wait_for_selector(RULES, state="attached")
    yield page
    page.close()


def test_a_page_fetched_ahead_is_there_at_once_and_counted_when_it_is_opened(open_page, asked):
    article = make_article("Đại hội chi bộ", category=make_category())
    ahead = (article.get_absolute_url(), "prefetch")
    page = open_page("/", user_agent=READER)
    page.wait_for_load_state("networkidle")
    link = page.get_by_role("link", name="Đại hội chi bộ").first
    with page.expect_request_finished(lambda request: request.url.endswith(ahead[0])):
        link.hover()
    assert ahead in asked
    assert counted() == [("t", 0)]
    follow(link)
    assert [path for path, _ in asked].count(article.get_absolute_url()) == 1
    assert counted() == [("t", 0), ("b", article.pk)]
    assert page.troubles == []


@pytest.mark.parametrize(
    ("address", "is_fetched"),
    [
        ("/", True),
        ("/tin-tuc/dai-hoi-chi-bo-1/", True),
        ("/chuyen-muc/xay-dung-dang/?trang=2", True),
        ("/van-ban/chi-thi-24-ct-tu-1/", True),
        ("/van-ban/?loai=chi-thi", False),
        ("/van-ban/tep/1/chi-thi.pdf", False),
        ("/van-ban/tai-ve.xlsx", False),
        ("/tim-kiem/?q=Đảng", False),
        ("/dang-nhap/?next=/van-ban/", False),
        ("/quan-tri/", False),
        ("/dem/anh.gif", False),
        ("/media/photos/a/800.webp", False),
        ("https://nhandan.vn/tin-tuc/", False),
    ],
)
def test_what_is_fetched_ahead(blank, address, is_fetched):
    rules = json.loads(blank.locator(RULES).text_content())
    assert blank.evaluate(MATCHES, [rules, address]) is is_fetched


def test_nothing_is_fetched_ahead_from_pages_for_one_alone(open_page):
    page = open_page("/van-ban/")
    expect(page.locator(RULES)).to_have_count(1)
    for address in ("/dang-nhap/", "/khong-co/"):
        page.goto(address)
        expect(page.locator("html[data-arriving]")).to_have_count(0)
        assert page.locator(RULES).count() == 0


def test_a_page_left_while_it_arrives_is_counted_on_the_way(browser, site):
    article = make_article("Đại hội chi bộ", category=make_category())
    page = browser.new_page(base_url=site, user_agent=READER)
    page.route("**/*.woff2", lambda route: None)  # the font does not come
    page.goto(article.get_absolute_url(), wait_until="domcontentloaded")
    assert told() == []
    page.goto("/rss/", wait_until="commit")
    until = monotonic() + 5  # seconds; no event tells of what a page sends on leaving
    while not told() and monotonic() < until:
        page.wait_for_timeout(20)
    page.close()
    assert told() == [("b", article.pk)]


def test_back_shows_the_page_from_memory_and_counts_the_return(browser, site):
    article = make_article("Đại hội chi bộ", category=make_category())
    flag = "--disable-back-forward-cache"  # Playwright's own
    own = browser.browser_type.launch(
        executable_path="/usr/bin/chromium", args=LAUNCH, ignore_default_args=[flag]
    )
    page = own.new_page(base_url=site, user_agent=READER)
    page.add_init_script(NOTE_RETURNS)
    page.goto("/", wait_until="networkidle")
    follow(page.get_by_role("link", name="Đại hội chi bộ").first)
    page.wait_for_load_state("networkidle")
    with page.expect_response("**/dem/**"):
        page.evaluate("history.back()")
    assert page.evaluate("window.isReturn")
    assert counted() == [("t", 0), ("b", article.pk), ("t", 0)]
    own.close()
