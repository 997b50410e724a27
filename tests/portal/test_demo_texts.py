"""The demonstration's words: the real page, and a year of articles made from it."""

from collections import Counter
from datetime import datetime
from unicodedata import is_normalized
from zoneinfo import ZoneInfo

import pytest

from core.richtext import clean_html
from core.text import plain_text
from portal.demo import source, texts
from portal.demo.illustrations import SCENES

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="module")
def year():
    return texts.articles_of_the_year()


def test_the_page_keeps_its_paragraphs_captions_and_signature_verbatim():
    page = source.page()
    raw = source.SOURCE.read_text(encoding="utf-8")
    assert page.title.startswith("Công tác tuyên giáo của Đảng bộ Khối")
    assert len(page.paragraphs) == 15
    assert all(text in raw for text in (*page.paragraphs, *page.captions))
    assert [caption.split()[0] for caption in page.captions] == ["Báo", "Các"]
    assert page.signature == "Ban Tuyên giáo Đảng ủy Khối các cơ quan và doanh nghiệp tỉnh"


def test_the_page_leaves_out_what_is_not_the_article():
    words = " ".join(block.text for block in source.page().blocks)
    for remnant in ("anh tin bai", "VĂN BẢN MỚI", "Thống kê truy cập", "1 2 3", "721618"):
        assert remnant not in words


def test_nothing_of_the_page_is_lost_between_its_title_and_its_signature():
    body = source.SOURCE.read_text(encoding="utf-8").rpartition(source.SIGNATURE)[0]
    kept = [source.page().title, *(block.text for block in source.page().blocks)]
    expected = [line.strip() for line in body.splitlines()]
    assert kept == [line for line in expected if line not in ("", "anh tin bai")]


def test_the_summary_is_a_sentence_of_the_page():
    page = source.page()
    assert page.summary in page.paragraphs[0]
    assert 100 < len(page.summary) <= 600


def test_the_year_has_144_articles_besides_the_page(year):
    assert len(year) == 144
    assert len({draft.title for draft in year}) == 144
    assert len({draft.published_at for draft in year}) == 144
    assert {draft.published_at.astimezone(HANOI).year for draft in year} == {2023}


def test_articles_are_published_on_working_days_in_working_hours(year):
    local = [draft.published_at.astimezone(HANOI) for draft in year]
    assert {at.weekday() for at in local} <= {0, 1, 2, 3, 4}
    assert all(7 <= at.hour <= 17 for at in local)


def test_every_month_has_its_articles(year):
    assert set(Counter(draft.published_at.month for draft in year).values()) == {12}


def test_every_article_has_a_summary_of_its_own(year):
    summaries = [draft.summary for draft in year]
    assert len(set(summaries)) == len(year)
    assert all(80 < len(summary) < 200 and summary.endswith(".") for summary in summaries)


def test_figures_of_the_whole_year_are_not_told_before_its_end(year):
    for figure in ("1.462", "3.265", "64.260", "5.033", "1.650", "944 đồng chí"):
        months = {d.published_at.month for d in year if figure in " ".join(d.blocks)}
        assert months == {12} or not months, figure


def test_articles_name_known_categories_units_and_scenes(year):
    slugs = {row[0] for row in texts.rows("categories.tsv")}
    assert len(texts.unit_names()) == 44
    assert {draft.category for draft in year} == slugs
    assert {draft.unit for draft in year} == set(texts.unit_names())
    assert {draft.scene for draft in year} == set(SCENES)


def test_bodies_have_three_to_nine_paragraphs_and_varied_elements(year):
    elements = Counter()
    for draft in year:
        body = "".join(draft.blocks)
        assert 3 <= sum(block.startswith("<p>") for block in draft.blocks) <= 9
        elements.update(tag for tag in ("<h2>", "<ul>", "<blockquote>", "<table>") if tag in body)
    assert all(count >= 10 for count in elements.values())
    assert len(elements) == 4


def test_about_one_in_eight_is_a_repost_with_name_and_link(year):
    reposts = [draft for draft in year if draft.source_name]
    assert 14 <= len(reposts) <= 22
    assert all(draft.source_url.startswith("https://") for draft in reposts)


def test_cleaning_a_body_takes_no_word_away(year):
    for draft in year[::12]:
        body = "\n".join(draft.blocks)
        assert plain_text(clean_html(body)) == plain_text(body)


def test_all_words_are_in_nfc(year):
    for draft in year:
        assert is_normalized("NFC", f"{draft.title}{draft.summary}{''.join(draft.blocks)}")


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 23, 9, 30, tzinfo=HANOI),
        datetime(2026, 3, 1, 0, 10, tzinfo=HANOI),
        datetime(2028, 2, 29, 23, 59, tzinfo=HANOI),
    ],
)
def test_the_articles_of_this_month_are_in_it_and_never_in_the_future(now):
    drafts = texts.articles_of_this_month(now)
    assert len(drafts) == len({draft.title for draft in drafts}) == 12
    for draft in drafts:
        assert draft.published_at <= now
        assert draft.published_at.strftime("%m/%Y") == now.strftime("%m/%Y")
        assert "2023" not in "".join((draft.title, draft.summary, *draft.blocks))
