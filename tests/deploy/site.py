"""A real nginx, configured as shipped, and a real portal behind it on the tests' database.

Only addresses, folders and the certificate are replaced.
"""

import grp
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import brotli
from django.contrib.staticfiles.finders import get_finders
from django.db import connection

from stats import signing, spool
from tests.stats.traffic import BROWSERS

ROOT = Path(__file__).resolve().parents[2]
NAME = "dangbo.example.vn"
GROUP = "www-data"
CHROME = BROWSERS[0].format(1)
BEACON = f"/dem/?o={signing.token('b', 7)}"
PIXEL = f"/dem/anh.gif?o={signing.token('b', 7)}"
PUBLIC = "public, max-age=0, must-revalidate"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"  # not on the path of everybody in Debian
MODULE = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")  # not everywhere
AROUND = """
{modules}
pid {folder}/nginx.pid;
error_log {folder}/log/nginx.log;
daemon off;
{user}
events {{}}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self):
        return unpacked(self.headers["Content-Encoding"], self.body).decode()


class Site:
    """Folders, ports and processes; everything lies in `folder`, which nginx's user may enter."""

    def __init__(self, folder):
        self.folder, self.var = folder, folder / "var"
        self.spool, self.cache = self.var / "spool", folder / "cache"
        self.documents = self.var / "documents"
        self.port, self.plain_port, self.upstream_port = free_ports(3)
        self.nginx = self.portal = None
        for place in (self.var / "media", self.var / "static", folder / "log"):
            place.mkdir(parents=True)
        self._share(self.spool, 0o730)
        self._share(self.documents, 0o2750)
        self._write_certificate()
        self._write_configuration()
        self._write_static()

    def _share(self, place, mode):
        """As deploy/README.md says; or nginx runs as who runs the tests."""
        place.mkdir()
        if os.getuid() == 0:
            os.chown(place, 0, grp.getgrnam(GROUP).gr_gid)
            place.chmod(mode)

    def _write_certificate(self):
        command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
        files = ["-keyout", self.folder / "privkey.pem", "-out", self.folder / "fullchain.pem"]
        names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
        subprocess.run([*command.split(), *files, *names], check=True, capture_output=True)
        self.tls = ssl.create_default_context(cafile=self.folder / "fullchain.pem")

    def _write_configuration(self):
        text = (ROOT / "deploy/nginx.conf").read_text()
        for shipped, here in {
            "127.0.0.1:8000": f"127.0.0.1:{self.upstream_port}",
            "listen 80 ": f"listen {self.plain_port} ",
            "[::]:80 ": f"[::]:{self.plain_port} ",
            "listen 443 ": f"listen {self.port} ",
            "[::]:443 ": f"[::]:{self.port} ",
            "/srv/portal/var": str(self.var),
            f"/etc/letsencrypt/live/{NAME}": str(self.folder),
            "/var/lib/nginx/portal": str(self.cache),
            "/var/log/nginx": str(self.folder / "log"),
        }.items():
            assert shipped in text
            text = text.replace(shipped, here)
        modules = ""
        if MODULE.exists():
            modules = f"load_module {MODULE};"
            text = text.replace("# brotli_static on;", "brotli_static on;")
        (self.folder / "site.conf").write_text(text)
        user = f"user {GROUP};" if os.getuid() == 0 else ""
        around = AROUND.format(folder=self.folder, user=user, modules=modules)
        (self.folder / "nginx.conf").write_text(around)

    def _write_static(self):
        """What collectstatic makes, but plain: building it takes longer than all of these tests."""
        names = [name for finder in get_finders() for name, _storage in finder.list([])]
        manifest = {"version": "1.1", "hash": "", "paths": {name: name for name in names}}
        (self.var / "static/staticfiles.json").write_text(json.dumps(manifest))
        shutil.copy(ROOT / "static/maintenance.html", self.var / "static")

    def start_nginx(self):
        shutil.rmtree(self.cache, ignore_errors=True)
        self.nginx = subprocess.Popen([NGINX, "-c", self.folder / "nginx.conf"])
        until(lambda: is_open(self.port))

    def stop_nginx(self):
        self.nginx.terminate()
        self.nginx.wait(10)

    def start_portal(self):
        """Start the WSGI application of bin/run as in production, unless it runs."""
        if self.portal is not None:
            return
        command = f"granian --interface wsgi --port {self.upstream_port} --blocking-threads 4"
        self.portal = subprocess.Popen(
            [sys.executable, "-m", *command.split(), "portal.wsgi:application"],
            cwd=ROOT,
            env=os.environ
            | {"DATABASE_URL": database_url(), "VAR_DIR": str(self.var), "BEHIND_PROXY": "1"}
            | {"SITE_URL": f"https://{NAME}", "ACCEL_REDIRECT": "/tep-noi-bo/"}
            | {"GRANIAN_LOG_LEVEL": "error"},
            start_new_session=True,
        )
        until(lambda: is_open(self.upstream_port))

    def kill_portal(self):
        if self.portal is not None:
            os.killpg(self.portal.pid, signal.SIGKILL)
            self.portal.wait(10)
            until(lambda: not is_open(self.upstream_port))
            self.portal = None

    def connect(self, source="127.0.0.1"):
        """Open a connection of a reader's own address, all of which are this machine's."""
        connection = http.client.HTTPSConnection(NAME, context=self.tls, timeout=30)
        plain = socket.create_connection(("127.0.0.1", self.port), 30, (source, 0))
        connection.sock = self.tls.wrap_socket(plain, server_hostname=NAME)
        return connection

    def ask(self, path, method="GET", source="127.0.0.1", body=None, **headers):
        connection = self.connect(source)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def cached(self):
        """The answers that nginx keeps, with all that was compressed made readable."""
        for path in filter(Path.is_file, self.cache.rglob("*")):
            head, _, body = path.read_bytes().partition(b"\r\n\r\n")
            coding = re.search(rb"(?i)\r\ncontent-encoding: *(\w+)", head)
            yield head + unpacked(coding[1].decode() if coding else None, body)

    def let_the_cache_turn(self):
        """Age all that nginx keeps past its second: each file says until when it holds."""
        for path in filter(Path.is_file, self.cache.rglob("*")):
            with path.open("r+b") as file:  # ngx_http_file_cache_header_t: version, valid_sec
                file.seek(8)
                file.write(bytes(8))

    def logs(self):
        self.nginx.send_signal(signal.SIGUSR1)  # opened anew, nginx writes what waits in memory
        return b"".join(path.read_bytes() for path in (self.folder / "log").iterdir())


def unpacked(coding, body):
    if coding == "br":
        return brotli.decompress(body)
    return zlib.decompress(body, 31) if coding == "gzip" else body


def until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "It never came."
        time.sleep(0.01)


def is_open(port):
    with socket.socket() as visitor:
        return visitor.connect_ex(("127.0.0.1", port)) == 0


def free_ports(amount):
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(amount)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def database_url():
    place = connection.settings_dict
    host = quote(place["HOST"], safe="")
    return f"postgres://{place['USER']}:{place['PASSWORD']}@{host}:{place['PORT']}/{place['NAME']}"


def see(site, source, path=BEACON, method="POST", agent=CHROME, **headers):
    return site.ask(path, method, source, User_Agent=agent, **headers)


def hits(amount):
    """The lines of the spool, which nginx writes just after its answer."""
    until(lambda: len(list(spool.lines({}))) >= amount)
    return [line.hit for line in spool.lines({})]
