"""Windows of days: newest first, no day twice and none left out."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from core.search import finding
from core.search.answering import answer
from core.search.entries import Content, Kind, SearchEntry, index_all
from core.search.finding import Asked
from core.search.planning import planned_once
from core.search.query import parse
from core.search.windows import EVERYTHING, windows, years

pytestmark = pytest.mark.django_db


def write(days):
    index_all(Content(Kind.ARTICLE, n, f"/{n}/", "Đảng bộ", day) for n, day in enumerate(days))


def every(step, number, last=None):
    """So many days, the newest first, each `step` days before the next."""
    return [(last or date.today()) - timedelta(step * one) for one in range(number)]


def entries_in(window):
    sql = f"SELECT day FROM core_searchentry WHERE NOT internal {window.condition()}"
    return sorted(day for (day,) in planned_once(sql, window.values()))


@pytest.mark.parametrize("step", [1, 40, 250])
@pytest.mark.parametrize("at_most", [None, 12, 60])
def test_each_day_is_in_one_window(step, at_most):
    days = [date.today() + timedelta(30), *every(step, 60), date(1998, 1, 1)]
    write(days)
    found = windows(3, at_most)
    assert len(found) > 2
    assert sorted(day for window in found for day in entries_in(window)) == sorted(days)
    for newer, older in pairwise(found):
        assert min(entries_in(newer), default=date.max) > max(entries_in(older), default=date.min)


def test_the_windows_of_a_year_hold_all_of_it():
    write(every(8, 100, last=date(2024, 12, 31)))
    found = windows(4, None, 2023)
    inside = [day for window in found for day in entries_in(window) if day.year == 2023]
    assert len(found) > 2
    assert len(inside) == SearchEntry.objects.filter(day__year=2023).count()


def test_what_is_rare_is_looked_for_at_once():
    write(every(1, 30))
    assert windows(5, 10) == EVERYTHING
    assert windows(30, None) == EVERYTHING
    assert windows(5, 11) != EVERYTHING


def test_old_entries_are_found_where_the_newest_are_too_few(monkeypatch):
    """Two words that most texts have, but hardly one has both."""
    monkeypatch.setattr(finding, "MOST", 5)
    days = every(20, 80)
    texts = ["dân" if n % 2 else "vận" for n in range(len(days))]
    texts[70] = texts[77] = "dân vận"
    index_all(
        Content(Kind.ARTICLE, n, f"/{n}/", text, day)
        for n, (text, day) in enumerate(zip(texts, days, strict=True))
    )
    for newest_first in (False, True):
        found = answer(Asked(parse("dân vận"), newest_first=newest_first)).found
        addresses = SearchEntry.objects.in_bulk(found.keys)
        assert [addresses[key].address for key in found.keys] == ["/70/", "/77/"]
        assert found.total == 2
        assert not found.partial


def test_of_many_the_newest_are_counted(monkeypatch):
    monkeypatch.setattr(finding, "MOST", 6)
    days = every(9, 60)
    write(days)
    found = answer(Asked(parse("đảng bộ"), newest_first=True)).found
    shown = SearchEntry.objects.in_bulk(found.keys)
    assert [shown[key].day for key in found.keys] == days[:6]
    assert found.bounded
    assert sum(found.facets["year"].values()) == 7


def test_years_are_those_that_have_entries():
    write([date(2024, 1, 1), date(2020, 5, 5), date(2020, 12, 31)])
    assert years() == [2024, 2020]
