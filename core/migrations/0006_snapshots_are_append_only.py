from django.db import migrations

# As the audit trail: `SET LOCAL portal.maintenance = 'on'` lets load_demo --flush delete.
FORWARD = """
CREATE FUNCTION core_snapshot_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('portal.maintenance', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Snapshots are append-only.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_append_only';
END $$;

CREATE TRIGGER snapshot_append_only BEFORE UPDATE OR DELETE ON core_snapshot
    FOR EACH ROW EXECUTE FUNCTION core_snapshot_append_only();
"""

BACKWARD = """
DROP TRIGGER snapshot_append_only ON core_snapshot;
DROP FUNCTION core_snapshot_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0005_workflow")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
