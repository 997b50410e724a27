import django.utils.timezone
from django.db import migrations, models

# Only an open edition is work in hand. An article that is just being inserted has none yet.
FORWARD = """
CREATE FUNCTION news_worked_at() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    written timestamptz;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT updated_at INTO written FROM news_edition
        WHERE article_id = NEW.id AND state IN ('draft', 'submitted', 'returned', 'approved');
    END IF;
    NEW.worked_at := coalesce(written, NEW.withdrawn_at, NEW.published_at, NEW.created_at);
    RETURN NEW;
END $$;

CREATE TRIGGER article_worked_at
    BEFORE INSERT OR UPDATE OF worked_at, withdrawn_at, published_at ON news_article
    FOR EACH ROW EXECUTE FUNCTION news_worked_at();

CREATE FUNCTION news_note_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE news_article SET worked_at = worked_at
    WHERE id = coalesce(NEW.article_id, OLD.article_id);
    RETURN NULL;
END $$;

CREATE TRIGGER edition_work_begun AFTER INSERT ON news_edition
    FOR EACH ROW WHEN (NEW.state IN ('draft', 'submitted', 'returned', 'approved'))
    EXECUTE FUNCTION news_note_work();
CREATE TRIGGER edition_work_noted AFTER UPDATE OF state, updated_at ON news_edition
    FOR EACH ROW WHEN (OLD.state IN ('draft', 'submitted', 'returned', 'approved'))
    EXECUTE FUNCTION news_note_work();
CREATE TRIGGER edition_work_dropped AFTER DELETE ON news_edition
    FOR EACH ROW WHEN (OLD.state IN ('draft', 'submitted', 'returned', 'approved'))
    EXECUTE FUNCTION news_note_work();

SET CONSTRAINTS ALL IMMEDIATE;
UPDATE news_article SET worked_at = worked_at;

-- Lists and searches read all of an edition but its body: it lies apart when it is long.
ALTER TABLE news_edition SET (toast_tuple_target = 256);
"""
BACKWARD = """
ALTER TABLE news_edition RESET (toast_tuple_target);
DROP TRIGGER edition_work_dropped ON news_edition;
DROP TRIGGER edition_work_noted ON news_edition;
DROP TRIGGER edition_work_begun ON news_edition;
DROP FUNCTION news_note_work();
DROP TRIGGER article_worked_at ON news_article;
DROP FUNCTION news_worked_at();
"""

# As migration 0002 says it, but for what stands at %s.
COUNTS = """
CREATE OR REPLACE FUNCTION news_count_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
%s        PERFORM FROM news_monthcount AS counted
        WHERE (counted.category_id, counted.month) IN (
            SELECT category_id, news_month(published_at) FROM old_rows WHERE live_id IS NOT NULL
            UNION
            SELECT category_id, news_month(published_at) FROM new_rows WHERE live_id IS NOT NULL
        )
        ORDER BY counted.category_id, counted.month FOR UPDATE;
    END IF;
    IF TG_OP IN ('UPDATE', 'DELETE') THEN
        UPDATE news_monthcount AS counted SET articles = counted.articles - gone.n
        FROM (
            SELECT category_id, news_month(published_at) AS month, count(*) AS n
            FROM old_rows WHERE live_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
        ) AS gone
        WHERE counted.category_id = gone.category_id AND counted.month = gone.month;
    END IF;
    IF TG_OP IN ('UPDATE', 'INSERT') THEN
        INSERT INTO news_monthcount AS counted (category_id, month, articles)
        SELECT category_id, news_month(published_at), count(*)
        FROM new_rows WHERE live_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (category_id, month)
            DO UPDATE SET articles = counted.articles + EXCLUDED.articles;
    END IF;
    RETURN NULL;
END $$;
"""
# Work on an edition is no news to the months: their rows stay unlocked.
UNCHANGED = """        IF NOT EXISTS (
            SELECT FROM old_rows JOIN new_rows USING (id)
            WHERE (old_rows.category_id, old_rows.live_id, old_rows.published_at)
                IS DISTINCT FROM (new_rows.category_id, new_rows.live_id, new_rows.published_at)
        ) THEN
            RETURN NULL;
        END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("news", "0007_link_checks")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="worked_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="làm lúc"
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                models.OrderBy(models.F("worked_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="article_worked",
            ),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(
                models.F("article"),
                condition=models.Q(
                    (
                        "state__in",
                        ("draft", "submitted", "returned", "approved", "live", "withdrawn"),
                    )
                ),
                include=("state", "created_by", "unit", "category"),
                name="edition_concerns",
            ),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(
                models.OrderBy(models.F("went_live_at"), descending=True),
                condition=models.Q(("state", "live")),
                name="edition_newest",
            ),
        ),
        migrations.RunSQL(COUNTS % UNCHANGED, COUNTS % ""),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
