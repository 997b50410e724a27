"""What bin/run does before it serves: database and static files of the checkout, up to date."""

import fcntl
import hashlib
import inspect
import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import BaseCommand, call_command
from django.db import connection

from portal import local


def prepare(*, with_demo: bool) -> None:
    """Bring database and static files up to date; a second bin/run waits for the first.

    Raises CommandError, DatabaseError and OSError.
    """
    with (local.var_folder() / "prepare.lock").open("a") as lock:
        BaseCommand().check()
        connection.ensure_connection()
        fcntl.flock(lock, fcntl.LOCK_EX)
        with step("Đang cập nhật cấu trúc dữ liệu"):
            call_command("migrate", interactive=False, verbosity=0)
        if with_demo:
            load_demo_once()
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


def load_demo_once() -> None:
    """Load the demonstration into a portal that nobody has an account in yet.

    In one transaction, accounts included, so wholly or not at all. What an office began with
    --no-demo, or flushed, stays without it.
    """
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
