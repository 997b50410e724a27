"""What a checklist finds in a text before it goes public."""

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """Whether a finding keeps a text from going on, or only asks for a person's word."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """One finding: a sentence for the editor, in Vietnamese, that says what to do.

    `field` names the form's field with the spot, `quote` the words at fault, as they are written.
    """

    code: str
    severity: Severity
    message: str
    field: str = ""
    quote: str = ""

    @property
    def blocks(self) -> bool:
        """True when nobody's word is enough."""
        return self.severity == Severity.ERROR
