from django.db import migrations

# core/migrations/0004 says how.
FORWARD = """
CREATE TRIGGER page_uses AFTER INSERT OR UPDATE OF body OR DELETE ON portal_page
    FOR EACH ROW EXECUTE FUNCTION core_note_uses();
SELECT core_note_uses_of('portal_page', id, body, NULL) FROM portal_page;
"""
BACKWARD = """
DROP TRIGGER page_uses ON portal_page;
DELETE FROM core_photouse WHERE kind = 'portal_page';
DELETE FROM core_videouse WHERE kind = 'portal_page';
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0003_accounts"), ("core", "0004_photos_and_videos")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
