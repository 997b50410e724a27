"""Querysets whose SQL is written and planned once."""

import threading
from datetime import timedelta

import psycopg2
import pytest
from django.db import DataError, connection, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from core.prepared import prepared
from core.search.planning import planned_once
from news.models import Article, Category
from tests.factories import make_article, make_category, make_photo

pytestmark = pytest.mark.django_db


@prepared
def whole(pk):
    return Article.objects.for_page().filter(pk=pk)


@prepared
def titles(section, before):
    found = Article.objects.published().filter(section=section, published_at__lt=before)
    return found.values_list("live__title", flat=True)[:2]


@prepared
def every_category():
    return Category.objects.order_by("pk")


@prepared
def either(one, other):
    first, second = (Article.objects.order_by().filter(pk=pk) for pk in (one, other))
    return first.values("pk", "slug").union(second.values("pk", "slug"))


@prepared
def with_newest(name):
    newest = Article.objects.published().filter(category=OuterRef("pk")).values("pk")
    return Category.objects.filter(name=name).annotate(newest=Subquery(newest[:1]))


def test_objects_come_with_all_that_the_queryset_selects(django_assert_num_queries):
    article = make_article("Chào cờ", lead_photo=make_photo(), category=make_category("Tin"))
    with django_assert_num_queries(1):
        [found] = whole(article.pk)
        assert (found, found.live.title, found.category.name) == (article, "Chào cờ", "Tin")
        assert found.live.lead_photo.srcset


def test_each_call_has_its_own_arguments():
    one, other = make_article(), make_article()
    assert [list(whole(pk)) for pk in (one.pk, other.pk, 0)] == [[one], [other], []]


def test_values_slices_moments_and_unions_are_as_in_any_queryset():
    section, now = make_category(), timezone.now()
    days = [now - timedelta(days=day) for day in (3, 2, 1)]
    articles = [make_article(f"{at:%d}", category=section, at=at) for at in days]
    expected = [f"{at:%d}" for at in days[1::-1]]
    assert list(titles(section.pk, days[2])) == expected
    pks = {row["pk"] for row in either(articles[0].pk, articles[1].pk)}
    assert pks == {article.pk for article in articles[:2]}
    assert [found.newest for found in with_newest(section.name)] == [articles[2].pk]
    assert list(every_category()) == [section]


def test_an_argument_is_a_value_whatever_it_says():
    make_category("Tin")
    for name in ("'; DROP TABLE news_article; --", "%s", "$1", "\\'", "Tin' OR '1'='1"):
        assert list(with_newest(name)) == []
    assert len(list(with_newest("Tin"))) == 1


def test_postgresql_plans_it_once_for_a_connection():
    for _ in range(3):
        list(every_category())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE name = %s",
            [every_category.name],
        )
        [[plans]] = cursor.fetchall()
    assert plans >= 3


def test_who_looks_at_the_queries_sees_them(django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        list(whole(7))
    assert queries[0]["sql"].startswith("SELECT")
    assert '"news_article"."id" = 7' in queries[0]["sql"]


def test_a_failure_is_one_of_the_database_and_the_next_question_is_answered():
    article = make_article()
    with pytest.raises(DataError), transaction.atomic():
        list(whole(2**63))
    assert list(whole(article.pk)) == [article]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_prepares_anew_and_threads_do_not_share():
    article = make_article()
    assert list(whole(article.pk)) == [article]
    connection.close()
    assert list(whole(article.pk)) == [article]
    found = []

    def ask():
        try:
            found.extend(whole(article.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [article] * 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "ask",
    [lambda: list(every_category()), lambda: planned_once("SELECT 1", {})],
    ids=["a queryset", "SQL of the search"],
)
def test_a_restart_of_the_database_is_not_noticed(ask):
    expected = ask()
    with psycopg2.connect(**connection.get_connection_params()) as other, other.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid]
        )
    other.close()
    connection.health_check_done = False  # a new request begins
    assert ask() == expected
