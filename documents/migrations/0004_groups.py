from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

CADRES = "Cán bộ"
CLERKS = "Văn thư"
CLERKS_MAY = (
    *("add_document", "change_document", "delete_document", "view_document"),
    *("publish_document", "read_internal"),
    *("add_issuer", "change_issuer", "view_issuer"),
    *("add_signer", "change_signer", "view_signer"),
    *("add_field", "change_field", "view_field"),
    *("change_documenttype", "view_documenttype", "view_auditentry"),
)


def add_groups(apps, schema_editor):
    # Django creates permissions after all migrations; these groups need them now.
    for label in ("core", "documents"):
        create_permissions(current_apps.get_app_config(label), verbosity=0, apps=apps)
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in ((CADRES, ("read_internal",)), (CLERKS, CLERKS_MAY)):
        members = group.objects.get_or_create(name=name)[0]
        wanted = permission.objects.filter(
            content_type__app_label__in=("core", "documents"), codename__in=codenames
        )
        members.permissions.add(*wanted)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("core", "0003_actions_on_documents"),
        ("documents", "0003_types_of_the_party"),
    ]

    operations = [migrations.RunPython(add_groups, migrations.RunPython.noop)]
