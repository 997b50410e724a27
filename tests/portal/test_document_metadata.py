"""What the pages of documents tell search engines, link cards and readers of feeds."""

from datetime import date

import pytest

from portal.models import SiteSettings
from portal.structured_data import legislation
from tests.factories import make_cadre, make_document, make_issuer, make_relation, make_type
from tests.portal.head import SITE, assert_not_indexed, head_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = SITE
    return SiteSettings.objects.create(pk=1, name="Đảng bộ Khối", description="Trang tin.")


def test_a_document_describes_itself(client):
    issuer, kind = make_issuer("Tỉnh ủy Trà Vinh", slug="tinh-uy"), make_type("Chỉ thị")
    document = make_document(
        "24-CT/TU",
        type=kind,
        issuer=issuer,
        abstract="Về công tác dân vận",
        issued_on=date(2017, 6, 29),
    )
    head = head_of(client, document.get_absolute_url())
    address = SITE + document.get_absolute_url()
    assert head.link("canonical") == [address] == [head.meta["og:url"]]
    assert head.meta["og:title"] == "Chỉ thị số 24-CT/TU: Về công tác dân vận"
    told = "Về công tác dân vận (Chỉ thị của Tỉnh ủy Trà Vinh, ban hành ngày 29/06/2017)"
    assert head.meta["description"] == told
    assert [name for name, _ in head.trail] == ["Trang chủ", "Văn bản", "Chỉ thị số 24-CT/TU"]
    act = head.thing("Legislation")
    assert (act["legislationIdentifier"], act["legislationDate"]) == ("24-CT/TU", "2017-06-29")
    assert act["legislationType"] == "Chỉ thị"
    assert act["legislationPassedBy"] == {"@type": "Organization", "name": "Tỉnh ủy Trà Vinh"}
    assert act["legislationLegalForce"] == "https://schema.org/InForce"
    assert act["url"] == address


@pytest.mark.parametrize(
    ("dates", "force"),
    [
        ({"issued_on": date(2020, 1, 1)}, "InForce"),
        ({"effective_on": date(9999, 1, 1)}, "NotInForce"),
        ({"issued_on": date(2020, 1, 1), "expires_on": date(2021, 1, 1)}, "NotInForce"),
        ({}, None),
    ],
)
def test_the_force_of_a_document_is_told_only_where_it_is_known(dates, force):
    found = legislation(make_document(**dates), "Tên", "Mô tả").get("legislationLegalForce")
    assert found == (f"https://schema.org/{force}" if force else None)


def test_a_document_amended_since_is_partly_in_force():
    issuer = make_issuer()
    old = make_document(issuer=issuer, issued_on=date(2020, 1, 1))
    new = make_document(issuer=issuer, issued_on=date(2021, 1, 1))
    make_relation(source=new, kind="amends", target=old)
    old.refresh_from_db()
    found = legislation(old, "Tên", "Mô tả")["legislationLegalForce"]
    assert found == "https://schema.org/PartiallyInForce"


def test_a_document_offers_the_feeds_that_it_stands_in(client):
    issuer, kind = make_issuer(slug="tinh-uy"), make_type("Chỉ thị")
    document = make_document(issuer=issuer, type=kind)
    offered = head_of(client, document.get_absolute_url()).link("alternate")
    rss = [address for address in offered if address.startswith("/rss/")]
    assert rss == [
        "/rss/",
        "/rss/van-ban/",
        "/rss/van-ban/co-quan/tinh-uy/",
        f"/rss/van-ban/loai/{kind.slug}/",
    ]
    for address in offered:
        assert client.get(address).status_code == 200


def test_an_internal_document_tells_machines_nothing(client):
    document = make_document(visibility="internal", abstract="Kín đáo", issued_on=date(2020, 1, 1))
    client.force_login(make_cadre())
    head = head_of(client, document.get_absolute_url())
    assert_not_indexed(head)
    assert "Kín" not in head.meta["description"]


def test_the_list_of_documents_is_canonical_page_by_page(client):
    make_document()
    head = head_of(client, "/van-ban/")
    assert head.link("canonical") == [f"{SITE}/van-ban/"]
    assert head.meta["description"]
    assert head.trail == [("Trang chủ", "/"), ("Văn bản", "/van-ban/")]
    assert "/rss/van-ban/" in head.link("alternate")
    assert "robots" not in head.meta
    assert head_of(client, "/van-ban/?trang=1").link("canonical") == [f"{SITE}/van-ban/"]


@pytest.mark.parametrize("query", ["q=x", "hieu-luc=con-hieu-luc", "sap-xep=cu", "nam=2023"])
def test_a_filtered_list_of_documents_is_followed_but_not_indexed(client, query):
    make_document(issued_on=date(2023, 5, 1))
    head = head_of(client, f"/van-ban/?{query}")
    assert head.meta["robots"] == "noindex, follow"
    assert head.link("canonical") == []


def test_a_list_filtered_by_an_issuer_offers_its_feed(client):
    make_document(issuer=make_issuer("Tỉnh ủy", slug="tinh-uy"))
    offered = head_of(client, "/van-ban/?co-quan=tinh-uy&sap-xep=cu").link("alternate")
    assert "/rss/van-ban/co-quan/tinh-uy/" in offered
    assert all(client.get(address).status_code == 200 for address in offered)


def test_the_form_that_verifies_copies_is_listed_but_its_answers_are_not(client):
    head = head_of(client, "/van-ban/kiem-tra/")
    assert head.link("canonical") == [f"{SITE}/van-ban/kiem-tra/"]
    assert [name for name, _ in head.trail] == ["Trang chủ", "Văn bản", "Kiểm tra bản sao"]
    assert_not_indexed(head_of(client, f"/van-ban/kiem-tra/?sha256={'0' * 64}"))
    assert_not_indexed(head_of(client, "/van-ban/kiem-tra/?sha256=x", status=400))
