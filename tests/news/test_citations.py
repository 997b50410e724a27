"""Documents that articles cite: linked, never guessed, never told of when they are internal."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.publishing import move
from core.workflow import Action
from documents import corrections
from news.citations import Citation, overtaken, unresolved
from news.models import Article, Edition
from tests.factories import (
    make_article,
    make_document,
    make_document_draft,
    make_draft,
    make_issuer,
    make_person,
    make_relation,
    make_site,
    make_type,
    make_user,
)

pytestmark = pytest.mark.django_db
BODY = "<p>Thực hiện Chỉ thị số 24-CT/TU ngày 29/6/2017 của Tỉnh ủy.</p>"
LINK = 'class="reference" href="{}"'


def directive(**fields):
    values = {"type": make_type("Chỉ thị"), "issued_on": date(2017, 6, 29)} | fields
    if "issuer" not in values:
        values["issuer"] = make_issuer("Ban Thường vụ Tỉnh ủy")
    return make_document("24-CT/TU", **{"abstract": "Về mạng xã hội"} | values)


def page_of(client, article):
    return client.get(article.get_absolute_url()).content.decode()


def revised(article, **fields):
    draft = article.revise(by=None)
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save()
    return draft


@pytest.fixture
def leader():
    return make_person("Lãnh đạo")


class TestOnThePage:
    def test_a_citation_is_a_link_with_title_and_force(self, client):
        document, article = directive(), make_article(body=BODY)
        page = page_of(client, article)
        assert LINK.format(document.get_absolute_url()) in page
        assert 'aria-description="Chỉ thị số 24-CT/TU: Về mạng xã hội"' in page
        assert ">Chỉ thị số 24-CT/TU ngày 29/6/2017</a>" in page
        assert "(còn hiệu lực)" in page
        assert Article.objects.get().live.body == BODY

    def test_what_the_library_says_is_escaped(self, client):
        directive(abstract='"><script>alert(1)</script>')
        assert "<script>alert" not in page_of(client, make_article(body=BODY))

    def test_links_of_the_writer_and_headings_stay_as_they_are(self, client):
        directive()
        body = '<h2>Chỉ thị 24-CT/TU</h2><p><a href="/tin-tuc/">Chỉ thị số 24-CT/TU</a></p>'
        article = make_article(body=body)
        assert 'class="reference"' not in page_of(client, article)
        assert Citation.objects.get().document

    @pytest.mark.parametrize(
        ("visibility", "mark"), [("public", "đã được thay thế"), ("internal", "hết hiệu lực")]
    )
    def test_what_replaced_it_is_told_when_it_is_public(self, client, visibility, mark):
        issuer = make_issuer("Ban Thường vụ Tỉnh ủy")
        old, article = directive(issuer=issuer), make_article(body=BODY)
        new = make_document("30-CT/TU", issuer=issuer, visibility=visibility)
        make_relation(new, "replaces", old)
        assert f"({mark})</small>" in page_of(client, article)

    def test_one_withdrawn_is_neither_linked_nor_named_until_it_is_back(self, client):
        document, article = directive(), make_article(body=BODY)
        document = move(document, Action.WITHDRAW, reason="Sai tệp.")
        page = page_of(client, article)
        assert 'class="reference"' not in page
        assert "Về mạng xã hội" not in page
        assert Citation.objects.get().document is None
        move(document, Action.RESTORE)
        assert 'class="reference"' in page_of(client, article)

    def test_an_internal_one_is_never_named_and_a_public_one_that_becomes_so_no_more(self, client):
        article = make_article(body=BODY)
        document = directive(visibility="internal")
        assert "Về mạng xã hội" not in page_of(client, article)
        for visibility, shown in (("public", True), ("internal", False)):
            correction = corrections.begin(document, by=make_user("documents.change_document"))
            correction.visibility = visibility
            correction.save()
            move(correction, Action.PUBLISH)
            assert ('class="reference"' in page_of(client, article)) == shown

    @pytest.mark.parametrize("citations", [1, 30])
    def test_its_queries_do_not_grow_with_the_citations(
        self, client, citations, django_assert_max_num_queries
    ):
        make_site()
        directive()
        article = make_article(body=BODY * citations)
        client.get(article.get_absolute_url())
        with django_assert_max_num_queries(9):
            page = page_of(client, article)
        assert page.count('class="reference"') == citations


class TestWhenTextsAndDocumentsChange:
    def test_a_new_document_resolves_what_waits_for_it(self, client):
        article = make_article(body=BODY)
        other = make_article(body="<p>Theo Kết luận số 24-CT/TU thì</p>")
        directive()
        assert 'class="reference"' in page_of(client, article)
        assert 'class="reference"' not in page_of(client, other)

    def test_a_later_edit_moves_the_link_along(self, client):
        directive()
        article = make_article(body=BODY)
        move(revised(article, body=f"<p>Một đoạn mới.</p>{BODY}"), Action.PUBLISH)
        assert ">Chỉ thị số 24-CT/TU ngày 29/6/2017</a>" in page_of(client, article)

    def test_a_draft_that_was_written_around_django_shows_no_link_in_a_wrong_place(self, client):
        directive()
        draft = make_draft(body=BODY)
        Edition.objects.filter(pk=draft.pk).update(body=f'<p title="x">Đoạn mới.</p>{BODY}')
        client.force_login(make_person("Lãnh đạo"))
        page = client.get(reverse("news:preview", args=[draft.article_id])).content.decode()
        assert 'class="reference"' not in page
        move(Edition.objects.get(pk=draft.pk), Action.PUBLISH)
        assert 'class="reference"' in page_of(client, draft.article)

    def test_a_document_whose_sign_is_corrected_is_no_longer_meant(self, client):
        document, article = directive(), make_article(body=BODY)
        correction = corrections.begin(document, by=make_user("documents.change_document"))
        correction.sign = "25-CT/TU"
        correction.save()
        move(correction, Action.PUBLISH)
        assert 'class="reference"' not in page_of(client, article)

    def test_the_page_of_a_document_names_the_public_articles_that_cite_it(self, client):
        document = directive()
        shown, withdrawn = make_article("Bài đăng", body=BODY), make_article("Bài gỡ", body=BODY)
        move(withdrawn.live, Action.WITHDRAW, reason="Sai.")
        make_draft("Bài nháp", body=BODY)
        move(revised(make_article("Bài sửa", body=BODY), body="<p>Hết.</p>"), Action.PUBLISH)
        page = client.get(document.get_absolute_url()).content.decode()
        assert shown.get_absolute_url() in page
        for name in ("Bài gỡ", "Bài nháp", "Bài sửa"):
            assert name not in page


class TestOnTheDesk:
    def test_what_is_unclear_waits_for_a_choice_that_later_editions_keep(self, client, leader):
        issuer = make_issuer("Ban Thường vụ Tỉnh ủy")
        first = directive(issuer=issuer, term="2015-2020")
        directive(issuer=issuer, term="2020-2025", issued_on=date(2021, 1, 1))
        article = make_article(body="<p>Chỉ thị 24-CT/TU và Chỉ thị 24-CT/TU</p>")
        (waiting,) = unresolved(leader)
        client.force_login(leader)
        address = reverse("admin:news_citation_change", args=[waiting.pk])
        assert address in client.get(reverse("admin:index")).content.decode()
        assert "ngày 29/06/2017" in client.get(address).content.decode()
        client.post(address, {"document": first.pk})
        assert not unresolved(leader)
        assert page_of(client, article).count(LINK.format(first.get_absolute_url())) == 2
        move(revised(article, title="Tên khác"), Action.PUBLISH)
        again = Article.objects.get(pk=article.pk)
        assert page_of(client, again).count(LINK.format(first.get_absolute_url())) == 2

    def test_what_the_library_lacks_can_be_added_or_left_without_a_link(self, client, leader):
        article = make_article(body=BODY)
        (waiting,) = unresolved(leader)
        client.force_login(leader)
        address = reverse("admin:news_citation_change", args=[waiting.pk])
        assert (
            "/quan-tri/documents/document/add/?sign=24-CT%2FTU"
            in client.get(address).content.decode()
        )
        assert "Không văn bản nào" in client.get(address).content.decode()
        client.post(address, {"document": ""})
        assert not unresolved(leader)
        directive()
        assert 'class="reference"' not in page_of(client, article)

    def test_a_document_of_another_sign_or_an_internal_one_cannot_be_chosen(self, client, leader):
        make_article(body=BODY)
        hidden, other = directive(visibility="internal"), make_document()
        (waiting,) = unresolved(leader)
        client.force_login(leader)
        address = reverse("admin:news_citation_change", args=[waiting.pk])
        assert "Về mạng xã hội" not in client.get(address).content.decode()
        for document in (hidden, other):
            assert client.post(address, {"document": document.pk}).status_code == 200
        assert unresolved(leader).count() == 1

    def test_people_see_the_articles_that_they_work_with(self, client):
        make_article(body=BODY)
        stranger = make_person("Biên tập viên")
        assert not unresolved(stranger)
        client.force_login(stranger)
        address = reverse("admin:news_citation_change", args=[Citation.objects.get().pk])
        assert client.get(address, follow=True).redirect_chain
        client.force_login(make_user())
        assert client.get(address).status_code == 403

    @pytest.mark.parametrize("way", ["replaced", "expired"])
    def test_articles_that_cite_what_has_ended_since_are_told_until_somebody_has_looked(
        self, client, leader, way
    ):
        issuer = make_issuer("Ban Thường vụ Tỉnh ủy")
        document = directive(issuer=issuer)
        make_article(body=BODY * 2)
        assert not overtaken(leader)
        if way == "replaced":
            make_relation(make_document("30-CT/TU", issuer=issuer), "replaces", document)
        else:
            correction = corrections.begin(document, by=make_user("documents.change_document"))
            correction.expires_on = timezone.localdate()
            correction.save()
            move(correction, Action.PUBLISH)
        (told,) = overtaken(leader)
        client.force_login(leader)
        address = reverse("admin:news_citation_change", args=[told.pk])
        assert "đã hết hiệu lực từ ngày" in client.get(address).content.decode()
        client.post(address, {"document": document.pk})
        assert not overtaken(leader)

    def test_what_had_ended_before_the_article_is_no_news(self, leader):
        directive(expires_on=date(2018, 1, 1))
        make_article(body=BODY)
        assert not overtaken(leader)


def test_a_doubtful_one_means_nothing_without_a_person():
    document = make_document("01-KL/TW")
    make_article(body="<p>Các Kết luận số 01, 02-KL/TW</p>")
    doubtful = Citation.objects.get(doubtful=True)
    assert doubtful.document is None
    with (
        pytest.raises(IntegrityError, match="citation_doubtful_is_settled_by_a_person"),
        transaction.atomic(),
    ):
        Citation.objects.filter(pk=doubtful.pk).update(document=document)


def test_a_draft_document_is_not_meant():
    make_document_draft("24-CT/TU", type=make_type("Chỉ thị"))
    make_article(body=BODY)
    assert Citation.objects.get().document is None
