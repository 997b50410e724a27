"""DOC, ODT and RTF made into DOCX by LibreOffice, which is told to touch nothing else."""

import subprocess
from pathlib import Path

from documents.reading.kinds import kind_of
from documents.reading.package import Package
from documents.reading.refusal import Refusal

SECONDS = 50
# The filter that must read each kind: LibreOffice would guess among all that it has.
_FILTERS = {"old_office": "MS Word 97", "rtf": "Rich Text Format", "zip": "writer8"}
# No macros, no linked pictures or sections, no web: the proxy is a closed port of this machine.
_SETTINGS = {
    ("Office.Common/Security/Scripting", "DisableMacrosExecution"): "true",
    ("Office.Common/Security/Scripting", "MacroSecurityLevel"): "3",
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks"): "true",
    ("Office.Common/Security/Scripting", "DisableActiveContent"): "true",
    ("Office.Writer/Content/Update", "Link"): "0",
    ("Inet/Settings", "ooInetProxyType"): "2",
    ("Inet/Settings", "ooInetHTTPProxyName"): "127.0.0.1",
    ("Inet/Settings", "ooInetHTTPProxyPort"): "9",
    ("Inet/Settings", "ooInetHTTPSProxyName"): "127.0.0.1",
    ("Inet/Settings", "ooInetHTTPSProxyPort"): "9",
}
_ITEM = (
    '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse">'
    "<value>{}</value></prop></item>"
)
_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items '
    'xmlns:oor="http://openoffice.org/2001/registry">{}</oor:items>'
)


def docx(content: bytes, soffice: str, folder: str) -> bytes:
    """`content` as a DOCX; works in `folder`, which the caller removes."""
    place = Path(folder)
    profile = place / "profile"
    (profile / "user").mkdir(parents=True)
    items = (_ITEM.format(path, name, value) for (path, name), value in _SETTINGS.items())
    (profile / "user/registrymodifications.xcu").write_text(_PROFILE.format("".join(items)))
    given = place / "given"
    given.write_bytes(content)
    command = (
        soffice,
        *("--headless", "--norestore", "--nologo", f"-env:UserInstallation={profile.as_uri()}"),
        f"--infilter={_FILTERS[_kind(content)]}",
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(place / "made"), str(given)),
    )
    try:
        subprocess.run(command, capture_output=True, timeout=SECONDS, env={"HOME": folder})
        return (place / "made/given.docx").read_bytes()
    except subprocess.TimeoutExpired as error:
        raise Refusal("too_complex") from error
    except FileNotFoundError as error:
        raise Refusal("damaged") from error


def _kind(content: bytes) -> str:
    try:
        kind = kind_of(content)
    except Refusal as refusal:
        kind = refusal.code
    if kind == "zip":
        Package(content).refuse_unless_plain()
    if kind not in _FILTERS:
        raise Refusal("unknown")
    return kind
