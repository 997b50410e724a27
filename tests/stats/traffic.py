"""Generated requests: readers who come back and reload, phones, bots, proxies, forged headers."""

import random
from datetime import UTC, datetime, timedelta

from stats import signing, spool

PROXIES = ("10.0.0.1", "10.0.0.2")
BOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; coccocbot-web/1.0; +http://help.coccoc.com/searchengine)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "curl/8.5.0 of somebody's own",
)
ABSURD = ("", "-", "Mozilla/5.0")
BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " coc_coc_browser/118.0.{} Chrome/112.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 13; SM-A{}F) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
    " Chrome/119.0.6045.66 Mobile Safari/537.36 Zalo android/12100753 ZaloLanguage/vi",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_{} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/440.0.0.30.109;FBDV/iPhone12,1;FBLC/vi_VN]",
    "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0",
)


class Reader:
    """One person with one address and one browser, often behind a proxy, sometimes forging."""

    def __init__(self, chance):
        self.addresses = _addresses(chance)
        self.agent = chance.choice(BROWSERS).format(chance.randrange(400))
        self.dnt = "1" if chance.random() < 0.05 else ""
        self.gpc = "1" if chance.random() < 0.03 else ""
        self.proxied = chance.random() < 0.6
        self.invented = chance.choice(("", "", "", "1.2.3.4, ", "nonsense, ::1, ", "unknown,"))
        self.staff = chance.random() < 0.02


def _addresses(chance):
    kind = chance.random()
    if kind < 0.3:  # one household: the same /64, another interface each time
        prefix = f"2405:4800:{chance.randrange(65536):x}:{chance.randrange(65536):x}"
        return [f"{prefix}::{chance.randrange(1, 65536):x}" for _ in range(3)]
    quad = f"113.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
    return [quad, f"::ffff:{quad}"] if kind < 0.4 else [quad]


def requests(amount, *, since, until, seed=1):
    """Return `amount` requests between two moments, in order of time."""
    chance = random.Random(seed)
    readers = [Reader(chance) for _ in range(max(20, amount // 12))]
    seconds = (until - since).total_seconds()
    found = []
    while len(found) < amount:
        at = since + timedelta(milliseconds=int(chance.random() * seconds * 1000))
        reader = chance.choice(readers)
        for _ in range(min(chance.choice((1, 1, 2, 3, 5, 9)), amount - len(found))):
            found.append(_request(chance, reader, at))
            at += timedelta(
                milliseconds=chance.choice((200, 15_000, 300_000, 1_799_999, 1_800_000))
            )
            at = min(at, until)
    return sorted(found, key=lambda request: request["at"])


def _request(chance, reader, at):
    address = chance.choice(reader.addresses)
    kind = chance.choice("ttbbbbvd")
    agent, odd = reader.agent, chance.random()
    if odd < 0.08:
        agent = chance.choice(BOTS)
    elif odd < 0.1:
        agent = chance.choice(ABSURD)
    peer, forwarded = address, reader.invented.rstrip(", ")
    if reader.proxied:
        peer = PROXIES[0]
        forwarded = reader.invented + address + chance.choice(("", f", {PROXIES[1]}"))
    return {
        "at": at,
        "kind": kind,
        "object": 0 if kind == "t" else min(int(chance.paretovariate(0.7)), 5000),
        "peer": peer,
        "forwarded": forwarded,
        "agent": agent,
        "purpose": "prefetch;prerender" if chance.random() < 0.02 else "",
        "site": chance.choice(("same-origin",) * 30 + ("", "", "cross-site", "same-site")),
        "dnt": reader.dnt,
        "gpc": reader.gpc,
        "cookie": "mau=toi; newsroom=1" if reader.staff else "mau=toi; sessionid=abc",
        "forged": chance.random() < 0.02,
    }


def environ(request):
    """Return the WSGI environ of a request."""
    headers = {
        "HTTP_X_FORWARDED_FOR": request["forwarded"],
        "HTTP_USER_AGENT": request["agent"],
        "HTTP_SEC_PURPOSE": request["purpose"],
        "HTTP_SEC_FETCH_SITE": request["site"],
        "HTTP_DNT": request["dnt"],
        "HTTP_SEC_GPC": request["gpc"],
        "HTTP_COOKIE": request["cookie"],
    }
    return {"REMOTE_ADDR": request["peer"]} | {k: v for k, v in headers.items() if v}


def token(request):
    text = signing.token(request["kind"], request["object"])
    return text[:-3] + "xyz" if request["forged"] else text


def write(requests):
    """Append the requests to the spool as if each had just come."""
    for request in requests:
        now = request["at"].timestamp()
        kind = "download" if request["kind"] == "d" else "view"
        spool.append(spool.line(environ(request), kind, token(request), now), now)


def moment(text):
    """Return the moment of `2026-12-31 23:59:00` in Viet Nam."""
    return datetime.fromisoformat(f"{text}+07:00").astimezone(UTC)
