"""What to read beside an article."""

from typing import Any

from django.db.models import Q

from news.models import Article


def related(article: Article, limit: int = 4) -> list[Article]:
    """Return up to `limit` published articles that `article` is most like (news/kin.py).

    One query; the newer of equals first.
    """
    alike = Article.objects.published().filter(kin_of__article=article)
    return list(alike.for_cards().order_by("-kin_of__score", "-published_at", "-pk")[:limit])


def neighbours(article: Article) -> dict[str, dict[str, Any]]:
    """Return the next older and next newer article of the section: {"older": …, "newer": …}.

    Each is a dict of pk, slug and title; a missing one is left out. One query.
    """
    same = Article.objects.published().filter(section=article.section_id).order_by()
    at, pk = article.published_at, article.pk
    columns = ("published_at", "pk", "slug", "live__title")
    # The first condition is the index's; the second settles equal moments.
    older = same.filter(published_at__lte=at).filter(Q(published_at__lt=at) | Q(pk__lt=pk))
    newer = same.filter(published_at__gte=at).filter(Q(published_at__gt=at) | Q(pk__gt=pk))
    rows = (
        older.order_by("-published_at", "-pk")
        .values(*columns)[:1]
        .union(newer.order_by("published_at", "pk").values(*columns)[:1])
    )
    here = (at, pk)
    return {"older" if (row["published_at"], row["pk"]) < here else "newer": row for row in rows}
