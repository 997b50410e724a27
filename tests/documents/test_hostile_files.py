"""Every hostile or broken file is refused with its reason, within 10 seconds and 512 MB."""

import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError

from documents import extraction
from documents.reading import child
from documents.reading.refusal import REASONS
from tests.documents.crafted_pdfs import endless_tiles, pdf
from tests.documents.hostile_files import HEAVY, HOSTILE

# The time that starting and reporting may take on a busy machine.
PATIENCE = 2


@pytest.fixture
def bounded():
    """Fails a test in which a reader took longer or grew larger than it may."""
    started, largest_before = time.monotonic(), largest_child()
    yield
    assert time.monotonic() - started < extraction.SECONDS_TO_READ + PATIENCE
    assert largest_child() < child.MEMORY_LIMIT or largest_child() == largest_before


def largest_child():
    """Most memory, in bytes, that any process started from here ever had."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def outcome(content):
    """The kind that a file was found to be, or the code of the refusal."""
    try:
        return extraction.read(content).kind
    except ValidationError as refused:
        return refused.code


def refusal(content):
    with pytest.raises(ValidationError) as refused:
        extraction.read(content)
    return refused.value


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason(name):
    code, build = HOSTILE[name]
    assert refusal(build()).code == code


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_file_is_read_or_refused(name):
    assert outcome(HEAVY[name]()) in (name.split()[0], "too_complex")


def test_a_page_that_takes_for_ever_is_given_up(monkeypatch):
    monkeypatch.setattr(extraction, "SECONDS_TO_READ", 1)
    started = time.monotonic()
    assert refusal(endless_tiles()).code == "too_complex"
    assert time.monotonic() - started < 1 + PATIENCE


def test_every_refusal_says_what_to_do():
    assert [code for code, reason in REASONS.items() if "hãy " not in reason.lower()] == []


def test_nothing_of_a_refused_file_is_in_the_message():
    assert refusal(b"<script>alert(1)</script>").message == REASONS["web_page"]


def test_two_files_are_read_at_once_and_the_others_wait():
    with ThreadPoolExecutor(6) as pool:
        readings = list(pool.map(extraction.read, [pdf()] * 6))
    assert [reading.pages for reading in readings] == [1] * 6


def test_a_waiting_file_is_turned_away_after_a_while(monkeypatch):
    monkeypatch.setattr(extraction, "SECONDS_TO_WAIT", 0.01)
    with extraction._turn(extraction._READERS), extraction._turn(extraction._READERS):
        assert refusal(pdf()).code == "busy"
    assert extraction.read(pdf()).pages == 1


def limited(code, seconds=1):
    """How Python ends that runs `code` under the limits of the reader."""
    limits = f"from documents.reading import child; child.limit({seconds})\n"
    return subprocess.run([sys.executable, "-c", limits + code], capture_output=True, check=False)


@pytest.mark.parametrize(
    ("code", "ending"),
    [
        ("bytearray(600 * 2**20)", b"MemoryError"),
        ("import tempfile; tempfile.TemporaryFile().write(bytes(40 * 2**20))", b"File too large"),
    ],
)
def test_the_kernel_keeps_the_reader_within_its_limits(code, ending):
    assert ending in limited(code, seconds=20).stderr


def test_the_kernel_ends_a_reader_that_computes_for_ever():
    assert limited("while True: pass").returncode < 0


def test_the_kernel_ends_a_reader_that_sleeps_for_ever():
    assert limited("import time; time.sleep(60)").returncode < 0
