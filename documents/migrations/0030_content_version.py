from django.db import migrations

# Files, fields and relations are seen with the document that they belong to.
PARTS = """
CREATE FUNCTION documents_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whole bigint;
BEGIN
    IF TG_TABLE_NAME = 'documents_relation' THEN
        whole := coalesce(NEW.source_id, OLD.source_id);
    ELSE
        whole := coalesce(NEW.document_id, OLD.document_id);
    END IF;
    IF EXISTS (
        SELECT FROM documents_document
        WHERE id = whole AND state = 'live' AND visibility = 'public'
    ) THEN
        PERFORM core_note_content();
    END IF;
    RETURN NULL;
END $$;
"""
NO_PARTS = "DROP FUNCTION documents_part_changed();"

# What follows from relations is written again, mostly as it was, with each of them.
TRIGGERS = """
CREATE TRIGGER content_changed AFTER UPDATE ON documents_document FOR EACH ROW
    WHEN ((OLD.state = 'live' AND OLD.visibility = 'public'
            OR NEW.state = 'live' AND NEW.visibility = 'public')
        AND OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_added AFTER INSERT ON documents_document FOR EACH ROW
    WHEN (NEW.state = 'live' AND NEW.visibility = 'public')
    EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_removed AFTER DELETE ON documents_document FOR EACH ROW
    WHEN (OLD.state = 'live' AND OLD.visibility = 'public')
    EXECUTE FUNCTION core_content_changed();

CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON documents_documentfile
    FOR EACH ROW EXECUTE FUNCTION documents_part_changed();
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON documents_document_fields
    FOR EACH ROW EXECUTE FUNCTION documents_part_changed();
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON documents_relation
    FOR EACH ROW EXECUTE FUNCTION documents_part_changed();

CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON documents_documenttype
    FOR EACH ROW EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON documents_issuer
    FOR EACH ROW EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON documents_field
    FOR EACH ROW EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON documents_signer
    FOR EACH ROW EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE ON documents_tally
    FOR EACH ROW WHEN (NOT NEW.internal) EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_removed AFTER DELETE ON documents_tally
    FOR EACH ROW WHEN (NOT OLD.internal) EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON documents_tallyday
    FOR EACH ROW EXECUTE FUNCTION core_content_changed();
"""
NO_TRIGGERS = """
DROP TRIGGER content_changed ON documents_document;
DROP TRIGGER content_added ON documents_document;
DROP TRIGGER content_removed ON documents_document;
DROP TRIGGER content_changed ON documents_documentfile;
DROP TRIGGER content_changed ON documents_document_fields;
DROP TRIGGER content_changed ON documents_relation;
DROP TRIGGER content_changed ON documents_documenttype;
DROP TRIGGER content_changed ON documents_issuer;
DROP TRIGGER content_changed ON documents_field;
DROP TRIGGER content_changed ON documents_signer;
DROP TRIGGER content_changed ON documents_tally;
DROP TRIGGER content_removed ON documents_tally;
DROP TRIGGER content_changed ON documents_tallyday;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0008_what_is_approved_stays"), ("core", "0030_content_version")]

    operations = [
        migrations.RunSQL(PARTS, NO_PARTS),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
