"""SQL of the search, planned once a connection: how much of it is kept."""

import pytest
from django.db import connection

from core.prepared import prepared
from core.search.planning import MOST, planned_once
from news.models import Category

pytestmark = pytest.mark.django_db


@prepared
def every_category():
    return Category.objects.order_by("pk")


def test_a_connection_keeps_so_many_plans_whatever_is_asked():
    assert list(every_category()) == []
    for number in range(3 * MOST):
        assert planned_once(f"SELECT {number} + %(one)s", {"one": 1}) == [(number + 1,)]
        assert planned_once("SELECT %(text)s::text", {"text": "đảng"}) == [("đảng",)]
        assert list(every_category()) == []
        kept = planned_once("SELECT count(*) FROM pg_prepared_statements", {})[0][0]
        assert kept <= MOST + 1
    assert connection.is_usable()
