"""What else changes in the news when an article or a document is moved (signal `moved`)."""

from typing import Any

from core.publishing import Publishable
from core.workflow import PUBLISHED_STATES, Action, State
from documents.models import Document
from news import citations, kin
from news.models import Edition


def follow(*, version: Publishable, action: Action, **kwargs: Any) -> None:
    """Read what goes live for what it cites and is like; match what cites a moved document."""
    if action == Action.CONFIRM:
        return
    if isinstance(version, Edition) and version.state == State.LIVE:
        citations.read(version)
        kin.find(version)
    elif isinstance(version, Document) and version.state in PUBLISHED_STATES:
        citations.follow(version.corrects or version)
