"""The counter again, slow and obviously right: one definition after the other, nothing shared.

It reads the requests as browsers sent them, in plain Python, all at once and in memory.
"""

from collections import Counter, defaultdict
from datetime import timedelta
from ipaddress import ip_address, ip_network
from itertools import pairwise
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
HALF_AN_HOUR = timedelta(minutes=30)
FIVE_MINUTES = timedelta(minutes=5)


def why_not(request, bots):
    """The reason for which a request is not counted, or None."""
    if request["forged"]:
        return "signature"
    if "newsroom=1" in request["cookie"]:
        return "staff"
    if request["purpose"]:
        return "prefetch"
    if request["kind"] != "d" and request["site"] not in ("", "same-origin"):
        return "foreign"
    if request["agent"] in bots:
        return "crawler"
    if len(request["agent"]) < 16:
        return "agent"
    return None


def who(request, proxies):
    """Address and browser; IPv6 by its /64."""
    address = request["peer"]
    if address in proxies:
        for entry in reversed([e.strip() for e in request["forwarded"].split(",")]):
            if entry not in proxies:
                address = entry
                break
    found = ip_address(address)
    if found.version == 6 and found.ipv4_mapped:
        found = found.ipv4_mapped
    if found.version == 6:
        found = ip_network(f"{found}/64", strict=False)
    return str(found), request["agent"]


def count(requests, *, bots, proxies):
    """Return what the tables must say, and `online(now)`."""
    drops, unfollowed = Counter(), Counter()
    times, seen = defaultdict(list), set()
    for request in requests:
        day = request["at"].astimezone(HANOI).date()
        if reason := why_not(request, bots):
            drops[day, reason] += 1
            continue
        thing = request["kind"], request["object"]
        phone = "Mobi" in request["agent"]
        if request["dnt"] == "1" or request["gpc"] == "1":
            unfollowed[day, thing, phone] += 1
            continue
        visitor = who(request, proxies)
        times[visitor, day].append(request["at"])
        seen.add((visitor, day, thing, phone))

    visits, views, phones, objects = Counter(), Counter(), Counter(), Counter()
    for (_visitor, day), moments in times.items():
        moments.sort()
        visits[day] += 1
        for before, after in pairwise(moments):
            visits[day] += after - before >= HALF_AN_HOUR
    counted = Counter((day, thing, phone) for _visitor, day, thing, phone in seen) + unfollowed
    for (day, (kind, number), phone), amount in counted.items():
        if kind != "d":
            views[day] += amount
            phones[day] += amount if phone else 0
        if kind != "t":
            objects[day, kind, number] += amount

    def online(now):
        return len(
            {v for (v, _day), moments in times.items() for m in moments if now - m < FIVE_MINUTES}
        )

    days = {r["at"].astimezone(HANOI).date() for r in requests}
    return {
        "days": {day: (visits[day], views[day], phones[day]) for day in days},
        "objects": dict(objects),
        "drops": dict(drops),
        "online": online,
    }
