"""What a file says: kind, text, page count and a picture of its first page.

Parsers of hostile files stall, crash and exhaust memory. They run in a process of their own
(documents/reading), which the kernel limits to 512 MB and this module to a few seconds; whatever
happens there, here comes out a Reading or a ValidationError.
"""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from documents.reading.refusal import REASONS

SIZE_LIMIT = 50 * 1024 * 1024
SECONDS_TO_READ = 10
SECONDS_TO_READ_MANUSCRIPT = 20
SECONDS_TO_CONVERT = 60
SECONDS_TO_RECOGNISE = 1_800
SECONDS_TO_WAIT = 30

_ROOT = Path(__file__).resolve().parent.parent
# -I: neither the environment nor the working directory decides what is imported.
_CHILD = (
    sys.executable,
    "-I",
    "-c",
    "import sys; sys.path.append(sys.argv.pop(1))\n"
    "from documents.reading import child\n"
    "child.main()",
    str(_ROOT),
)
# One arena, or threads of the libraries would each reserve address space that RLIMIT_AS counts.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "OMP_THREAD_LIMIT": "1"}

# At most two files are read at once, one recognised and one converted: many uploads must not
# exhaust memory.
_READERS = threading.BoundedSemaphore(2)
_CONVERTERS = threading.BoundedSemaphore(1)
_RECOGNISERS = threading.BoundedSemaphore(1)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """What a file turned out to be; `text` is NFC with a form feed between pages."""

    kind: str
    pages: int | None
    text: str
    metadata: str
    preview: bytes


def read(content: bytes) -> Reading:
    """Kind, text and preview (WebP, at most 600 px wide) of a PDF, DOCX, XLSX, ODT, JPEG or PNG.

    Raises ValidationError with the reason and what to do; takes 10 s and 512 MB at most.
    """
    answer, preview = _ask("read", content, SECONDS_TO_READ, _READERS)
    return Reading(answer["kind"], answer["pages"], answer["text"], answer["metadata"], preview)


def rows(content: bytes) -> list[list[str]]:
    """Filled rows of a register (first sheet of an XLSX, or CSV), dates as dd/mm/yyyy.

    Raises ValidationError when it is no table or has more than 20,000 rows.
    """
    answer, _ = _ask("rows", content, SECONDS_TO_READ, _READERS)
    return answer["rows"]


def recognise(content: bytes) -> str:
    """Words of a scan (PDF of at most 200 pages, JPEG or PNG), a form feed between pages.

    Takes seconds a page: only for background work. Raises ValidationError when the file is
    refused or no recogniser is installed.
    """
    if not can_recognise():
        raise _refusal("no_recogniser")
    tesseract = shutil.which("tesseract") or ""
    answer, _ = _ask("recognise", content, SECONDS_TO_RECOGNISE, _RECOGNISERS, tesseract)
    return answer["text"]


def can_recognise() -> bool:
    """True when Tesseract and its Vietnamese model are installed."""
    tesseract = shutil.which("tesseract")
    if tesseract is None:
        return False
    languages = subprocess.run(
        [tesseract, "--list-langs"], capture_output=True, text=True, timeout=10, check=False
    )
    return "vie" in languages.stdout.split()


def manuscript(content: bytes) -> tuple[dict[str, Any], bytes]:
    """What documents.manuscript makes a Manuscript of: the parts of a DOCX, and its photos.

    Raises ValidationError when it is none, with the code "old_office", "rtf" or "odt" when
    `as_docx` may make one of it.
    """
    return _ask("manuscript", content, SECONDS_TO_READ_MANUSCRIPT, _READERS)


def as_docx(content: bytes) -> bytes:
    """The DOC, ODT or RTF `content` as a DOCX, by LibreOffice, in 60 s and 2 GB at most.

    Raises ValidationError when that fails, or when LibreOffice is not installed.
    """
    soffice = shutil.which("soffice")
    if soffice is None:
        raise _refusal("no_converter")
    with tempfile.TemporaryDirectory() as folder:
        _, made = _ask("convert", content, SECONDS_TO_CONVERT, _CONVERTERS, soffice, folder)
    return made


def can_convert() -> bool:
    """True when LibreOffice is installed."""
    return shutil.which("soffice") is not None


def too_large() -> ValidationError:
    """Return the refusal of a file over SIZE_LIMIT."""
    return _refusal("too_large")


def _ask(
    task: str, content: bytes, seconds: int, turns: threading.Semaphore, *arguments: str
) -> tuple[dict[str, Any], bytes]:
    """The child's answer and the preview behind it; ValidationError when it refuses or fails."""
    if not content:
        raise _refusal("empty")
    if len(content) > SIZE_LIMIT:
        raise too_large()
    with _turn(turns):
        output = _run((*_CHILD, task, str(seconds), *arguments), content, seconds)
    line, _, preview = output.partition(b"\n")
    try:
        answer = json.loads(line)
    except ValueError as error:  # a parser of C ended the process as if all were well
        raise _refusal("damaged") from error
    if "refused" in answer:
        raise ValidationError(answer["message"], code=answer["refused"])
    return answer, preview


@contextmanager
def _turn(turns: threading.Semaphore) -> Iterator[None]:
    if not turns.acquire(timeout=SECONDS_TO_WAIT):
        raise _refusal("busy")
    try:
        yield
    finally:
        turns.release()


def _run(command: tuple[str, ...], content: bytes, seconds: int) -> bytes:
    """What `command` wrote; files, not pipes, so that the kernel bounds their size too."""
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
    ):
        given.write(content)
        given.seek(0)
        process = subprocess.Popen(
            command,
            stdin=given,
            stdout=output,
            stderr=errors,
            cwd="/",
            env=_ENVIRONMENT,
            process_group=0,  # not a session: Linux would give it as much time as all workers
        )
        status = _wait(process, seconds)
        output.seek(0)
        errors.seek(0)
        if status != 0:
            raise _failure(status, errors.read().decode("utf-8", "replace")[-2000:])
        return output.read()


def _wait(process: "subprocess.Popen[bytes]", seconds: int) -> int:
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _failure(status: int, errors: str) -> ValidationError:
    """The refusal of a file that broke the child: by a signal, or by an error in a parser."""
    _log.warning("reading a file ended with status %s: %s", status, errors)
    return _refusal("too_complex" if status < 0 else "damaged")


def _refusal(code: str) -> ValidationError:
    return ValidationError(REASONS[code], code=code)
