"""What is not counted, and the browsers of readers, which are."""

import pytest

from stats import filters, signing
from stats.spool import Hit
from tests.stats.traffic import BOTS, BROWSERS

CHROME = BROWSERS[0].format(1)


def reason(**fields):
    hit = Hit(
        time=0,
        kind="view",
        token=signing.token("b", 7),
        peer="113.160.1.2",
        forwarded="",
        agent=CHROME,
        purpose="",
        site="same-origin",
        unseen=False,
        staff=False,
    )
    return filters.reason(hit._replace(**fields))


@pytest.mark.parametrize(
    "agent",
    [
        *(browser.format(12) for browser in BROWSERS),
        "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/191.308; U; vi) Presto/2.12.423 Version/12.16",
        "Mozilla/5.0 (Linux; U; Android 9; vi-VN; Redmi 7A) AppleWebKit/537.36 (KHTML, like Gecko)"
        " Version/4.0 Chrome/78.0.3904.108 UCBrowser/13.4.0.1306 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 12; CPH2185) AppleWebKit/537.36 (KHTML, like Gecko)"
        " SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko",
    ],
)
def test_browsers_that_people_here_use_are_counted(agent):
    assert reason(agent=agent) is None


@pytest.mark.parametrize("agent", [*BOTS, "python-requests/2.31.0", "Go-http-client/1.1"])
def test_known_crawlers_are_not(agent):
    assert reason(agent=agent) == "crawler"


@pytest.mark.parametrize(
    "agent", ["", "-", "Mozilla", "Mozilla/5.0", "x" * 20, f"{CHROME}\n", CHROME * 10]
)
def test_an_agent_that_no_browser_sends_is_not(agent):
    assert reason(agent=agent) == "agent"


def test_a_page_that_is_only_fetched_ahead_is_not():
    assert reason(purpose="prefetch;prerender") == "prefetch"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_the_page_of_another_site_is_not(site):
    assert reason(site=site) == "foreign"
    assert reason(kind="pixel", site=site) == "foreign"


@pytest.mark.parametrize("site", ["cross-site", "none", "same-origin", ""])
def test_a_file_may_be_taken_from_a_link_anywhere(site):
    assert reason(kind="download", token=signing.token("d", 3), site=site) is None


def test_browsers_without_fetch_metadata_are_counted():
    assert reason(site="") is None


def test_those_of_the_newsroom_are_not():
    assert reason(staff=True) == "staff"


@pytest.mark.parametrize(
    ("kind", "token"),
    [
        ("view", "b.7.AAAAAAAAAAAA"),
        ("view", ""),
        ("view", signing.token("d", 7)),
        ("download", signing.token("b", 7)),
        ("invented", signing.token("b", 7)),
        ("view", signing.token("x", 7)),
    ],
)
def test_an_object_that_no_page_of_ours_has_signed_is_not(kind, token):
    assert reason(kind=kind, token=token) == "signature"
