import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Whoever's rights or password change must sign in anew, by whatever way they were changed.
FORWARD = """
CREATE FUNCTION portal_end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'auth_user' THEN
        DELETE FROM portal_session WHERE user_id = NEW.id;
    ELSIF TG_TABLE_NAME = 'auth_group_permissions' THEN
        DELETE FROM portal_session USING auth_user_groups AS member
        WHERE portal_session.user_id = member.user_id
            AND member.group_id = CASE TG_OP WHEN 'DELETE' THEN OLD.group_id ELSE NEW.group_id END;
    ELSE
        DELETE FROM portal_session
        WHERE user_id = CASE TG_OP WHEN 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER account_ends_sessions
    AFTER UPDATE OF password, is_active, is_staff, is_superuser ON auth_user
    FOR EACH ROW WHEN (
        (OLD.password, OLD.is_active, OLD.is_staff, OLD.is_superuser)
        IS DISTINCT FROM (NEW.password, NEW.is_active, NEW.is_staff, NEW.is_superuser)
    ) EXECUTE FUNCTION portal_end_sessions();
CREATE TRIGGER groups_end_sessions AFTER INSERT OR UPDATE OR DELETE ON auth_user_groups
    FOR EACH ROW EXECUTE FUNCTION portal_end_sessions();
CREATE TRIGGER permissions_end_sessions
    AFTER INSERT OR UPDATE OR DELETE ON auth_user_user_permissions
    FOR EACH ROW EXECUTE FUNCTION portal_end_sessions();
CREATE TRIGGER roles_end_sessions AFTER INSERT OR UPDATE OR DELETE ON auth_group_permissions
    FOR EACH ROW EXECUTE FUNCTION portal_end_sessions();
"""

BACKWARD = """
DROP TRIGGER account_ends_sessions ON auth_user;
DROP TRIGGER groups_end_sessions ON auth_user_groups;
DROP TRIGGER permissions_end_sessions ON auth_user_user_permissions;
DROP TRIGGER roles_end_sessions ON auth_group_permissions;
DROP FUNCTION portal_end_sessions();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("portal", "0002_downloads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempts",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(max_length=32)),
                ("place", models.CharField(blank=True, max_length=32)),
                ("count", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "số lần thử đăng nhập",
                "verbose_name_plural": "số lần thử đăng nhập",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "place"), name="attempts_once_per_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GivenPassword",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "mật khẩu được cấp",
                "verbose_name_plural": "mật khẩu được cấp",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="session key"
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("browser", models.CharField(blank=True, max_length=60)),
                ("begun_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "phiên đăng nhập",
                "verbose_name_plural": "phiên đăng nhập",
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
