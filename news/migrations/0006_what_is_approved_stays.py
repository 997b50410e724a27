from django.db import migrations

# Once published, an edition changes in its state alone (live -> superseded or withdrawn), in the
# hour at which it goes, and in having been confirmed. What was approved stays as it was approved:
# another text takes another state first (core/publishing.py, Action.VOID).
# Maintenance (load_demo --flush) says `SET LOCAL portal.maintenance = 'on'` to delete.
IMMUTABLE = """
CREATE OR REPLACE FUNCTION news_edition_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    movable text[] := ARRAY['state', 'unconfirmed', 'expire_at'];
BEGIN
    IF OLD.state = 'approved' AND TG_OP = 'UPDATE' AND NEW.state IN ('approved', 'live') THEN
        movable := movable || ARRAY['publish_at', 'updated_at', 'went_live_at'];
        IF to_jsonb(NEW) - movable = to_jsonb(OLD) - movable THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'edition_approved_is_fixed: an approved edition stays as it was approved.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_approved_is_fixed';
    ELSIF OLD.state NOT IN ('live', 'superseded', 'withdrawn') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    ELSIF TG_OP = 'DELETE' THEN
        IF current_setting('portal.maintenance', true) = 'on' THEN
            RETURN OLD;
        END IF;
    ELSIF to_jsonb(NEW) - movable = to_jsonb(OLD) - movable
        AND (NEW.unconfirmed <= OLD.unconfirmed)
        AND (NEW.state = OLD.state
             OR OLD.state = 'live' AND NEW.state IN ('superseded', 'withdrawn')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A published edition never changes.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_immutable';
END $$;
"""
AS_BEFORE = """
CREATE OR REPLACE FUNCTION news_edition_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("news", "0005_workflow")]

    operations = [migrations.RunSQL(IMMUTABLE, AS_BEFORE)]
