"""Django's cache as the portal has it: of one content version, and of requests that show."""

from functools import partial

import pytest
from django.core.cache import cache
from django.db import transaction

from core import version_cache
from core.content_version import ContentVersion
from core.version_cache import MOST, Entries, entries_from, remembered
from portal import freshness
from portal.models import MenuItem, SiteSettings
from tests.factories import make_article, make_site, make_user


@pytest.fixture
def entries():
    kept = Entries()
    with entries_from(lambda: kept):
        yield kept


@pytest.mark.usefixtures("entries")
class TestAsDjangosCache:
    def test_what_is_set_is_there(self):
        cache.set("a", "Đảng")
        assert (cache.get("a"), cache.get("b", "không"), "a" in cache) == ("Đảng", "không", True)
        assert cache.add("a", "khác") is False
        assert cache.get_or_set("a", "khác") == "Đảng"
        assert (cache.delete("a"), cache.delete("a"), cache.get("a")) == (True, False, None)

    def test_nothing_is_a_value_too(self):
        made = []
        for _ in range(2):
            assert remembered("none", lambda: made.append(1)) is None
        assert made == [1]

    def test_seconds_end(self, monkeypatch):
        now = [1000.0]
        monkeypatch.setattr(version_cache, "monotonic", lambda: now[0])
        cache.set("a", 1, 60)
        cache.set("b", 1)
        now[0] += 59.9
        assert cache.get("a") == 1
        now[0] += 0.1
        assert (cache.get("a"), cache.get("b")) == (None, 1)

    def test_what_was_set_longest_ago_gives_way(self):
        for number in range(MOST + 2):
            cache.set(f"{number}", number)
        assert (cache.get("1"), cache.get("2"), cache.get(f"{MOST + 1}")) == (None, 2, MOST + 1)


def test_a_request_keeps_to_the_entries_that_it_found_first():
    stores = [Entries(), Entries()]
    with entries_from(lambda: stores.pop()):
        cache.set("a", 1)
        assert cache.get("a") == 1
    assert len(stores) == 1


def test_outside_of_requests_it_is_empty():
    cache.set("a", 1)
    assert cache.get("a") is None
    assert [remembered("a", partial(int, n)) for n in (1, 2)] == [1, 2]


@pytest.mark.django_db(transaction=True)
class TestInRequests:
    def test_what_pages_share_is_asked_for_once(self, client, monkeypatch):
        make_site()
        make_article()
        client.get("/tin-tuc/")
        asked = []
        monkeypatch.setattr("portal.context.latest_documents", lambda: asked.append(1) or [])
        client.get("/tin-tuc/")
        assert asked == []

    def test_what_is_published_stands_on_the_next_page(self, client):
        make_site()
        for label in ("Tin tức", "Văn bản"):
            MenuItem.objects.create(label=label, url="/tin-tuc/")
            make_article(label)
            page = client.get("/tin-tuc/").content.decode()
            assert page.count(label) >= 2

    def test_nothing_uncommitted_is_kept(self, client):
        make_site(name="Trước")
        client.get("/tin-tuc/")
        with transaction.atomic():
            SiteSettings.objects.update(name="Chưa lưu")
            assert "Chưa lưu" in client.get("/tin-tuc/").content.decode()
            transaction.set_rollback(True)
        assert "Chưa lưu" not in client.get("/tin-tuc/").content.decode()

    def test_strangers_are_shown_what_is_a_second_old_the_newsroom_never(self, client, monkeypatch):
        make_site(name="Trước")
        monkeypatch.setattr(freshness, "watch", freshness.Watch(freshness.freshness))
        client.get("/tin-tuc/")
        freshness.watch.known_until = float("inf")
        SiteSettings.objects.update(name="Sau đó")
        assert "Sau đó" not in client.get("/tin-tuc/").content.decode()
        client.force_login(make_user())
        assert "Sau đó" in client.get("/tin-tuc/").content.decode()

    def test_a_request_that_changes_something_keeps_nothing(self, client):
        make_site(name="Trước")
        client.post("/dang-nhap/", {"username": "ai", "password": "sai"})
        version = ContentVersion.objects.current()
        assert not freshness.watch.store.entries.values
        assert ContentVersion.objects.current() == version
