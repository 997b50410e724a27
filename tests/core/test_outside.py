"""Other hosts are asked over the real network of this machine, and none of ours may be."""

import socket
import threading
from contextlib import contextmanager

import pytest

from core import outside
from core.outside import NO_ANSWER, is_public, status_of


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "113.160.92.202", "2606:4700:4700::1111", "2405:4800::1"]
)
def test_addresses_of_the_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "ff02::1"),
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
def test_addresses_of_our_own_network_are_not(address):
    assert not is_public(address)


@contextmanager
def server(*answers):
    """Answer one request after the other; yields the port and the requests."""
    requests = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            for answer in answers:
                connection, _ = listening.accept()
                with connection:
                    requests.append(connection.recv(65_536).decode())
                    connection.sendall(answer.encode())

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], requests
        thread.join(1)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
    ],
)
def test_a_host_of_our_own_is_not_even_connected_to(url, monkeypatch):
    with server() as (port, requests):
        monkeypatch.setattr(outside, "_PORTS", {"http": port, "https": 443})
        assert status_of(url.format(port=port)) == NO_ANSWER
        assert requests == []


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://example.org/", "http://", "http://[", "http://:80/"),
        *("http://user:secret@8.8.8.8/", "http://8.8.8.8:22/", "http://8.8.8.8:99999/"),
        *(
            "http://khong-co.invalid/",
            "http://" + "a" * 70 + ".com/",
            "http://8.8.8.8/" + "a" * 3000,
        ),
    ],
)
def test_an_address_that_is_none_of_the_web_is_not_asked(url):
    assert status_of(url) == NO_ANSWER


@pytest.fixture
def here(monkeypatch):
    """Let the test's own server pass for a public one; everything else stays as it is."""
    real = outside.is_public
    monkeypatch.setattr(outside, "is_public", lambda a: a == "127.0.0.1" or real(a))

    def at(port):
        monkeypatch.setattr(outside, "_PORTS", {"http": port, "https": 443})
        return f"http://127.0.0.1:{port}"

    return at


def test_the_status_of_an_answer_is_told(here):
    with server("HTTP/1.1 404 Not Found\r\n\r\n") as (port, requests):
        assert status_of(f"{here(port)}/bài viết?q=Đảng#x") == 404
    assert requests[0].startswith("GET /b%C3%A0i%20vi%E1%BA%BFt?q=%C4%90%E1%BA%A3ng HTTP/1.1")


def test_a_redirect_is_followed_to_its_end(here):
    moved = "HTTP/1.1 302 Found\r\nLocation: /moi\r\nConnection: close\r\n\r\n"
    with server(moved, "HTTP/1.1 200 OK\r\n\r\n") as (port, requests):
        assert status_of(f"{here(port)}/cu") == 200
    assert requests[1].startswith("GET /moi ")


def test_a_redirect_into_our_own_network_is_not_followed(here):
    moved = "HTTP/1.1 302 Found\r\nLocation: http://[::1]:{port}/\r\n\r\n"
    with server() as (secret, requests), server(moved.format(port=secret)) as (port, _):
        assert status_of(here(port)) == NO_ANSWER
        assert requests == []


def test_redirects_in_a_circle_end(here):
    moved = "HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n"
    with server(*[moved] * (outside.MAX_REDIRECTS + 1)) as (port, requests):
        assert status_of(here(port)) == NO_ANSWER
    assert len(requests) == outside.MAX_REDIRECTS + 1


def test_a_host_that_speaks_too_slowly_is_left(here, monkeypatch):
    monkeypatch.setattr(outside, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert status_of(here(silent.getsockname()[1])) == NO_ANSWER
