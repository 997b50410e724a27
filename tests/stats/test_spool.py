"""The spool: whole lines, no acknowledgement without one, nothing left behind."""

import errno
import json
import os
import subprocess
import sys
import threading
import time

import pytest

from stats import spool

NOW = 1_795_395_600.123


def environ(**headers):
    return {"REMOTE_ADDR": "113.160.1.2", "HTTP_USER_AGENT": "Mozilla/5.0 (X11)"} | headers


def written(**headers):
    return json.loads(spool.line(environ(**headers), "view", "t.0.x", NOW))


def texts():
    return [line.hit and line.hit.agent for line in spool.lines({})]


def append(agent, now=NOW):
    spool.append(spool.line(environ(HTTP_USER_AGENT=agent), "view", "t.0.x", now), now)


def test_a_line_is_read_as_it_was_written():
    headers = {
        "HTTP_X_FORWARDED_FOR": "1.2.3.4",
        "HTTP_SEC_PURPOSE": "prefetch",
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "HTTP_DNT": "1",
        "HTTP_COOKIE": "sessionid=secret; newsroom=1",
    }
    line = spool.line(environ(**headers), "view", "b.7.sig", NOW)
    assert spool.decode(line.strip()) == spool.Hit(
        time=1_795_395_600_123,
        kind="view",
        token="b.7.sig",
        peer="113.160.1.2",
        forwarded="1.2.3.4",
        agent="Mozilla/5.0 (X11)",
        purpose="prefetch",
        site="same-origin",
        unseen=True,
        staff=True,
    )
    assert b"secret" not in line


@pytest.mark.parametrize("cookie", ["newsroom=1", "a=b;newsroom=1", " newsroom = 1 ; a"])
def test_a_browser_of_the_newsroom_says_so(cookie):
    line = spool.line(environ(HTTP_COOKIE=cookie), "view", "b.7.sig", NOW)
    assert spool.decode(line.strip()).staff


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "sessionid=secret",
        "newsroom",
        "xnewsroom=1",
        "newsroom2=1",
        "a=newsroom=1",
        'a="newsroom=1"',
        "\xff\x00;=;;",
    ],
)
def test_no_other_cookie_makes_a_hit_that_of_staff(cookie):
    line = spool.line(environ(HTTP_COOKIE=cookie), "view", "b.7.sig", NOW)
    assert not spool.decode(line.strip()).staff


@pytest.mark.parametrize(
    "name", ["HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ"]
)
def test_older_browsers_say_prefetch_in_their_own_words(name):
    assert written(**{name: "prefetch"})["purpose"] == "prefetch"


def test_a_line_is_bounded_and_keeps_the_right_end_of_the_forwarded_addresses():
    headers = {
        "HTTP_USER_AGENT": "x" * 9000,
        "HTTP_X_FORWARDED_FOR": "1.1.1.1, " * 900 + "2.2.2.2",
        "HTTP_SEC_FETCH_SITE": "y" * 9000,
        "HTTP_DNT": "z" * 9000,
    }
    line = spool.line(environ(**headers), "view", "t" * 9000, NOW)
    assert len(line) < 2500
    assert json.loads(line)["forwarded"].endswith("2.2.2.2")


def test_no_text_of_a_visitor_ends_the_line():
    line = spool.line(environ(HTTP_USER_AGENT='a\n{"b":1}\r\x00"é\udcff'), "view", "t\n", NOW)
    assert line.count(b"\n") == 2
    assert spool.decode(line.strip()).agent == 'a\n{"b":1}\r\x00"é\udcff'


def test_lines_of_all_threads_come_in_order_of_time():
    def write(first):
        for number in range(first, 60, 3):
            append(f"{number:02}", NOW + 2 * number)

    threads = [threading.Thread(target=write, args=(first,)) for first in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(spool.files()) == 6  # two minutes
    assert texts() == [f"{number:02}" for number in range(60)]


def test_reading_goes_on_where_it_stopped():
    for agent in ("one", "two", "three"):
        append(agent)
    first, *rest = spool.lines({})
    assert [line.hit.agent for line in spool.lines({first.name: first.end})] == ["two", "three"]
    assert list(spool.lines({rest[-1].name: rest[-1].end})) == []


def test_a_line_without_an_end_waits_and_never_spoils_the_next():
    append("one")
    with spool.files()[0].open("ab") as file:
        file.write(b'\n{"time":17953956')
    assert texts() == ["one"]
    append("two")
    assert texts() == ["one", None, "two"]


def test_a_full_disk_is_an_error_and_never_spoils_the_next_line(tmp_path):
    """RLIMIT_FSIZE tears a write exactly as a full disk does."""
    program = f"""
import resource, signal, django
from pathlib import Path
from django.conf import settings
settings.configure(SPOOL_ROOT=Path({str(tmp_path)!r}), STAFF_COOKIE_NAME="newsroom")
from stats import spool
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
environ = {{"REMOTE_ADDR": "::1", "HTTP_USER_AGENT": "x" * 100}}
def append():
    spool.append(spool.line(environ, "view", "t", {NOW}), {NOW})
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
append()
resource.setrlimit(resource.RLIMIT_FSIZE, (spool.files()[0].stat().st_size + 50, hard))
for _ in range(2):
    try:
        append()
    except OSError as error:
        print(error.errno)
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
append()
print([bool(line.hit) for line in spool.lines({{}})])
"""
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert answer.stdout.split("\n") == [
        str(errno.ENOSPC),
        str(errno.EFBIG),
        "[True, False, True]",
        "",
    ]


def test_a_file_goes_once_it_is_counted_and_idle():
    append("one")
    (file,) = spool.files()
    size, now = file.stat().st_size, time.time()
    assert not spool.remove(file, size, now + spool.GRACE - 5)
    assert not spool.remove(file, 0, now + spool.GRACE + 5)
    assert file.exists()
    assert spool.remove(file, size, now + spool.GRACE + 5)
    assert spool.files() == []


def test_a_torn_end_that_nobody_completes_does_not_keep_a_file_for_ever():
    append("one")
    (file,) = spool.files()
    size = file.stat().st_size
    with file.open("ab") as torn:
        torn.write(b'\n{"time"')
    assert not spool.remove(file, size, time.time() + spool.GRACE + 5)
    (line,) = spool.lines({})
    assert line.end == size
    size += 1  # the newline before it is an empty line
    assert spool.remove(file, size, time.time() + spool.GRACE + 5)


def test_who_was_held_up_while_the_file_was_removed_begins_another():
    append("one")
    spool.files()[0].unlink()
    append("two")
    assert texts() == ["two"]


def test_a_removal_waits_for_the_writer_and_then_looks_again():
    import fcntl

    append("one")
    (file,) = spool.files()
    size, later = file.stat().st_size, time.time() + spool.GRACE + 5
    with file.open("ab") as writer:
        fcntl.flock(writer, fcntl.LOCK_SH)
        answers = []
        remover = threading.Thread(target=lambda: answers.append(spool.remove(file, size, later)))
        remover.start()
        remover.join(0.2)
        assert remover.is_alive()
        writer.write(b"\n{}\n")
    remover.join()
    assert answers == [False]


def test_files_that_are_no_hits_are_left_alone(settings):
    settings.SPOOL_ROOT.mkdir()
    (settings.SPOOL_ROOT / "README").write_text("x")
    assert spool.files() == []


def test_the_addresses_of_readers_are_for_nobody_else(settings):
    append("one")
    assert settings.SPOOL_ROOT.stat().st_mode & 0o077 == 0
    assert spool.files()[0].stat().st_mode & 0o077 == 0
    assert os.getuid() == spool.files()[0].stat().st_uid


def test_a_line_that_arrives_while_it_is_read_is_read_whole_the_next_time():
    append("one")
    text = spool.line(environ(HTTP_USER_AGENT="two"), "view", "t.0.x", NOW)
    with spool.files()[0].open("ab", buffering=0) as file:
        file.write(text[:50])
        reading = spool.lines({})
        assert next(reading).hit.agent == "one"
        file.write(text[50:])
    assert [line.hit and line.hit.agent for line in reading] in ([], ["two"])
    assert texts() == ["one", "two"]
