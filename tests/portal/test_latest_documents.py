"""The block Văn bản mới, which stands on every page."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.publishing import move
from core.workflow import Action
from portal.context import LATEST_DOCUMENTS, latest_documents
from portal.models import Page
from tests.factories import (
    make_article,
    make_document,
    make_document_draft,
    make_issuer,
    make_relation,
    make_site,
)

pytestmark = pytest.mark.django_db


def signs():
    return [document.sign for document, _ in latest_documents()]


def limits():
    return {document.sign: limit for document, limit in latest_documents()}


def test_the_five_newest_by_date_of_issue_stand_in_it():
    for day in (3, 1, 7, 5, 2, 6, 4):
        make_document(f"{day}-KH/A", issued_on=date(2023, 5, day))
    assert signs() == ["7-KH/A", "6-KH/A", "5-KH/A", "4-KH/A", "3-KH/A"]


def test_only_what_everybody_may_read_stands_in_it():
    make_document_draft("1-KH/A")
    make_document("2-KH/A", visibility="internal")
    move(make_document("3-KH/A"), Action.WITHDRAW, reason="Nhầm.")
    make_document("4-KH/A")
    assert signs() == ["4-KH/A"]


def test_what_is_in_force_is_not_said_to_be():
    today = timezone.localdate()
    make_document("1-KH/A", issued_on=today)
    make_document("2-KH/A", issued_on=today, effective_on=today + timedelta(days=1))
    make_document("3-KH/A", issued_on=date(2020, 1, 1), expires_on=today)
    assert limits() == {"1-KH/A": "", "2-KH/A": "Chưa có hiệu lực", "3-KH/A": "Hết hiệu lực"}


def test_what_an_internal_document_replaces_is_told_without_its_cause():
    issuer = make_issuer()
    old = make_document("1-KH/A", issuer=issuer, issued_on=date(2020, 1, 1))
    new = make_document("2-KH/A", issuer=issuer, issued_on=date(2021, 1, 1), visibility="internal")
    make_relation(source=new, kind="replaces", target=old)
    assert limits() == {"1-KH/A": "Hết hiệu lực"}


@pytest.mark.parametrize("path", ["/", "/tin-tuc/", "/gioi-thieu/", "/khong-co/", "/dang-nhap/"])
def test_it_stands_once_on_every_kind_of_page(client, path):
    Page.objects.create(title="Giới thiệu", slug="gioi-thieu")
    document = make_document("24-CT/TU", abstract="Về <công tác> dân vận")
    page = client.get(path).content.decode()
    assert page.count('id="van-ban-moi"') == 1
    assert page.count(document.get_absolute_url()) == 1
    assert "Về &lt;công tác&gt; dân vận" in page


def test_it_stands_on_articles_categories_months_and_beside_a_withdrawal(client):
    make_document()
    article = make_article()
    month = f"/tin-tuc/{timezone.localtime(article.published_at):%Y/%m}/".replace("/0", "/")
    for path in (article.get_absolute_url(), article.category.get_absolute_url(), month):
        assert client.get(path).content.decode().count('id="van-ban-moi"') == 1
    move(article.live, Action.WITHDRAW, reason="Sai.")
    gone = client.get(article.get_absolute_url())
    assert gone.status_code == 410
    assert gone.content.decode().count('id="van-ban-moi"') == 1


def test_its_search_goes_to_the_list_of_documents(client):
    make_document()
    page = client.get("/").content.decode()
    assert '<form class="field" action="/van-ban/" role="search"' in page
    assert "Số, ký hiệu hoặc từ khóa" in page
    assert 'name="q"' in page


def test_a_portal_without_documents_has_no_empty_block(client):
    assert "van-ban-moi" not in client.get("/").content.decode()


def test_it_costs_one_query(client, django_assert_num_queries):
    for _ in range(LATEST_DOCUMENTS + 1):
        make_document()
    with django_assert_num_queries(1):
        for document, _ in latest_documents():
            assert document.get_absolute_url()


def test_answers_without_a_page_do_not_ask_for_it(client, django_assert_num_queries):
    make_site()
    make_document()
    with django_assert_num_queries(2):  # what is due, the settings
        client.get("/site.webmanifest")
