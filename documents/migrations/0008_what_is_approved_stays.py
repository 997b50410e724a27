from django.db import migrations

# What was approved stays as it was approved until it loses the approval (Action.VOID); what was
# public changes only inside a correction (documents/corrections.py says
# `SET LOCAL portal.correction = 'on'`), but for what follows from other rows and from its state.
# Maintenance (load_demo) says `SET LOCAL portal.maintenance = 'on'`.
FIXED = """
CREATE FUNCTION documents_may_change() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('portal.correction', true) = 'on', false)
        OR coalesce(current_setting('portal.maintenance', true) = 'on', false)
$$;

CREATE FUNCTION documents_document_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    movable text[] := ARRAY['state', 'unconfirmed', 'went_live_at', 'withdrawal_notice',
        'ended_on', 'ended_by', 'partly_ended_on', 'words'];
BEGIN
    IF OLD.state = 'approved' THEN
        IF NEW.state NOT IN ('approved', 'live', 'superseded')
            OR to_jsonb(NEW) - movable = to_jsonb(OLD) - movable
            OR documents_may_change() THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'An approved document stays as it was approved.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'document_approved_is_fixed';
    END IF;
    IF documents_may_change()
        OR to_jsonb(NEW) - movable = to_jsonb(OLD) - movable
        AND NEW.unconfirmed <= OLD.unconfirmed
        AND (NEW.state = OLD.state
             OR (OLD.state, NEW.state) IN (('live', 'withdrawn'), ('withdrawn', 'live'))) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A document that was public changes by a correction alone.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'document_changes_by_correction';
END $$;

-- Named so that it runs after document_standing, whose work it leaves alone.
CREATE TRIGGER document_text_fixed BEFORE UPDATE ON documents_document FOR EACH ROW
    WHEN (OLD.state IN ('approved', 'live', 'superseded', 'withdrawn'))
    EXECUTE FUNCTION documents_document_fixed();

CREATE FUNCTION documents_part_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- What readers do not see, or what is read late from a scan.
    late text[] := ARRAY['text', 'text_state', 'marking', 'cleared_by_id'];
    own text := CASE TG_TABLE_NAME WHEN 'documents_relation' THEN 'source_id'
        ELSE 'document_id' END;
    part jsonb := coalesce(to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF documents_may_change()
        OR TG_OP = 'UPDATE' AND to_jsonb(NEW) - late = to_jsonb(OLD) - late
        OR NOT EXISTS (
            SELECT FROM documents_document
            WHERE id IN ((part ->> own)::bigint, (to_jsonb(NEW) ->> own)::bigint)
                AND state IN ('approved', 'live', 'superseded', 'withdrawn')
        ) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'Relations, fields and files of an approved document are part of it.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'document_parts_are_fixed';
END $$;

CREATE TRIGGER parts_fixed BEFORE INSERT OR UPDATE OR DELETE ON documents_relation
    FOR EACH ROW EXECUTE FUNCTION documents_part_fixed();
CREATE TRIGGER parts_fixed BEFORE INSERT OR UPDATE OR DELETE ON documents_documentfile
    FOR EACH ROW EXECUTE FUNCTION documents_part_fixed();
CREATE TRIGGER parts_fixed BEFORE INSERT OR UPDATE OR DELETE ON documents_document_fields
    FOR EACH ROW EXECUTE FUNCTION documents_part_fixed();
"""
NOT_FIXED = """
DROP TRIGGER parts_fixed ON documents_document_fields;
DROP TRIGGER parts_fixed ON documents_documentfile;
DROP TRIGGER parts_fixed ON documents_relation;
DROP FUNCTION documents_part_fixed();
DROP TRIGGER document_text_fixed ON documents_document;
DROP FUNCTION documents_document_fixed();
DROP FUNCTION documents_may_change();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0007_corrections")]

    operations = [migrations.RunSQL(FIXED, NOT_FIXED)]
