"""What must be right before an edition may be public: one short function per check.

An ERROR follows from the edition alone and blocks it. A WARNING is acknowledged by a person: it
may be meant, or may depend on what stands elsewhere and changes without the edition.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from core.problems import Problem
from core.proofreading import proofread
from news.checklist import links, photos, wording
from news.checklist.text import Text, read

if TYPE_CHECKING:
    from news.models import Edition


def proofreading(text: Text) -> Iterator[Problem]:
    """Read every passage as core.proofreading does."""
    return proofread(text.passages)


CHECKS: tuple[Callable[[Text], Iterator[Problem]], ...] = (
    wording.empty_body,
    wording.empty_summary,
    wording.long_title,
    wording.shouted_title,
    wording.repost_without_original,
    photos.lead_photo,
    photos.body_photos,
    photos.silent_videos,
    proofreading,
    links.dead_internal_links,
    links.dead_external_links,
    links.unknown_signs,
)


def problems(edition: "Edition") -> list[Problem]:
    """Return whatever is wrong with `edition`, what blocks it first; at most ten queries."""
    text = read(edition)
    found = dict.fromkeys(problem for check in CHECKS for problem in check(text))
    return sorted(found, key=lambda problem: not problem.blocks)
