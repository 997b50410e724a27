"""`manage.py explain_pages`: every kind of public page, its statements, its budget."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal import budget
from portal.models import Page
from tests.factories import make_article, make_document, make_site

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("process_that_answered_before")]
NAMES = (
    "Trang chủ",
    "Tin tức",
    "Tháng",
    "Chuyên mục",
    "Bài viết",
    "Văn bản",
    "Tìm văn bản",
    "Một văn bản",
    "Trang tĩnh",
    "Thống kê",
    "RSS",
)


@pytest.fixture
def site():
    make_site()
    make_article()
    make_document()
    Page.objects.create(title="Giới thiệu", slug="gioi-thieu")


def printed(**options):
    output = StringIO()
    try:
        call_command("explain_pages", stdout=output, **options)
    except CommandError as error:
        output.write(f"{error}")
    return output.getvalue()


@pytest.mark.usefixtures("site")
def test_it_names_each_page_with_its_statements_and_its_budget():
    text = printed()
    lines = text.splitlines()
    for name in NAMES:
        (heading,) = (line for line in lines if line.startswith(f"{name}:"))
        assert "câu lệnh (ngân sách " in heading
        assert ": 0 câu lệnh" in heading or " ms  " in lines[lines.index(heading) + 1]
    assert "Tin tức, trang 50: chưa có trang /tin-tuc/?trang=50" in lines
    assert "VƯỢT" not in text
    assert "Seq Scan" not in text


@pytest.mark.usefixtures("site")
def test_a_page_over_its_budget_is_flagged_and_fails(monkeypatch):
    monkeypatch.setitem(budget.BUDGET, "article", 1)
    flagged = [line for line in printed().splitlines() if line.endswith("VƯỢT")]
    assert [line.partition(":")[0] for line in flagged] == ["Bài viết"]
    assert printed().endswith("Vượt ngân sách: Bài viết.")


@pytest.mark.usefixtures("site")
def test_plans_are_those_that_ran():
    text = printed(plans=True)
    assert text.count("Execution Time:") >= len(NAMES)


def test_an_empty_portal_has_its_lists_alone():
    text = printed()
    assert "Trang chủ: " in text
    assert "Bài viết: " not in text
