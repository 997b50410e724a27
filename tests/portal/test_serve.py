"""bin/run and portal.serve, as real processes."""

import errno
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest
from django.db import OperationalError

from news.models import Article
from portal import local, preparation, serve
from tests.factories import make_user

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    folder = tmp_path_factory.mktemp("var")
    yield folder
    if (folder / "postgres").is_symlink():  # root's cluster lies outside
        shutil.rmtree((folder / "postgres").resolve())


@pytest.fixture(scope="module")
def environment(var):
    """The environment of somebody who has just cloned the repository."""
    named = {"DATABASE_URL", "SECRET_KEY", "SITE_URL"}
    return {k: v for k, v in os.environ.items() if k not in named} | {"VAR_DIR": str(var)}


@pytest.fixture(scope="module")
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(*arguments, environment):
    return subprocess.run(
        [sys.executable, "-m", "portal.serve", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def start(port, environment):
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.serve", "--no-demo", "--port", str(port)],
        cwd=ROOT,
        env=environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    printed = []
    for line in process.stdout:
        printed.append(line)
        if "http://" in line:
            return process, "".join(printed)
    raise AssertionError("".join(printed))


def stop(process, number):
    """Send the signal; return the exit code, which must come before one would send SIGKILL."""
    process.send_signal(number)
    process.communicate(timeout=10)
    return process.returncode


def kill_what_works_beside(process):
    """Kill the one child that is no server with workers of its own, once it is there."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        for child in psutil.Process(process.pid).children():
            if child.status() != psutil.STATUS_ZOMBIE and not child.children():
                child.kill()
                return
    raise AssertionError("Nothing works beside the server.")


def assert_a_view_is_counted(port):
    """See the front page as a browser does, until the beacon's answer knows of the visit."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
        token = re.search(r'name="dem" content="([^"]+)"', answer.read().decode())[1]
    address = f"http://127.0.0.1:{port}/dem/?o={token}"
    beacon = urllib.request.Request(address, b"", {"User-Agent": "Mozilla/5.0 (X11) Firefox/130.0"})
    deadline = time.monotonic() + 20
    while True:
        with urllib.request.urlopen(beacon) as answer:
            if json.load(answer) == {"online": "1", "today": "1", "week": "1", "total": "1"}:
                return
        assert time.monotonic() < deadline, "The visit was not counted."
        time.sleep(0.2)


def is_refused(port):
    with socket.socket() as visitor:
        return visitor.connect_ex(("127.0.0.1", port)) != 0


def test_a_day_in_the_life_of_a_checkout(port, environment, var):
    process, printed = start(port, environment)
    assert "Đang dựng tệp tĩnh" in printed
    assert f"http://127.0.0.1:{port}/" in printed
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
        assert answer.status == 200
    kill_what_works_beside(process)  # its parent begins it anew
    assert_a_view_is_counted(port)
    assert (var / "secret-key").stat().st_mode & 0o777 == 0o600

    second = command("--port", port, environment=environment)
    assert second.returncode == 1
    assert second.stderr.strip() == (
        f"Cổng {port} đang được chương trình khác dùng: hãy thử --port {port % 65535 + 1}."
    )

    assert stop(process, signal.SIGINT) == 0
    assert not (var / "postgres/data/postmaster.pid").exists()

    process, printed = start(port, environment)
    assert "Đang dựng tệp tĩnh" not in printed
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 5
    while not is_refused(port):
        assert time.monotonic() < deadline, "the workers outlived their parent"

    process, _printed = start(port, environment)
    assert stop(process, signal.SIGTERM) in {0, 130}
    assert not (var / "postgres/data/postmaster.pid").exists()


@pytest.mark.parametrize("text", ["0", "-1", "65536", "abc", "80 80", "٨٠٨٠", "9" * 5000])
def test_a_wrong_port_is_one_sentence(text, environment):
    refusal = command(f"--port={text}", environment=environment)
    assert refusal.returncode == 1
    assert "không hợp lệ" in refusal.stderr
    assert refusal.stderr.count("\n") == 1


def test_an_unknown_option_is_one_sentence(environment):
    refusal = command("--prot", "8000", environment=environment)
    assert refusal.returncode == 1
    assert refusal.stderr.startswith("Tùy chọn không hợp lệ: --prot 8000.")
    assert refusal.stderr.count("\n") == 1


def test_a_wrong_setting_is_named_with_its_hint(environment):
    refusal = command("--no-demo", environment=environment | {"SITE_URL": "ftp://x", "DEBUG": "2"})
    assert refusal.returncode == 1
    assert "portal.E003" in refusal.stderr
    assert "portal.E001" in refusal.stderr
    assert "Traceback" not in refusal.stderr


def test_a_database_that_does_not_answer_is_one_message(environment, tmp_path):
    nowhere = {"DATABASE_URL": f"postgres://portal@{str(tmp_path).replace('/', '%2F')}/portal"}
    refusal = command("--no-demo", environment=environment | nowhere)
    assert refusal.returncode == 1
    assert "Cơ sở dữ liệu báo lỗi" in refusal.stderr
    assert "Traceback" not in refusal.stderr


@pytest.mark.parametrize(
    "failure",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OperationalError("could not extend file: No space left on device\nHINT:  …"),
    ],
)
def test_a_full_disk_is_one_sentence_wherever_it_strikes(failure):
    with pytest.raises(SystemExit, match=r"^\n.* đã đầy: .*\.$"), serve._plain_failures():
        raise failure


def test_an_old_python_is_one_sentence(tmp_path):
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    refusal = subprocess.run(
        [ROOT / "bin/run"], env={"PATH": path}, capture_output=True, text=True, check=False
    )
    assert refusal.returncode == 1
    assert "Cần Python 3.11" in refusal.stderr


def test_help_is_printed_before_anything_is_made():
    answer = subprocess.run(
        [ROOT / "bin/run", "--help"], capture_output=True, text=True, check=True
    )
    assert "--no-demo" in answer.stdout


@pytest.mark.django_db
def test_a_portal_that_somebody_has_begun_gets_no_demonstration():
    make_user()
    preparation.load_demo_once()
    assert not Article.objects.exists()


def test_first_starts_at_one_moment_agree_on_the_secret(tmp_path):
    file = tmp_path / "secret-key"
    assert local._kept_secret(file) == local._kept_secret(file)
    assert len(file.read_text()) >= 50
