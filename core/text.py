"""Vietnamese text: normal form, folding, tone placement, slugs, plain text and excerpts."""

import re
import unicodedata
from html.parser import HTMLParser

# Ð and ð (Icelandic eth) are typed by some old keyboards in place of Đ and đ and look the same.
_D_WITH_STROKE = str.maketrans("đĐðÐ", "dddd")

# Combining grave, acute, tilde, hook above and dot below: the five written tones.
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_VOWELS_WITH_QUALITY_MARK = "ăâêôơư"

_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")
_SYLLABLE = re.compile(
    r"(?P<initial>qu|gi(?=[aăâeêoôơuư])|ngh?|nh|gh|ch|kh|ph|th|tr|[bcdđghklmnprstvx])?"
    r"(?:(?P<closed>uyê|iê|yê|oa|oă|oe|oo|ôô|uâ|uê|uô|uy|ươ|[aăâeêioôơuưy])(?:ch|ng|nh|[cmnpt])"
    r"|(?P<open>iêu|yêu|oai|oao|oay|oeo|uây|uôi|uya|uyu|ươi|ươu"
    r"|[aâeêiôơuư]u|[aoôơuư]i|[aâu]y|[ae]o|[iuưo]a|oe|u[êơ]|[aâeêioôơuưy]))"
)


def nfc(text: str) -> str:
    """`text` in Unicode normal form C, the only form that is stored."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """`text` in lower case without any diacritics, đ as d: equal for all ways of typing a word."""
    lowered = nfc(text).translate(_D_WITH_STROKE).lower()
    decomposed = unicodedata.normalize("NFD", lowered)
    return nfc("".join(char for char in decomposed if not unicodedata.combining(char)))


def normalise_tones(text: str) -> str:
    """NFC `text` with every tone on the traditional vowel (hoà → hòa), for comparison only.

    Words that are not one Vietnamese syllable with one tone are left as they are.
    """
    return _WORD.sub(lambda match: _with_tone_placed(match[0]), nfc(text))


def _with_tone_placed(word: str) -> str:
    toneless, tone = split_tone(word)
    syllable = _SYLLABLE.fullmatch(toneless.lower()) if tone else None
    if syllable is None:
        return word
    cut = _tone_index(syllable) + 1
    return nfc(toneless[:cut] + tone + toneless[cut:])


def split_tone(word: str) -> tuple[str, str]:
    """The NFC word without its tone, and that tone; no tone when there is not exactly one."""
    decomposed = unicodedata.normalize("NFD", word)
    tones = [char for char in decomposed if char in _TONES]
    if len(tones) != 1:
        return word, ""
    return nfc(decomposed.replace(tones[0], "")), tones[0]


def _tone_index(syllable: re.Match[str]) -> int:
    """Index of the letter that carries the tone, by the traditional rule (hòa, hoàn, khuỷu)."""
    nucleus = syllable["closed"] or syllable["open"]
    start = len(syllable["initial"] or "")
    marked = [i for i, vowel in enumerate(nucleus) if vowel in _VOWELS_WITH_QUALITY_MARK]
    if marked:
        return start + marked[-1]
    on_second_vowel = len(nucleus) == 3 or (len(nucleus) == 2 and syllable["closed"])
    return start + (1 if on_second_vowel else 0)


def slugify(text: str, max_length: int = 80) -> str:
    """ASCII words of `text` joined by hyphens, cut between words; may be empty.

    Unlike Django's own slugify this keeps đ (as d).
    """
    words = re.findall("[a-z0-9]+", fold(unicodedata.normalize("NFKC", text)))
    return _cut("-".join(words), max_length, "-")


def plain_text(html: str) -> str:
    """The NFC text that a reader of `html` sees: one line per block, single spaces within."""
    extractor = _TextExtractor()
    extractor.feed(html)
    extractor.close()
    lines = (" ".join(line.split()) for line in "".join(extractor.parts).split("\n"))
    return nfc("\n".join(line for line in lines if line))


def excerpt(html: str, letters: int = 200) -> str:
    """The first words of `html` on one line, at most `letters` characters with the closing …."""
    text = " ".join(plain_text(html).split())
    if len(text) <= letters:
        return text
    return _cut(text, letters - 1, " ").rstrip(" ,.;:–-") + "…"


def _cut(text: str, max_length: int, separator: str) -> str:
    """`text` cut at the last separator that keeps it in `max_length`, inside a word if need be."""
    if len(text) <= max_length:
        return text
    head = text[: max_length + 1].rpartition(separator)[0]
    return head or text[:max_length]


class _TextExtractor(HTMLParser):
    """Collects visible text in `parts`, with a line break around every block element."""

    BLOCKS = re.compile(
        "address|article|aside|blockquote|br|caption|d[dlt]|div|fieldset|figcaption|figure|footer"
        "|form|h[1-6]|header|hr|li|main|nav|[ou]l|p|pre|section|table|t[dhr]"
    )
    HIDDEN = frozenset({"script", "style", "template", "noscript", "iframe", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden_in: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden_in is None and tag in self.HIDDEN:
            self._hidden_in = tag
        self._break_around(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break_around(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden_in:
            self._hidden_in = None
        self._break_around(tag)

    def handle_data(self, data: str) -> None:
        if self._hidden_in is None:
            self.parts.append(data.replace("\n", " "))

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Skip `<![…]>`, which Word writes; the inherited method fails on keywords it lacks."""
        return self.parse_bogus_comment(i)

    def _break_around(self, tag: str) -> None:
        if self.BLOCKS.fullmatch(tag):
            self.parts.append("\n")
