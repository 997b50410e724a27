"""What to read beside an article."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from news.models import Article, ArticleQuerySet

RELATED = 4


def alike(article: int | Combinable) -> ArticleQuerySet:
    """Return the published articles that the one of this id is most like (news/kin.py).

    The nearest first, the newer of equals.
    """
    kin = Article.objects.published().filter(kin_of__article=article)
    return kin.order_by("-kin_of__score", "-published_at", "-pk")


def with_surroundings(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Load what stands beside each of `articles` in the same query.

    `alike` has the ids of the articles that it is like, RELATED at most; `older` and `newer` are
    the next ones of its section, dicts of pk, slug and title, or None.
    """
    same = Article.objects.published().filter(section=OuterRef("section"))
    at, pk = OuterRef("published_at"), OuterRef("pk")
    # The first condition is the index's; the second settles equal moments.
    older = same.filter(published_at__lte=at).filter(Q(published_at__lt=at) | Q(pk__lt=pk))
    newer = same.filter(published_at__gte=at).filter(Q(published_at__gt=at) | Q(pk__gt=pk))
    return articles.annotate(
        alike=ArraySubquery(alike(OuterRef("pk")).values("pk")[:RELATED]),
        older=_first(older),
        newer=_first(newer.reverse()),
    )


def _first(articles: QuerySet[Article]) -> Subquery:
    shown: dict[str, Any] = {"pk": F("pk"), "slug": F("slug"), "title": F("live__title")}
    return Subquery(articles.values(shown=JSONObject(**shown))[:1])
