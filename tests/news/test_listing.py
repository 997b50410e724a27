"""Numbered pages from month counts: right at every edge, flat in cost."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection
from django.http import Http404
from django.utils import timezone

from core.listing import PER_PAGE
from core.publishing import move
from core.workflow import Action
from news.listing import Listing, Month, listing, month_after, months_of
from news.models import Article, MonthCount
from tests.factories import make_article, make_category, make_draft

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def at(year, month, day=15, hour=8, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)


@pytest.fixture
def fifty(db):
    """50 articles over five months of two years, in one category."""
    category = make_category()
    moments = [at(2022 + n % 2, 1 + n % 5, 1 + n % 28, n % 24) for n in range(50)]
    return [make_article(category=category, at=moment) for moment in moments]


@pytest.mark.django_db
class TestMonthCounts:
    def counts(self):
        rows = MonthCount.objects.filter(articles__gt=0).order_by("month")
        return [(row.month, row.articles) for row in rows]

    def test_publication_counts_and_withdrawal_uncounts(self):
        article = make_article(at=at(2023, 5))
        assert self.counts() == [(date(2023, 5, 1), 1)]
        move(article.live, Action.WITHDRAW, reason="Thử.")
        assert self.counts() == []

    def test_a_draft_is_not_counted(self):
        make_draft(publish_at=at(2023, 5))
        assert self.counts() == []

    def test_midnight_in_vietnam_divides_the_months(self):
        make_article(at=at(2023, 5, 31, 23, 59))
        make_article(at=at(2023, 6, 1, 0, 0))
        assert self.counts() == [(date(2023, 5, 1), 1), (date(2023, 6, 1), 1)]

    def test_a_revision_does_not_count_twice(self):
        article = make_article(at=at(2023, 5))
        move(article.revise(by=None), Action.PUBLISH)
        assert self.counts() == [(date(2023, 5, 1), 1)]

    def test_moving_to_another_category_moves_the_count(self):
        article = make_article(at=at(2023, 5))
        draft = article.revise(by=None)
        draft.category = make_category()
        draft.save()
        move(draft, Action.PUBLISH)
        assert MonthCount.objects.get(articles__gt=0).category == draft.category

    def test_counts_never_go_below_zero(self):
        make_article(at=at(2023, 5))
        with pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute("UPDATE news_monthcount SET articles = -1")

    def test_a_category_has_one_count_for_a_month(self):
        make_article(at=at(2023, 5))
        counted = MonthCount.objects.get()
        with pytest.raises(IntegrityError, match="month_count_unique"):
            MonthCount.objects.create(category=counted.category, month=counted.month, articles=1)

    def test_counts_equal_a_slow_recount(self, fifty):
        for article in fifty[::3]:
            move(article.live, Action.WITHDRAW, reason="Thử.")
        slow = {}
        for article in Article.objects.published():
            month = timezone.localtime(article.published_at).date().replace(day=1)
            slow[month] = slow.get(month, 0) + 1
        assert dict(self.counts()) == slow


class TestPages:
    def pages(self):
        months = months_of()
        total = Listing(Article.objects.published(), months, 1).pages
        return [
            Listing(Article.objects.published(), months, n).cards.pks for n in range(1, total + 1)
        ]

    def test_the_pages_together_are_all_articles_newest_first(self, fifty):
        expected = [a.pk for a in Article.objects.published()]
        pages = self.pages()
        assert [pk for page in pages for pk in page] == expected
        assert [len(page) for page in pages] == [PER_PAGE, PER_PAGE, 10]

    def test_equal_moments_are_neither_lost_nor_repeated(self, db):
        category, moment = make_category(), at(2023, 5)
        made = [make_article(category=category, at=moment).pk for _ in range(2 * PER_PAGE + 5)]
        first, second, third = self.pages()
        assert first + second + third == made[::-1]

    def test_any_page_costs_one_query(self, fifty, django_assert_num_queries):
        months = months_of()
        for number in (1, 3):
            with django_assert_num_queries(1):
                assert Listing(Article.objects.published(), months, number).cards.pks

    def test_an_empty_list_has_one_empty_page(self, db):
        page = listing(Article.objects.published(), [], "")
        assert (page.cards.pks, page.pages, page.total) == ([], 1, 0)

    @pytest.mark.parametrize(
        "asked",
        [
            "0",
            "-1",
            "2",
            "1e3",
            "NaN",
            "10" * 15,
            "٣",
            "²",
            "1\x00",
            " 1",
            "1 ",
            "a" * 100_000,
            "😀",
        ],
    )
    def test_a_page_that_does_not_exist_is_a_404(self, asked):
        with pytest.raises(Http404):
            listing(Article.objects.none(), [Month(date(2023, 1, 1), 1)], asked)

    def test_page_numbers_show_ends_neighbours_and_gaps(self):
        page = Listing(Article.objects.none(), [Month(date(2023, 1, 1), 1000)], 25)
        assert page.numbers == [1, None, 23, 24, 25, 26, 27, None, 50]

    def test_page_numbers_of_a_short_list_have_no_gap(self):
        page = Listing(Article.objects.none(), [Month(date(2023, 1, 1), 60)], 1)
        assert page.numbers == [1, 2, 3]


def test_december_is_followed_by_january():
    assert month_after(date(2023, 12, 1)) == date(2024, 1, 1)
    assert month_after(date(2024, 2, 1)) - date(2024, 2, 1) == timedelta(days=29)
