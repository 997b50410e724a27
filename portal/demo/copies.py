"""What copied articles cite and are like: as their models, and each like the copies beside it."""

from collections import Counter
from collections.abc import Sequence

from django.db import connection

from news import kin
from news.models import Citation, Edition

COLUMNS = ", ".join(
    str(field.column)
    for field in Citation._meta.concrete_fields
    if field.name not in ("id", "edition")
)
CITATIONS = f"""
    INSERT INTO news_citation (edition_id, {COLUMNS})
    SELECT copy.id, {COLUMNS}
    FROM unnest(%s::bigint[], %s::bigint[]) AS copy (id, model)
    JOIN news_citation ON edition_id = copy.model
"""
KEYWORDS = """
    INSERT INTO news_keyword (article_id, word)
    SELECT copy.id, word FROM unnest(%s::bigint[], %s::bigint[]) AS copy (id, model)
    JOIN news_keyword ON article_id = copy.model
"""
KIN = """
    INSERT INTO news_related (article_id, other_id, score)
    WITH pair AS (
        SELECT id, lag(id, place) OVER (PARTITION BY model, place ORDER BY id) AS other, place
        FROM unnest(%s::bigint[], %s::bigint[]) AS copy (id, model), generate_series(1, 4) AS place
    )
    SELECT id, other, 100 - place FROM pair WHERE other IS NOT NULL
    UNION ALL SELECT other, id, 100 - place FROM pair WHERE other IS NOT NULL
"""


def follow(copied: Sequence[tuple[int, int, Edition]]) -> None:
    """Store citations, keywords and kin of copies: the keys of edition and article, the model."""
    editions = [[edition, model.pk] for edition, _, model in copied]
    articles = [[article, model.article_id] for _, article, model in copied]
    with connection.cursor() as cursor:
        for statement, keys in ((CITATIONS, editions), (KEYWORDS, articles), (KIN, articles)):
            cursor.execute(statement, [list(column) for column in zip(*keys, strict=True)])
    models = {model.pk: model for _, _, model in copied}
    number: Counter[str] = Counter()
    for pk, copies in Counter(model.pk for _, _, model in copied).items():
        number.update(dict.fromkeys(kin.words(models[pk]), copies))
    kin.count(number)
