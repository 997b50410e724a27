"""One visitor: an address that cannot be invented, a browser, a day."""

from ipaddress import ip_network

import pytest

from stats import visitors
from stats.spool import Hit

SECRET = b"s" * 64


def network(peer, forwarded=""):
    return visitors.network(Hit(0, "view", "", peer, forwarded, "", "", "", False, False))


@pytest.fixture
def proxied(settings):
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1"), ip_network("10.0.0.0/8")]


def test_an_ipv6_household_is_one_visitor_and_its_neighbour_another():
    home = network("2405:4800:1:2::1")
    assert home == network("2405:4800:1:2:ffff::9")
    assert home != network("2405:4800:1:3::1")


def test_an_ipv4_address_is_the_same_when_mapped_into_ipv6():
    assert network("::ffff:113.160.1.2") == network("113.160.1.2") != network("113.160.1.3")


def test_the_forwarded_address_of_a_stranger_is_not_believed(settings):
    assert network("113.160.1.2", "1.2.3.4") == network("113.160.1.2")


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize(
    "forwarded",
    [
        "113.160.1.2",
        "1.2.3.4, 113.160.1.2",
        "nonsense,,::1, 113.160.1.2, 10.0.0.9",
        "113.160.1.2:4711",
        "[::ffff:113.160.1.2]:80",
        "::ffff:113.160.1.2,127.0.0.1",
    ],
)
def test_behind_our_proxies_the_last_stranger_counts(forwarded):
    assert network("127.0.0.1", forwarded) == network("113.160.1.2")
    assert network("::ffff:127.0.0.1", forwarded) == network("113.160.1.2")


@pytest.mark.usefixtures("proxied")
def test_a_proxy_that_forwards_for_nobody_is_itself_the_reader():
    assert network("10.0.0.1", "127.0.0.1") == network("10.0.0.1")


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("forwarded", ["nonsense", "1.2.3.4, unknown", "1.2.3.4.5"])
def test_a_last_entry_that_is_no_address_is_nobody(forwarded):
    with pytest.raises(ValueError, match="not appear to be"):
        network("127.0.0.1", forwarded)


def test_the_number_of_a_visitor_needs_address_browser_and_secret():
    key = visitors.key(network("113.160.1.2"), "Firefox", SECRET)
    assert key == visitors.key(network("113.160.1.2"), "Firefox", SECRET)
    assert key != visitors.key(network("113.160.1.3"), "Firefox", SECRET)
    assert key != visitors.key(network("113.160.1.2"), "Firefox 2", SECRET)
    assert key != visitors.key(network("113.160.1.2"), "Firefox", b"t" * 64)
    assert -(2**63) <= key < 2**63


def test_the_secret_of_a_day_needs_its_salt_and_what_is_not_in_the_database(settings):
    salt = b"s" * visitors.SALT_BYTES
    secret = visitors.secret(salt)
    assert secret == visitors.secret(salt)
    assert secret != visitors.secret(b"t" * visitors.SALT_BYTES)
    settings.SECRET_KEY = "x" * 50
    assert secret != visitors.secret(salt)


def test_bytes_of_an_address_cannot_move_into_the_agent():
    assert visitors.key(b"abcd", "efgh!", SECRET) != visitors.key(b"abcdefgh", "!", SECRET)


@pytest.mark.parametrize(
    ("agent", "phone"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) Mobile/15E148", True),
        ("Mozilla/5.0 (Linux; Android 13; SM-A145F) Chrome/119.0 Mobile Safari/537.36", True),
        ("Opera/9.80 (J2ME/MIDP; Opera Mini/7.1; U; vi) Presto/2.12 Mobi", True),
        ("Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) Mobile/15E148", False),
        ("Mozilla/5.0 (Android 13; Tablet; rv:109.0) Mobile Firefox/115.0", False),
        ("Mozilla/5.0 (Linux; Android 13; SM-X200) Chrome/119.0 Safari/537.36", False),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/130.0", False),
    ],
)
def test_phones_are_told_by_their_agent(agent, phone):
    assert visitors.is_phone(agent) is phone
