from django.db import migrations

# Whatever moves a document or relates two takes this lock first, so that two clerks can neither
# close a circle between them nor wait for each other's rows.
LOCK = """
CREATE FUNCTION documents_lock() RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtext('documents'))
$$;
CREATE FUNCTION documents_try_lock() RETURNS boolean LANGUAGE sql AS $$
    SELECT pg_try_advisory_xact_lock(hashtext('documents'))
$$;
"""
NO_LOCK = "DROP FUNCTION documents_try_lock(); DROP FUNCTION documents_lock();"

ISSUERS = """
CREATE FUNCTION documents_issuer_acyclic() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM documents_lock();
    IF EXISTS (
        WITH RECURSIVE above (id) AS (
            SELECT NEW.superior_id
            UNION
            SELECT superior_id FROM documents_issuer JOIN above USING (id)
        ) SELECT FROM above WHERE id = NEW.id
    ) OR EXISTS (
        WITH RECURSIVE later (id) AS (
            SELECT NEW.successor_id
            UNION
            SELECT successor_id FROM documents_issuer JOIN later USING (id)
        ) SELECT FROM later WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'Issuers stand in a circle.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'issuer_acyclic';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER issuer_acyclic BEFORE INSERT OR UPDATE OF superior_id, successor_id
    ON documents_issuer FOR EACH ROW EXECUTE FUNCTION documents_issuer_acyclic();
"""
NO_ISSUERS = """
DROP TRIGGER issuer_acyclic ON documents_issuer;
DROP FUNCTION documents_issuer_acyclic();
"""

# Authority over what a body issued: the body itself, its successors, those above any of them.
RELATIONS = """
CREATE FUNCTION documents_has_authority(actor bigint, issuer bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE entitled (id) AS (
        SELECT issuer
        UNION
        SELECT next.id
        FROM entitled
        JOIN documents_issuer AS body ON body.id = entitled.id
        CROSS JOIN LATERAL (VALUES (body.superior_id), (body.successor_id)) AS next (id)
        WHERE next.id IS NOT NULL
    ) SELECT EXISTS (SELECT FROM entitled WHERE id = actor)
$$;

CREATE FUNCTION documents_relation_lawful() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM documents_lock();
    IF EXISTS (
        WITH RECURSIVE reached (id) AS (
            SELECT NEW.target_id
            UNION
            SELECT other.target_id
            FROM documents_relation AS other JOIN reached ON other.source_id = reached.id
            WHERE other.id <> NEW.id
        ) SELECT FROM reached WHERE id = NEW.source_id
    ) THEN
        RAISE EXCEPTION 'Relations form a circle.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'relation_acyclic';
    END IF;
    IF NEW.kind <> 'guides' AND NOT coalesce(documents_has_authority(
        (SELECT issuer_id FROM documents_document WHERE id = NEW.source_id),
        (SELECT issuer_id FROM documents_document WHERE id = NEW.target_id)
    ), false) THEN
        RAISE EXCEPTION 'The issuer has no authority over the other document.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'relation_authority';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER relation_lawful BEFORE INSERT OR UPDATE ON documents_relation
    FOR EACH ROW EXECUTE FUNCTION documents_relation_lawful();

CREATE FUNCTION documents_issuer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE documents_relation SET kind = kind WHERE NEW.id IN (source_id, target_id);
    RETURN NULL;
END $$;

CREATE TRIGGER issuer_changed AFTER UPDATE OF issuer_id ON documents_document
    FOR EACH ROW WHEN (OLD.issuer_id IS DISTINCT FROM NEW.issuer_id)
    EXECUTE FUNCTION documents_issuer_changed();
"""
NO_RELATIONS = """
DROP TRIGGER issuer_changed ON documents_document;
DROP FUNCTION documents_issuer_changed();
DROP TRIGGER relation_lawful ON documents_relation;
DROP FUNCTION documents_relation_lawful();
DROP FUNCTION documents_has_authority(bigint, bigint);
"""

# Since when a document is out of force, wholly and partly: the first of its own date and of what
# live documents do to it, from the day on which those take effect. That something replaced it would
# tell of an internal document: what is public has then merely ended.
STANDING = """
CREATE FUNCTION documents_standing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ending record;
BEGIN
    NEW.ended_on := NEW.expires_on;
    NEW.ended_by := CASE WHEN NEW.expires_on IS NULL THEN '' ELSE 'expires' END;
    NEW.partly_ended_on := NULL;
    FOR ending IN
        SELECT
            CASE WHEN source.visibility = 'internal' AND NEW.visibility = 'public'
                THEN 'abolishes' ELSE act.kind END AS kind,
            act.kind = 'amends' OR act.provisions <> '' AS partly,
            coalesce(source.effective_on, source.issued_on,
                (source.went_live_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) AS since
        FROM documents_relation AS act
        JOIN documents_document AS source ON source.id = act.source_id
        WHERE act.target_id = NEW.id AND act.kind <> 'guides' AND source.state = 'live'
        ORDER BY since, act.kind DESC
    LOOP
        IF ending.partly THEN
            NEW.partly_ended_on := least(NEW.partly_ended_on, ending.since);
        ELSIF NEW.ended_on IS NULL OR ending.since < NEW.ended_on THEN
            NEW.ended_on := ending.since;
            NEW.ended_by := ending.kind;
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

CREATE TRIGGER document_standing BEFORE INSERT OR UPDATE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_standing();

-- Any update makes the trigger above look anew.
CREATE FUNCTION documents_act_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'documents_document' THEN
        UPDATE documents_document SET ended_by = ended_by
            WHERE id IN (SELECT target_id FROM documents_relation WHERE source_id = NEW.id);
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        UPDATE documents_document SET ended_by = ended_by WHERE id = OLD.target_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE documents_document SET ended_by = ended_by WHERE id = NEW.target_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER act_changed AFTER INSERT OR UPDATE OR DELETE ON documents_relation
    FOR EACH ROW EXECUTE FUNCTION documents_act_changed();
CREATE TRIGGER actor_changed AFTER UPDATE OF state, visibility, issued_on, effective_on
    ON documents_document FOR EACH ROW
    WHEN ((OLD.state, OLD.visibility, OLD.issued_on, OLD.effective_on)
        IS DISTINCT FROM (NEW.state, NEW.visibility, NEW.issued_on, NEW.effective_on))
    EXECUTE FUNCTION documents_act_changed();
"""
NO_STANDING = """
DROP TRIGGER actor_changed ON documents_document;
DROP TRIGGER act_changed ON documents_relation;
DROP FUNCTION documents_act_changed();
DROP TRIGGER document_standing ON documents_document;
DROP FUNCTION documents_standing();
"""

# What readers have seen is kept; only recognised text, clearance, order and role are written late.
# Maintenance (load_demo --flush) says `SET LOCAL portal.maintenance = 'on'` to delete.
KEPT = """
CREATE FUNCTION documents_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('portal.maintenance', true) = 'on' THEN
        RETURN OLD;
    ELSIF TG_TABLE_NAME = 'documents_document' THEN
        IF OLD.went_live_at IS NULL THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'A document that was public is never deleted.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'document_kept';
    ELSIF NOT EXISTS (
        SELECT FROM documents_document WHERE id = OLD.document_id AND went_live_at IS NOT NULL
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'A file that was public is never deleted.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'file_kept';
END $$;

CREATE TRIGGER document_kept BEFORE DELETE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_kept();
CREATE TRIGGER file_kept BEFORE DELETE ON documents_documentfile
    FOR EACH ROW EXECUTE FUNCTION documents_kept();

CREATE FUNCTION documents_file_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    late text[] := ARRAY['text', 'text_state', 'marking', 'role', 'order', 'replaced_by_id',
        'cleared_by_id'];
BEGIN
    IF to_jsonb(NEW) - late IS DISTINCT FROM to_jsonb(OLD) - late
        OR OLD.replaced_by_id <> NEW.replaced_by_id
        OR OLD.replaced_by_id IS NOT NULL AND NEW.replaced_by_id IS NULL
        OR OLD.cleared_by_id IS NOT NULL AND NEW.cleared_by_id IS DISTINCT FROM OLD.cleared_by_id
    THEN
        RAISE EXCEPTION 'A file never changes: add another in its place.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'file_immutable';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER file_immutable BEFORE UPDATE ON documents_documentfile
    FOR EACH ROW EXECUTE FUNCTION documents_file_immutable();
"""
NOT_KEPT = """
DROP TRIGGER file_immutable ON documents_documentfile;
DROP FUNCTION documents_file_immutable();
DROP TRIGGER file_kept ON documents_documentfile;
DROP TRIGGER document_kept ON documents_document;
DROP FUNCTION documents_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.RunSQL(LOCK, NO_LOCK),
        migrations.RunSQL(ISSUERS, NO_ISSUERS),
        migrations.RunSQL(RELATIONS, NO_RELATIONS),
        migrations.RunSQL(STANDING, NO_STANDING),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
