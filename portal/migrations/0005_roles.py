from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.models import Q

# Role → app → model → what it may do there; frozen here, as migrations are.
CONTRIBUTOR = {
    "news": {"article": "add change view", "category": "view", "unit": "view"},
    "core": {"photo": "add view", "video": "view"},
}
EDITOR = {
    "news": {
        "article": "add change delete view publish",
        "category": "view",
        "unit": "view",
    },
    "core": {"photo": "add change delete view", "video": "add change delete view"},
    "portal": {"page": "view", "weblink": "view"},
    "stats": {"siteday": "view"},
}
LEADER = {
    "news": {
        "article": "add change delete view publish lead",
        "category": "add change view",
        "unit": "add change view",
    },
    "documents": {"document": "view publish lead read_internal"},
    "core": {
        "photo": "add change delete view",
        "video": "add change delete view",
        "auditentry": "view",
    },
    "portal": {
        "page": "add change view",
        "menuitem": "add change delete view",
        "weblink": "add change delete view",
    },
    "stats": {"siteday": "view", "opening": "view"},
}
ADMINISTRATOR = {
    "auth": {"user": "add change view", "group": "view"},
    "news": {
        "article": "empty_bin",
        "assignment": "add change delete view",
        "category": "add change view",
        "unit": "add change view",
    },
    "documents": {
        "document": "empty_bin",
        "documenttype": "change view",
        "field": "add change view",
    },
    "core": {"auditentry": "view"},
    "portal": {
        "sitesettings": "change view",
        "page": "view",
        "menuitem": "add change delete view",
        "weblink": "add change delete view",
    },
    "stats": {"siteday": "view", "opening": "add view"},
}
ROLES = {
    "Cộng tác viên": CONTRIBUTOR,
    "Biên tập viên": EDITOR,
    "Lãnh đạo": LEADER,
    "Quản trị": ADMINISTRATOR,
}
# Rights that are no verb on a model.
OWN_NAMES = {"read_internal", "empty_bin"}


def add_roles(apps, schema_editor):
    # Django creates permissions after all migrations; these groups need them now.
    for label in ("auth", "core", "documents", "news", "portal", "stats"):
        create_permissions(current_apps.get_app_config(label), verbosity=0, apps=apps)
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, rights in ROLES.items():
        members = group.objects.get_or_create(name=name)[0]
        for app, models in rights.items():
            for model, verbs in models.items():
                names = [verb if verb in OWN_NAMES else f"{verb}_{model}" for verb in verbs.split()]
                wanted = permission.objects.filter(
                    Q(content_type__app_label=app), codename__in=names
                )
                members.permissions.add(*wanted)


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0004_photo_uses"),
        ("core", "0006_snapshots_are_append_only"),
        ("documents", "0008_what_is_approved_stays"),
        ("news", "0006_what_is_approved_stays"),
        ("stats", "0002_closed_days_stay"),
    ]

    operations = [migrations.RunPython(add_roles, migrations.RunPython.noop)]
