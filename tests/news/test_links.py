from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from news.links import LinkCheck, check, is_external
from tests.factories import make_article, make_draft

DEAD = "http://khong-co.invalid/bai"
PRIVATE = "http://192.168.1.1/"


def link_to(url):
    return f'<p><a href="{url}">Xem bài</a></p>'


@pytest.mark.django_db(transaction=True)
def test_links_of_what_is_live_or_in_work_are_tried_and_remembered():
    make_article(body=link_to(DEAD), source_name="Báo Trà Vinh", source_url="http://bao.invalid/1")
    make_draft(body=link_to(f"{PRIVATE}?a=1&amp;b=2"))
    out = StringIO()
    call_command("check_links", "--once", stdout=out)
    assert "3 liên kết" in out.getvalue()
    tried = LinkCheck.objects.dead().values_list("url", flat=True)
    assert set(tried) == {DEAD, "http://bao.invalid/1", f"{PRIVATE}?a=1&b=2"}
    assert check() == 0  # a week has not passed


@pytest.mark.django_db(transaction=True)
def test_a_link_is_tried_again_after_a_week_and_forgotten_with_its_text():
    make_draft(body=link_to(DEAD))
    long_ago = timezone.now() - timedelta(days=8)
    LinkCheck.objects.create(url=DEAD, status=200, checked_at=long_ago)
    LinkCheck.objects.create(url="http://gone.invalid/", status=200, checked_at=long_ago)
    assert check() == 1
    assert [(link.url, link.status) for link in LinkCheck.objects.all()] == [(DEAD, 0)]


@pytest.mark.django_db
def test_a_result_has_its_moment():
    with pytest.raises(IntegrityError, match="link_check_has_a_moment"), transaction.atomic():
        LinkCheck.objects.create(url=DEAD, status=200)


@pytest.mark.parametrize(
    ("href", "answer"),
    [
        ("https://nhandan.vn/bai", True),
        ("/tin-tuc/", False),
        ("mailto:a@b.vn", False),
        ("http://[", False),
        ("https://portal.example/tin-tuc/", False),
    ],
)
def test_a_link_to_another_site_is_external(href, answer, settings):
    settings.SITE_URL = "https://portal.example"
    assert is_external(href) == answer
