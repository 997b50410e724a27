"""One site for all tests; nginx, its cache and the spool anew for each of them."""

import shutil
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest

from tests.deploy.site import NAME, Site


@pytest.fixture(scope="session")
def place():
    # Not pytest's own folder, which nobody else may enter.
    folder = Path(tempfile.mkdtemp(prefix="portal-nginx-"))
    folder.chmod(0o755)
    site = Site(folder)
    yield site
    site.kill_portal()
    shutil.rmtree(folder)


@pytest.fixture
def front(place, settings):
    """nginx alone; this process shares the settings of the portal that may stand behind it."""
    settings.SPOOL_ROOT, settings.MEDIA_ROOT = place.spool, place.var / "media"
    settings.DOCUMENTS_ROOT = place.var / "documents"
    settings.SITE_URL = f"https://{NAME}"
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    for file in (*place.spool.iterdir(), *(place.folder / "log").iterdir()):
        file.unlink()
    place.start_nginx()
    yield place
    place.stop_nginx()


@pytest.fixture
def site(front, transactional_db):
    """nginx and the portal."""
    front.start_portal()
    return front


@pytest.fixture
def behind(front):
    """Put a handler in the portal's place that answers with what the test says, once it may."""
    front.kill_portal()
    asked, gate = [], threading.Event()
    gate.set()

    class Handler(BaseHTTPRequestHandler):
        status, headers_out = 200, {}

        def answer(self):
            asked.append(self.headers)
            body = f"answer {len(asked)}".encode()
            gate.wait(10)
            self.send_response(Handler.status)
            for name, value in Handler.headers_out.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer

        def log_message(self, *args):
            pass

    def answering(status=200, **headers):
        Handler.status = status
        Handler.headers_out = {name.replace("_", "-"): text for name, text in headers.items()}
        return asked

    class Server(ThreadingHTTPServer):
        request_queue_size = 100

    answering.gate = gate
    server = Server(("127.0.0.1", front.upstream_port), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield answering
    gate.set()
    server.shutdown()
    thread.join()
    server.server_close()
