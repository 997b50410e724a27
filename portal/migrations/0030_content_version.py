from django.db import migrations

TRIGGERS = """
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON portal_sitesettings
    FOR EACH ROW EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON portal_menuitem
    FOR EACH ROW EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON portal_weblink
    FOR EACH ROW EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON portal_page
    FOR EACH ROW EXECUTE FUNCTION core_content_changed();
"""
NO_TRIGGERS = """
DROP TRIGGER content_changed ON portal_sitesettings;
DROP TRIGGER content_changed ON portal_menuitem;
DROP TRIGGER content_changed ON portal_weblink;
DROP TRIGGER content_changed ON portal_page;
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0020_search"), ("core", "0030_content_version")]

    operations = [migrations.RunSQL(TRIGGERS, NO_TRIGGERS)]
