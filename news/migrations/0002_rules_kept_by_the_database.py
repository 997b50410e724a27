from django.db import migrations

# The live pointer names a live edition of the same article: a foreign key over all three facts.
# Deferred, since publication changes edition and article one after the other.
LIVE_POINTER = """
ALTER TABLE news_edition
    ADD CONSTRAINT edition_of_article_in_state UNIQUE (id, article_id, state);
ALTER TABLE news_article
    ADD COLUMN live_state varchar(12) GENERATED ALWAYS AS ('live') STORED,
    ADD CONSTRAINT article_live_is_its_own_live_edition
        FOREIGN KEY (live_id, id, live_state) REFERENCES news_edition (id, article_id, state)
        DEFERRABLE INITIALLY DEFERRED;
"""
NO_LIVE_POINTER = """
ALTER TABLE news_article
    DROP CONSTRAINT article_live_is_its_own_live_edition, DROP COLUMN live_state;
ALTER TABLE news_edition DROP CONSTRAINT edition_of_article_in_state;
"""

# Once published, an edition changes in its state alone: live -> superseded or withdrawn.
# Maintenance (load_demo --flush) says `SET LOCAL portal.maintenance = 'on'` to delete.
IMMUTABLE = """
CREATE FUNCTION news_edition_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('live', 'superseded', 'withdrawn') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    ELSIF TG_OP = 'DELETE' THEN
        IF current_setting('portal.maintenance', true) = 'on' THEN
            RETURN OLD;
        END IF;
    ELSIF to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state'
        AND (NEW.state = OLD.state
             OR OLD.state = 'live' AND NEW.state IN ('superseded', 'withdrawn')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A published edition never changes.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_immutable';
END $$;

CREATE TRIGGER edition_immutable BEFORE UPDATE OR DELETE ON news_edition
    FOR EACH ROW EXECUTE FUNCTION news_edition_immutable();
"""
MUTABLE = """
DROP TRIGGER edition_immutable ON news_edition;
DROP FUNCTION news_edition_immutable();
"""

# The parent is locked, so that it cannot become a child at the same moment.
TWO_LEVELS = """
CREATE FUNCTION news_category_two_levels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.parent_id IS NOT NULL AND (
        EXISTS (SELECT 1 FROM news_category WHERE parent_id = NEW.id)
        OR (SELECT parent_id FROM news_category WHERE id = NEW.parent_id FOR SHARE) IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'Categories have two levels.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'category_two_levels';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER category_two_levels BEFORE INSERT OR UPDATE OF parent_id ON news_category
    FOR EACH ROW EXECUTE FUNCTION news_category_two_levels();

CREATE FUNCTION news_category_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE news_article SET section_id = coalesce(NEW.parent_id, NEW.id)
        WHERE category_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER category_moved AFTER UPDATE OF parent_id ON news_category
    FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id)
    EXECUTE FUNCTION news_category_moved();
"""
ANY_LEVELS = """
DROP TRIGGER category_moved ON news_category;
DROP FUNCTION news_category_moved();
DROP TRIGGER category_two_levels ON news_category;
DROP FUNCTION news_category_two_levels();
"""

# Per statement, so that bulk loads are quick. Old and new months are locked first, in one order:
# two articles that change places between categories would deadlock otherwise. INSERT … ON CONFLICT cannot carry the
# negative numbers of a withdrawal past the check that counts stay positive, hence two steps.
MONTH_COUNTS = """
CREATE FUNCTION news_month(moment timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT date_trunc('month', moment AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
$$;

CREATE FUNCTION news_count_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM FROM news_monthcount AS counted
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

CREATE TRIGGER news_count_inserted AFTER INSERT ON news_article
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION news_count_months();
CREATE TRIGGER news_count_updated AFTER UPDATE ON news_article
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION news_count_months();
CREATE TRIGGER news_count_deleted AFTER DELETE ON news_article
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION news_count_months();
"""
UNCOUNTED = """
DROP TRIGGER news_count_deleted ON news_article;
DROP TRIGGER news_count_updated ON news_article;
DROP TRIGGER news_count_inserted ON news_article;
DROP FUNCTION news_count_months();
DROP FUNCTION news_month(timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("news", "0001_initial")]

    operations = [
        migrations.RunSQL(LIVE_POINTER, NO_LIVE_POINTER),
        migrations.RunSQL(IMMUTABLE, MUTABLE),
        migrations.RunSQL(TWO_LEVELS, ANY_LEVELS),
        migrations.RunSQL(MONTH_COUNTS, UNCOUNTED),
    ]
