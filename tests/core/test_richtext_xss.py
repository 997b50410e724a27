"""No attack survives cleaning; tests/browser/test_richtext.py proves the same in a browser."""

import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.media import size_of
from core.richtext import clean_html, only_safe
from core.templatetags.richtext import richtext
from core.video import video_key_of
from tests.core.xss_vectors import VECTORS

ALLOWED = {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "width", "height"},
    "video": {"src"},
    "div": {"class"},
    "figure": {"class"},
    "ol": {"start", "type"},
    "td": {"class", "colspan", "rowspan"},
    "th": {"class", "colspan", "rowspan", "scope"},
    **{tag: {"class"} for tag in ("p", "h2", "h3", "h4")},
    **{
        tag: set()
        for tag in (
            *("br", "hr", "strong", "em", "u", "s", "sub", "sup", "cite", "ul", "li"),
            *("blockquote", "figcaption", "table", "caption", "thead", "tbody", "tfoot", "tr"),
        )
    },
}
ADDED_ON_RENDERING = {
    "img": {"srcset", "sizes", "loading", "decoding"},
    "div": {"class", "role", "tabindex", "aria-label"},
}
HOSTILE_PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<b>", "</b>", "<i>", "<a href='/x'>", "</a>", "<div align=center>"),
        *("</div>", "<ul>", "<li>", "</ul>", "<ol start=3>", "<table>", "<tr>", "<td>", "</table>"),
        *("<h1>", "</h1>", "<br>", "&nbsp;", " ", "\n", "\u0338", "e\u0301", "<svg>", "<math>"),
        *("<style>", "<!--", "-->", "<![CDATA[", "]]>", "<figure>", "</figure>", "<figcaption>"),
        *("<blockquote>", "</blockquote>", "&lt;", "<", ">", '"', "'", "&#0;", "&#x6a;", "\x00"),
        "<img src='/media/photos/0123456789abcdef0123-1600x900/800.webp'>",
        "<p style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>1.</span>",
        "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>-</span>",
        *("<caption>", "<thead>", "<th>", "<span style='font-weight:700'>", "</span>", "<hr>"),
        *("<dl><dt>", "<img src=x onerror=alert(1)>", "<script>", "</script>", "chữ", "\ud800"),
    ]
)


class Judge(HTMLParser):
    """Fails on whatever a browser would find in cleaned HTML beyond the list."""

    def __init__(self, allowed):
        super().__init__()
        self.allowed = allowed

    def handle_starttag(self, tag, attrs):
        assert tag in self.allowed, tag
        names = [name for name, _ in attrs]
        assert set(names) <= self.allowed[tag], (tag, attrs)
        assert len(names) == len(set(names))
        values = dict(attrs)
        assert urlsplit(values.get("href", "")).scheme in {"", "http", "https", "mailto", "tel"}
        assert not values.get("href", "").startswith(("//", "/\\", "\\"))
        ours = video_key_of if tag == "video" else size_of
        assert "src" not in values or ours(values["src"])

    def handle_comment(self, data):
        raise AssertionError(f"comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def judge(html, extra=()):
    allowed = {tag: names | dict(extra).get(tag, set()) for tag, names in ALLOWED.items()}
    judging = Judge({**dict(extra), **allowed})
    judging.feed(html)
    judging.close()


def test_the_corpus_has_over_a_hundred_distinct_vectors():
    assert len(set(VECTORS)) == len(VECTORS) >= 100


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_no_vector_survives_cleaning(vector):
    cleaned = clean_html(vector)
    judge(cleaned)
    assert clean_html(cleaned) == cleaned


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_no_vector_survives_rendering_when_it_was_written_around_the_field(vector):
    judge(richtext(vector), extra=ADDED_ON_RENDERING)


def test_links_to_other_hosts_do_not_hand_over_the_window():
    cleaned = clean_html('<a href="https://evil.example" target="_blank" rel="opener">x</a>')
    assert cleaned == '<p><a href="https://evil.example" rel="noopener noreferrer">x</a></p>'


@given(st.lists(HOSTILE_PIECES, max_size=25).map("".join))
def test_any_mixture_comes_out_on_the_list_in_nfc_and_stable(html):
    cleaned = clean_html(html)
    judge(cleaned)
    assert clean_html(cleaned) == cleaned
    assert only_safe(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)


@given(st.text())
def test_any_text_can_be_cleaned(text):
    cleaned = clean_html(text)
    assert clean_html(cleaned) == cleaned
    assert "\x00" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
