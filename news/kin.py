"""Articles about the same things, found when one is published.

An article is told by its keywords: pairs of adjacent syllables (Vietnamese words mostly are such)
and signs of documents, those first that are many in it and rare elsewhere. Kin share keywords; the
rarer, the more it counts. However many articles there are, each keyword is followed to its newest
NEWEST alone, so that the work is bounded.
"""

import math
import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from django.db import connection, models, transaction
from django.db.models import Q

from core.text import fold, plain_text
from documents import signs
from news.sections import MonthCount

if TYPE_CHECKING:
    from news.models import Edition

KEYWORDS = 24
NEWEST = 100
KEPT = 12
# Fewer have too little in common to be called kin.
SHARED = 3
_READ_WORDS = 500
_LONGEST_WORD = 40
_WEIGHTS = {"title": 4, "summary": 2, "body": 1}
_PHRASE = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
# What is rarer than this tells no more.
_RAREST = 3
# What stands oftener in a text is no more its subject.
_MANY = 6


class Word(models.Model):
    """In how many articles a word occurs (pairs of syllables, signs); never counted down."""

    word = models.CharField(max_length=_LONGEST_WORD, primary_key=True)
    articles = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.word


class Keyword(models.Model):
    """One of the words that tell the live text of an article from others."""

    article = models.ForeignKey("news.Article", on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=_LONGEST_WORD)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("word", "article"), name="keyword_once"),)

    def __str__(self) -> str:
        return self.word


class Related(models.Model):
    """That `article` and `other` are alike, by `score`; stored for both.

    The database does not look up the articles of a row: it would lock those of other people, who
    may be waiting for ours.
    """

    article = models.ForeignKey(
        "news.Article", on_delete=models.CASCADE, related_name="kin", db_constraint=False
    )
    other = models.ForeignKey(
        "news.Article", on_delete=models.CASCADE, related_name="kin_of", db_constraint=False
    )
    score = models.FloatField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("article", "other"), name="related_once"),
            models.CheckConstraint(
                name="related_to_another", condition=~Q(article=models.F("other"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.article_id}, {self.other_id}"


@transaction.atomic
def find(*editions: "Edition") -> None:
    """Store the keywords of `editions`, which go live, and which articles theirs are like."""
    counts = {edition.article_id: words(edition) for edition in editions}
    own = Keyword.objects.filter(article__in=counts)
    _wait_for_turn()
    known = set(own.order_by().values_list("article", flat=True).distinct())
    count(Counter(word for new in counts.keys() - known for word in counts[new]))
    every = {word for found in counts.values() for word in found}
    common = dict(Word.objects.filter(pk__in=every).values_list("word", "articles"))
    total = _articles()
    kept = {article: keywords(found, common, total) for article, found in counts.items()}
    own.delete()
    Keyword.objects.bulk_create(
        Keyword(article_id=article, word=word) for article, found in kept.items() for word in found
    )
    Related.objects.filter(Q(article__in=counts) | Q(other__in=counts)).delete()
    with connection.cursor() as cursor:
        for article, found in kept.items():
            cursor.execute(RELATE, [[*found], [*found.values()], article])
            cursor.execute(PRUNE, [article])


def count(more: Counter[str]) -> None:
    """Note in how many `more` articles each word occurs."""
    if more:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [[*more], [*more.values()]])


# A same section and a later day decide between equals: the score is rounded for it.
RELATE = f"""
WITH alike AS (
    SELECT keyword.article_id, round(sum(mine.worth)::numeric, 1) AS score
    FROM unnest(%s::text[], %s::float[]) AS mine (word, worth)
    CROSS JOIN LATERAL (
        SELECT article_id FROM news_keyword
        WHERE news_keyword.word = mine.word ORDER BY article_id DESC LIMIT {NEWEST}
    ) AS keyword
    GROUP BY keyword.article_id HAVING count(*) >= {SHARED}
), best AS (
    SELECT own.id AS own, other.id AS other,
        alike.score + CASE WHEN other.section_id = own.section_id THEN 0.01 ELSE 0 END AS score
    FROM alike
    JOIN news_article AS other ON other.id = alike.article_id AND other.live_id IS NOT NULL
    JOIN news_article AS own ON own.id = %s AND own.id <> other.id
    ORDER BY 3 DESC, other.published_at DESC, other.id DESC LIMIT {KEPT}
)
INSERT INTO news_related (article_id, other_id, score)
SELECT own, other, score FROM best UNION ALL SELECT other, own, score FROM best
ON CONFLICT DO NOTHING
"""
# Those that have found a nearer kin lose their farthest. Arrays, since PostgreSQL would join row by
# row while it still thinks the table empty: seconds for each article of a first import.
PRUNE = f"""
DELETE FROM news_related WHERE id = ANY(ARRAY(
    SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY article_id ORDER BY score DESC, id DESC) AS place
        FROM news_related
        WHERE article_id = ANY(ARRAY(SELECT article_id FROM news_related WHERE other_id = %s))
    ) AS ranked
    WHERE place > {KEPT}
))
"""
COUNT = """
INSERT INTO news_word (word, articles) SELECT * FROM unnest(%s::text[], %s::int[]) ORDER BY 1
ON CONFLICT (word) DO UPDATE SET articles = news_word.articles + excluded.articles
"""


def _wait_for_turn() -> None:
    """One article after another until commit: two might find each other, and count one word."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x6B69_6E])


def _articles() -> int:
    return MonthCount.objects.aggregate(total=models.Sum("articles"))["total"] or 0


def words(edition: "Edition") -> Counter[str]:
    """Return the words of `edition`, each with its weight there."""
    counts: Counter[str] = Counter()
    for name, weight in _WEIGHTS.items():
        text = plain_text(getattr(edition, name))
        for found in signs.find(text):
            counts[signs.key(found.sign)[:_LONGEST_WORD]] += weight
        text = " ".join(text.split(" ", _READ_WORDS)[:_READ_WORDS])
        for phrase in _PHRASE.findall(fold(text)):
            syllables = phrase.split()
            for pair in pairwise(syllables):
                counts[" ".join(pair)[:_LONGEST_WORD]] += weight
    return counts


def keywords(counts: Counter[str], known: dict[str, int], articles: int) -> dict[str, float]:
    """Return the KEYWORDS most telling words of `counts`, each with what it is worth when shared.

    `known` says in how many of the `articles` each occurs.
    """
    worth = {word: math.log(1 + articles / max(known.get(word, 1), _RAREST)) for word in counts}
    telling = sorted(counts, key=lambda word: (-min(counts[word], _MANY) * worth[word], word))
    return {word: worth[word] for word in telling[:KEYWORDS]}
