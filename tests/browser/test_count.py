"""The counter as a reader's browser tells it: once, and only of what is seen."""

import json
import re

import pytest

from stats import signing

pytestmark = pytest.mark.django_db(transaction=True)

FIGURES = {"online": "3", "today": "45", "week": "678", "total": "721.618"}
HIDDEN = "Object.defineProperty(document, 'visibilityState', {value: 'hidden', writable: true})"
PRERENDERING = "Object.defineProperty(document, 'prerendering', {value: true, writable: true})"


@pytest.fixture
def visit(browser, site):
    """Open the front page with a script in front; return the page and what the counter got."""
    contexts = []

    def opened(script="", status=200, **options):
        context = browser.new_context(base_url=site, **options)
        contexts.append(context)
        got = []

        def answer(route):
            got.append((route.request.method, route.request.url.removeprefix(site)))
            route.fulfill(status=status, body="" if status == 204 else json.dumps(FIGURES))

        context.route("**/dem/**", answer)
        context.add_init_script(script)
        page = context.new_page()
        page.goto("/")
        page.wait_for_load_state("networkidle")
        return page, got

    yield opened
    for context in contexts:
        context.close()


def shown(page):
    places = page.locator("[data-figure]")
    return {p.get_attribute("data-figure"): p.inner_text() for p in places.all()}


def test_a_page_that_is_seen_is_told_once_and_its_figures_are_renewed(visit):
    page, got = visit()
    assert got == [("POST", f"/dem/?o={signing.token('t')}")]
    assert shown(page) == FIGURES


@pytest.mark.parametrize("status", [204, 503])  # nginx's for a dead portal; a full disk
def test_figures_stay_when_the_counter_cannot_answer(visit, status):
    page, got = visit(status=status)
    assert len(got) == 1
    assert set(shown(page).values()) == {"–"}


@pytest.mark.parametrize(
    ("script", "appears"),
    [
        (HIDDEN, "document.visibilityState = 'visible'; emit('visibilitychange')"),
        (PRERENDERING, "document.prerendering = false; emit('prerenderingchange')"),
    ],
)
def test_a_page_in_the_background_is_told_when_it_is_seen_and_not_again(visit, script, appears):
    page, got = visit(script)
    assert got == []
    emit = "const emit = (name) => document.dispatchEvent(new Event(name));"
    with page.expect_response("**/dem/**"):
        page.evaluate(f"() => {{ {emit} {appears}; {appears} }}")
    assert len(got) == 1


def test_readers_without_scripts_ask_for_the_picture(visit):
    _page, got = visit(java_script_enabled=False)
    assert [(method, re.sub(r"\?.*", "", path)) for method, path in got] == [
        ("GET", "/dem/anh.gif")
    ]
