"""Who keeps the documents."""

import pytest
from django.contrib.auth.models import Group

from tests.factories import make_user


@pytest.fixture
def clerk(client):
    """Sign in a records clerk, with the rights that the migration gives."""
    user = make_user(username="van-thu", last_name="Thanh Bình")
    user.groups.add(Group.objects.get(name="Văn thư"))
    client.force_login(user)
    return user
