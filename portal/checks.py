"""System checks: what `portal/environment.py` found wrong while settings were read."""

from typing import Any

from django.conf import settings
from django.core.checks import Error


def environment(**kwargs: Any) -> list[Error]:
    """Return one Error per wrong or missing environment variable."""
    return [Error(p.message, hint=p.hint, id=p.id) for p in settings.ENVIRONMENT_PROBLEMS]
