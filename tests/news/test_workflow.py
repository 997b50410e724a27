"""Who may do what to an article, in every state: the whole table, at the door and over HTTP."""

import pytest
from django.db import transaction
from django.urls import reverse

from core.deeds import offers
from core.publishing import Refused, move
from core.workflow import Action, State
from news import desk
from news.models import Article
from tests.factories import make_category, make_person, make_unit

pytestmark = pytest.mark.django_db

# Rows: people; columns: states. A letter is a deed that this person may do in this state:
# s submit, c recall, r return, a approve, u urgent, k confirm, w withdraw. “author” wrote the
# text and submitted it; “own” is of the article's unit or category, “other” of another one.
TABLE = """
                    draft  submitted  returned  approved  live  urgent  withdrawn
author              s      c          s         -         -     -       -
own contributor     s      c          s         -         -     -       -
other contributor   -      -          -         -         -     -       -
own editor          s      cra        s         r         -     k       -
other editor        -      -          -         -         -     -       -
leader              su     cuar       su        ru        w     wk      -
clerk               -      -          -         -         -     -       -
cadre               -      -          -         -         -     -       -
administrator       -      -          -         -         -     -       -
"""
LETTERS = {
    "s": Action.SUBMIT,
    "c": Action.RECALL,
    "r": Action.RETURN,
    "a": Action.APPROVE,
    "u": Action.URGENT,
    "k": Action.CONFIRM,
    "w": Action.WITHDRAW,
}
HEADER, *ROWS = TABLE.strip("\n").splitlines()
STATES = HEADER.split()
EXPECTED = {
    (line[:20].strip(), state): {LETTERS[letter] for letter in letters if letter != "-"}
    for line in ROWS
    for state, letters in zip(STATES, line[20:].split(), strict=True)
}


@pytest.fixture
def people():
    here, elsewhere = make_category(), make_category()
    unit, other_unit = make_unit(), make_unit()
    return {
        "category": here,
        "unit": unit,
        "author": make_person("Cộng tác viên", unit),
        "own contributor": make_person("Cộng tác viên", unit),
        "other contributor": make_person("Cộng tác viên", other_unit),
        "own editor": make_person("Biên tập viên", here),
        "other editor": make_person("Biên tập viên", elsewhere),
        "leader": make_person("Lãnh đạo"),
        "clerk": make_person("Văn thư"),
        "cadre": make_person("Cán bộ"),
        "administrator": make_person("Quản trị"),
        "a second leader": make_person("Lãnh đạo"),
    }


def brought_to(state, people):
    """An article in `state`, written by the author."""
    author, leader = people["author"], people["a second leader"]
    edition = Article.objects.draft(
        by=author,
        title="Đảng ủy Khối sơ kết sáu tháng",
        summary="Sáng 15/7, Đảng ủy Khối sơ kết sáu tháng đầu năm.",
        body="<p>Nội dung bài viết.</p>",
        category=people["category"],
        unit=people["unit"],
    )
    if state == "urgent":
        move(edition, Action.URGENT, by=leader, reason="Tin khẩn.")
    elif state != State.DRAFT:
        edition = move(edition, Action.SUBMIT, by=author)
    if state == State.RETURNED:
        move(edition, Action.RETURN, by=leader, reason="Thiếu nguồn.")
    if state == State.APPROVED:
        move(edition, Action.APPROVE, by=leader)
    if state in (State.LIVE, State.WITHDRAWN):
        edition = move(move(edition, Action.APPROVE, by=leader), Action.PUBLISH)
    if state == State.WITHDRAWN:
        move(edition, Action.WITHDRAW, by=leader, reason="Nhầm.")
    return Article.objects.get(pk=edition.article_id)


def versions(article):
    return [one for one in (article.open_edition(), article.live) if one]


class Undo(Exception):
    """Ends a trial, so that the next one finds everything as it was."""


def may(deed, article, person):
    """Whether the door lets `person` through, with everything undone afterwards."""
    reason = {"reason": "Có lý do."} if deed.asks else {}
    try:
        with transaction.atomic():
            deed.do(Article.objects.get(pk=article.pk), by=person, **reason)
            raise Undo
    except Undo:
        return True
    except Refused:
        return False


@pytest.mark.parametrize("state", STATES)
def test_the_door_and_the_buttons_keep_to_the_table(state, people):
    article = brought_to(state, people)
    for (name, column), expected in EXPECTED.items():
        if column != state:
            continue
        person = people[name]
        through = {deed.action for deed in desk.DEEDS if may(deed, article, person)}
        shown = {
            offer.deed.action
            for offer in offers(desk.DEEDS, versions(article), person)
            if not offer.obstacle
        }
        assert (name, through) == (name, expected)
        assert (name, shown) == (name, expected)


VISIBLE_TO = {"author", "own contributor", "own editor", "leader"}


@pytest.mark.parametrize("state", [State.SUBMITTED, State.LIVE])
def test_no_hidden_button_and_no_hidden_text_is_reachable(state, people, client):
    article = brought_to(state, people)
    names = sorted({name for name, _ in EXPECTED})
    for name in names:
        client.force_login(people[name])
        for page in ("change", "preview", "history"):
            address = reverse(f"admin:news_article_{page}", args=[article.pk])
            answer = client.get(address).status_code
            assert (name, page, answer == 200) == (name, page, name in VISIBLE_TO)
        pages = {deed.action: pressed(client, article, deed) for deed in desk.DEEDS}
        done = {action for action, changed in pages.items() if changed}
        assert (name, done) == (name, EXPECTED[name, str(state)])


def pressed(client, article, deed):
    """Whether posting the deed's page moves the article, with everything undone afterwards."""
    seen = versions(article)[0].stamp()
    before = [(one.pk, one.state, one.unconfirmed) for one in article.editions.all()]
    address = reverse("admin:news_article_deed", args=[article.pk, deed.action])
    with transaction.atomic():
        client.post(address, {"stamp": seen, "reason": "Có lý do."})
        after = [(one.pk, one.state, one.unconfirmed) for one in article.editions.all()]
        transaction.set_rollback(True)
    return after != before


def test_who_edits_a_submitted_text_cannot_approve_it(people):
    article = brought_to(State.SUBMITTED, people)
    editor = people["own editor"]
    edition = article.open_edition()
    edition.title = "Đảng ủy Khối tổng kết sáu tháng"
    edition.save()
    from core.publishing import rewritten

    rewritten(edition, by=editor, action=Action.EDIT, what="tiêu đề")
    with pytest.raises(Refused, match="người khác"):
        desk.approve(article, by=editor)
    assert "Đã duyệt" in desk.approve(article, by=people["leader"])


def test_an_approver_decides_about_what_was_shown_and_nothing_else(people):
    article = brought_to(State.SUBMITTED, people)
    seen = article.open_edition().stamp()
    edition = article.open_edition()
    edition.summary = "Sáng 16/7, Đảng ủy Khối sơ kết sáu tháng đầu năm."
    edition.save()
    for deed in (desk.approve, desk.recall):
        with pytest.raises(Refused, match="sau khi bạn mở trang"):
            deed(article, by=people["leader"], seen=seen)
    assert article.open_edition().state == State.SUBMITTED


def test_the_unit_and_the_category_follow_the_assignment_rows(people):
    article = brought_to(State.SUBMITTED, people)
    editor = people["own editor"]
    editor.assignments.all().delete()
    fresh = type(editor).objects.get(pk=editor.pk)
    assert not list(offers(desk.DEEDS, versions(article), fresh))
    assert not Article.objects.visible_to(fresh).exists()


def test_an_editor_of_a_section_looks_after_its_subsections(people):
    child = make_category(parent=people["category"])
    article = brought_to(State.SUBMITTED, {**people, "category": child})
    assert "Đã duyệt" in desk.approve(article, by=people["own editor"])
