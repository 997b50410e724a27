from django.db import migrations

# Of an article, what the newsroom does to its drafts is no news to readers.
TRIGGERS = """
CREATE TRIGGER content_changed AFTER UPDATE ON news_article FOR EACH ROW
    WHEN ((OLD.live_id IS NOT NULL OR NEW.live_id IS NOT NULL)
        AND to_jsonb(OLD) - 'worked_at' IS DISTINCT FROM to_jsonb(NEW) - 'worked_at')
    EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_added AFTER INSERT ON news_article FOR EACH ROW
    WHEN (NEW.live_id IS NOT NULL) EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_removed AFTER DELETE ON news_article FOR EACH ROW
    WHEN (OLD.live_id IS NOT NULL) EXECUTE FUNCTION core_content_changed();

CREATE TRIGGER content_changed AFTER UPDATE ON news_edition FOR EACH ROW
    WHEN (OLD.state IN ('live', 'superseded') OR NEW.state IN ('live', 'superseded'))
    EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_added AFTER INSERT ON news_edition FOR EACH ROW
    WHEN (NEW.state IN ('live', 'superseded')) EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_removed AFTER DELETE ON news_edition FOR EACH ROW
    WHEN (OLD.state IN ('live', 'superseded')) EXECUTE FUNCTION core_content_changed();

CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON news_category
    FOR EACH ROW EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON news_unit
    FOR EACH ROW EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON news_monthcount
    FOR EACH ROW EXECUTE FUNCTION core_content_changed();

CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON news_related
    FOR EACH ROW EXECUTE FUNCTION core_content_changed();
CREATE FUNCTION news_citation_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM news_edition
        WHERE id IN (OLD.edition_id, NEW.edition_id) AND state = 'live'
    ) THEN
        PERFORM core_note_content();
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON news_citation
    FOR EACH ROW EXECUTE FUNCTION news_citation_changed();
"""
NO_TRIGGERS = """
DROP TRIGGER content_changed ON news_article;
DROP TRIGGER content_added ON news_article;
DROP TRIGGER content_removed ON news_article;
DROP TRIGGER content_changed ON news_edition;
DROP TRIGGER content_added ON news_edition;
DROP TRIGGER content_removed ON news_edition;
DROP TRIGGER content_changed ON news_category;
DROP TRIGGER content_changed ON news_unit;
DROP TRIGGER content_changed ON news_monthcount;
DROP TRIGGER content_changed ON news_related;
DROP TRIGGER content_changed ON news_citation;
DROP FUNCTION news_citation_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("news", "0020_citations_and_kin"), ("core", "0030_content_version")]

    operations = [migrations.RunSQL(TRIGGERS, NO_TRIGGERS)]
