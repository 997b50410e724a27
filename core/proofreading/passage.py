"""What proofreading reads: passages of text, each of one field of a form."""

from dataclasses import dataclass

from core.problems import Problem, Severity


@dataclass(frozen=True)
class Passage:
    """A line or paragraph (NFC) of the form's field `field`."""

    field: str
    text: str

    def error(self, code: str, message: str, quote: str = "") -> Problem:
        """Return a finding in this passage that no reading of the text justifies."""
        return Problem(code, Severity.ERROR, message, self.field, quote)

    def warning(self, code: str, message: str, quote: str = "") -> Problem:
        """Return a finding in this passage that a person may judge to be right."""
        return Problem(code, Severity.WARNING, message, self.field, quote)

    def around(self, start: int, end: int, letters: int = 30) -> str:
        """Return the words at [start:end] with the whole words beside them."""
        before = self.text[max(0, start - letters) : start]
        after = self.text[end : end + letters]
        if start > letters:
            before = before.partition(" ")[2]
        if end + letters < len(self.text):
            after = after.rpartition(" ")[0]
        return f"{before}{self.text[start:end]}{after}".strip()
