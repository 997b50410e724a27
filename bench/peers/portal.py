"""The portal itself: as bin/run serves it, without its page cache, and behind nginx."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.corpus import WORDS, Corpus, query
from bench.peers import nginx
from bench.processes import HOST, answers, free_port, running
from bench.wrk import Target

ROOT = Path(__file__).resolve().parents[2]
UNCACHED, CACHED, BEHIND = "portal uncached", "portal", "portal behind nginx"


def pages(corpus: Corpus) -> dict[str, str]:
    """Return the path of each kind of page."""
    category = f"/chuyen-muc/{corpus.largest.slug}/"
    return {
        "home": "/",
        "article": corpus.newest_address,
        "category": category,
        "category, deep": category + query(trang=corpus.deep),
        "news, deepest": "/tin-tuc/" + query(trang=corpus.deepest),
        "documents": "/van-ban/",
        "search": search_page() + query(q=WORDS),
        "RSS": "/rss/",
    }


def search_page() -> str:
    """Return the path of the search: of everything or, where there is none, of the documents."""
    from django.urls import NoReverseMatch, reverse

    try:
        return reverse("search")
    except NoReverseMatch:
        return reverse("documents:index")


@contextmanager
def started(corpus: Corpus, scratch: Path) -> Iterator[tuple[Target, subprocess.Popen[bytes]]]:
    """Serve the portal as bin/run does, its counting and its helper beside it; yield both."""
    port = free_port()
    command = [sys.executable, "-m", "portal.serve", "--no-demo", "--port", str(port)]
    with running(command, answers(port), log=scratch / "portal.log") as server:
        kept = {kind: path for kind, path in pages(corpus).items() if kind != "search"}
        yield _target(CACHED, port, kept), server


@contextmanager
def uncached(corpus: Corpus, scratch: Path) -> Iterator[Target]:
    """Serve the portal without its page cache."""
    port = free_port()
    command = [sys.executable, "-m", "bench.server", f"{__name__}:worker_application", str(port)]
    with running(command, answers(port), log=scratch / "uncached.log"):
        yield _target(UNCACHED, port, pages(corpus))


def worker_application() -> Callable[..., Any]:
    """Return portal/wsgi.py's application without the page cache, for a worker of granian.

    What pages share (core/version_cache.py) is kept, as in the portal.
    """
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    from portal import search, silence
    from stats.beacon import counted

    silence.give_up_in_time()
    search.SEARCHES.at_once = sys.maxsize  # all of wrk's searches come from one address
    return counted(application)


@contextmanager
def behind_nginx(portal: Target, scratch: Path) -> Iterator[tuple[Target, subprocess.Popen[bytes]]]:
    """Serve `portal` through nginx as deploy/nginx.conf says; yield both."""
    folder = scratch / "front"
    folder.mkdir()
    port = free_port()
    upstream = portal.addresses["home"].removeprefix("http://").rstrip("/")
    with nginx.serving(folder, _unencrypted(folder, upstream, port), port) as server:
        kinds = {"home", "article", "category", "documents"}
        paths = {k: a.partition(upstream)[2] for k, a in portal.addresses.items() if k in kinds}
        yield _target(BEHIND, port, paths), server


def _unencrypted(folder: Path, upstream: str, port: int) -> str:
    """Return the configuration that is shipped, less encryption and the limits of one address."""
    text = nginx.shipped(folder, folder.parent, upstream, port)
    text = re.sub(r"(?m)^ *(ssl_|limit_req|limit_conn).*\n", "", text)
    return text.replace(" ssl http2", "").replace("https://$server_name", f"http://{HOST}:{port}")


def _target(name: str, port: int, paths: dict[str, str]) -> Target:
    return Target(name, {kind: f"http://{HOST}:{port}{path}" for kind, path in paths.items()})
