"""Links laid over rich text: where they may stand, and that nothing they carry can run."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.references import Reference, laid_over, lines, place
from core.richtext import clean_html, only_safe
from core.templatetags.richtext import richtext


def link_over(html, words):
    """What stands in `html` where a link over the text `words` would stand."""
    for line in lines(html):
        at = line.text.find(words)
        if at >= 0:
            span = place(html, line, at, at + len(words))
            return span and html[slice(*span)]
    raise AssertionError(f"{words} is not in the text")


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ("<p>Theo số 24-CT/TU nay</p>", "số 24-CT/TU"),
        ("<p><strong>Theo số 24-CT/TU</strong> nay</p>", "số 24-CT/TU"),
        ("<p>số <strong>24-CT/TU</strong></p>", "số <strong>24-CT/TU</strong>"),
        ("<p><em><u>số 24</u></em>-CT/TU.</p>", "<em><u>số 24</u></em>-CT/TU"),
        ("<p>số<br>24-CT/TU</p>", None),
        ("<li>số 24-CT<s>/TU</s></li>", "số 24-CT<s>/TU</s>"),
        ("<p>Theo <em>nghị quyết số 24</em>-CT/TU</p>", None),
        ('<p><a href="/x/">số 24-CT/TU</a></p>', None),
        ('<p>số <a href="/x/">24</a>-CT/TU</p>', None),
        ("<h2>Về số 24-CT/TU</h2>", None),
    ],
)
def test_a_link_takes_in_whole_formats_and_no_other_link(html, link):
    words = "số\n24-CT/TU" if "<br>" in html else "số 24-CT/TU"
    assert link_over(html, words) == (link or (html[3:-4] if "<br>" in html else None))


def test_letters_written_as_entities_count_once():
    html = clean_html("<p>Số 88/SKH&amp;ĐT-TH &lt;kèm&gt; x</p>")
    assert link_over(html, "88/SKH&ĐT-TH") == "88/SKH&amp;ĐT-TH"
    assert link_over(html, "<kèm>") == "&lt;kèm&gt;"


def test_the_mark_of_a_footnote_is_no_part_of_the_line():
    html = '<p>24-CT/TU<a href="#chu-thich-1" id="goi-chu-thich-1"><sup>1</sup></a>, nay</p>'
    assert [line.text for line in lines(html) if line.text] == ["24-CT/TU, nay"]


def reference(start, words, **fields):
    fields = {"href": "/van-ban/a-1/", "title": "Tên", "mark": "còn hiệu lực", "kind": "x"} | fields
    return Reference(start, words, **fields)


def test_what_a_reference_carries_is_escaped():
    evil = '"><script>alert(1)</script><img src=x onerror="alert(1)">'
    page = richtext("<p>24-CT/TU</p>", [reference(3, "24-CT/TU", title=evil, mark=evil, href=evil)])
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script") == 3


@pytest.mark.parametrize("start", [*range(-2, 40)])
def test_a_reference_whose_words_have_moved_is_left_out(start):
    html = '<p><a href="/24-CT/TU/" title="24-CT/TU">x</a>24-CT/TU</p>'
    found = laid_over(html, [reference(start, "24-CT/TU")])
    assert found == html


pieces = st.lists(
    st.sampled_from(
        [
            *("24-CT/TU ", "số ", "&amp;", '<p title="24-CT/TU">', "<a href='/x'>", "<script>"),
            *(
                f"<{tag}>"
                for tag in ("p", "/p", "strong", "/strong", "em", "/em", "/a", "h2", "/h2")
            ),
            *("<br>", "<td>"),
        ]
    ),
    max_size=25,
)


@settings(deadline=None)
@given(pieces, st.integers(0, 60))
def test_the_result_is_well_formed_wherever_a_link_stands(html, at):
    html = clean_html("".join(html))
    found = []
    for line in lines(html):
        for start in range(len(line.text)):
            if line.text.startswith("24-CT/TU", start):
                span = place(html, line, start, start + 8)
                found += [reference(span[0], html[slice(*span)])] if span else []
    whole = laid_over(html, found)
    assert whole.count('class="reference"') == len(found)
    # Judged once more, it loses its classes and marks alone: nothing was left open or let in.
    plain = re.sub(r' aria-description="[^"]*"| class="reference"|</?small[^>]*>', "", whole)
    assert only_safe(whole) == plain
    assert "<script" not in laid_over(html, [reference(at, html[at : at + 8])])
