"""The embedded PostgreSQL: real clusters, real kills."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psutil
import psycopg2
import pytest

from portal import embedded
from portal.embedded import DISPOSABLE, EmbeddedPostgresError, running_server

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import os, sys
from pathlib import Path
from portal import embedded
from portal.embedded import DISPOSABLE, running_server
for user in map(int, sys.argv[2:]):
    os.setgroups([]), os.setgid(user), os.setuid(user)
with running_server(Path(sys.argv[1]), DISPOSABLE) as url:
    print(url, flush=True)
    sys.stdin.read()
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="concerns root only")


@pytest.fixture
def place(tmp_path):
    yield tmp_path / "postgres"
    forget(tmp_path / "postgres")


def forget(place):
    """Remove what a cluster of root's keeps outside the checkout."""
    if place.is_symlink():
        shutil.rmtree(place.resolve(), ignore_errors=True)


def ask(url, question):
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def postmaster(place):
    return int((place / "data/postmaster.pid").read_text().split("\n")[0])


def is_running(place):
    return (place / "data/postmaster.pid").exists()


def holder(place, *user):
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, place, *user],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def held_url(place, *user):
    with holder(place, *user) as process:
        url = process.stdout.readline().strip()
        process.communicate()
        assert process.returncode == 0
    return url


def socket_folder(url):
    return Path(unquote(urlsplit(url).netloc.partition("@")[2]))


@pytest.fixture
def plain_user(tmp_path, monkeypatch):
    """Arguments of holder() that make it run as a plain user."""
    if os.geteuid() != 0:
        return []
    with running_server(tmp_path / "root's", DISPOSABLE):
        # The checkout may be closed to a plain user, as under /root; this copy is open to all.
        monkeypatch.setenv("PYTHONPATH", str(embedded._programs().parents[2]))
    forget(tmp_path / "root's")
    return [str(pwd.getpwnam("nobody").pw_uid)]


@pytest.fixture
def plain_folder(plain_user):
    """A folder of the plain user's; pytest closes its own to everybody but root."""
    with tempfile.TemporaryDirectory() as folder:
        for user in map(int, plain_user):
            os.chown(folder, user, user)
        yield Path(folder)


def test_it_serves_a_unicode_database_without_a_network_port(place):
    with running_server(place, DISPOSABLE) as url:
        assert ask(url, "SHOW server_encoding") == "UTF8"
        assert ask(url, "SELECT lower('ĐẢNG ỦY')") == "đảng ủy"
        assert ask(url, "SHOW listen_addresses") == ""
        assert socket_folder(url).stat().st_mode & 0o777 == 0o700


def test_the_last_user_to_leave_stops_it(place):
    with running_server(place, DISPOSABLE) as url, holder(place) as other:
        assert other.stdout.readline().strip() == url
        other.communicate()
        assert ask(url, "SELECT 1") == 1
    assert not is_running(place)


def test_a_killed_user_does_not_keep_it_running(place):
    with holder(place) as other:
        other.stdout.readline()
        other.kill()
    assert is_running(place)
    with running_server(place, DISPOSABLE):
        pass
    assert not is_running(place)


def test_work_survives_kill_9_of_the_server(place):
    with running_server(place) as url:
        ask(url, "CREATE TABLE work AS SELECT 'kept' AS state")
        os.kill(postmaster(place), signal.SIGKILL)
        with running_server(place) as again:
            assert ask(again, "SELECT state FROM work") == "kept"


def test_a_process_number_that_somebody_else_has_by_now_is_no_obstacle(place):
    with running_server(place, DISPOSABLE):
        left = (place / "data/postmaster.pid").read_text()
    _dead, *rest = left.split("\n")
    (place / "data/postmaster.pid").write_text("\n".join(["1", *rest]))
    with running_server(place, DISPOSABLE) as url:
        assert ask(url, "SELECT 1") == 1


def test_a_folder_deeper_than_a_socket_address_works_and_is_found_again(plain_user, plain_folder):
    place = plain_folder.joinpath(*["thư mục sâu, rất sâu"] * 6, "postgres")
    first, again = held_url(place, *plain_user), held_url(place, *plain_user)
    assert first == again
    shutil.rmtree(socket_folder(first))
    elsewhere = held_url(place, *plain_user)
    assert elsewhere != first
    shutil.rmtree(socket_folder(elsewhere))


def test_two_first_starts_at_one_moment_share_one_server(place):
    with holder(place) as one, holder(place) as two:
        urls = {one.stdout.readline(), two.stdout.readline()}
        one.communicate()
        two.communicate()
    assert len(urls) == 1
    assert not is_running(place)


def test_two_clones_run_side_by_side(tmp_path):
    clones = [tmp_path / "a/postgres", tmp_path / "b/postgres"]
    with running_server(clones[0], DISPOSABLE) as a, running_server(clones[1], DISPOSABLE) as b:
        ask(a, "CREATE TABLE only_here ()")
        assert ask(b, "SELECT to_regclass('only_here')") is None
    for place in clones:
        forget(place)


@as_root
def test_root_opens_none_of_its_folders_to_the_server(place):
    place.parent.chmod(0o700)
    with running_server(place, DISPOSABLE):
        assert psutil.Process(postmaster(place)).username() == "portal-postgres"
    assert place.parent.stat().st_mode & 0o777 == 0o700


def test_a_plain_user_runs_it_as_himself(plain_user, plain_folder):
    place = plain_folder / "postgres"
    with holder(place, *plain_user) as process:
        process.stdout.readline()
        owner = psutil.Process(postmaster(place)).uids().effective
        process.communicate()
    assert [str(owner)] == (plain_user or [str(os.geteuid())])
    assert not is_running(place)


def test_a_damaged_cluster_is_named_in_one_sentence(place):
    with running_server(place, DISPOSABLE):
        pass
    (place / "data/global/pg_control").unlink()
    with (
        pytest.raises(EmbeddedPostgresError, match=r"Không khởi động được.*pg_control") as refusal,
        running_server(place, DISPOSABLE),
    ):
        pass
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("[Errno 28] No space left on device: 'x'", "đã đầy"),
        ("could not extend file: wrote only 4096 of 8192\nHINT:  Check free disk space.", "đã đầy"),
        ("PANIC:  could not write: No space left on device\nFATAL:  request failed", "đã đầy"),
        ("[Errno 30] Read-only file system: 'x'", "chỉ cho đọc"),
        ("[Errno 13] Permission denied: 'x'", "đúng người dùng"),
        ("FATAL:  out of memory", ""),
    ],
)
def test_what_the_disk_refuses_is_said_with_what_to_do(detail, words):
    refusal = embedded.disk_refusal(Path("/srv/portal"), detail)
    assert words in refusal
    assert bool(refusal) is bool(words)


def test_a_place_that_cannot_be_made_is_named_in_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(EmbeddedPostgresError, match=str(tmp_path)),
        running_server(tmp_path / "file" / "postgres"),
    ):
        pass
