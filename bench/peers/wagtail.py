"""Wagtail with a small site of our own (bench/peers/wagtail_site), stock and with wagtail-cache.

Served by granian with the portal's numbers of workers and threads, on the portal's PostgreSQL: what
differs is the application. Pages are listed with the prefetches that its documentation recommends.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import psycopg2
from django.db import connection

from bench.corpus import WORDS, Corpus, query
from bench.processes import HOST, answers, free_port, run, running
from bench.wrk import Target
from portal.serve import THREADS, WORKERS

SITE = Path(__file__).with_name("wagtail_site")
PACKAGES = ("wagtail==7.4.*", "wagtail-cache==3.*", "granian", "psycopg2-binary")
STOCK, CACHED = "Wagtail", "Wagtail, wagtail-cache"
DATABASE = "wagtail"
MOST = 100_000  # articles: its index takes too long to make for more


def missing(corpus: Corpus, environment: Path) -> str:
    """Return what keeps it from being measured; installs it into `environment` the first time."""
    if corpus.articles > MOST:
        return f"it is measured with {MOST:,} articles at most"
    if not (environment / "bin/granian").exists():
        try:
            _install(environment)
        except subprocess.CalledProcessError:
            shutil.rmtree(environment, ignore_errors=True)
            return "pip cannot install it"
    return ""


def _install(environment: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    pip = [str(environment / "bin/pip"), "install", "--quiet", *PACKAGES]
    subprocess.run(pip, check=True, capture_output=True)


@contextmanager
def started(corpus: Corpus, scratch: Path, environment: Path) -> Iterator[list[Target]]:
    """Make the site, fill it, and serve it twice: as it is and with its cache."""
    site = scratch / "wagtail"
    shutil.copytree(SITE, site)
    with _database() as access:
        _fill(corpus, site, environment / "bin/python", access)
        with (
            _served(STOCK, corpus, site, environment, access) as stock,
            _served(CACHED, corpus, site, environment, access | {"CACHED": "1"}) as cached,
        ):
            yield [stock, cached]


@contextmanager
def _database() -> Iterator[dict[str, str]]:
    """Make a database beside the portal's; yield what names it in the environment."""
    own = connection.settings_dict
    server = psycopg2.connect(host=own["HOST"], user=own["USER"], dbname="postgres")
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {DATABASE}")
        yield {
            "DJANGO_SETTINGS_MODULE": "settings",
            "WAGTAIL_HOST": own["HOST"],
            "WAGTAIL_USER": own["USER"],
            "WAGTAIL_NAME": DATABASE,
        }
        cursor.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
    server.close()


def _fill(corpus: Corpus, site: Path, python: Path, access: dict[str, str]) -> None:
    manage = [str(python), str(site / "manage.py")]
    run([*manage, "makemigrations", "journal"], **access)
    run([*manage, "migrate", "--verbosity", "0"], **access)
    begin = {
        "categories": [asdict(category) for category in corpus.categories],
        "photos": [asdict(photo) for photo in corpus.photos],
    }
    lines = site / "corpus.jsonl"
    with lines.open("w") as file:
        for value in (begin, *corpus.rows()):
            file.write(json.dumps(value, default=str) + "\n")
    run(["sh", "-c", f"{' '.join(manage)} fill < {lines}"], **access)


@contextmanager
def _served(
    name: str, corpus: Corpus, site: Path, environment: Path, access: dict[str, str]
) -> Iterator[Target]:
    port = free_port()
    options = ["--interface", "wsgi", "--port", str(port), "--log-level", "error"]
    numbers = ["--workers", str(WORKERS), "--blocking-threads", str(THREADS)]
    place = ["--working-dir", str(site), "application:application"]
    command = [str(environment / "bin/granian"), *options, *numbers, *place]
    with running(command, answers(port), log=site / "log", environment=access):
        yield Target(name, {k: f"http://{HOST}:{port}{p}" for k, p in _pages(corpus).items()})


def _pages(corpus: Corpus) -> dict[str, str]:
    newest = next(corpus.rows())
    of = next(c for c in corpus.categories if c.pk == newest["category"])
    category = f"/{corpus.largest.slug}/"
    return {
        "home": "/",
        "article": f"/{of.slug}/{newest['slug']}-{newest['pk']}/",
        "category": category,
        "category, deep": category + query(page=corpus.deep),
        "search": "/search/" + query(q=WORDS),
        "RSS": "/feed/",
    }
