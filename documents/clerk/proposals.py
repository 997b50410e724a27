"""What the first page of a file proposes for its document: filled in where one row fits.

The clerk sees all of it beside the picture of the page, and takes what is right.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from core.text import fold
from documents import signs
from documents.catalogue import DocumentType, Issuer
from documents.clerk import suggestions
from documents.clerk.guessing import Guess
from documents.clerk.names import Names

# 24-CT_TU, 24-CT-TU, 24 CT TU; with an underscore after the number a state sign: 123_KH-UBND.
_IN_A_NAME = re.compile(
    r"(?<![^\W_])(?P<number>\d{1,6}[a-z]?)(?P<apart>[-_ .])(?:(?P<year>(?:19|20)\d\d)[-_ ])?"
    r"(?P<code>[^\W\d_]{2,10})[-_ ](?P<body>[^\W\d_]{1,15})(?![^\W_])"
)


@dataclass(frozen=True)
class Proposal:
    """One thing that was read: `words` as read, and what typing it into `field` takes.

    `value` is "" where the clerk has to choose; `shown` is how a chosen row is called; `add_url`
    adds a row that the catalogue lacks.
    """

    label: str
    words: str
    field: str
    value: str = ""
    shown: str = ""
    add_url: str = ""


def fitting(guess: Guess, names: Names) -> dict[str, Any]:
    """Return the values of Document that `guess` settles: rows only where exactly one fits."""
    values: dict[str, Any] = {
        "sign": str(guess.sign) if guess.sign else "",
        "type": names.type(guess.type_name),
        "issuer": names.issuer(guess.issuer_name) or _abridged(guess),
        "issued_on": guess.issued_on,
        "abstract": guess.abstract[:1].upper() + guess.abstract[1:],
        "signer": names.signer(guess.signer, guess.position),
    }
    if values["issuer"]:
        terms = suggestions.terms(values["issuer"].pk, guess.sign, guess.issued_on)
        values["term"] = terms[0] if len(terms) == 1 else ""
    return values


def _abridged(guess: Guess) -> Issuer | None:
    """The one issuer whose code is in the sign and whose name the head of the page cuts short."""
    if guess.sign is None or not guess.issuer_name:
        return None
    beginning = f"{fold(guess.issuer_name)} "
    coded = suggestions.issuers(guess.sign, guess.issued_on)
    fit = [issuer for issuer in coded if fold(issuer.name).startswith(beginning)]
    return fit[0] if len(fit) == 1 else None


def proposals(guess: Guess) -> list[Proposal]:
    """Return what was read, in the order of the form; what was not read is left out."""
    fit = fitting(guess, Names())
    signer = ", ".join(filter(None, (guess.signer, guess.position)))
    day = f"{guess.issued_on:%d/%m/%Y}" if guess.issued_on else ""
    rows = [
        Proposal("Số, ký hiệu", guess.sign_text, "sign", fit["sign"] or guess.sign_text),
        _of_catalogue("Loại văn bản", guess.type_name, "type", fit["type"]),
        _of_catalogue(
            "Cơ quan ban hành", guess.issuer_name, "issuer", fit["issuer"], name=guess.issuer_name
        ),
        Proposal("Trích yếu", guess.abstract, "abstract", fit["abstract"]),
        _of_catalogue(
            "Người ký", signer, "signer", fit["signer"], name=guess.signer, position=guess.position
        ),
        Proposal("Ngày ban hành", day, "issued_on", day),
    ]
    return [row for row in rows if row.words]


def _of_catalogue(label: str, words: str, field: str, row: Any, **new: str) -> Proposal:
    if row is not None:
        return Proposal(label, words, field, str(row.pk), str(row))
    add_url = f"{reverse(f'admin:documents_{field}_add')}?{urlencode(new)}" if new else ""
    return Proposal(label, words, field, add_url=add_url)


def sign_in_name(name: str) -> signs.Sign | None:
    """Return the sign that a file's name, without its ending, seems to carry."""
    stem = name.rpartition(".")[0] or name
    codes = {fold(code) for code in DocumentType.objects.values_list("code", flat=True) if code}
    for found in _IN_A_NAME.finditer(stem):
        if fold(found["code"]) in codes:
            return signs.parse(_respelled(found))
    return None


def _respelled(found: re.Match[str]) -> str:
    number, code, body = found["number"], found["code"].upper(), found["body"].upper()
    if found["year"]:
        return f"{number}/{found['year']}/{code}-{body}"
    return f"{number}/{code}-{body}" if found["apart"] == "_" else f"{number}-{code}/{body}"
