"""`python -m portal.serve`: everything that bin/run does once the packages are installed."""

import atexit
import ctypes
import fcntl
import hashlib
import inspect
import io
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection, connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from portal import local
from portal.embedded import EmbeddedPostgresError, disk_refusal
from portal.options import HOST, parse, require_free

WORKERS = 2
THREADS = 4  # per worker; each keeps a database connection, and PostgreSQL allows 100
STOP_WITHIN = 2  # seconds that a worker has to finish its requests
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(arguments: list[str]) -> None:
    """Prepare the checkout and serve it until Ctrl-C or SIGTERM; a failure is one sentence."""
    options = parse(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with _plain_failures():
        require_free(options.port)
        local.complete_environment(options.port)
        with _database():
            _prepare(options)
            _serve(options.port)


@contextmanager
def _plain_failures() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(130)
    except (EmbeddedPostgresError, CommandError) as error:
        sys.exit(f"\n{error}")
    except DatabaseError as error:
        _give_up("Cơ sở dữ liệu báo lỗi", error)
    except OSError as error:
        _give_up("Hệ điều hành từ chối", error)


def _give_up(saying: str, error: Exception) -> NoReturn:
    detail, first_line = str(error), str(error).partition("\n")[0]
    sys.exit(f"\n{disk_refusal(local.var_folder(), detail) or f'{saying}: {first_line}'}")


@contextmanager
def _database() -> Iterator[None]:
    with ExitStack() as stack:
        with step("Đang mở cơ sở dữ liệu"):
            stack.enter_context(local.environment())
            django.setup()
            BaseCommand().check()
            connection.ensure_connection()
        yield


def _prepare(options: Namespace) -> None:
    """Bring database and static files up to date; a second bin/run waits for the first."""
    with (local.var_folder() / "prepare.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with step("Đang cập nhật cấu trúc dữ liệu"):
            call_command("migrate", interactive=False, verbosity=0)
        if not options.no_demo:
            _load_demo_once()
        _complete()
        _collect_static_if_changed()


@contextmanager
def step(text: str) -> Iterator[None]:
    """Tell the person who waits what is being done, and how many seconds it took."""
    started = time.monotonic()
    print(f"{text} … ", end="", flush=True)
    yield
    seconds = f"{time.monotonic() - started:.1f}".replace(".", ",")
    print(f"xong ({seconds} giây)", flush=True)


def _load_demo_once() -> None:
    """Load the demonstration into a portal that nobody has an account in yet.

    In one transaction, accounts included, so wholly or not at all. What an office began with
    --no-demo, or flushed, stays without it.
    """
    from django.contrib.auth import get_user_model

    if not get_user_model().objects.exists():
        print("Đang nạp nội dung minh họa (chỉ ở lần chạy đầu tiên) …", flush=True)
        call_command("load_demo", stdout=io.StringIO())


def _complete() -> None:
    """Let the search find what an earlier version, which knew none, has published."""
    from portal.completion import complete

    if written := complete(quiet=False):
        print(f"Đã ghi {written} mục vào chỉ mục tìm kiếm.", flush=True)


def _collect_static_if_changed() -> None:
    stamp = local.var_folder() / "static-sources"
    state = _static_sources()
    if (
        stamp.exists()
        and stamp.read_text() == state
        and staticfiles_storage.exists("staticfiles.json")
    ):
        return
    with step("Đang dựng tệp tĩnh"):
        call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state)


def _static_sources() -> str:
    """A digest of name, size and time of every static source and of the code that builds them."""
    digest = hashlib.sha256()
    paths = [storage.path(name) for finder in get_finders() for name, storage in finder.list([])]
    for path in [*sorted(paths), inspect.getfile(staticfiles_storage.__class__)]:
        status = os.stat(path)
        digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def server(target: str, port: int) -> MPServer:
    """Return granian for a factory of WSGI applications; workers that die are replaced."""
    # The default, fork, would copy this process's threads and locks half-way into each worker, and
    # its handlers of signals: a worker told to stop just then would never hear it.
    multiprocessing.set_start_method("spawn", force=True)  # load_demo has chosen one by now
    return MPServer(
        target,
        address=HOST,
        port=port,
        factory=True,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        workers_kill_timeout=STOP_WITHIN,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
        websockets=False,
    )


def _serve(port: int) -> None:
    connections.close_all()
    granian = server("portal.serve:worker_application", port)
    require_free(port)
    multiprocessing.Process(target=work_beside, daemon=True).start()
    announcement = threading.Thread(target=_announce, args=(port, _invitation(port)), daemon=True)
    granian.on_startup(announcement.start)
    with _counting():
        granian.serve()


@contextmanager
def _counting() -> Iterator[None]:
    """Count hits meanwhile, here rather than in the workers: theirs is the readers' time."""
    from stats import loader

    stop = threading.Event()
    thread = threading.Thread(target=loader.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_WITHIN)


def _announce(port: int, invitation: str) -> None:
    """Print the invitation as soon as somebody answers at `port`."""
    while True:
        with socket.socket() as visitor:
            if visitor.connect_ex((HOST, port)) == 0:
                break
        time.sleep(0.05)
    print(invitation, flush=True)


def _invitation(port: int) -> str:
    from django.contrib.auth import get_user_model

    from portal.demo import ACCOUNTS, DEMO_PASSWORD, DEMO_USERNAME

    lines = [f"\nTrang thông tin: http://{HOST}:{port}/   (Ctrl-C để dừng)"]
    if get_user_model().objects.filter(username=DEMO_USERNAME, is_active=True).exists():
        lines.append(f"Tòa soạn: http://{HOST}:{port}/quan-tri/   (mật khẩu: {DEMO_PASSWORD})")
        lines.extend(f"  {username:<12} {name}" for username, (name, _) in ACCOUNTS.items())
    connections.close_all()
    return "\n".join(lines)


def worker_application() -> Callable[..., Any]:
    """Return the WSGI application of a worker process, which dies with its parent."""
    _die_with_parent()
    # At its very end Python ends granian's threads in a way that Rust answers with an abort.
    atexit.register(os._exit, 0)
    from portal.wsgi import application

    return application


def work_beside() -> None:
    """Read scans, try links, send notices: in a process of its own, which dies with its parent."""
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches it too; its parent ends it
    django.setup()
    threading.Thread(target=call_command, args=("check_links",), daemon=True).start()
    if settings.EMAIL_HOST:
        threading.Thread(target=call_command, args=("send_notices",), daemon=True).start()
    call_command("read_scans")


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1:])
