"""Typed reads of environment variables; what is wrong is collected, not raised.

`portal/checks.py` turns the collected problems into system checks, so that `manage.py check`
lists all of them at once, each with an id and a hint.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
MAIL_PORTS = {"smtp": 25, "submission": 587, "smtps": 465}


@dataclass(frozen=True)
class Problem:
    """One wrong or missing variable: check id, message and what to do."""

    id: str
    message: str
    hint: str


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in; without a `host`, nowhere."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


@dataclass
class Environment:
    """Reader of `variables`; every problem met is appended to `problems`."""

    variables: Mapping[str, str] = field(default_factory=lambda: os.environ)
    problems: list[Problem] = field(default_factory=list)

    def report(self, id: str, message: str, hint: str) -> None:
        """Record one problem under the system check id `id`."""
        self.problems.append(Problem(f"portal.{id}", message, hint))

    def text(self, name: str, default: str = "") -> str:
        """Return the variable without surrounding blanks, or `default` when unset or empty."""
        return self.variables.get(name, "").strip() or default

    def flag(self, name: str) -> bool:
        """Return True for 1/true/yes/on, False for 0/false/no/off or unset; else report E001."""
        value = self.text(name, "0").lower()
        if value not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
            self.report("E001", f"{name}={value!r} is not a yes or no.", f"Set {name} to 1 or 0.")
        return value in {"1", "true", "yes", "on"}

    def words(self, name: str, default: str = "") -> list[str]:
        """Return the comma-separated items of the variable, or of `default` when unset."""
        return [item for part in self.text(name, default).split(",") if (item := part.strip())]

    def networks(self, name: str, default: str = "") -> list[IPv4Network | IPv6Network]:
        """Return comma-separated addresses and networks; report E008 for each that is neither."""
        found = []
        for word in self.words(name, default):
            try:
                found.append(ip_network(word))
            except ValueError:
                hint = f"Set {name} to addresses or networks such as 127.0.0.1,10.0.0.0/8"
                self.report("E008", f"{name}: {word!r} is not an address or a network.", hint)
        return found

    def path(self, name: str, default: Path) -> Path:
        """Return an absolute path, or `default`; report E002 when it is relative."""
        path = Path(self.text(name, str(default)))
        if not path.is_absolute():
            self.report("E002", f"{name}={path} is a relative path.", f"Give {name} in full.")
        return path

    def location(self, name: str, *, behind_proxy: bool) -> str:
        """Return the path of an internal location of nginx, or ""; report E010 where none can be.

        Without nginx, readers would be told where files lie, and get none.
        """
        value = self.text(name)
        if value and not (behind_proxy and value.startswith("/")):
            hint = f"Leave {name} empty; with deploy/nginx.conf, BEHIND_PROXY=1 and /tep-noi-bo/."
            self.report("E010", f"{name}={value!r} is no location of an nginx in front.", hint)
            return ""
        return value

    def mail_server(self, name: str) -> MailServer:
        """Return the server that an address such as submission://user:password@host:587 names.

        The schemes are those of RFC 6409 and RFC 8314: smtp:// (plain, port 25), submission://
        (STARTTLS, 587), smtps:// (TLS, 465). Unset: no server. Report E009 for anything else, and
        for a password that would cross a network in the clear.
        """
        try:
            parts = urlsplit(self.text(name))
            server = MailServer(
                host=parts.hostname or "",
                port=parts.port or MAIL_PORTS.get(parts.scheme, 25),
                user=unquote(parts.username or ""),
                password=unquote(parts.password or ""),
                starttls=parts.scheme == "submission",
                tls=parts.scheme == "smtps",
            )
        except ValueError:
            parts, server = urlsplit(""), MailServer()
        bare = parts.scheme == "smtp" and server.password and server.host not in LOOPBACK
        if self.text(name) and (parts.scheme not in MAIL_PORTS or not server.host or bare):
            hint = f"Set {name}=submission://user:password@mail.example.vn:587"
            self.report("E009", f"{name} is not the address of a mail server to trust.", hint)
            return MailServer()
        return server

    def site_url(self, name: str, default: str) -> str:
        """Return scheme://host[:port] without a trailing slash; report E003 when it is not one."""
        value = self.text(name, default).rstrip("/")
        try:
            parts = urlsplit(value)
            well_formed = parts.scheme in {"http", "https"} and parts.hostname and not parts.path
            _ = parts.port
        except ValueError:
            well_formed = False
        if not well_formed:
            hint = f"Set {name} to the portal's address, such as https://dangbo.example.vn"
            self.report("E003", f"{name}={value!r} is not the address of a site.", hint)
            return "https://invalid.invalid"
        return value
