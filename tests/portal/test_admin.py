"""The newsroom as a whole: its first page, its rules of safety, and the site's own tables."""

import gettext
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.urls import reverse

from portal.models import MenuItem, Page, SiteSettings, WebLink
from tests.factories import make_article, make_category, make_draft, make_user

pytestmark = pytest.mark.django_db

INDEX = "/quan-tri/"
LOCALE = Path(__file__).parents[2] / "portal/locale/vi/LC_MESSAGES"


def text_of(response):
    return response.content.decode()


@pytest.fixture
def chief(client):
    user = User.objects.create_superuser("truong-ban", password="x")
    client.force_login(user)
    return user


class TestFirstPage:
    def test_who_has_no_right_to_the_news_sees_none(self, client):
        make_article("Bài mới đăng")
        client.force_login(make_user())
        page = text_of(client.get(INDEX))
        assert "Bài mới đăng" not in page
        assert "chưa được giao việc nào" in page

    def test_the_news_come_first(self, client, chief):
        labels = [app["app_label"] for app in client.get(INDEX).context["app_list"]]
        assert labels == ["news", "documents", "stats", "core", "portal", "auth"]

    def test_the_site_is_named(self, client):
        SiteSettings.objects.create(pk=1, short_name="Đảng ủy Khối")
        client.force_login(make_user())
        assert "Tòa soạn · Đảng ủy Khối" in text_of(client.get(INDEX))


class TestSafety:
    def test_only_the_newsroom_has_the_policy_of_the_editor(self, client, chief):
        inside = client.get(INDEX)["Content-Security-Policy"]
        assert "script-src 'self' 'unsafe-inline'" in inside
        assert "frame-ancestors 'none'" in inside
        assert "default-src 'self'" in inside
        for address in ("/", reverse("admin:login")):
            assert "unsafe-inline" not in client.get(address)["Content-Security-Policy"]

    def test_a_form_can_ask_whether_its_writer_is_signed_in(self, client):
        address = reverse("admin:session")
        assert client.get(address).json() == {"user": None}
        user = make_user()
        client.force_login(user)
        response = client.get(address)
        assert response.json() == {"user": user.pk}
        assert "no-store" in response["Cache-Control"]
        assert client.post(address).status_code == 405

    def test_a_reader_with_an_account_is_not_signed_in_to_the_newsroom(self, client):
        user = make_user()
        user.is_staff = False
        user.save()
        client.force_login(user)
        assert client.get(reverse("admin:session")).json() == {"user": None}


class TestSiteSettings:
    LIST = reverse("admin:portal_sitesettings_changelist")

    def test_its_list_is_its_one_form(self, client, chief):
        assert client.get(self.LIST)["Location"] == reverse("admin:portal_sitesettings_add")
        sent = {"name": "Đảng ủy Khối", "short_name": "ĐUK"}
        client.post(reverse("admin:portal_sitesettings_add"), sent)
        assert SiteSettings.objects.get().pk == 1
        form = reverse("admin:portal_sitesettings_change", args=[1])
        assert client.get(self.LIST)["Location"] == form
        client.post(form, {**sent, "phone": "0294 3855 555"})
        assert SiteSettings.objects.get().phone == "0294 3855 555"

    def test_there_is_never_a_second_or_none(self, client, chief):
        SiteSettings.objects.create(pk=1)
        assert client.get(reverse("admin:portal_sitesettings_add")).status_code == 403
        delete = reverse("admin:portal_sitesettings_delete", args=[1])
        assert client.post(delete, {"post": "yes"}).status_code == 403
        with pytest.raises(IntegrityError, match="site_settings_one_row"):
            SiteSettings.objects.create(pk=2)

    LEAD = reverse("admin:autocomplete") + (
        "?app_label=portal&model_name=sitesettings&field_name=lead&term="
    )

    def test_the_lead_article_is_found_by_its_title(self, client, chief):
        article = make_article("Đại hội điểm")
        make_draft("Đại hội sau")
        found = client.get(f"{self.LEAD}dai+hoi").json()
        assert found["results"] == [{"id": str(article.pk), "text": "Đại hội điểm"}]

    def test_choosing_the_lead_costs_the_same_whatever_there_is(
        self, client, chief, django_assert_max_num_queries
    ):
        make_article()
        with django_assert_max_num_queries(7) as one:
            client.get(self.LEAD)
        for _ in range(5):
            make_article()
        with django_assert_max_num_queries(len(one)):
            assert len(client.get(self.LEAD).json()["results"]) == 6


class TestPages:
    ADD = reverse("admin:portal_page_add")

    def test_the_address_follows_from_the_title(self, client, chief):
        client.post(self.ADD, {"title": "Đảng ủy: giới thiệu", "slug": "", "visible": "on"})
        assert client.get("/dang-uy-gioi-thieu/").status_code == 200

    def test_an_address_given_is_kept(self, client, chief):
        client.post(self.ADD, {"title": "Giới thiệu", "slug": "ve-chung-toi"})
        assert Page.objects.get().slug == "ve-chung-toi"

    @pytest.mark.parametrize("slug", ["quan-tri", "tin-tuc"])
    def test_addresses_of_the_portal_are_taken(self, client, chief, slug):
        response = client.post(self.ADD, {"title": "Trang", "slug": slug})
        assert "đã có trang khác dùng" in text_of(response)
        assert not Page.objects.exists()

    @pytest.mark.parametrize("title", ["???", "…"])
    def test_a_title_without_letters_needs_an_address(self, client, chief, title):
        response = client.post(self.ADD, {"title": title, "slug": ""})
        assert "slug" in response.context["adminform"].form.errors

    def test_two_pages_never_share_an_address(self, client, chief):
        Page.objects.create(title="Liên hệ", slug="lien-he")
        assert client.post(self.ADD, {"title": "Liên hệ", "slug": ""}).status_code == 200
        assert Page.objects.count() == 1


class TestOtherTables:
    @pytest.mark.parametrize(("model", "name"), [(MenuItem, "menuitem"), (WebLink, "weblink")])
    def test_links_are_ordered_in_their_list(self, client, chief, model, name):
        link = model.objects.create(label="Báo Nhân Dân", url="https://nhandan.vn")
        sent = {
            "form-TOTAL_FORMS": 1,
            "form-INITIAL_FORMS": 1,
            "form-0-id": link.pk,
            "form-0-url": link.url,
            "form-0-order": 7,
            "_save": "",
        }
        client.post(reverse(f"admin:portal_{name}_changelist"), sent)
        link.refresh_from_db()
        assert link.order == 7

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "data:text/html,x"]
    )
    def test_the_menu_leads_to_pages_of_ours_or_to_whole_addresses(self, client, chief, url):
        client.post(reverse("admin:portal_menuitem_add"), {"label": "A", "url": url, "order": 1})
        assert not MenuItem.objects.exists()

    def test_every_page_of_the_newsroom_opens(self, client, chief):
        make_article()
        for app in client.get(INDEX).context["app_list"]:
            for model in app["models"]:
                addresses = [model["admin_url"], model["add_url"], app["app_url"]]
                for address in filter(None, addresses):
                    assert client.get(address, follow=True).status_code == 200

    def test_rights_are_named_in_vietnamese(self, client, chief):
        page = text_of(client.get(reverse("admin:auth_group_add")))
        assert "Bài viết: sửa" in page
        assert "Bài viết: được duyệt mọi bài, đăng khẩn và gỡ bài" in page
        assert "Can " not in page


class TestWords:
    @pytest.mark.parametrize("name", ["django", "djangojs"])
    def test_the_compiled_translation_is_the_written_one(self, name):
        written = (LOCALE / f"{name}.po").read_text()
        pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', written, re.M)
        with (LOCALE / f"{name}.mo").open("rb") as compiled:
            catalogue = gettext.GNUTranslations(compiled)
        unquoted = [[part.replace('\\"', '"') for part in pair] for pair in pairs]
        assert len(pairs) > 10
        assert all(catalogue.gettext(one) == other for one, other in unquoted)

    def test_a_mistake_in_a_form_is_told_in_vietnamese(self, client, chief):
        page = text_of(client.post(reverse("admin:news_article_add"), {}))
        assert "Chưa lưu. Hãy sửa" in page
        assert "Please" not in page

    def test_the_boxes_of_a_list_have_vietnamese_names(self, client, chief):
        make_category("Tuyên giáo")
        page = text_of(client.get(reverse("admin:news_category_changelist")))
        assert page.count('aria-label="Thứ tự"') == 1
        assert "Tìm trong danh sách" in page
        assert 'alt="Search"' not in page

    def test_no_english_is_left_on_the_pages_of_an_editor(self, client, chief):
        article = make_article()
        pages = [
            INDEX,
            reverse("admin:news_article_changelist"),
            reverse("admin:news_article_add"),
            reverse("admin:news_article_history", args=[article.pk]),
            reverse("admin:core_photo_add"),
            reverse("admin:password_change"),
        ]
        english = re.compile(r">[^<]*\b(?:the|Add|Change|Save|Delete|View|Search|Home)\b[^<]*<")
        for address in pages:
            page = re.sub(r"(?s)<script.*?</script>", "", text_of(client.get(address)))
            assert not english.search(page), english.search(page)
