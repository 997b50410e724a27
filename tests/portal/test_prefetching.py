"""Which pages let browsers fetch ahead what they link to, and by which rules."""

import pytest
from django.test import Client

from tests.factories import make_cadre

pytestmark = pytest.mark.django_db

RULES = "/static/prefetch.speculationrules"


@pytest.mark.parametrize("address", ["/", "/tin-tuc/", "/van-ban/", "/thong-ke/"])
def test_pages_for_everybody_name_rules_that_browsers_believe(client, address):
    assert client.get(address).headers["Speculation-Rules"] == f'"{RULES}"'
    rules = client.get(RULES)
    rules.close()
    assert rules.headers["Content-Type"] == "application/speculationrules+json"


def test_nothing_else_does(client):
    cadre = Client()
    cadre.force_login(make_cadre())
    answers = [
        *map(client.get, ("/rss/", "/dang-nhap/", "/quan-tri/login/", "/khong-co/")),
        cadre.get("/van-ban/"),
    ]
    assert [answer.headers.get("Speculation-Rules") for answer in answers] == [None] * 5
