"""What was typed into a document is never lost: laid aside, compared, taken back."""

from datetime import date

import pytest

from core.audit import contributors
from core.publishing import move
from core.snapshots import Snapshot
from core.workflow import Action, State
from documents import corrections
from documents.models import Document
from tests.documents.test_admin import (
    ASSISTANT,
    change,
    make_field,
    messages,
    opened,
    page,
    relate,
    text_of,
)
from tests.factories import (
    attached,
    make_document,
    make_document_draft,
    make_issuer,
    make_person,
    make_relation,
    make_user,
    pdf_file,
)

pytestmark = pytest.mark.django_db


def restore(client, document, key, stamp=None):
    sent = {"stamp": stamp or document.stamp()}
    return client.post(page("restore", document, key), sent, follow=True)


def labels(client, document, **sides):
    differences = client.get(page("compare", document), sides).context["differences"]
    return [one.label for one in differences]


def told(answer):
    return " ".join(messages(answer))


class TestTwoAtOnce:
    def test_what_was_typed_over_a_newer_document_is_kept_aside(self, client, clerk):
        other = make_document()
        document = make_document_draft(abstract="Bản đầu", issuer=other.issuer)
        topics = [make_field("Một").pk, make_field("Hai").pk]
        mine = opened(
            client, document, abstract="Của tôi", fields=topics, **relate("guides", other)
        )
        client.post(change(document), opened(client, document, abstract="Của người khác"))
        for _ in range(2):  # a second press does not overwrite either
            answer = client.post(change(document), mine, follow=True)
            document.refresh_from_db()
            assert document.abstract == "Của người khác"
        aside = Snapshot.objects.filter(aside=True).latest("pk")
        assert answer.redirect_chain == [(f"{page('compare', document)}?moi=l{aside.pk}", 302)]
        assert (aside.by, aside.content["abstract"]) == (clerk, "Của tôi")
        shown = [one.label for one in answer.context["differences"]]
        assert shown == ["trích yếu", "lĩnh vực", "quan hệ với văn bản khác"]

        restore(client, document, f"l{aside.pk}")
        document = Document.objects.get(pk=document.pk)
        assert document.abstract == "Của tôi"
        assert sorted(document.fields.values_list("pk", flat=True)) == sorted(topics)
        assert document.acts.get().target == other
        assert clerk.pk in contributors(document)

    def test_files_that_came_with_it_have_to_be_chosen_anew(self, client, clerk):
        document = make_document_draft()
        sent = opened(client, document, abstract="Khác", new_files=[pdf_file()], stamp="cũ")
        answer = client.post(change(document), sent, follow=True)
        assert "không nằm trong bản giữ riêng" in told(answer)
        assert not document.files.exists()

    @pytest.mark.parametrize("action", [Action.SUBMIT, Action.PUBLISH])
    def test_what_was_typed_while_it_moved_on_is_kept(self, client, action):
        client.force_login(make_user(*ASSISTANT))
        document = make_document_draft(abstract="Bản đầu")
        mine = opened(client, document, abstract="Của tôi")
        document = move(document, action)
        answer = client.post(change(document), mine, follow=True)
        assert "làm bản đang viết</button>" not in text_of(answer)
        aside = Snapshot.objects.get(aside=True)
        assert aside.content["abstract"] == "Của tôi"
        # What was opened afterwards is not sent at all.
        assert client.post(change(document), {**mine, "stamp": document.stamp()}).status_code == 403

    def test_what_was_typed_into_a_correction_that_was_published_meanwhile_is_kept(
        self, client, clerk
    ):
        document = make_document(abstract="Bản đang đăng")
        correction = corrections.begin(document, by=clerk)
        mine = opened(client, correction, abstract="Của tôi")
        move(correction, Action.PUBLISH)
        answer = client.post(change(correction), mine, follow=True)
        aside = Snapshot.objects.get(aside=True)
        assert aside.content["abstract"] == "Của tôi"
        assert answer.redirect_chain == [(f"{page('compare', document)}?moi=l{aside.pk}", 302)]
        assert [one.label for one in answer.context["differences"]] == ["trích yếu"]
        # Whoever comes later is led to the document.
        assert client.get(change(correction), follow=True).redirect_chain[-1][0] == change(document)

    def test_the_journal_tells_a_correction_from_its_document(self, client, clerk):
        document = make_document()
        move(corrections.begin(document, by=clerk), Action.PUBLISH)
        steps = [words for _, words in client.get(page("history", document)).context["trail"]]
        assert "Bản đính chính: Bản nháp → Đã ghi vào văn bản" in steps
        assert "Bản nháp → Đang đăng" in steps


class TestTakingBack:
    def test_an_old_save_becomes_the_draft_and_files_stay(self, client, clerk):
        document = make_document_draft(abstract="Một", issued_on=date(2023, 1, 2))
        old = make_document(issuer=document.issuer)
        client.post(change(document), opened(client, document, **relate("amends", old)))
        save = Snapshot.objects.latest("pk")
        sent = opened(client, document, abstract="Hai", congress="on", issued_on="03/02/2023")
        client.post(change(document), sent | {"acts-0-DELETE": "on"})
        attached(document)
        shown = labels(client, document, cu=f"l{save.pk}")
        parts = ["quan hệ với văn bản khác", "tệp"]
        assert shown == ["văn kiện đại hội", "trích yếu", "ngày ban hành", *parts]
        assert f'value="l{save.pk}"' in text_of(client.get(page("history", document)))

        answer = restore(client, document, f"l{save.pk}", stamp="cũ")
        assert "sau khi bạn mở trang" in told(answer)
        document.refresh_from_db()
        answer = restore(client, document, f"l{save.pk}")
        assert "tệp và giờ hẹn không đổi" in told(answer)
        document.refresh_from_db()
        assert (document.abstract, document.issued_on) == ("Một", date(2023, 1, 2))
        assert (document.acts.get().target, document.files.count()) == (old, 1)
        assert labels(client, document, cu=f"l{save.pk}") == ["tệp"]

    def test_of_what_is_live_it_goes_into_the_correction(self, client, clerk):
        document = make_document(abstract="Đang đăng")
        correction = corrections.begin(document, by=clerk)
        client.post(change(correction), opened(client, correction, abstract="Đang sửa"))
        seen = client.get(page("history", correction), follow=True)
        assert seen.redirect_chain == [(page("history", document), 302)]
        assert page("compare", correction) in text_of(seen)
        assert "Bản đính chính lập lúc" in text_of(seen)
        assert labels(client, correction, cu=f"b{document.pk}") == ["trích yếu"]
        assert client.post(page("restore", document, f"b{correction.pk}")).status_code == 403
        correction.refresh_from_db()
        restore(client, correction, f"b{document.pk}")
        correction.refresh_from_db()
        assert (correction.abstract, correction.state) == ("Đang đăng", State.DRAFT)

    def test_nothing_is_taken_into_what_is_handed_in(self, client, clerk):
        document = move(make_document_draft(), Action.SUBMIT)
        answer = restore(client, document, f"b{document.pk}")
        assert "Hãy rút về" in told(answer)

    def test_what_the_library_no_longer_allows_is_refused_in_words(self, client, clerk):
        document = make_document_draft("24-CT/TU", term="2020-2025")
        client.post(change(document), opened(client, document, sign="25-CT/TU"))
        client.post(change(document), opened(client, document, sign="26-CT/TU"))
        save = Snapshot.objects.earliest("pk")
        same = {"type": document.type, "issuer": document.issuer, "term": document.term}
        make_document_draft("25-CT/TU", **same)
        document.refresh_from_db()
        answer = restore(client, document, f"l{save.pk}")
        assert "cùng cơ quan, loại, số và nhiệm kỳ" in told(answer)
        document.refresh_from_db()
        assert document.sign == "26-CT/TU"

    def test_saves_of_another_document_are_not_found(self, client, clerk):
        document, other = make_document_draft(), make_document_draft()
        for key in (f"b{other.pk}", "l999999", "b²", "x1"):
            assert client.get(page("compare", document), {"moi": key}).status_code == 404
        client.force_login(make_user())
        assert client.get(page("compare", document)).status_code == 403


class TestQueries:
    @pytest.mark.parametrize("kind", ["draft", "returned", "live", "correction"])
    def test_the_form_reads_relations_and_files_once(
        self, client, clerk, django_assert_max_num_queries, kind
    ):
        issuer = make_issuer()
        document = make_document_draft(issuer=issuer)
        for number in range(3):
            attached(document, name=f"{number}.pdf")
            make_relation(document, "amends", make_document(issuer=issuer))
            make_relation(make_document(issuer=issuer), "guides", document)
        if kind == "returned":
            document = move(document, Action.SUBMIT, by=clerk)
            leader = make_person("Lãnh đạo")
            document = move(document, Action.RETURN, by=leader, reason="Sai số")
        if kind in ("live", "correction"):
            document = move(document, Action.PUBLISH)
        if kind == "correction":
            document = corrections.begin(document, by=clerk)
        client.get(change(document))
        # One more where reviewers have spoken.
        with django_assert_max_num_queries(16 if kind == "returned" else 15):
            seen = text_of(client.get(change(document)))
        assert "2.pdf" in seen
