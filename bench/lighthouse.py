"""Lighthouse (mobile, simulated slow 4G) on a running portal, as its readers reach it.

That is through nginx as shipped, with HTTP/2 and a certificate; --direct leaves nginx out. Each
page three times, the run of the median LCP. Needs npm, Chromium, nginx with its brotli module,
openssl, and an otherwise idle machine.
"""

import argparse
import json
import os
import re
import shlex
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median_low
from typing import Any
from urllib.request import urlopen

from bench.peers import nginx
from bench.processes import HOST, free_port, run

LIGHTHOUSE = os.environ.get("LIGHTHOUSE", "npx --yes lighthouse@13.5.0")
CHROME = "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking \
--disable-component-update --disable-sync --no-first-run --ignore-certificate-errors"
CATEGORY = "/chuyen-muc/xay-dung-dang/"
CERTIFICATE = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj"
TIMES, ATTEMPTS = 3, 5
MEASURES = {
    "LCP": "largest-contentful-paint",
    "CLS": "cumulative-layout-shift",
    "TBT": "total-blocking-time",
    "bytes": "total-byte-weight",
}


def main() -> None:
    """Measure the front page, a category, and the newest articles with a photo and without."""
    command = argparse.ArgumentParser(
        prog="bench/lighthouse",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("paths", nargs="*", metavar="PATH", help="pages in place of those four")
    command.add_argument("--portal", default=f"{HOST}:8000", help="where it answers (%(default)s)")
    command.add_argument("--direct", action="store_true", help="without nginx, in HTTP/1.1")
    asked = command.parse_args()
    with tempfile.TemporaryDirectory(prefix="portal-lighthouse-") as folder:
        scratch = Path(folder)
        if asked.direct:
            _measure_all(f"http://{asked.portal}", asked.paths, scratch)
            return
        with _front(asked.portal, scratch) as address:
            _measure_all(address, asked.paths, scratch)


@contextmanager
def _front(portal: str, folder: Path) -> Iterator[str]:
    """Run nginx before the portal, whose files lie in VAR_DIR; yield its address."""
    port = free_port()
    files = ("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem")
    run([*CERTIFICATE.split(), f"/CN={HOST}", *files])
    var = Path(os.environ.get("VAR_DIR", "var")).resolve()
    site = nginx.shipped(folder, var, portal, port)
    site = site.replace("# brotli_static on;", "brotli_static on;")
    with nginx.serving(folder, site, port, modules=f"load_module {nginx.BROTLI};"):
        yield f"https://{HOST}:{port}"


def _measure_all(address: str, paths: list[str], scratch: Path) -> None:
    for path in paths or ["/", CATEGORY, *_newest(address)]:
        reports = [_report(address + path, scratch / "report.json") for _ in range(TIMES)]
        middle = median_low(_value(report, "LCP") for report in reports)
        _say(path, next(one for one in reports if _value(one, "LCP") == middle))


def _newest(address: str) -> Iterator[str]:
    """Yield the paths of the newest articles in the feed with a lead photo and without."""
    wanted = {True, False}
    for path in re.findall(r"<link>[^<]*?(/tin-tuc/[^<]*)", _body(f"{address}/rss/")):
        has_photo = 'fetchpriority="high"' in _body(address + path)
        if has_photo in wanted:
            wanted.remove(has_photo)
            yield path


def _body(address: str) -> str:
    context = ssl._create_unverified_context()
    with urlopen(address, context=context) as answer:
        return str(answer.read().decode())


def _report(address: str, file: Path) -> dict[str, Any]:
    """Return Lighthouse's report of a page.

    Chromium's trace at times lacks the start (NO_NAVSTART): then it is asked again.
    """
    options = ["--quiet", f"--chrome-flags={CHROME}", "--output=json", f"--output-path={file}"]
    environment = {"CHROME_PATH": "/usr/bin/chromium"} | os.environ
    for _ in range(ATTEMPTS):
        command = [*shlex.split(LIGHTHOUSE), address, *options]
        if subprocess.run(command, env=environment, capture_output=True).returncode == 0:
            return dict(json.loads(file.read_text()))
    raise SystemExit(f"Lighthouse does not measure {address}.")


def _value(report: dict[str, Any], measure: str) -> float:
    return float(report["audits"][MEASURES[measure]]["numericValue"])


def _say(path: str, report: dict[str, Any]) -> None:
    print(path)
    print("   ", {name: round(100 * one["score"]) for name, one in report["categories"].items()})
    print("   ", {measure: round(_value(report, measure), 3) for measure in MEASURES})
    for audit in report["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9:
            print("   ", audit["id"], audit.get("displayValue", ""))


if __name__ == "__main__":
    main()
