from django.db import migrations

# Maintenance (load_demo, loader.forget) says `SET LOCAL portal.maintenance = 'on'` first.
REFUSE = """
CREATE FUNCTION stats_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('portal.maintenance', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION '% forbids this %.', TG_NAME, TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
"""
ALLOW = "DROP FUNCTION stats_refuse();"

# A day is open while its salt lives. The salt of a day that has its row is never made again:
# every visitor of that day would be counted twice.
OPEN_DAYS = """
CREATE FUNCTION stats_day_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('portal.maintenance', true) = 'on'
        OR EXISTS (SELECT 1 FROM stats_salt WHERE day = NEW.day) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The day % is closed.', NEW.day
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;

CREATE TRIGGER siteday_open BEFORE INSERT OR UPDATE ON stats_siteday
    FOR EACH ROW EXECUTE FUNCTION stats_day_is_open();
CREATE TRIGGER objectday_open BEFORE INSERT OR UPDATE ON stats_objectday
    FOR EACH ROW EXECUTE FUNCTION stats_day_is_open();
CREATE TRIGGER drop_open BEFORE INSERT OR UPDATE ON stats_drop
    FOR EACH ROW EXECUTE FUNCTION stats_day_is_open();

CREATE FUNCTION stats_salt_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM stats_siteday WHERE day = NEW.day)
        AND current_setting('portal.maintenance', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'The day % is closed.', NEW.day
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER salt_once BEFORE INSERT ON stats_salt
    FOR EACH ROW EXECUTE FUNCTION stats_salt_once();
CREATE TRIGGER salt_never_changes BEFORE UPDATE ON stats_salt
    FOR EACH ROW EXECUTE FUNCTION stats_refuse();
"""
ANY_DAYS = """
DROP TRIGGER salt_never_changes ON stats_salt;
DROP TRIGGER salt_once ON stats_salt;
DROP FUNCTION stats_salt_once();
DROP TRIGGER drop_open ON stats_drop;
DROP TRIGGER objectday_open ON stats_objectday;
DROP TRIGGER siteday_open ON stats_siteday;
DROP FUNCTION stats_day_is_open();
"""

APPEND_ONLY = """
CREATE TRIGGER siteday_only_grows BEFORE UPDATE ON stats_siteday
    FOR EACH ROW WHEN (NEW.day <> OLD.day OR NEW.visits < OLD.visits
        OR NEW.views < OLD.views OR NEW.phone_views < OLD.phone_views)
    EXECUTE FUNCTION stats_refuse();
CREATE TRIGGER objectday_only_grows BEFORE UPDATE ON stats_objectday
    FOR EACH ROW WHEN ((NEW.day, NEW.kind, NEW.object_id) <> (OLD.day, OLD.kind, OLD.object_id)
        OR NEW.amount < OLD.amount)
    EXECUTE FUNCTION stats_refuse();
CREATE TRIGGER drop_only_grows BEFORE UPDATE ON stats_drop
    FOR EACH ROW WHEN ((NEW.day, NEW.reason) <> (OLD.day, OLD.reason) OR NEW.hits < OLD.hits)
    EXECUTE FUNCTION stats_refuse();
CREATE TRIGGER siteday_kept BEFORE DELETE ON stats_siteday
    FOR EACH ROW EXECUTE FUNCTION stats_refuse();
CREATE TRIGGER objectday_kept BEFORE DELETE ON stats_objectday
    FOR EACH ROW EXECUTE FUNCTION stats_refuse();
CREATE TRIGGER drop_kept BEFORE DELETE ON stats_drop
    FOR EACH ROW EXECUTE FUNCTION stats_refuse();
CREATE TRIGGER opening_append_only BEFORE UPDATE OR DELETE ON stats_opening
    FOR EACH ROW EXECUTE FUNCTION stats_refuse();
"""
ANY_CHANGE = """
DROP TRIGGER opening_append_only ON stats_opening;
DROP TRIGGER drop_kept ON stats_drop;
DROP TRIGGER objectday_kept ON stats_objectday;
DROP TRIGGER siteday_kept ON stats_siteday;
DROP TRIGGER drop_only_grows ON stats_drop;
DROP TRIGGER objectday_only_grows ON stats_objectday;
DROP TRIGGER siteday_only_grows ON stats_siteday;
"""


class Migration(migrations.Migration):
    dependencies = [("stats", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.RunSQL(OPEN_DAYS, ANY_DAYS),
        migrations.RunSQL(APPEND_ONLY, ANY_CHANGE),
    ]
