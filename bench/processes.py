"""Servers that the benchmark starts for itself: on free ports, ended with it."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

HOST = "127.0.0.1"
PATIENCE = 60  # seconds


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def program(name: str) -> str:
    """Return the path of a program, "" when it is not installed; Debian hides some from people."""
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin") or ""


def run(command: Sequence[str | Path], text: str | None = None, **more: str) -> str:
    """Run a command to its end with `more` in its environment; return what it prints."""
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, env=os.environ | more
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


@contextmanager
def running(
    command: Sequence[str | Path],
    ready: Callable[[], bool],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Keep a server running for the block, from when it is `ready`; it and its children end."""
    with log.open("ab") as output:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=os.environ | dict(environment or {}),
            start_new_session=True,  # Ctrl-C is for the benchmark, which ends them in order
        )
    try:
        _wait(server, ready, log)
        yield server
    finally:
        _end(server)


def _wait(server: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if server.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"{server.args!r} does not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.1)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(20)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def answers(port: int) -> Callable[[], bool]:
    """Return a question: does anybody take connections at `port`?"""

    def ready() -> bool:
        with socket.socket() as visitor:
            return visitor.connect_ex((HOST, port)) == 0

    return ready
