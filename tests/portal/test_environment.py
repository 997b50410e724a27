"""Settings from the environment: every mistake is reported, none is guessed away."""

from pathlib import Path

import pytest
from django.core import checks

from portal.checks import environment
from portal.environment import Environment, Problem


def ids(env):
    return [problem.id for problem in env.problems]


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("Yes", True), ("off", False), ("", False)]
)
def test_a_flag_is_a_yes_or_no(value, expected):
    env = Environment({"DEBUG": value})
    assert env.flag("DEBUG") is expected
    assert not env.problems


def test_a_flag_that_is_neither_is_off_and_reported():
    env = Environment({"DEBUG": "maybe"})
    assert env.flag("DEBUG") is False
    assert ids(env) == ["portal.E001"]


def test_a_folder_is_given_in_full():
    env = Environment({"VAR_DIR": "var"})
    env.path("VAR_DIR", Path("/srv"))
    assert ids(env) == ["portal.E002"]


@pytest.mark.parametrize("url", ["https://dangbo.vn", "http://127.0.0.1:8000/", "http://[::1]:80"])
def test_the_address_of_the_site_loses_its_last_slash(url):
    env = Environment({"SITE_URL": url})
    assert env.site_url("SITE_URL", "") == url.rstrip("/")
    assert not env.problems


@pytest.mark.parametrize(
    "url",
    ["", "dangbo.vn", "ftp://dangbo.vn", "https://", "https://a/b", "http://a:port", "http://["],
)
def test_what_is_not_the_address_of_a_site_is_reported(url):
    env = Environment({"SITE_URL": url})
    env.site_url("SITE_URL", "")
    assert ids(env) == ["portal.E003"]


def test_words_are_separated_by_commas():
    assert Environment({"ALLOWED_HOSTS": " a.vn, ,b.vn"}).words("ALLOWED_HOSTS") == ["a.vn", "b.vn"]


def test_proxies_are_addresses_and_networks():
    env = Environment({"TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,::1"})
    assert [str(n) for n in env.networks("TRUSTED_PROXIES")] == [
        "127.0.0.1/32",
        "10.0.0.0/8",
        "::1/128",
    ]
    assert [str(n) for n in env.networks("OTHERS", "::1")] == ["::1/128"]
    assert env.networks("OTHERS") == env.problems == []


@pytest.mark.parametrize("text", ["localhost", "10.0.0.1/8", "1.2.3", "*"])
def test_a_proxy_that_is_no_address_is_reported(text):
    env = Environment({"TRUSTED_PROXIES": text})
    assert env.networks("TRUSTED_PROXIES") == []
    assert ids(env) == ["portal.E008"]


def test_files_are_left_to_nginx_only_where_one_is_in_front():
    env = Environment({"ACCEL_REDIRECT": "/tep-noi-bo/"})
    assert env.location("ACCEL_REDIRECT", behind_proxy=True) == "/tep-noi-bo/"
    assert env.location("NONE", behind_proxy=False) == ""
    assert not env.problems
    assert env.location("ACCEL_REDIRECT", behind_proxy=False) == ""
    assert ids(env) == ["portal.E010"]
    relative = Environment({"ACCEL_REDIRECT": "tep-noi-bo/"})
    assert relative.location("ACCEL_REDIRECT", behind_proxy=True) == ""
    assert ids(relative) == ["portal.E010"]


def test_each_problem_is_a_system_check_with_an_id_and_a_hint(settings):
    settings.ENVIRONMENT_PROBLEMS = (Problem("portal.E005", "SECRET_KEY is missing.", "Set it."),)
    assert environment() == [
        checks.Error("SECRET_KEY is missing.", hint="Set it.", id="portal.E005")
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", ("", 25, False, False)),
        ("smtp://127.0.0.1", ("127.0.0.1", 25, False, False)),
        ("submission://u%40x:p%3A@mail.example.vn", ("mail.example.vn", 587, True, False)),
        ("smtps://u:p@mail.example.vn:4650", ("mail.example.vn", 4650, False, True)),
    ],
)
def test_a_mail_server_is_read_from_its_address(url, expected):
    env = Environment({"EMAIL_URL": url})
    server = env.mail_server("EMAIL_URL")
    assert (server.host, server.port, server.starttls, server.tls) == expected
    assert not env.problems
    if "%40" in url:
        assert (server.user, server.password) == ("u@x", "p:")


@pytest.mark.parametrize(
    "url",
    ["mail.example.vn", "http://x", "smtp://", "smtp://h:99999", "smtp://u:p@mail.example.vn"],
)
def test_a_mail_server_that_cannot_be_trusted_is_reported(url):
    env = Environment({"EMAIL_URL": url})
    assert env.mail_server("EMAIL_URL").host == ""
    assert [problem.id for problem in env.problems] == ["portal.E009"]
