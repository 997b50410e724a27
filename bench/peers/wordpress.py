"""WordPress from Debian's packages with its own choice of theme, stock and behind nginx's cache.

PHP has four processes with its opcode cache, MariaDB a buffer that holds all of 1,500 articles;
neither is a service of the system: sockets, data and programs' files lie in the scratch folder.
"""

import getpass
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import partial
from itertools import islice
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import IO, Any

from bench.corpus import WORDS, Corpus, query
from bench.peers import nginx
from bench.processes import HOST, free_port, program, run, running
from bench.wrk import Target

TEMPLATES = Path(__file__).with_name("wordpress_site")
INSTALLED = Path("/usr/share/wordpress")
THEME = INSTALLED / "wp-content/themes/twentytwentythree"
STOCK, CACHED = "WordPress", "WordPress, nginx's cache"
MOST = 100_000  # articles
BATCH = 200
FIRST_ID = 1_000_000  # of the articles, above everything that WordPress itself writes
ACCESS = """
CREATE DATABASE wordpress CHARACTER SET utf8mb4;
CREATE USER wordpress@localhost IDENTIFIED BY 'wordpress';
GRANT ALL ON wordpress.* TO wordpress@localhost;
"""
COUNTED = """
UPDATE wp_term_taxonomy AS taxonomy SET count = (
    SELECT count(*) FROM wp_term_relationships AS related
    WHERE related.term_taxonomy_id = taxonomy.term_taxonomy_id
);
ANALYZE TABLE wp_posts, wp_postmeta, wp_term_relationships, wp_term_taxonomy;
"""


def missing(corpus: Corpus) -> str:
    """Return what keeps it from being measured."""
    if corpus.articles > MOST:
        return f"it is measured with {MOST:,} articles at most"
    programs = {"mariadbd": "mariadb-server", "php": "php-mysql", "nginx": "nginx"}
    packages = [package for name, package in programs.items() if not program(name)]
    packages += [] if _php_fpm() else ["php-fpm"]
    packages += [] if INSTALLED.exists() else ["wordpress"]
    packages += [] if THEME.exists() else ["wordpress-theme-twentytwentythree"]
    return f"sudo apt install {' '.join(packages)}" if packages else ""


@contextmanager
def started(corpus: Corpus, scratch: Path) -> Iterator[list[Target]]:
    """Install and fill a WordPress, and serve it at two ports: as it is and through a cache."""
    folder = scratch / "wordpress"
    ports = {STOCK: free_port(), CACHED: free_port()}
    socket = _lay_out(folder, ports)
    with ExitStack() as servers:
        servers.enter_context(_mariadb(folder, socket))
        _fill(corpus, folder, socket, ports[STOCK])
        servers.enter_context(_php(folder))
        servers.enter_context(
            nginx.serving(folder, (folder / "site.conf").read_text(), ports[CACHED])
        )
        paths = _pages(corpus)
        yield [
            Target(name, {kind: f"http://{HOST}:{port}{path}" for kind, path in paths.items()})
            for name, port in ports.items()
        ]


def _lay_out(folder: Path, ports: dict[str, int]) -> Path:
    """Copy WordPress and write every configuration; return the path of MariaDB's socket."""
    shutil.copytree(INSTALLED, folder / "site")
    socket = folder / "mysql.sock"
    values: dict[str, Any] = {"folder": folder, "stock": ports[STOCK], "cached": ports[CACHED]}
    config = (TEMPLATES / "wp-config.php").read_text().replace("{socket}", str(socket))
    (folder / "site/wp-config.php").unlink()
    (folder / "site/wp-config.php").write_text(config)
    shutil.copy(TEMPLATES / "install.php", folder / "site")
    user = f"user = {_me()}\ngroup = {_me()}" if os.geteuid() == 0 else ""
    fpm = (TEMPLATES / "php-fpm.conf").read_text().format(user=user, **values)
    (folder / "php-fpm.conf").write_text(fpm)
    (folder / "site.conf").write_text((TEMPLATES / "nginx.conf").read_text().format(**values))
    return socket


def _me() -> str:
    return getpass.getuser()


@contextmanager
def _mariadb(folder: Path, socket: Path) -> Iterator[None]:
    data, owner = folder / "mysql", f"--user={_me()}"
    make = [program("mariadb-install-db"), "--no-defaults", f"--datadir={data}", owner]
    run([*make, "--auth-root-authentication-method=normal", "--skip-test-db"])
    command = [program("mariadbd"), "--no-defaults", f"--datadir={data}", owner]
    places = [f"--socket={socket}", f"--pid-file={folder}/mysql.pid", "--skip-networking"]
    sizes = ["--innodb-buffer-pool-size=512M", "--max-allowed-packet=64M"]
    with running([*command, *places, *sizes], socket.exists, log=folder / "mysql.log"):
        _client(socket, "mysql", ACCESS)
        yield


@contextmanager
def _php(folder: Path) -> Iterator[None]:
    rights = ["--allow-to-run-as-root"] if os.geteuid() == 0 else []
    command = [_php_fpm(), *rights, "--nodaemonize", "--fpm-config", str(folder / "php-fpm.conf")]
    with running(command, (folder / "php.sock").exists, log=folder / "php.log"):
        yield


def _php_fpm() -> str:
    found = sorted(Path("/usr/sbin").glob("php-fpm*"))
    return str(found[-1]) if found else ""


def _client(socket: Path, database: str, statements: str) -> None:
    run([program("mariadb"), "--no-defaults", f"--socket={socket}", database], statements)


def _fill(corpus: Corpus, folder: Path, socket: Path, port: int) -> None:
    begin = {
        "categories": [asdict(category) for category in corpus.categories],
        "photos": [asdict(photo) for photo in corpus.photos],
    }
    command = [program("php"), str(folder / "site/install.php"), f"{HOST}:{port}"]
    given = json.loads(run(command, json.dumps(begin, default=str)))
    client = [program("mariadb"), "--no-defaults", f"--socket={socket}", "wordpress"]
    with Popen(client, stdin=PIPE, stdout=DEVNULL, text=True) as writing:
        assert writing.stdin
        _write(writing.stdin, corpus, given)
    if writing.returncode:
        raise SystemExit("MariaDB refuses the articles.")


def _write(file: IO[str], corpus: Corpus, given: dict[str, dict[str, int]]) -> None:
    file.write("SET NAMES utf8mb4; SET autocommit = 0;\n")
    rows = enumerate(corpus.rows(), FIRST_ID)
    while batch := list(islice(rows, BATCH)):
        posts, terms, photos = [], [], []
        for pk, row in batch:
            posts.append(_post(pk, row))
            terms.append(f"({pk}, {given['categories'][str(row['category'])]})")
            if row["photo"]:
                photos.append(f"({pk}, '_thumbnail_id', {given['photos'][str(row['photo'])]})")
        insert = partial(_insert, file)
        insert("wp_posts", POST_COLUMNS, posts)
        insert("wp_term_relationships", "object_id, term_taxonomy_id", terms)
        insert("wp_postmeta", "post_id, meta_key, meta_value", photos)
    file.write(f"COMMIT;{COUNTED}")


POST_COLUMNS = (
    "ID, post_author, post_date, post_date_gmt, post_modified, post_modified_gmt, post_title,"
    " post_excerpt, post_content, post_name, guid, to_ping, pinged, post_content_filtered"
)


def _post(pk: int, row: dict[str, Any]) -> str:
    day = _quoted(f"{row['date']:%Y-%m-%d %H:%M:%S}")
    texts = [row["title"], row["summary"], row["body"], _slug(row), f"?p={pk}", "", "", ""]
    return f"({pk}, 1, {day}, {day}, {day}, {day}, {', '.join(map(_quoted, texts))})"


def _slug(row: dict[str, Any]) -> str:
    return f"{row['slug']}-{row['pk']}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"


def _insert(file: IO[str], table: str, columns: str, rows: list[str]) -> None:
    if rows:
        file.write(f"INSERT INTO {table} ({columns}) VALUES\n{','.join(rows)};\n")


def _pages(corpus: Corpus) -> dict[str, str]:
    category = f"/category/{corpus.largest.slug}/"
    return {
        "home": "/",
        "article": f"/{_slug(next(corpus.rows()))}/",
        "category": category,
        "category, deep": f"{category}page/{corpus.deep}/",
        "search": "/" + query(s=WORDS),
        "RSS": "/feed/",
    }
