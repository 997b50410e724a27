"""Related articles: by what they are about, found when one is published."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.publishing import move
from core.workflow import Action
from news import kin
from news.citations import Citation
from news.kin import Keyword, Related, Word
from news.models import Article
from news.related import RELATED, alike, with_surroundings
from tests.factories import make_article, make_category, make_document, make_type

pytestmark = pytest.mark.django_db
FLOOD = "<p>Xâm nhập mặn ở Duyên Hải làm thiệt hại vụ lúa đông xuân của nông dân.</p>"
CHOIR = "<p>Hội diễn văn nghệ quần chúng, đêm nhạc Khmer Nam Bộ ở chùa Âng.</p>"


def related(article, limit=RELATED):
    return list(alike(article.pk)[:limit])


def rewritten(article, **fields):
    draft = article.revise(by=None)
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save()
    move(draft, Action.PUBLISH)


def test_what_is_about_the_same_is_kin_in_both_directions_whatever_its_category():
    first = make_article("Ruộng nhiễm mặn", summary="", body=FLOOD)
    make_article("Đêm văn nghệ", summary="", body=CHOIR, category=first.category)
    second = make_article("Cứu lúa khỏi mặn", summary="", body=FLOOD)
    assert related(second) == [first]
    assert related(first) == [second]


def test_words_are_compared_without_marks():
    first = make_article("Xam nhap man o Duyen Hai", summary="", body="<p>1</p>")
    second = make_article("Xâm nhập mặn ở Duyên Hải", summary="", body="<p>2</p>")
    assert related(second) == [first]


def test_articles_that_cite_one_sign_share_a_keyword():
    make_document("24-CT/TU", type=make_type("Chỉ thị"))
    article = make_article(body="<p>Thực hiện Chỉ thị số 24-CT/TU.</p>")
    assert Keyword.objects.filter(article=article, word="24-ct/tu").exists()


def test_of_equals_the_same_section_then_the_newer_comes_first():
    section, now = make_category(), timezone.now()
    text = {"summary": "", "body": FLOOD}
    days = [now - timedelta(days=day) for day in (9, 5, 7)]
    titles = ("Mặn xâm nhập", "Mặn đang lên", "Mặn vào sông")
    old = make_article(titles[0], category=section, at=days[0], **text)
    new = make_article(titles[1], category=section, at=days[1], **text)
    make_article(titles[2], at=days[2], **text)
    article = make_article("Trồng lúa", category=section, **text)
    assert related(article, 2) == [new, old]


def test_a_withdrawn_article_is_gone_at_once_and_back_with_a_new_edition():
    first = make_article("Ruộng nhiễm mặn", body=FLOOD)
    second = make_article("Cứu lúa khỏi mặn", body=FLOOD)
    move(first.live, Action.WITHDRAW, reason="Sai.")
    assert related(second) == []
    rewritten(first, title="Ruộng mặn")
    assert related(second) == [first]


def test_a_text_that_has_become_another_loses_its_kin():
    first = make_article("Ruộng nhiễm mặn", summary="", body=FLOOD)
    second = make_article("Cứu lúa khỏi mặn", summary="", body=FLOOD)
    rewritten(second, title="Đêm văn nghệ", body=CHOIR)
    assert related(first) == related(second) == []


def test_nobody_keeps_more_kin_than_are_shown_in_reserve():
    first = make_article("Ruộng nhiễm mặn", body=FLOOD)
    for number in range(kin.KEPT + 3):
        make_article(f"Mặn {number}", body=FLOOD)
    assert Related.objects.filter(article=first).count() == kin.KEPT


def test_what_is_beside_an_article_comes_with_it(django_assert_num_queries):
    kin_of_it = make_article("Ruộng nhiễm mặn", body=FLOOD)
    article = make_article("Cứu lúa khỏi mặn", body=FLOOD, category=kin_of_it.category)
    with django_assert_num_queries(1):
        found = with_surroundings(Article.objects.for_page()).get(pk=article.pk)
    assert found.alike == [kin_of_it.pk]
    assert found.older == {"pk": kin_of_it.pk, "slug": kin_of_it.slug, "title": "Ruộng nhiễm mặn"}
    assert found.newer is None


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("keyword_once", lambda one: Keyword(article=one, word="lua dong")),
        ("related_to_another", lambda one: Related(article=one, other=one, score=1)),
        ("related_once", lambda one: Related(article=one, other=related(one)[0], score=1)),
    ],
)
def test_the_database_keeps_each_once(name, make):
    make_article("Ruộng nhiễm mặn", summary="", body=FLOOD)
    article = make_article("Cứu lúa khỏi mặn", summary="", body=FLOOD)
    Keyword.objects.get_or_create(article=article, word="lua dong")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make(article).save(force_insert=True)


def test_an_article_without_words_has_no_kin():
    make_article("2023?!", summary="", body="<p>1</p>")
    article = make_article("…", summary="", body="<p>2</p>")
    assert related(article) == []


def test_articles_brought_in_around_django_are_read_by_the_command():
    make_document("24-CT/TU", type=make_type("Chỉ thị"))
    text = {"summary": "", "body": f"{FLOOD}<p>Chỉ thị 24-CT/TU</p>"}
    first, second = make_article("Mặn", **text), make_article("Lúa", **text)
    for model in (Keyword, Related, Word, Citation):
        model.objects.all().delete()
    for _ in range(2):
        call_command("reread_articles", quiet=True)
        assert related(first) == [second]
        assert Citation.objects.filter(document__isnull=False).count() == 2
        assert Word.objects.get(pk="xam nhap").articles == 2
