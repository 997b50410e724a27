"""Whether a document is in force on a day, and the sentences that say why."""

from datetime import date, timedelta

import pytest

from core.publishing import move
from core.workflow import Action
from documents.corrections import changing
from documents.models import Document
from documents.validity import IN_FORCE_FROM, Status, conditions, status, validity
from tests.factories import (
    make_document,
    make_document_draft,
    make_issuer,
    make_relation,
    make_type,
)

pytestmark = pytest.mark.django_db

DAY = date(2023, 2, 1)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.fixture
def issuer():
    return make_issuer()


@pytest.fixture
def target(issuer):
    return make_document(issuer=issuer, issued_on=date(2020, 1, 1))


def act(target, kind, *, on=DAY, provisions="", **fields):
    """Publish a document of the same issuer, in force from `on`, that acts on `target`."""
    source = make_document_draft(issuer=target.issuer, issued_on=on, **fields)
    make_relation(source=source, kind=kind, target=target, provisions=provisions)
    return move(source, Action.PUBLISH)


def judged(document, on, readable=None):
    """Return the validity of `document` as someone who may read `readable` (all public) sees it."""
    document = Document.objects.get(pk=document.pk)
    readable = Document.objects.published() if readable is None else readable
    return validity(document, on, document.acted_on_by.filter(source__in=readable))


def days(document):
    return [judged(document, day).status for day in (BEFORE, DAY, AFTER)]


def sentences(document, on, readable=None):
    return [str(reason) for reason in judged(document, on, readable).reasons]


class TestStatus:
    def test_pending_until_the_day_of_effect(self, issuer):
        document = make_document(issuer=issuer, issued_on=date(2023, 1, 1), effective_on=DAY)
        assert days(document) == [Status.PENDING, Status.IN_FORCE, Status.IN_FORCE]

    def test_in_force_from_the_day_of_issue_when_no_other_is_given(self, issuer):
        document = make_document(issuer=issuer, issued_on=DAY)
        assert days(document) == [Status.PENDING, Status.IN_FORCE, Status.IN_FORCE]

    def test_replaced_from_the_day_of_the_replacement(self, target):
        act(target, "replaces")
        assert days(target) == [Status.IN_FORCE, Status.REPLACED, Status.REPLACED]

    def test_replaced_from_the_day_of_effect_not_of_issue(self, target):
        act(target, "replaces", on=date(2023, 1, 1), effective_on=DAY)
        assert days(target) == [Status.IN_FORCE, Status.REPLACED, Status.REPLACED]

    def test_ended_from_the_day_of_abolition(self, target):
        act(target, "abolishes")
        assert days(target) == [Status.IN_FORCE, Status.ENDED, Status.ENDED]

    def test_ended_from_the_day_that_it_sets_itself(self, issuer):
        document = make_document(issuer=issuer, issued_on=date(2020, 1, 1), expires_on=DAY)
        assert days(document) == [Status.IN_FORCE, Status.ENDED, Status.ENDED]

    def test_partly_ended_from_the_day_of_amendment(self, target):
        act(target, "amends")
        assert days(target) == [Status.IN_FORCE, Status.PARTLY, Status.PARTLY]

    @pytest.mark.parametrize("kind", ["replaces", "abolishes"])
    def test_what_concerns_some_provisions_ends_a_part_alone(self, target, kind):
        act(target, kind, provisions="Điều 5")
        assert days(target) == [Status.IN_FORCE, Status.PARTLY, Status.PARTLY]

    def test_amended_and_later_replaced_is_replaced(self, target):
        act(target, "amends", on=date(2021, 1, 1))
        act(target, "replaces")
        assert days(target) == [Status.PARTLY, Status.REPLACED, Status.REPLACED]

    def test_guidance_leaves_it_in_force(self, target):
        act(target, "guides")
        assert days(target) == [Status.IN_FORCE] * 3

    def test_replaced_before_its_first_day_is_replaced_not_pending(self, issuer):
        document = make_document(issuer=issuer, issued_on=DAY, effective_on=date(2024, 1, 1))
        act(document, "replaces")
        assert days(document) == [Status.PENDING, Status.REPLACED, Status.REPLACED]

    def test_the_first_of_several_endings_counts(self, target):
        act(target, "abolishes", on=AFTER)
        act(target, "replaces", on=DAY)
        assert days(target) == [Status.IN_FORCE, Status.REPLACED, Status.REPLACED]

    def test_an_expiry_before_the_replacement_counts(self, issuer):
        document = make_document(issuer=issuer, issued_on=date(2020, 1, 1), expires_on=DAY)
        act(document, "replaces", on=AFTER)
        assert days(document) == [Status.IN_FORCE, Status.ENDED, Status.ENDED]

    def test_a_draft_or_withdrawn_actor_does_not_count(self, target):
        source = act(target, "replaces")
        move(source, Action.WITHDRAW, reason="Đăng nhầm.")
        assert days(target) == [Status.IN_FORCE] * 3
        move(source, Action.RESTORE)
        assert days(target) == [Status.IN_FORCE, Status.REPLACED, Status.REPLACED]
        draft = make_document_draft(issuer=target.issuer, issued_on=BEFORE)
        make_relation(source=draft, kind="abolishes", target=target)
        assert days(target) == [Status.IN_FORCE, Status.REPLACED, Status.REPLACED]

    def test_an_undated_document_is_in_force_until_something_ends_it(self, issuer):
        document = make_document(issuer=issuer)
        assert days(document) == [Status.IN_FORCE] * 3
        act(document, "abolishes")
        assert days(document) == [Status.IN_FORCE, Status.ENDED, Status.ENDED]

    @pytest.mark.parametrize("day", [BEFORE, DAY, AFTER])
    def test_conditions_find_what_status_says(self, issuer, target, day):
        act(target, "replaces")
        for kind in ("abolishes", "amends", "guides"):
            act(make_document(issuer=issuer, issued_on=date(2020, 1, 1)), kind)
        make_document(issuer=issuer, issued_on=date(2020, 1, 1), expires_on=DAY)
        make_document(issuer=issuer)
        documents = Document.objects.alias(in_force_from=IN_FORCE_FROM)
        found = {
            document.pk: case
            for case, condition in conditions(day).items()
            for document in documents.filter(condition)
        }
        assert found == {d.pk: status(d, day) for d in Document.objects.all()}


class TestKeptColumns:
    """ended_on, ended_by and partly_ended_on, which a trigger writes, are what relations say."""

    def kept(self, document):
        document.refresh_from_db()
        return document.ended_on, document.ended_by, document.partly_ended_on

    def test_they_follow_every_relation_and_its_end(self, target):
        assert self.kept(target) == (None, "", None)
        act(target, "amends", on=BEFORE)
        assert self.kept(target) == (None, "", BEFORE)
        source = act(target, "replaces")
        assert self.kept(target) == (DAY, "replaces", BEFORE)
        with changing():
            source.acts.all().delete()
        assert self.kept(target) == (None, "", BEFORE)

    def test_they_follow_the_dates_of_the_actor(self, target):
        source = act(target, "replaces")
        source.effective_on = AFTER
        with changing():
            source.save()
        assert self.kept(target) == (AFTER, "replaces", None)

    def test_they_follow_a_relation_to_its_new_target(self, target, issuer):
        other = make_document(issuer=issuer)
        relation = act(target, "abolishes").acts.get()
        relation.target = other
        with changing():
            relation.save()
        assert self.kept(target) == (None, "", None)
        assert self.kept(other) == (DAY, "abolishes", None)

    def test_they_cannot_be_written_by_hand(self, target):
        Document.objects.filter(pk=target.pk).update(ended_on=DAY, ended_by="replaces")
        assert self.kept(target) == (None, "", None)

    def test_an_undated_actor_counts_from_the_day_on_which_it_went_live(self, target):
        source = act(target, "abolishes", on=None)
        Document.objects.filter(pk=source.pk).update(went_live_at="2023-01-31T18:00:00Z")
        source.refresh_from_db()
        source.save(update_fields=["state"])
        with changing():
            Document.objects.filter(pk=target.pk).update(term="")
        assert self.kept(target) == (DAY, "abolishes", None)  # already 1 February in Hà Nội
        assert sentences(target, DAY) == [f"Bị bãi bỏ bởi {source} từ ngày 01/02/2023."]


class TestReasons:
    def test_a_replacement_is_named_and_linked(self, target):
        source = act(target, "replaces", sign="12-QĐ/ĐUK", type=make_type("Quyết định"))
        assert sentences(target, DAY) == [
            "Bị thay thế bởi Quyết định số 12-QĐ/ĐUK từ ngày 01/02/2023."
        ]
        assert judged(target, DAY).reasons[0].document == source

    def test_a_replacement_to_come_is_announced(self, target):
        source = act(target, "replaces")
        assert sentences(target, BEFORE) == [
            "Có hiệu lực từ ngày 01/01/2020.",
            f"Sẽ bị thay thế bởi {source} từ ngày 01/02/2023.",
        ]

    def test_an_amendment_says_which_part(self, target):
        source = act(target, "amends", provisions="Điều 5")
        assert sentences(target, DAY) == [
            "Có hiệu lực từ ngày 01/01/2020.",
            f"Được sửa đổi, bổ sung bởi {source} từ ngày 01/02/2023, phần: Điều 5.",
        ]

    def test_an_expiry_is_the_document_s_own(self, issuer):
        document = make_document(issuer=issuer, issued_on=date(2020, 1, 1), expires_on=DAY)
        assert sentences(document, DAY) == ["Hết hiệu lực từ ngày 01/02/2023 theo chính văn bản."]
        assert sentences(document, BEFORE)[-1] == (
            "Sẽ hết hiệu lực từ ngày 01/02/2023 theo chính văn bản."
        )

    def test_a_pending_document_says_from_when(self, issuer):
        document = make_document(issuer=issuer, issued_on=BEFORE, effective_on=DAY)
        assert sentences(document, BEFORE) == ["Sẽ có hiệu lực từ ngày 01/02/2023."]

    def test_an_undated_document_says_what_the_library_knows(self, issuer):
        document = make_document(issuer=issuer)
        assert sentences(document, DAY) == ["Thư viện chưa có văn bản nào thay thế hoặc bãi bỏ."]

    def test_two_that_end_it_on_the_same_day_are_both_named(self, target):
        sources = {str(act(target, kind)) for kind in ("replaces", "abolishes")}
        reasons = judged(target, DAY).reasons
        assert {str(reason.document) for reason in reasons} == sources

    def test_a_later_ending_is_no_reason(self, target):
        first = act(target, "abolishes")
        act(target, "replaces", on=AFTER)
        assert [reason.document for reason in judged(target, AFTER).reasons] == [first]


class TestAnInternalActor:
    """What a reader may not read counts, and is neither named nor hinted at."""

    @pytest.mark.parametrize("kind", ["replaces", "abolishes"])
    def test_only_the_date_is_told(self, target, kind):
        act(target, kind, visibility="internal")
        seen = judged(target, DAY)
        assert seen.status == Status.ENDED
        assert [str(reason) for reason in seen.reasons] == ["Hết hiệu lực từ ngày 01/02/2023."]

    def test_who_may_read_it_sees_it_named(self, target):
        source = act(target, "replaces", visibility="internal")
        readable = Document.objects.filter(state="live")
        assert judged(target, DAY, readable).status == Status.ENDED
        assert sentences(target, DAY, readable) == [f"Bị thay thế bởi {source} từ ngày 01/02/2023."]

    def test_an_amendment_is_told_as_a_date(self, target):
        act(target, "amends", visibility="internal")
        assert sentences(target, DAY)[1:] == ["Hết hiệu lực một phần từ ngày 01/02/2023."]

    def test_a_readable_amendment_after_it_does_not_hide_its_date(self, target):
        act(target, "amends", visibility="internal")
        later = act(target, "amends", on=AFTER)
        assert sentences(target, AFTER)[1:] == [
            "Hết hiệu lực một phần từ ngày 01/02/2023.",
            f"Được sửa đổi, bổ sung bởi {later} từ ngày 02/02/2023.",
        ]
