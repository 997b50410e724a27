"""`python -m portal.serve`: everything that bin/run does once the packages are installed.

The portal is imported once, here. Everything else is done by processes forked from this one, which
share that memory: it has neither threads nor connections that they could inherit half-way.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any, NoReturn

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.template import engines
from django.utils.module_loading import import_string
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from portal import local, preparation
from portal.embedded import EmbeddedPostgresError, disk_refusal
from portal.options import HOST, parse, require_free

WORKERS = 2
THREADS = 4  # per worker; each keeps a database connection, and PostgreSQL allows 100
STOP_WITHIN = 2  # seconds that a worker has to finish its requests
REST = 1  # seconds before what has died beside the workers is begun anew
LOW = 10  # niceness of work that can wait
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(arguments: list[str]) -> None:
    """Prepare the checkout and serve it until Ctrl-C or SIGTERM; a failure is one sentence."""
    options = parse(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    with _plain_failures():
        require_free(options.port)
        local.complete_environment(options.port)
        with _database():
            with _running(_prepare, not options.no_demo) as preparing:
                preparing.join()
            if preparing.exitcode:
                sys.exit(preparing.exitcode)
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
        with preparation.step("Đang mở cơ sở dữ liệu"):
            stack.enter_context(local.environment())
            _import_what_all_need()
        yield


def _import_what_all_need() -> None:
    """Import what the processes forked from here use, and leave the collector nothing to touch."""
    django.setup()
    for name in (settings.ROOT_URLCONF, "core.page_cache", "portal.freshness", "stats.beacon"):
        import_module(name)
    for name in settings.MIDDLEWARE:
        import_string(name)
    engines.all()
    gc.collect()
    gc.freeze()


@contextmanager
def _running(work: Callable[..., None], *arguments: object) -> Iterator[BaseProcess]:
    """Do `work` in a process forked from this one; it ends with the block."""
    fork = multiprocessing.get_context("fork")
    process = fork.Process(target=_obedient, args=(work, *arguments))
    process.start()
    try:
        yield process
    finally:
        process.terminate()
        process.join(STOP_WITHIN + 1)
        process.kill()
        process.join()


def _obedient(work: Callable[..., None], *arguments: object) -> None:
    os.setpgrp()  # Ctrl-C at the terminal is for the parent, which ends all in order
    _obey_parent()
    work(*arguments)


def _obey_parent() -> None:
    """End when the parent says so or dies, in place of what it would do itself."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _prepare(with_demo: bool) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # leave nothing half-way
    with _plain_failures():
        preparation.prepare(with_demo=with_demo)


def _serve(port: int) -> None:
    """Serve until granian ends; what has died beside it is begun anew."""
    require_free(port)
    with _running(_serve_pages, port) as pages, suppress(KeyboardInterrupt):
        with _running(_announce, port) as announcing:
            wait([pages.sentinel, announcing.sentinel])
        while pages.is_alive():
            with _running(_work_beside) as beside:
                wait([pages.sentinel, beside.sentinel])
            wait([pages.sentinel], REST)
    sys.exit(pages.exitcode)


def _serve_pages(port: int) -> None:
    server("portal.serve:worker_application", port).serve()


def server(target: str, port: int) -> MPServer:
    """Return granian for a factory of WSGI applications; workers that die are replaced."""
    multiprocessing.set_start_method("fork", force=True)
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


def worker_application() -> Callable[..., Any]:
    """Return the WSGI application of a worker process, which dies with its parent."""
    _obey_parent()
    from portal.wsgi import application

    return application


def _announce(port: int) -> None:
    """Print the invitation as soon as somebody answers at `port`."""
    invitation = _invitation(port)
    while True:
        with socket.socket() as visitor:
            if visitor.connect_ex((HOST, port)) == 0:
                break
        time.sleep(0.05)
    print(invitation, flush=True)


def _invitation(port: int) -> str:
    from portal.demo import ACCOUNTS, DEMO_PASSWORD, DEMO_USERNAME

    lines = [f"\nTrang thông tin: http://{HOST}:{port}/   (Ctrl-C để dừng)"]
    if get_user_model().objects.filter(username=DEMO_USERNAME, is_active=True).exists():
        lines.append(f"Tòa soạn: http://{HOST}:{port}/quan-tri/   (mật khẩu: {DEMO_PASSWORD})")
        lines.extend(f"  {username:<12} {name}" for username, (name, _) in ACCOUNTS.items())
    return "\n".join(lines)


def _work_beside() -> None:
    """Count hits, read scans, try links, send notices; end as soon as one of them does."""
    from stats import loader

    ended = threading.Event()

    def begin(niceness: int, work: Callable[..., object], *arguments: object) -> None:
        def run() -> None:
            os.nice(niceness)  # of this thread and what it starts: a process of Linux' own
            try:
                work(*arguments)
            finally:
                ended.set()

        threading.Thread(target=run, daemon=True).start()

    begin(0, loader.run, threading.Event())
    begin(LOW, call_command, "read_scans")
    begin(LOW, call_command, "check_links")
    if settings.EMAIL_HOST:
        begin(LOW, call_command, "send_notices")
    ended.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
