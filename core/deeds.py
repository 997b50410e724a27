"""The buttons of the newsroom: which there are for whom, and what each tells beforehand."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.audit import contributors
from core.publishing import OVERTAKEN, OWN_TEXT, Publishable, Refused
from core.workflow import TRANSITIONS, Action, Right, State

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Deed:
    """One button: `do(subject, by=…, seen=…[, reason=…])` returns what happened, or raises Refused.

    `hint` says what happens next and who acts then. A deed that `asks` shows that question on a
    page of its own; its answer is the reason.
    """

    action: Action
    do: Callable[..., str]
    label: str
    hint: str
    asks: str = ""
    explains: str = ""

    @property
    def name(self) -> str:
        """Return the name of the button in the form."""
        return f"_{self.action}"


@dataclass(frozen=True)
class Offer:
    """A deed as one person meets it; `obstacle` says why this person cannot do it now."""

    deed: Deed
    obstacle: str = ""


def offers(deeds: Sequence[Deed], versions: Sequence[Publishable], user: "User") -> Iterator[Offer]:
    """Yield what `user` may do to any of `versions` (the open one, the live one) as they stand."""
    own: dict[int, bool] = {}
    for deed in deeds:
        version = next((one for one in versions if _fits(one, deed.action, user)), None)
        if version is None:
            continue
        judges = deed.action == Action.CONFIRM or TRANSITIONS[deed.action].second_person
        if judges and version.pk not in own:
            own[version.pk] = user.pk in contributors(version)
        yield Offer(deed, OWN_TEXT if judges and own[version.pk] else "")


def version_for(deed: Deed, versions: Sequence[Publishable], user: "User") -> Publishable:
    """Return which of `versions` the deed acts on; Refused when none fits any longer."""
    for one in versions:
        if _fits(one, deed.action, user):
            return one
    raise Refused(OVERTAKEN)


def _fits(version: Publishable, action: Action, user: "User") -> bool:
    if action == Action.CONFIRM:
        waits = version.state == State.LIVE and version.unconfirmed
        return waits and version.grants(user, Right.APPROVE)
    transition = TRANSITIONS[action]
    if version.state not in transition.sources or transition.right is None:
        return False
    if action == Action.RESTORE and not version.restorable:
        return False
    return version.grants(user, transition.right)
