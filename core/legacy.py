"""Vietnamese text of the fonts that came before Unicode: TCVN3 (ABC) and VNI-Windows.

Such text looks right in its own font alone; pasted elsewhere it reads "§¶ng bé" or "Ñaûng boä".
TCVN3 is TCVN 5712:1993 (VN3), one byte a letter; its capitals with a tone are small letters in a
font of capitals, whose name ends in H. VNI-Windows writes base letter and mark as two bytes.
Both are given here as the characters that those bytes are in Windows-1252.
"""

import re
from collections.abc import Callable
from enum import Enum
from functools import lru_cache

from core.syllables import is_syllable
from core.text import nfc, plain_text

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_VNI_LETTERS = dict(zip("ñôöæóòîÑÔÖÆÓÒÎ", "đơưỉĩịỵĐƠƯỈĨỊỴ", strict=True))
_VNI_TONES = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_VNI_ROOF = dict(zip("âàáåãä", ("", *_VNI_TONES.values()), strict=True))
_VNI_BREVE = dict(
    zip("êèéúüë", ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"), strict=True)
)
_VNI_MARKS: dict[str, dict[str, str]] = {
    **dict.fromkeys("iuyôö", _VNI_TONES),
    **{
        base: _VNI_TONES | {mark: "\u0302" + tone for mark, tone in _VNI_ROOF.items()}
        for base in "eo"
    },
}
_VNI_MARKS["a"] = _VNI_MARKS["e"] | {mark: "\u0306" + tone for mark, tone in _VNI_BREVE.items()}
_VNI_PAIR = re.compile("(?P<base>[aeouyôö])(?P<mark>[øùûõïâàáåãäêèéúüë])|[ñôöæóòî]", re.IGNORECASE)

# A word as these fonts write it: most of its characters may be signs, as in "§¶ng".
_TOKEN = re.compile(r"(?:[^\W\d_]|[¡-¹»-¿×÷])+")
_SOFT_HYPHEN = re.compile("\u00ad|&shy;|&#(?:173|x0*ad);", re.IGNORECASE)
_MICROMETRE = "µm"
_LETTER = re.compile("[a-zÀ-ÖØ-öø-ÿ]", re.IGNORECASE)


class Encoding(Enum):
    """A legacy encoding, by the name that editors know."""

    TCVN3 = "TCVN3 (ABC)"
    VNI = "VNI-Windows"


def tcvn3(text: str) -> str:
    """`text` of a TCVN3 font in Unicode (NFC); characters that the font lacks stay."""
    return nfc("".join(_TCVN3.get(char, char) for char in text))


def tcvn3_capitals(text: str) -> str:
    """`text` of a TCVN3 font of capitals (.VnTimeH) in Unicode (NFC)."""
    return tcvn3(text).upper()


def vni(text: str) -> str:
    """`text` of a VNI font in Unicode (NFC); characters that the font lacks stay."""
    return nfc(_VNI_PAIR.sub(_vni_letter, text))


def _vni_letter(match: re.Match[str]) -> str:
    if not match["base"]:
        return _VNI_LETTERS[match[0]]
    base, mark = match["base"], match["mark"]
    letter = _VNI_LETTERS.get(base, base)
    marks = _VNI_MARKS[base.lower()].get(mark.lower())
    return letter + marks if marks is not None else letter + _VNI_LETTERS.get(mark, mark)


CONVERTERS: dict[Encoding, Callable[[str], str]] = {Encoding.TCVN3: tcvn3, Encoding.VNI: vni}


def convert(text: str, encoding: Encoding) -> str:
    """`text` of `encoding` in Unicode (NFC)."""
    return CONVERTERS[encoding](text)


def by_font(name: str) -> Callable[[str], str] | None:
    """What turns text of the font called `name` into Unicode; None when it is Unicode already."""
    lowered = name.strip().strip("\"'").lower()
    if lowered.startswith(".vn"):
        return tcvn3_capitals if lowered.endswith("h") else tcvn3
    return vni if lowered.startswith("vni") else None


@lru_cache(maxsize=256)
def suspected(text: str) -> Encoding | None:
    """The legacy encoding that `text` seems to be in; None for Unicode in any language.

    Some word must become Vietnamese that was not, and such words outnumber those that are
    Vietnamese only as they stand.
    """
    if text.isascii():
        return None
    tokens = _tokens(text)
    likely = max(Encoding, key=lambda encoding: _evidence(tokens, encoding))
    return likely if _evidence(tokens, likely) > 0 else None


def with_every_letter(html: str) -> str:
    """`html` with the ư of TCVN3, which is a soft hyphen elsewhere, as a letter.

    Soft hyphens are dropped wherever HTML is cleaned; one that is a letter must not be.
    """
    if not _SOFT_HYPHEN.search(html):
        return html
    lines = plain_text(html).split("\n")
    is_letter = any(suspected(line) == Encoding.TCVN3 for line in lines)
    return _SOFT_HYPHEN.sub("ư", html) if is_letter else html


def fits(text: str, encoding: Encoding) -> bool:
    """Whether `text` that stands among text of `encoding` seems to be in it too."""
    return _evidence(_tokens(text), encoding, least=1) > 0


def _tokens(text: str) -> set[str]:
    """The different words of `text` that have marks, or signs for marks."""
    return {
        token
        for token in _TOKEN.findall(text)
        if not token.isascii() and token != _MICROMETRE and _LETTER.search(token)
    }


def _evidence(tokens: set[str], encoding: Encoding, least: int = 2) -> float:
    """How many different words speak for `encoding`, less those that speak against it."""
    gained = kept = against = 0
    for token in tokens:
        converted = convert(token, encoding)
        before, after = is_syllable(token), is_syllable(converted)
        if converted == token:
            against += before and not _vni_writes_alike(token)
        elif after:
            gained += not before
            kept += before
        else:
            against += 1
    enough = gained and gained + kept >= least
    return gained + kept / 2 - against if enough else 0


def _vni_writes_alike(token: str) -> bool:
    """Whether `token` has no marks but those of ì and í, the same in VNI and in Unicode."""
    return re.sub("[ìíÌÍ]", "i", token).isascii()
