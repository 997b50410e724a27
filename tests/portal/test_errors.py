"""What the portal answers when it refuses: a page in plain words, never a bare error."""

import pytest
from django.urls import reverse

from tests.factories import make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    make_site()
    user = make_user("news.add_article")
    client.force_login(user)
    return user


def test_a_form_over_the_limit_tells_the_editor_how_to_save_the_text(client, editor, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post(reverse("admin:news_article_add"), {"body": "x" * 2000})
    assert answer.status_code == 400
    assert "Nội dung đã nhập vẫn còn" in answer.content.decode()


def test_a_page_without_the_right_says_whom_to_ask(client, editor):
    answer = client.get(reverse("admin:auth_user_changelist"))
    assert answer.status_code == 403
    assert "Hãy đề nghị người quản trị giao quyền" in answer.content.decode()


def test_a_foreign_host_name_is_refused_without_asking_the_database(
    client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "Máy chủ không nhận được yêu cầu này" in answer.content.decode()
    assert "default-src" in answer["Content-Security-Policy"]
