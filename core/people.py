"""Who holds a right, and how several people are named in a sentence."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
NAMED = 4


def name_of(user: "User") -> str:
    """Return a person's full name, else the account's."""
    return user.get_full_name() or user.get_username()


def holders(permission: str) -> QuerySet["User"]:
    """Return the active members of staff who have been given `permission`."""
    from django.contrib.auth.models import User

    holding = User.objects.with_perm(permission, backend=BACKEND, include_superusers=False)
    return holding.filter(is_active=True, is_staff=True)


def named(people: QuerySet["User"]) -> str:
    """Return the first names of `people` by the alphabet, "" for nobody."""
    found = list(people.order_by("last_name", "first_name", "pk")[: NAMED + 1])
    names = ", ".join(name_of(one) for one in found[:NAMED])
    return f"{names} và những người khác" if len(found) > NAMED else names
