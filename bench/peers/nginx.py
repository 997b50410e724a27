"""nginx: a page as a file, plain and compressed beforehand; and what starts any nginx here."""

import gzip
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import HOST, answers, free_port, program, running
from bench.wrk import Target, body

FILE = "nginx, a file"
FILES = ("home", "article", "category", "documents")
SHIPPED = Path(__file__).resolve().parents[2] / "deploy/nginx.conf"
BROTLI = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"
AROUND = """
{modules}
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
daemon off;
worker_processes auto;
{user}
events {{}}
http {{
    include /etc/nginx/mime.types;
    default_type text/html;
    access_log off;
    sendfile on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""
AS_FILES = """
    server {{
        listen {host}:{port};
        root {folder}/pages;
        charset utf-8;
        gzip_static on;
        gzip_vary on;
    }}
"""


def missing() -> str:
    """Return what would have to be installed."""
    return "" if program("nginx") else "nginx"


@contextmanager
def serving(
    folder: Path, site: str, port: int, modules: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """Run nginx with the configuration `site` within its block http; everything is in `folder`."""
    user = "user root;" if os.geteuid() == 0 else ""  # whose folder nobody else may enter
    configuration = folder / "nginx.conf"
    configuration.write_text(AROUND.format(modules=modules, folder=folder, user=user, site=site))
    command = [program("nginx"), "-p", str(folder), "-c", str(configuration)]
    with running(command, answers(port), log=folder / "started.log") as server:
        yield server


def shipped(folder: Path, var: Path, upstream: str, port: int) -> str:
    """Return the configuration that is shipped, for a portal at `upstream` with its files in `var`.

    The certificate, what is kept and what is noted are in `folder`.
    """
    text = re.sub(r"server \{\n    listen 80 .*?\n\}\n", "", SHIPPED.read_text(), flags=re.DOTALL)
    text = re.sub(r"(?m)^ *listen \[::\].*\n", "", text)
    for there, here in {
        "127.0.0.1:8000": upstream,
        "listen 443": f"listen {HOST}:{port}",
        "/etc/letsencrypt/live/dangbo.example.vn": str(folder),
        "dangbo.example.vn": HOST,
        "/srv/portal/var": str(var),
        "/var/lib/nginx/portal": str(folder / "cache"),
        "/var/log/nginx": str(folder),
    }.items():
        text = text.replace(there, here)
    return text


@contextmanager
def started(portal: Target, scratch: Path) -> Iterator[list[Target]]:
    """Serve the bytes of some of the portal's pages as files, each with its .gz beside it."""
    folder = scratch / "files"
    (folder / "pages").mkdir(parents=True)
    for kind in FILES:
        page = body(portal.addresses[kind], gzip=False)
        (folder / f"pages/{kind}").write_bytes(page)
        (folder / f"pages/{kind}.gz").write_bytes(gzip.compress(page, 6, mtime=0))
    port = free_port()
    site = AS_FILES.format(host=HOST, port=port, folder=folder)
    with serving(folder, site, port):
        yield [Target(FILE, {kind: f"http://{HOST}:{port}/{kind}" for kind in FILES})]
