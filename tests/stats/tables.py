"""The tables of the counter, as tests look at them."""

from stats.models import Drop, ObjectDay, SiteDay


def stored():
    """What the tables say, as the slow counter puts it."""
    return {
        "days": {
            row.day: (row.visits, row.views, row.phone_views) for row in SiteDay.objects.all()
        },
        "objects": {
            (row.day, row.kind, row.object_id): row.amount for row in ObjectDay.objects.all()
        },
        "drops": {(row.day, row.reason): row.hits for row in Drop.objects.all()},
    }
