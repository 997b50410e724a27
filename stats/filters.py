"""Which hits are not counted, and why."""

from functools import lru_cache

from crawleruseragents import is_crawler

from stats import signing
from stats.models import Kind, Reason
from stats.spool import Hit

SHORTEST_AGENT, LONGEST_AGENT = 16, 1024  # the applications of Facebook and Zalo add some 300
KINDS = {
    "view": {Kind.PAGE, Kind.ARTICLE, Kind.DOCUMENT},
    "pixel": {Kind.PAGE, Kind.ARTICLE, Kind.DOCUMENT},
    "download": {Kind.DOWNLOAD},
}


def reason(hit: Hit) -> Reason | None:
    """Return why `hit` is not counted; None when it is."""
    signed = signing.read(hit.token)
    if signed is None or signed[0] not in KINDS.get(hit.kind, ()):
        return Reason.SIGNATURE
    if hit.staff:
        return Reason.STAFF
    if hit.purpose:
        return Reason.PREFETCH
    if _is_foreign(hit):
        return Reason.FOREIGN
    return _of_agent(hit.agent)


def _is_foreign(hit: Hit) -> bool:
    """Whether another site's page sent the hit; a link to a file may stand anywhere."""
    return hit.kind != "download" and hit.site not in ("", "same-origin")


@lru_cache(maxsize=20_000)
def _of_agent(agent: str) -> Reason | None:
    if is_crawler(agent):
        return Reason.CRAWLER
    named = "/" in agent and agent.isprintable()
    if not named or not SHORTEST_AGENT <= len(agent) <= LONGEST_AGENT:
        return Reason.AGENT
    return None
