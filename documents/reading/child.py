"""The process that reads one file: content on stdin, the answer on stdout.

Started as `child.main()` with the arguments TASK SECONDS and what the task needs besides. The
answer is one line of JSON, then bytes: a preview, photos or a file. The kernel ends the process
when it passes a limit.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable

from documents.reading.kinds import kind_of
from documents.reading.refusal import Refusal

MEMORY_LIMIT = 512 * 1024 * 1024
# LibreOffice asks for more than a gigabyte of addresses before it has read a letter.
MEMORY_TO_CONVERT = 2 * 1024 * 1024 * 1024
NICENESS = 5  # readers go first; a third of their weight, so that the seconds still suffice
OUTPUT_LIMIT = 32 * 1024 * 1024
OUTPUT_WITH_PHOTOS = 96 * 1024 * 1024
_Answer = tuple[dict[str, object], bytes]


def main() -> None:
    """Read stdin within the limits and answer."""
    task, seconds, *arguments = sys.argv[1:]
    os.nice(NICENESS)
    limit(
        int(seconds),
        MEMORY_TO_CONVERT if task == "convert" else MEMORY_LIMIT,
        OUTPUT_WITH_PHOTOS if task in ("convert", "manuscript") else OUTPUT_LIMIT,
    )
    content = sys.stdin.buffer.read()
    try:
        answer, preview = _TASKS[task](content, *arguments)
    except Refusal as refusal:
        answer, preview = {"refused": refusal.code, "message": refusal.message}, b""
    except MemoryError:
        answer, preview = {"refused": "too_complex", "message": Refusal("too_complex").message}, b""
    sys.stdout.buffer.write(json.dumps(answer, default=_plain).encode() + b"\n" + preview)


def limit(seconds: int, memory: int = MEMORY_LIMIT, output: int = OUTPUT_LIMIT) -> None:
    """Bind this process and its children: memory, seconds of work, size of what it writes."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(seconds + 1)  # in case the server process that waits dies first


def _read(content: bytes) -> _Answer:
    # Each kind loads its own libraries: a tenth of a second that the others need not wait for.
    kind = kind_of(content)
    if kind == "pdf":
        from documents.reading import pdf

        return pdf.read(content)
    if kind == "zip":
        from documents.reading import office

        return office.read(content)
    from documents.reading import pictures

    return pictures.read(content)


def _rows(content: bytes) -> _Answer:
    from documents.reading import registers

    return {"rows": registers.rows(content)}, b""


def _recognise(content: bytes, tesseract: str) -> _Answer:
    from documents.reading import recognition

    return {"text": recognition.recognise(content, tesseract)}, b""


def _manuscript(content: bytes) -> _Answer:
    from documents.reading import manuscript

    return manuscript.read(content)


def _convert(content: bytes, soffice: str, folder: str) -> _Answer:
    from documents.reading import conversion

    return {}, conversion.docx(content, soffice, folder)


def _plain(value: object) -> dict[str, object]:
    """The fields of a dataclass, for JSON."""
    return vars(value)


_TASKS: dict[str, Callable[..., _Answer]] = {
    "read": _read,
    "rows": _rows,
    "recognise": _recognise,
    "manuscript": _manuscript,
    "convert": _convert,
}
