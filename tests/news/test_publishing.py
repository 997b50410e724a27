"""An article's way through the one door: draft, live, revised, withdrawn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from core import publishing
from core.audit import contributors
from core.models import AuditEntry
from core.publishing import CHANGED, Refused, move, settle_due
from core.search.vocabulary import SearchWord
from core.workflow import Action, Right, State
from news.citations import Citation
from news.models import Article, Assignment, Edition, MonthCount
from news.related import alike
from tests.factories import (
    make_article,
    make_category,
    make_document,
    make_draft,
    make_person,
    make_photo,
    make_type,
    make_unit,
)

pytestmark = pytest.mark.django_db
FLOOD = "<p>Xâm nhập mặn ở Duyên Hải làm thiệt hại vụ lúa đông xuân của nông dân.</p>"


@pytest.fixture
def leader():
    return make_person("Lãnh đạo")


def approved(**fields):
    """An edition that a leader has approved for an hour ahead."""
    fields.setdefault("publish_at", timezone.now() + timedelta(hours=1))
    submitted = move(make_draft(**fields), Action.SUBMIT)
    return move(submitted, Action.APPROVE, by=make_person("Lãnh đạo"))


def violates(name):
    return pytest.raises(IntegrityError, match=name)


def test_a_draft_is_not_public():
    make_draft()
    assert not Article.objects.published().exists()


def test_publishing_makes_the_edition_live_and_dates_the_article(leader):
    before = timezone.now()
    edition = move(make_draft("Đảng ủy Khối họp"), Action.PUBLISH)
    article = Article.objects.published().get()
    assert article.live == edition
    assert article.slug == "dang-uy-khoi-hop"
    assert before <= article.published_at <= timezone.now()


def test_each_move_leaves_an_audit_entry(leader):
    edition = move(make_draft("Tin thử"), Action.SUBMIT, by=leader)
    move(edition, Action.RETURN, by=leader, reason="Sai số liệu.")
    returned, submitted, created = AuditEntry.objects.all()
    assert (submitted.actor, submitted.from_state, submitted.to_state) == (
        leader,
        State.DRAFT,
        State.SUBMITTED,
    )
    assert (returned.action, returned.reason) == (Action.RETURN, "Sai số liệu.")
    assert created.action == Action.CREATE
    assert returned.subject == edition.article


@pytest.mark.parametrize("action", [Action.PUBLISH, Action.SUPERSEDE, Action.VOID, Action.EXPIRE])
def test_what_the_portal_does_by_itself_nobody_does_by_hand(action, leader):
    with pytest.raises(Refused):
        move(make_draft(), action, by=leader)


@pytest.mark.parametrize(
    ("state", "action"),
    [
        (State.LIVE, Action.SUBMIT),
        (State.LIVE, Action.APPROVE),
        (State.DRAFT, Action.WITHDRAW),
        (State.DRAFT, Action.RECALL),
        (State.WITHDRAWN, Action.URGENT),
        (State.WITHDRAWN, Action.WITHDRAW),
        (State.WITHDRAWN, Action.RESTORE),
    ],
)
def test_a_move_from_the_wrong_state_is_refused_in_words(state, action, leader):
    edition = make_draft()
    if state != State.DRAFT:
        edition = move(edition, Action.PUBLISH)
    if state == State.WITHDRAWN:
        edition = move(edition, Action.WITHDRAW, reason="Nhầm.")
    with pytest.raises(Refused, match=state.label.lower()):
        move(edition, action, by=leader, reason="Lý do")


def test_withdrawal_needs_a_reason(leader):
    edition = move(make_draft(), Action.PUBLISH)
    with pytest.raises(Refused, match="lý do"):
        move(edition, Action.WITHDRAW, by=leader, reason="  ")


def test_an_empty_article_is_refused():
    with pytest.raises(Refused, match="chưa có nội dung"):
        move(make_draft(body="<p> </p>"), Action.PUBLISH)


def test_a_lead_photo_without_a_description_is_refused():
    with pytest.raises(Refused, match="Ảnh chính"):
        move(make_draft(lead_photo=make_photo(alt="")), Action.PUBLISH)


def test_a_photo_declared_decorative_needs_no_description():
    photo = make_photo(alt="", decorative=True)
    body = f'<figure class="photo"><img src="{photo.url}" alt=""></figure>'
    move(make_draft(lead_photo=photo, body=body), Action.PUBLISH)
    assert Article.objects.published().exists()


def test_a_photo_in_the_text_without_a_description_is_named_by_its_place():
    described, silent = make_photo(), make_photo(alt="")
    body = (
        f'<p><img src="{described.url}" alt="Đại hội"></p><p><img src="{silent.url}" alt=" "></p>'
    )
    with pytest.raises(Refused, match="Ảnh thứ 2"):
        move(make_draft(body=body), Action.PUBLISH)


def test_revising_copies_the_live_text_and_leaves_readers_with_it(leader):
    article = make_article("Bản đầu", pen_name="Minh Anh")
    draft = article.revise(by=leader)
    assert (draft.number, draft.pen_name, draft.state) == (2, "Minh Anh", State.DRAFT)
    draft.title = "Bản sau"
    draft.save()
    assert Article.objects.published().get().live.title == "Bản đầu"
    assert article.revise(by=leader) == draft


def test_publishing_a_revision_supersedes_and_keeps_the_first_date():
    article = make_article("Bản đầu")
    first, dated = article.live, article.published_at
    draft = article.revise(by=None)
    draft.title = "Bản sau"
    draft.save()
    move(draft, Action.PUBLISH)
    article.refresh_from_db()
    first.refresh_from_db()
    assert (article.live, article.published_at) == (draft, dated)
    assert article.slug == "ban-sau"
    assert first.state == State.SUPERSEDED


def test_a_past_hour_becomes_the_date_of_an_old_article():
    at = timezone.now() - timedelta(days=900)
    assert make_article(at=at).published_at == at


def test_a_withdrawn_article_can_be_mended_and_published_again(leader):
    article = make_article()
    move(article.live, Action.WITHDRAW, by=leader, reason="Nhầm đơn vị.")
    article.refresh_from_db()
    assert article.withdrawn
    assert article.withdrawal_notice == "Nhầm đơn vị."
    move(article.revise(by=leader), Action.PUBLISH)
    article.refresh_from_db()
    assert article.live
    assert not article.withdrawn


class TestScheduling:
    def test_nothing_is_promoted_before_its_hour(self):
        edition = approved()
        assert settle_due(Edition, edition.publish_at - timedelta(seconds=1)) == 0
        assert not Article.objects.published().exists()

    def test_at_its_hour_the_edition_goes_live(self):
        edition = approved()
        assert settle_due(Edition, edition.publish_at) == 1
        assert Article.objects.published().get().live == edition
        assert AuditEntry.objects.first().action == Action.PUBLISH

    def test_one_that_is_no_longer_what_was_approved_goes_back_with_the_reason(self):
        photo = make_photo(size=(900, 600), caption="Quang cảnh", credit="Ảnh: Minh Anh")
        edition = approved(lead_photo=photo)
        photo.alt = "Một ảnh khác"
        photo.save()
        assert settle_due(Edition, edition.publish_at) == 0
        edition.refresh_from_db()
        assert (edition.state, edition.approved_digest) == (State.RETURNED, "")
        assert AuditEntry.objects.first().reason == CHANGED

    def test_an_article_with_an_end_is_taken_down_at_its_hour(self, client):
        end = timezone.now() + timedelta(days=1)
        article = make_article(expire_at=end)
        assert settle_due(Edition, end - timedelta(seconds=1)) == 0
        assert settle_due(Edition, end) == 1
        article.refresh_from_db()
        assert article.withdrawn
        assert client.get(article.get_absolute_url()).status_code == 410

    @pytest.mark.parametrize("days", [1, -1])
    def test_a_revision_keeps_an_end_that_is_still_ahead(self, days):
        end = timezone.now() + timedelta(days=days)
        article = make_article(expire_at=end)
        assert article.revise(by=None).expire_at == (end if days > 0 else None)

    def test_the_first_reader_after_the_hour_sees_it(self, client):
        edition = approved(title="Tin hẹn giờ")
        Edition.objects.filter(pk=edition.pk).update(publish_at=timezone.now())
        assert "Tin hẹn giờ" in client.get("/").content.decode()


class TestSecondPair:
    def test_approval_is_bound_to_the_text_the_photos_and_the_version_shown(self, leader):
        edition = approved()
        assert edition.approved_digest == edition.digest()
        with violates("edition_approved_is_fixed"):
            Edition.objects.filter(pk=edition.pk).update(title="Khác")

    def test_an_approval_without_a_text_is_refused_by_the_database(self):
        edition = make_draft()
        with violates("edition_approved_is_bound"):
            Edition.objects.filter(pk=edition.pk).update(state=State.APPROVED)

    def test_contributors_are_those_since_the_last_approval(self, leader):
        article = make_article()
        first, second = make_person("Lãnh đạo"), make_person("Lãnh đạo")
        edition = move(article.revise(by=first), Action.SUBMIT, by=first)
        assert contributors(edition) == {first.pk}
        publishing.approve(edition, by=second)
        again = Article.objects.get(pk=article.pk).revise(by=second)
        assert contributors(again) == {second.pk}

    def test_an_urgent_publication_is_confirmed_by_another_person(self, leader):
        edition = move(make_draft(), Action.URGENT, by=leader, reason="Khẩn.")
        assert edition.unconfirmed
        with pytest.raises(Refused, match="người khác"):
            publishing.confirm(edition, by=leader)
        assert not publishing.confirm(edition, by=make_person("Lãnh đạo")).unconfirmed
        with pytest.raises(Refused, match="không còn chờ"):
            publishing.confirm(edition, by=make_person("Lãnh đạo"))

    def test_who_may_nothing_elsewhere_may_nothing_here(self):
        edition = make_draft()
        cadre = make_person("Cán bộ")
        assert not any(edition.grants(cadre, right) for right in Right)


class TestDatabaseRules:
    def test_a_correction_says_what_was_corrected(self):
        with violates("edition_correction_has_a_note"):
            make_draft(change="substantive")

    def test_a_change_is_of_a_known_kind(self):
        with violates("edition_change_known"):
            make_draft(change="lost")

    def test_an_article_ends_after_it_began(self):
        now = timezone.now()
        with violates("edition_expires_after_publication"):
            make_draft(publish_at=now, expire_at=now)

    def test_what_was_public_never_lies_in_the_bin(self):
        with violates("article_binned_was_never_public"):
            Article.objects.filter(pk=make_article().pk).update(binned_at=timezone.now())

    def test_an_assignment_is_one_category_or_one_unit_once(self, leader):
        category, unit = make_category(), make_unit()
        for fields in ({}, {"category": category, "unit": unit}):
            with violates("assignment_of_a_category_or_a_unit"), transaction.atomic():
                Assignment.objects.create(user=leader, **fields)
        rules = {
            "assignment_category_once": {"category": category},
            "assignment_unit_once": {"unit": unit},
        }
        for rule, fields in rules.items():
            Assignment.objects.create(user=leader, **fields)
            with violates(rule), transaction.atomic():
                Assignment.objects.create(user=leader, **fields)

    @pytest.mark.parametrize(
        "change", ["UPDATE core_snapshot SET aside = true", "DELETE FROM core_snapshot"]
    )
    def test_what_was_saved_is_kept(self, change):
        make_draft()
        with violates("snapshot_append_only"), connection.cursor() as cursor:
            cursor.execute(change)

    def test_one_open_edition_per_article(self):
        edition = make_draft()
        with violates("edition_one_open_per_article"):
            edition.copy(by=None)

    def test_one_live_edition_per_article(self):
        article = make_article()
        draft = article.revise(by=None)
        with violates("edition_one_live_per_article"):
            Edition.objects.filter(pk=draft.pk).update(
                state=State.LIVE, went_live_at=timezone.now()
            )

    @pytest.mark.parametrize("change", [{"title": "Khác"}, {"body": ""}, {"state": State.DRAFT}])
    def test_a_published_edition_never_changes(self, change):
        article = make_article()
        with violates("edition_immutable"):
            Edition.objects.filter(pk=article.live_id).update(**change)

    def test_a_superseded_edition_does_not_come_back(self):
        article = make_article()
        first = article.live_id
        move(article.revise(by=None), Action.PUBLISH)
        with violates("edition_immutable"):
            Edition.objects.filter(pk=first).update(state=State.WITHDRAWN)

    def test_a_published_article_is_not_deleted(self):
        article = make_article()
        with pytest.raises(DatabaseError), transaction.atomic():
            article.delete()
        with violates("edition_immutable"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM news_edition WHERE article_id = %s", [article.pk])

    def test_a_draft_may_be_deleted(self):
        make_draft().article.delete()
        assert not Edition.objects.exists()

    def test_the_live_pointer_names_a_live_edition_of_the_same_article(self):
        one, other = make_article(), make_article()
        move(other.live, Action.WITHDRAW, reason="Thử.")
        with violates("article_live_is_its_own_live_edition"):
            Article.objects.filter(pk=other.pk).update(
                live=one.live.copy(by=None), withdrawn_at=None
            )
            connection.check_constraints()

    def test_a_live_article_has_a_date(self):
        with violates("article_live_has_a_date"):
            Article.objects.filter(pk=make_article().pk).update(published_at=None)

    def test_an_article_is_live_or_withdrawn_never_both(self):
        with violates("article_live_or_withdrawn"):
            Article.objects.filter(pk=make_article().pk).update(withdrawn_at=timezone.now())

    def test_two_editions_of_an_article_never_share_a_number(self):
        first = make_article().live
        with violates("edition_number_unique"):
            Edition.objects.create(article=first.article, title="Khác", category=first.category)

    def test_an_edition_is_in_a_known_state(self):
        edition = make_draft()
        with violates("edition_state_known"):
            Edition.objects.filter(pk=edition.pk).update(state="lost")

    def test_what_was_published_says_when(self):
        edition = make_draft()
        with violates("edition_published_has_a_moment"):
            Edition.objects.filter(pk=edition.pk).update(state=State.LIVE)

    def test_active_content_is_refused_even_past_the_cleaner(self):
        edition = make_draft()
        with violates("edition_body_is_inert"), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE news_edition SET body = %s WHERE id = %s",
                ["<p>a</p><ScRipt>alert(1)</script>", edition.pk],
            )

    def test_a_source_link_needs_a_name(self):
        with violates("edition_source_link_has_a_name"):
            make_draft(source_url="https://nhandan.vn/bai.html")

    @pytest.mark.parametrize(
        "change", ["UPDATE core_auditentry SET reason = ''", "DELETE FROM core_auditentry"]
    )
    def test_the_audit_trail_is_append_only(self, change):
        make_article()
        with violates("audit_append_only"), connection.cursor() as cursor:
            cursor.execute(change)

    def test_a_category_is_not_its_own_parent(self):
        category = make_category()
        category.parent = category
        with violates("category_not_its_own_parent"):
            category.save()

    def test_categories_have_two_levels(self):
        section = make_category()
        child = make_category(parent=section)
        with violates("category_two_levels"), transaction.atomic():
            make_category(parent=child)
        with violates("category_two_levels"):
            section.parent = make_category()
            section.save()

    def test_a_category_that_moves_takes_its_articles_along(self):
        section, child = make_category(), make_category()
        article = make_article(category=child)
        child.parent = section
        child.save()
        article.refresh_from_db()
        assert article.section == section


def somebody_waits_for_us():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def together(self, *tasks):
        barrier = Barrier(len(tasks))

        def run(task):
            barrier.wait(timeout=10)
            try:
                return task()
            except (Refused, IntegrityError) as error:
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(len(tasks)) as pool:
            return list(pool.map(run, tasks))

    def test_two_leaders_of_one_draft_publish_it_once(self):
        edition = make_draft()
        outcomes = self.together(*[partial(move, edition, Action.PUBLISH)] * 2)
        assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
        assert AuditEntry.objects.filter(action=Action.PUBLISH).count() == 1

    def test_two_who_revise_share_one_open_edition(self):
        article = make_article()
        articles = Article.objects.get(pk=article.pk), Article.objects.get(pk=article.pk)
        first, second = self.together(*(partial(one.revise, by=None) for one in articles))
        assert first == second

    def test_many_readers_after_the_hour_promote_once(self):
        edition = approved()
        assert sum(self.together(*[partial(settle_due, Edition, edition.publish_at)] * 4)) == 1
        assert AuditEntry.objects.filter(action=Action.PUBLISH).count() == 1

    def test_a_reader_never_waits_for_an_editor_who_has_the_article_in_hand(self):
        edition = approved()
        promote = partial(settle_due, Edition, edition.publish_at)
        with ThreadPoolExecutor(1) as pool, transaction.atomic():
            Article.objects.select_for_update().get(pk=edition.article_id)
            assert pool.submit(self.together, promote).result(timeout=10) == [0]
            move(edition, Action.RETURN, reason="Thử.")
        assert not AuditEntry.objects.filter(action=Action.PUBLISH).exists()

    def test_articles_that_change_places_between_categories_do_not_deadlock(self):
        one, other = make_category(), make_category()
        first = make_article(category=one).revise(by=None)
        second = make_article(category=other).revise(by=None)
        Edition.objects.filter(pk=first.pk).update(category=other)
        Edition.objects.filter(pk=second.pk).update(category=one)
        with ThreadPoolExecutor(1) as pool, transaction.atomic():
            MonthCount.objects.select_for_update().get(category=one)
            meanwhile = pool.submit(self.together, lambda: move(second, Action.PUBLISH))
            while not somebody_waits_for_us():
                assert not meanwhile.done()
            move(first, Action.PUBLISH)
        meanwhile.result(timeout=10)
        assert Article.objects.get(pk=second.article_id).category == one
        assert Article.objects.get(pk=first.article_id).category == other

    def beside(self, task, pool, *, word):
        """Start `task` in `pool`; it comes to wait for `word`, which our transaction holds."""
        SearchWord.objects.select_for_update().get(word=word)
        started = pool.submit(self.together, task)
        while not somebody_waits_for_us():
            assert not started.done()
        return started

    def test_two_that_are_alike_do_not_deadlock(self):
        first, second = make_article("Ruộng", body=FLOOD), make_article("Sông", body=FLOOD)
        one, other = first.revise(by=None), second.revise(by=None)
        Edition.objects.filter(pk=one.pk).update(title="Đồng")
        Edition.objects.filter(pk=other.pk).update(title="Biển")
        with ThreadPoolExecutor(1) as pool, transaction.atomic():
            meanwhile = self.beside(partial(move, other, Action.PUBLISH), pool, word="sông")
            move(one, Action.PUBLISH)
        assert meanwhile.result(timeout=10) == [other]
        assert list(alike(first.pk)) == [second]

    def test_a_document_and_the_article_that_cites_it_do_not_deadlock(self):
        document = make_document("24-CT/TU", type=make_type("Chỉ thị"))
        draft = make_draft(body="<p>Thực hiện Chỉ thị 24-CT/TU.</p>")
        first_word = min(SearchWord.objects.values_list("word", flat=True))
        with ThreadPoolExecutor(1) as pool, transaction.atomic():
            withdraw = partial(move, document, Action.WITHDRAW, reason="Sai.")
            meanwhile = self.beside(withdraw, pool, word=first_word)
            move(draft, Action.PUBLISH)
        assert meanwhile.result(timeout=10) == [document]
        assert Citation.objects.get().document is None

    def test_publication_and_withdrawal_never_leave_a_half_state(self):
        article = make_article()
        draft, live = article.revise(by=None), article.live
        self.together(
            lambda: move(draft, Action.PUBLISH),
            lambda: move(live, Action.WITHDRAW, reason="Thử."),
        )
        article.refresh_from_db()
        assert article.live_id in {None, draft.pk}
        assert article.withdrawn == (article.live_id is None)
