from django.db import migrations, models

# Once in a transaction, whatever it changes; a savepoint that is rolled back takes both the number
# and the note of it back. Rows that other transactions have in hand are passed over: no publication
# waits for another, and there is nothing to lock each other out with.
FUNCTIONS = """
CREATE FUNCTION core_note_content() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('portal.content_noted', true) = 'on' THEN
        RETURN;
    END IF;
    UPDATE core_contentversion SET number = number + 1
    WHERE id = (SELECT id FROM core_contentversion ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED);
    IF NOT FOUND THEN
        INSERT INTO core_contentversion (number) VALUES (1);
    END IF;
    PERFORM set_config('portal.content_noted', 'on', true);
END $$;

CREATE FUNCTION core_content_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM core_note_content();
    RETURN NULL;
END $$;
"""
NO_FUNCTIONS = """
DROP FUNCTION core_content_changed();
DROP FUNCTION core_note_content();
"""

# A photo is seen once a text that shows it goes public, which is a change of its own.
TRIGGERS = """
CREATE TRIGGER content_changed AFTER UPDATE ON core_photo FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION core_content_changed();
CREATE TRIGGER content_changed AFTER UPDATE ON core_video FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION core_content_changed();
"""
NO_TRIGGERS = """
DROP TRIGGER content_changed ON core_photo;
DROP TRIGGER content_changed ON core_video;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0020_search")]

    operations = [
        migrations.CreateModel(
            name="ContentVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(verbose_name="số lần đổi")),
            ],
            options={
                "verbose_name": "phiên bản nội dung",
                "verbose_name_plural": "phiên bản nội dung",
                "default_permissions": (),
            },
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
