"""Which links a published file may carry."""

import re

# The web, mail and telephone, or an address without a scheme; a path of Windows has none either.
_PLAIN = re.compile(r"(?:https?|mailto|tel):|(?![a-z][a-z0-9+.-]*:|[\\/]{2})", re.IGNORECASE)


def is_plain_link(target: str) -> bool:
    """True when following `target` opens a page or a letter, never a file or a program."""
    return bool(_PLAIN.match(target.strip()))
