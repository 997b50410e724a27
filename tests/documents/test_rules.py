"""What the database itself refuses, whoever asks."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.publishing import move
from core.workflow import Action
from documents.corrections import changing
from documents.models import Document, DocumentFile, Issuer, Signer, Visibility
from tests.factories import (
    attached,
    make_document,
    make_document_draft,
    make_issuer,
    make_relation,
    make_type,
    make_user,
)

pytestmark = pytest.mark.django_db


@contextmanager
def refused(*constraints):
    """Expect the database to refuse, in the name of one of `constraints`."""
    with pytest.raises(IntegrityError) as caught:
        yield
    assert caught.value.__cause__.diag.constraint_name in constraints


def change(row, **values):
    """Write past every check of Python."""
    with changing():
        type(row)._default_manager.filter(pk=row.pk).update(**values)


# Documents


def test_issuer_type_number_and_term_tell_a_document_from_every_other():
    first = make_document_draft("24-CT/TU", term="2020-2025")
    same = {"issuer": first.issuer, "type": first.type}
    make_document_draft("24-CT/TU", term="2015-2020", **same)
    make_document_draft("24a-CT/TU", term="2020-2025", **same)
    make_document_draft(
        "24-CT/TU", term="2020-2025", issuer=first.issuer, type=make_type("Chỉ thị")
    )
    make_document_draft("24-CT/TU", term="2020-2025", type=first.type)
    with refused("document_key_unique"):
        make_document_draft("số 24 CT/TU", term="2020-2025", **same)


def test_the_papers_of_a_congress_share_one_series_of_numbers():
    first = make_document_draft("05-BC/ĐH", term="2020-2025", congress=True)
    make_document_draft("05-BC/ĐH", term="2020-2025", issuer=first.issuer, type=first.type)
    with refused("document_congress_key_unique"):
        make_document_draft(
            "05-NQ/ĐH",
            term="2020-2025",
            congress=True,
            issuer=first.issuer,
            type=make_type("Nghị quyết"),
        )


def test_drafts_without_a_number_do_not_stand_in_each_others_way():
    one = make_document_draft("không số")
    two = make_document_draft("không số", issuer=one.issuer, type=one.type)
    assert (one.number, two.number) == (None, None)


@pytest.mark.parametrize("missing", [{"type": None}, {"issuer": None}, {"abstract": ""}])
def test_a_live_document_is_complete(missing):
    document = make_document()
    with refused("document_live_is_complete"):
        change(document, **missing)


@pytest.mark.parametrize("term", ["2020–2025", "20", "2020-25", "khóa VIII"])
def test_a_term_is_two_years_or_one(term):
    with refused("document_term_well_formed"):
        make_document_draft(term=term)


def test_a_document_expires_after_its_issue():
    day = date(2023, 7, 15)
    with refused("document_expires_after_issue"):
        make_document_draft(issued_on=day, expires_on=day)


def test_a_document_is_taken_down_after_it_was_published():
    hour = timezone.now()
    with refused("document_expires_after_publication"):
        make_document_draft(publish_at=hour, expire_at=hour)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("document_visibility_known", {"visibility": "secret"}),
        ("document_state_known", {"state": "gone"}),
        ("document_approved_is_bound", {"state": "approved"}),
        ("document_published_has_a_moment", {"state": "withdrawn"}),
    ],
)
def test_states_and_visibilities_are_known_ones(constraint, values):
    document = make_document_draft()
    with refused(constraint):
        change(document, **values)


def test_a_document_that_was_public_is_never_deleted():
    document = make_document()
    with refused("document_kept"), transaction.atomic():
        document.delete()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.maintenance = 'on'")
    document.delete()
    assert not Document.objects.exists()


# Issuers and signers


def test_a_body_is_named_once_in_its_time():
    make_issuer("Đảng ủy Khối", valid_from=None)
    make_issuer("Đảng ủy Khối", valid_from=date(2025, 7, 1))
    with refused("issuer_unique"):
        make_issuer("Đảng ủy Khối")


def test_no_body_is_above_itself_or_follows_itself():
    body = make_issuer()
    with refused("issuer_not_its_own_superior", "issuer_acyclic"), transaction.atomic():
        change(body, superior=body)
    with refused("issuer_not_its_own_successor", "issuer_acyclic"):
        change(body, successor=body)


@pytest.mark.parametrize("link", ["superior", "successor"])
def test_bodies_form_no_circle(link):
    first = make_issuer()
    second = make_issuer(**{link: first})
    third = make_issuer(**{link: second})
    with refused("issuer_acyclic"):
        change(first, **{link: third})


def test_a_body_ends_after_it_began():
    with refused("issuer_dates_in_order"):
        make_issuer(valid_from=date(2025, 7, 1), valid_to=date(2025, 6, 30))


def test_a_signer_stands_once_in_each_position():
    Signer.objects.create(name="Nguyễn Văn An", position="Bí thư")
    Signer.objects.create(name="Nguyễn Văn An", position="Phó Bí thư")
    with refused("signer_unique"):
        Signer.objects.create(name="Nguyễn Văn An", position="Bí thư")


# Relations


def relate(source, kind, target, **values):
    return make_relation(source, kind, target, **values)


def make_family():
    """Return the newer and the older of two documents of one body."""
    older = make_document(issued_on=date(2022, 1, 10))
    return make_document(issued_on=date(2023, 1, 10), issuer=older.issuer), older


def test_a_relation_is_noted_once_and_of_a_known_kind():
    newer, older = make_family()
    relate(newer, "replaces", older)
    with refused("relation_unique"), transaction.atomic():
        relate(newer, "replaces", older)
    with refused("relation_kind_known"):
        relate(newer, "forgets", older)


def test_a_document_has_no_relation_to_itself():
    document = make_document()
    with refused("relation_not_to_itself", "relation_acyclic"):
        relate(document, "guides", document)


def test_relations_form_no_circle_of_any_length():
    newer, older = make_family()
    between = make_document(issuer=older.issuer)
    relate(newer, "replaces", between)
    relate(between, "amends", older)
    with refused("relation_acyclic"):
        relate(older, "guides", newer)


@pytest.mark.parametrize("kind", ["replaces", "amends", "abolishes"])
def test_only_the_issuer_or_a_body_above_it_ends_a_document(kind):
    province = make_issuer("Tỉnh ủy")
    district = make_issuer("Đảng ủy Khối", superior=province)
    branch = make_issuer("Chi bộ", superior=district)
    target = make_document(issuer=district)
    relate(make_document(issuer=province), kind, target)
    relate(make_document(issuer=district), kind, target)
    for outsider in (branch, make_issuer("Đảng ủy khác", superior=province)):
        with refused("relation_authority"), transaction.atomic():
            relate(make_document(issuer=outsider), kind, target)
    relate(make_document(issuer=branch), "guides", target)


def test_a_successor_and_those_above_it_take_over_the_authority():
    province = make_issuer("Tỉnh ủy mới")
    merged = make_issuer("Đảng ủy hợp nhất", superior=province)
    former = make_issuer("Đảng ủy cũ", successor=merged)
    target = make_document(issuer=former)
    relate(make_document(issuer=merged), "replaces", target)
    relate(make_document(issuer=province), "abolishes", target)


def test_a_document_keeps_the_authority_that_its_relations_need():
    newer, older = make_family()
    relate(newer, "replaces", older)
    with refused("relation_authority"), transaction.atomic():
        change(newer, issuer=make_issuer())
    with refused("relation_authority"):
        change(older, issuer=make_issuer())


# Files


def test_a_file_stands_once_in_a_document_and_again_in_another():
    document = make_document_draft()
    file = attached(document)
    copy = {"name": "x.pdf", "kind": "pdf", "sha256": file.sha256, "size": 1, "text_state": "none"}
    DocumentFile.objects.create(document=make_document_draft(), **copy)
    with refused("file_once_per_document"):
        DocumentFile.objects.create(document=document, **copy)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("file_sha256_well_formed", {"sha256": "A" * 64}),
        ("file_role_known", {"role": "cover"}),
        ("file_kind_known", {"kind": "exe"}),
        ("file_text_state_known", {"text_state": "guessed"}),
    ],
)
def test_the_facts_of_a_file_are_known_ones(constraint, values):
    facts = {"name": "x", "kind": "pdf", "sha256": "a" * 64, "size": 1, "text_state": "none"}
    with refused(constraint):
        DocumentFile.objects.create(document=make_document_draft(), **{**facts, **values})


def test_a_file_does_not_replace_itself():
    file = attached(make_document_draft())
    with refused("file_not_replaced_by_itself"):
        change(file, replaced_by=file)


@pytest.mark.parametrize(
    "values", [{"sha256": "a" * 64}, {"name": "khác.pdf"}, {"size": 1}, {"kind": "png"}]
)
def test_a_file_never_changes(values):
    with refused("file_immutable"):
        change(attached(make_document_draft()), **values)


def test_a_file_is_replaced_and_cleared_once():
    document, person = make_document_draft(), make_user()
    first, second, third = (attached(document) for _ in range(3))
    change(first, replaced_by=second, cleared_by=person)
    for values in ({"replaced_by": third}, {"replaced_by": None}, {"cleared_by": None}):
        with refused("file_immutable"), transaction.atomic():
            change(first, **values)


def test_a_file_that_was_public_is_never_deleted():
    document = make_document_draft()
    file = attached(document)
    spare = attached(document)
    spare.delete()
    move(document, Action.PUBLISH)
    with refused("file_kept"):
        file.delete()


# What the trigger document_standing keeps


def standing(document):
    return Document.objects.values_list("ended_on", "ended_by", "partly_ended_on").get(
        pk=document.pk
    )


def test_force_ends_with_the_first_of_all_reasons():
    newer, older = make_family()
    change(older, expires_on=date(2024, 1, 1))
    assert standing(older) == (date(2024, 1, 1), "expires", None)
    relation = relate(newer, "replaces", older)
    assert standing(older) == (date(2023, 1, 10), "replaces", None)
    change(newer, effective_on=date(2023, 2, 1))
    assert standing(older) == (date(2023, 2, 1), "replaces", None)
    with changing():
        relation.delete()
    assert standing(older) == (date(2024, 1, 1), "expires", None)


@pytest.mark.parametrize(
    ("kind", "provisions"), [("amends", ""), ("abolishes", "Điều 5"), ("replaces", "Mục II")]
)
def test_what_touches_a_part_ends_a_part(kind, provisions):
    newer, older = make_family()
    relate(newer, kind, older, provisions=provisions)
    assert standing(older) == (None, "", date(2023, 1, 10))


def test_guidance_ends_nothing():
    newer, older = make_family()
    relate(newer, "guides", older)
    assert standing(older) == (None, "", None)


def test_only_live_documents_act_on_others():
    older = make_document(issued_on=date(2022, 1, 10))
    draft = make_document_draft(issued_on=date(2023, 1, 10), issuer=older.issuer)
    relate(draft, "replaces", older)
    assert standing(older) == (None, "", None)
    live = move(draft, Action.PUBLISH)
    assert standing(older) == (date(2023, 1, 10), "replaces", None)
    move(live, Action.WITHDRAW, reason="Đăng nhầm.")
    assert standing(older) == (None, "", None)


def test_what_an_internal_document_did_to_a_public_one_has_no_name():
    older = make_document(issued_on=date(2022, 1, 10))
    newer = make_document(
        issued_on=date(2023, 1, 10), issuer=older.issuer, visibility=Visibility.INTERNAL
    )
    relate(newer, "replaces", older)
    assert standing(older) == (date(2023, 1, 10), "abolishes", None)
    change(newer, visibility=Visibility.PUBLIC)
    assert standing(older) == (date(2023, 1, 10), "replaces", None)


def test_of_two_endings_on_one_day_the_replacement_counts():
    newer, older = make_family()
    other = make_document(issued_on=newer.issued_on, issuer=older.issuer)
    relate(other, "abolishes", older)
    relate(newer, "replaces", older)
    assert standing(older) == (date(2023, 1, 10), "replaces", None)


def test_an_undated_document_acts_from_the_day_it_was_published():
    older = make_document()
    newer = make_document(issuer=older.issuer)
    relate(newer, "abolishes", older)
    ended_on, ended_by, _ = standing(older)
    assert ended_by == "abolishes"
    assert abs(ended_on - date.today()) <= timedelta(days=1)


def test_nobody_writes_the_end_of_force_by_hand():
    document = make_document(issued_on=date(2022, 1, 10))
    change(document, ended_on=date(2022, 2, 1), ended_by="expires")
    assert standing(document) == (None, "", None)
    assert Issuer.objects.count() == 1
