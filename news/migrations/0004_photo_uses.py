from django.db import migrations

# core/migrations/0004 says how. An edition is written often and its text changes seldom.
FORWARD = """
CREATE TRIGGER edition_uses_inserted AFTER INSERT OR DELETE ON news_edition
    FOR EACH ROW EXECUTE FUNCTION core_note_uses('lead_photo_id');
CREATE TRIGGER edition_uses_updated AFTER UPDATE OF body, lead_photo_id ON news_edition
    FOR EACH ROW
    WHEN (OLD.body IS DISTINCT FROM NEW.body OR OLD.lead_photo_id IS DISTINCT FROM NEW.lead_photo_id)
    EXECUTE FUNCTION core_note_uses('lead_photo_id');
SELECT core_note_uses_of('news_edition', id, body, lead_photo_id) FROM news_edition;
"""
BACKWARD = """
DROP TRIGGER edition_uses_updated ON news_edition;
DROP TRIGGER edition_uses_inserted ON news_edition;
DELETE FROM core_photouse WHERE kind = 'news_edition';
DELETE FROM core_videouse WHERE kind = 'news_edition';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("news", "0002_rules_kept_by_the_database"),
        ("core", "0004_photos_and_videos"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
