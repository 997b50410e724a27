"""The records clerk's “Văn bản”: one form, and buttons that say what happens next."""

import threading
from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.audit import AuditEntry
from core.publishing import Refused, approve, move
from core.remarks import remarks_on
from core.workflow import Action, State
from documents import vault
from documents.clerk import bin as the_bin
from documents.clerk import desk
from documents.clerk.attachments import Stored, take_in
from documents.corrections import changing
from documents.files import digest
from documents.models import Document, DocumentFile, Field, Issuer, Relation, Signer
from tests.factories import (
    attached,
    make_document,
    make_document_draft,
    make_issuer,
    make_person,
    make_relation,
    make_site,
    make_type,
    make_user,
    pdf_file,
    picture_file,
)

pytestmark = pytest.mark.django_db

ASSISTANT = tuple(f"documents.{verb}_document" for verb in ("add", "change", "view", "delete"))
LIST = reverse("admin:documents_document_changelist")
ADD = reverse("admin:documents_document_add")
RELATIONS = "acts"


@pytest.fixture
def assistant(client):
    user = make_user(*ASSISTANT, username="phu-viec")
    client.force_login(user)
    return user


def page(name, document, *more):
    return reverse(f"admin:documents_document_{name}", args=[document.pk, *more])


def change(document):
    return page("change", document)


def text_of(response):
    return response.content.decode()


def messages(response):
    return [str(message) for message in response.context["messages"]]


def errors(response):
    return response.context["adminform"].form.errors


def management(files=0, relations=0):
    return {
        "files-TOTAL_FORMS": files,
        "files-INITIAL_FORMS": files,
        f"{RELATIONS}-TOTAL_FORMS": relations,
        f"{RELATIONS}-INITIAL_FORMS": 0,
    }


def fields(button="_save", **changes):
    """Return a new document as the form sends it."""
    return {
        "sign": "24-CT/TU",
        "abstract": "Về công tác tuyên giáo",
        "visibility": "public",
        "publish_at_0": "",
        "publish_at_1": "",
        **management(),
        button: "",
        **changes,
    }


def opened(client, document, button="_save", **changes):
    """Return an existing document as its form sends it when `changes` were typed."""
    context = client.get(change(document)).context
    sent = {}
    for bound in [
        *context["adminform"].form,
        *(box for formset in context["inline_admin_formsets"] for box in boxes(formset.formset)),
    ]:
        sent |= typed(bound)
    return {name: value for name, value in sent.items() if value is not None} | {
        button: "",
        **changes,
    }


def boxes(formset):
    yield from formset.management_form
    for form in formset:
        yield from form


def typed(bound):
    value = bound.value()
    if bound.name == "publish_at":
        at = timezone.localtime(value) if value else None
        return {
            "publish_at_0": f"{at:%d/%m/%Y}" if at else "",
            "publish_at_1": f"{at:%H:%M}" if at else "",
        }
    if isinstance(value, bool):
        return {bound.html_name: "on" if value else None}
    if isinstance(value, date):
        return {bound.html_name: f"{value:%d/%m/%Y}"}
    if isinstance(value, list):
        return {bound.html_name: [getattr(one, "pk", one) for one in value]}
    return {bound.html_name: "" if value is None else value}


def relate(kind, target, **more):
    """Return the first row of relations, filled."""
    return {
        f"{RELATIONS}-TOTAL_FORMS": 1,
        f"{RELATIONS}-0-kind": kind,
        f"{RELATIONS}-0-target": target.pk,
        f"{RELATIONS}-0-provisions": more.get("provisions", ""),
    }


class TestWriting:
    def test_a_new_document_is_a_draft_that_only_clerks_see(self, client, clerk):
        kind, issuer, topic = make_type("Chỉ thị"), make_issuer(), make_field("Tuyên giáo")
        sent = fields(type=kind.pk, issuer=issuer.pk, fields=[topic.pk], issued_on="29/06/2017")
        response = client.post(ADD, sent, follow=True)
        document = Document.objects.get()
        assert (document.sign_key, document.state) == ("24-ct/tu", State.DRAFT)
        assert (document.created_by, document.issued_on) == (clerk, date(2017, 6, 29))
        assert list(document.fields.all()) == [topic]
        assert messages(response) == ["Đã lưu bản nháp. Chỉ văn thư thấy."]
        assert response.redirect_chain == [(change(document), 302)]
        client.logout()
        assert client.get(document.get_absolute_url()).status_code == 404

    def test_an_hour_in_the_address_of_the_form_is_ignored(self, client, clerk):
        assert client.get(ADD, {"publish_at": "hôm qua"}).status_code == 200

    def test_nothing_but_what_is_known_has_to_be_typed(self, client, clerk):
        client.post(ADD, fields(sign="", abstract="Chưa có số"))
        assert str(Document.objects.get()) == "Chưa có số"

    def test_a_sign_of_no_known_pattern_is_stored_with_a_warning(self, client, clerk):
        response = client.post(ADD, fields(sign="Không số"), follow=True)
        assert Document.objects.get().sign == "Không số"
        assert "không phát hiện được văn bản trùng" in messages(response)[0]

    def test_the_year_in_a_state_sign_is_its_term(self, client, clerk):
        client.post(ADD, fields(sign="42/2022/NĐ-CP"))
        assert Document.objects.get().term == "2022"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("issued_on", "31/02/2023"),
            ("issued_on", "hôm qua"),
            ("type", "999999"),
            ("issuer", "abc"),
            ("signer", "9" * 40),
            ("visibility", "secret"),
            ("sign", "x" * 81),
            ("publish_at_0", "01/02/2020"),
        ],
    )
    def test_what_makes_no_sense_is_an_error_at_its_field(self, client, clerk, name, value):
        sent = fields(**{"publish_at_1": "08:00" if name == "publish_at_0" else "", name: value})
        assert name.removesuffix("_0") in errors(client.post(ADD, sent))
        assert not Document.objects.exists()

    def test_a_term_has_one_form(self, client, clerk):
        response = client.post(ADD, fields(term="20-25"))
        assert "Hãy ghi nhiệm kỳ như 2020-2025" in text_of(response)

    def test_it_cannot_end_before_it_began(self, client, clerk):
        response = client.post(ADD, fields(issued_on="02/02/2023", expires_on="01/02/2023"))
        assert "Ngày hết hiệu lực phải sau ngày ban hành." in text_of(response)

    def test_a_form_without_its_stamp_overwrites_nothing(self, client, clerk):
        document = make_document_draft(abstract="Bản đầu")
        sent = opened(client, document, abstract="Khác", stamp="")
        response = client.post(change(document), sent, follow=True)
        assert "được giữ riêng" in text_of(response)
        document.refresh_from_db()
        assert document.abstract == "Bản đầu"

    def test_a_stale_form_with_an_error_is_shown_again(self, client, clerk):
        document = make_document_draft()
        sent = opened(client, document, abstract="Khác", issued_on="hôm qua", stamp="cũ")
        response = client.post(change(document), sent)
        assert set(errors(response)) == {"issued_on", "__all__"}
        assert "Khác" in text_of(response)

    def test_the_browser_learns_which_copy_is_stored(self, client, clerk):
        token = "0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"
        response = client.post(ADD, fields(autosave=token))
        assert response.cookies["portal_saved"].value == token


def make_field(name):
    return Field.objects.create(name=name, slug=f"linh-vuc-{Field.objects.count()}")


class TestTwins:
    @pytest.fixture
    def known(self):
        return make_document_draft(
            "24-CT/TU", type=make_type("Chỉ thị"), issuer=make_issuer(), term="2015-2020"
        )

    def sent(self, known, **changes):
        return fields(
            **{
                "sign": "24 ct/tu",
                "type": known.type_id,
                "issuer": known.issuer_id,
                "term": known.term,
                **changes,
            }
        )

    def test_the_same_key_is_refused_with_a_link(self, client, clerk, known):
        response = client.post(ADD, self.sent(known))
        assert f'href="{change(known)}"' in errors(response)["sign"][0]
        assert Document.objects.count() == 1

    def test_another_term_type_or_issuer_is_another_document(self, client, clerk, known):
        for other in (
            {"term": "2020-2025"},
            {"type": make_type("Quyết định").pk},
            {"issuer": make_issuer().pk},
            {"sign": "24a-CT/TU"},
        ):
            client.post(ADD, self.sent(known, **other))
        assert Document.objects.count() == 5

    def test_papers_of_a_congress_share_one_series(self, client, clerk, known):
        congress = {"congress": "on", "sign": "5-BC/ĐH"}
        client.post(ADD, self.sent(known, **congress))
        other_type = {**congress, "type": make_type("Nghị quyết").pk}
        assert "sign" in errors(client.post(ADD, self.sent(known, **other_type)))

    def test_a_change_into_a_twin_is_refused(self, client, clerk, known):
        other = make_document_draft(
            "25-CT/TU", type=known.type, issuer=known.issuer, term=known.term
        )
        response = client.post(change(other), opened(client, other, sign="24-CT/TU"))
        assert f'href="{change(known)}"' in errors(response)["sign"][0]


@pytest.mark.django_db(transaction=True)
class TestTwoClerksAtOnce:
    @pytest.fixture
    def clerk(self):
        # A test that flushes the tables has no groups.
        names = (*ASSISTANT, "documents.publish_document")
        return make_user(*names, username="van-thu")

    def posts(self, clerk, *forms):
        """Send the forms at one instant, each through a connection of its own."""
        gate, answers = threading.Barrier(len(forms)), []

        def send(form):
            client = Client()
            client.force_login(clerk)
            gate.wait(timeout=20)
            try:
                answers.append(client.post(ADD, form))
            finally:
                connection.close()

        threads = [threading.Thread(target=send, args=[form]) for form in forms]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return sorted(answers, key=lambda answer: answer.status_code)

    def test_one_wins_and_one_gets_the_link(self, clerk):
        kind, issuer = make_type("Chỉ thị"), make_issuer()
        sent = fields(type=kind.pk, issuer=issuer.pk)
        refused, saved = self.posts(clerk, sent, sent)
        document = Document.objects.get()
        assert saved["Location"] == change(document)
        assert f'href="{change(document)}"' in errors(refused)["sign"][0]

    def test_a_twin_stored_past_the_lock_is_found_too(self, client, clerk, monkeypatch):
        """Whoever writes without the lock meets the constraint document_key_unique instead."""
        kind, issuer = make_type("Chỉ thị"), make_issuer()
        client.force_login(clerk)
        save, twins = Document.save, []

        def save_after_another(self, *args, **kwargs):
            if not twins:
                thread = threading.Thread(target=store_twin)
                thread.start()
                thread.join(timeout=20)
            return save(self, *args, **kwargs)

        def store_twin():
            twins.append(Document(sign="24-CT/TU", type=kind, issuer=issuer, abstract="Trước"))
            save(twins[0])
            connection.close()

        monkeypatch.setattr(Document, "save", save_after_another)
        response = client.post(ADD, fields(type=kind.pk, issuer=issuer.pk))
        assert f'href="{change(twins[0])}"' in errors(response)["sign"][0]
        assert Document.objects.get() == twins[0]


class TestSuggestions:
    ADDRESS = reverse("admin:documents_document_suggest")

    def ask(self, client, **query):
        return client.get(self.ADDRESS, query).json()

    def test_a_sign_suggests_types_and_issuers_by_code(self, client, clerk):
        province, centre = make_issuer("Tỉnh ủy", code="TU"), make_issuer("Trung ương", code="TW")
        make_issuer("Không ký hiệu")
        answer = self.ask(client, so="24ct/tu")
        assert answer["sign"] == "24-CT/TU"
        assert [one["text"] for one in answer["types"]] == ["Chỉ thị"]
        assert [one["id"] for one in answer["issuers"]] == [str(province.pk)]
        both = self.ask(client, so="85-QĐ/TW")
        assert [one["text"] for one in both["types"]] == ["Quyết định", "Quy định"]
        assert [one["id"] for one in both["issuers"]] == [str(centre.pk)]
        older = self.ask(client, so="29-NQ/TƯ")
        assert [one["id"] for one in older["issuers"]] == [str(centre.pk)]

    def test_issuers_of_the_day_come_first(self, client, clerk):
        new = make_issuer("Đảng ủy mới", code="ĐUK", valid_from=date(2025, 1, 1))
        old = make_issuer("Đảng ủy cũ", code="ĐUK", valid_to=date(2024, 12, 31))
        found = self.ask(client, so="1-KH/ĐUK", ngay="05/06/2023")["issuers"]
        assert [one["id"] for one in found] == [str(old.pk), str(new.pk)]

    def test_terms_follow_from_the_other_documents_and_the_day(self, client, clerk):
        issuer = make_issuer()
        for sign, term, on in (
            ("1-KH/ĐUK", "2015-2020", date(2016, 1, 1)),
            ("2-KH/ĐUK", "2020-2025", date(2021, 1, 1)),
        ):
            make_document_draft(sign, issuer=issuer, term=term, issued_on=on)
        known = {"so": "3-KH/ĐUK", "co-quan": issuer.pk}
        assert self.ask(client, **known, ngay="02/02/2017")["terms"] == ["2015-2020"]
        assert self.ask(client, **known)["terms"] == ["2020-2025", "2015-2020"]
        assert self.ask(client, so="42/2022/NĐ-CP")["terms"] == ["2022"]

    def test_documents_of_the_sign_are_linked_except_the_one_being_written(self, client, clerk):
        known = make_document_draft("24-CT/TU", issuer=make_issuer(short_name="Tỉnh ủy"))
        [same] = self.ask(client, so="số 24 ct/tu")["same"]
        assert same["url"] == change(known)
        assert "Tỉnh ủy" in same["text"]
        assert self.ask(client, **{"so": "24-CT/TU", "van-ban": known.pk})["same"] == []

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"so": "a\x00b"},
            {"so": "9" * 500},
            {"so": "24-CT/TU", "ngay": "99/99/9999", "co-quan": "9" * 40, "van-ban": "²"},
            {"so": "24-CT/TU", "ngay": "1/1/1/1", "co-quan": "-1", "van-ban": "x"},
        ],
    )
    def test_odd_questions_are_answered(self, client, clerk, query):
        assert client.get(self.ADDRESS, query).status_code == 200

    def test_it_is_for_clerks_alone(self, client):
        assert client.get(self.ADDRESS).status_code == 302
        client.force_login(make_user())
        assert client.get(self.ADDRESS).status_code == 403


class TestRights:
    def test_strangers_are_led_to_the_sign_in(self, client):
        draft = make_document_draft()
        file = attached(draft)
        addresses = (LIST, ADD, change(draft), page("file", file), page("picture", file))
        for address in addresses:
            assert client.get(address).status_code == 302

    def test_staff_without_rights_are_refused(self, client):
        draft = make_document_draft()
        file = attached(draft)
        client.force_login(make_user())
        addresses = [
            *(LIST, ADD, change(draft), page("file", file), page("picture", file)),
            *(reverse(f"admin:documents_document_{name}") for name in ("intake", "register")),
            page("throw_away", draft),
            reverse("admin:documents_document_bin"),
        ]
        for address in addresses:
            assert client.get(address).status_code == 403

    @pytest.mark.parametrize("name", ["deed", "throw_away", "history"])
    def test_who_may_not_look_cannot_tell_which_numbers_there_are(self, client, name):
        more = ["withdraw"] if name == "deed" else []
        live = make_document()
        client.force_login(make_user())
        for number in (live.pk, live.pk + 1):
            address = reverse(f"admin:documents_document_{name}", args=[number, *more])
            assert client.get(address).status_code == 403

    def test_who_may_only_look_changes_nothing(self, client):
        draft = make_document_draft(abstract="Chỉ để xem")
        attached(draft)
        client.force_login(make_user("documents.view_document"))
        seen = text_of(client.get(change(draft)))
        assert "Chỉ để xem" in seen
        assert "van-ban.pdf" in seen
        for name in ("_save", "_submit", "_approve", "_clear", "new_files"):
            assert f'name="{name}"' not in seen
        assert client.post(change(draft), fields()).status_code == 403

    def test_an_assistant_is_offered_no_publication(self, client, assistant):
        seen = text_of(client.get(change(make_document_draft())))
        assert 'name="_save"' in seen
        assert 'name="_submit"' in seen
        assert 'name="_approve"' not in seen

    def test_a_forged_approval_is_refused_and_the_text_kept(self, client, assistant):
        sent = fields("_approve", type=make_type().pk, issuer=make_issuer().pk)
        response = client.post(ADD, sent, follow=True)
        assert Document.objects.get().state == State.DRAFT
        assert "chưa được giao quyền" in messages(response)[-1]

    def test_a_forged_clearance_is_refused(self, client, assistant):
        draft = make_document_draft()
        scan = attached_scan(draft)
        response = client.post(change(draft), opened(client, draft, _clear=scan.pk), follow=True)
        assert "chưa được giao quyền" in messages(response)[-1]
        scan.refresh_from_db()
        assert scan.needs_clearance

    def test_an_assistant_only_reads_what_is_handed_in_live_or_withdrawn(self, client, assistant):
        live, withdrawn = make_document(), make_document()
        move(withdrawn, Action.WITHDRAW, reason="Sai")
        submitted = move(make_document_draft(), Action.SUBMIT, by=assistant)
        for document in (live, withdrawn, submitted):
            assert 'name="_save"' not in text_of(client.get(change(document)))
            assert client.post(change(document), fields()).status_code == 403
            client.post(page("deed", document, "withdraw"), {"reason": "x"})
        live.refresh_from_db()
        assert live.state == State.LIVE


class TestHandingIn:
    def ready(self, button="_submit", **changes):
        return fields(button, type=make_type().pk, issuer=make_issuer().pk, **changes)

    def test_one_clerk_hands_in_and_a_leader_who_has_seen_it_approves(self, client, clerk):
        response = client.post(ADD, self.ready(), follow=True)
        document = Document.objects.get()
        assert document.state == State.SUBMITTED
        assert "Đã gửi duyệt" in messages(response)[-1]
        assert "không tự duyệt được" in text_of(client.get(change(document)))
        client.post(page("deed", document, "approve"), {"stamp": document.stamp()})
        document.refresh_from_db()
        assert document.state == State.SUBMITTED

        client.force_login(make_person("Lãnh đạo"))
        seen = client.get(change(document))
        assert 'name="_save"' not in text_of(seen)
        stamp = seen.context["adminform"].form["stamp"].value()
        response = client.post(page("deed", document, "approve"), {"stamp": stamp}, follow=True)
        document.refresh_from_db()
        assert document.state == State.LIVE
        assert f'href="{document.get_absolute_url()}"' in messages(response)[-1]
        actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
        assert list(actions) == ["create", "submit", "approve", "publish"]

    def test_the_form_says_who_acts_next_and_why_it_came_back(self, client, clerk):
        make_person("Lãnh đạo", username="bi-thu")
        document = move(make_document_draft(), Action.SUBMIT, by=clerk)
        seen = text_of(client.get(change(document)))
        assert "Người duyệt được: bi-thu." in seen
        leader = make_person("Lãnh đạo", username="pho-bi-thu")
        client.force_login(leader)
        asked = text_of(client.get(page("deed", document, "return")))
        assert 'name="quote"' in asked
        sent = {"stamp": document.stamp(), "reason": "Sai người ký"}
        sent |= {"quote": [document.abstract, ""], "remark": ["Thiếu năm", ""]}
        client.post(page("deed", document, "return"), sent)
        client.force_login(clerk)
        seen = text_of(client.get(change(document)))
        assert "Sai người ký" in seen
        assert "sửa theo lý do dưới đây" in seen
        assert "Thiếu năm" in seen
        document.refresh_from_db()
        sent = opened(client, document, settled=[remarks_on(document).get().pk])
        answer = client.post(change(document), sent, follow=True)
        assert "1 góp ý đã sửa xong" in messages(answer)[0]
        assert remarks_on(document).get().settled_at

    def test_what_was_not_seen_is_not_approved(self, client, clerk):
        document = move(make_document_draft(), Action.SUBMIT)
        sent = opened(client, document, "_approve")
        attached(document)
        response = client.post(change(document), sent, follow=True)
        assert "sau khi bạn mở trang" in text_of(response)
        sent = {"stamp": "cũ"}
        response = client.post(page("deed", document, "approve"), sent, follow=True)
        assert "sau khi bạn mở trang" in text_of(response)
        document.refresh_from_db()
        assert document.state == State.SUBMITTED

    def test_an_edit_of_what_was_approved_has_to_be_approved_anew(self, client, clerk):
        hour = timezone.now() + timedelta(days=1)
        document = move(make_document_draft(publish_at=hour), Action.SUBMIT)
        document = approve(document, by=make_person("Lãnh đạo"))
        client.post(change(document), opened(client, document))
        document.refresh_from_db()
        assert document.state == State.APPROVED
        client.post(change(document), opened(client, document, abstract="Sửa"))
        document.refresh_from_db()
        assert (document.abstract, document.state) == ("Sửa", State.SUBMITTED)
        assert "không tự duyệt được" in text_of(client.get(change(document)))

    def test_an_hour_ahead_is_kept_until_then(self, client, clerk):
        at = timezone.localtime(timezone.now() + timedelta(days=2))
        hour = {"publish_at_0": f"{at:%d/%m/%Y}", "publish_at_1": f"{at:%H:%M}"}
        client.post(ADD, self.ready(**hour))
        document = Document.objects.get()
        client.force_login(make_person("Lãnh đạo"))
        sent = {"stamp": document.stamp()}
        response = client.post(page("deed", document, "approve"), sent, follow=True)
        document.refresh_from_db()
        assert document.state == State.APPROVED
        assert f"lúc {at:%H:%M} ngày {at:%d/%m/%Y}" in messages(response)[-1]

    def test_what_is_not_fit_stays_a_draft_and_says_why(self, client, clerk):
        response = client.post(ADD, fields("_submit"), follow=True)
        assert Document.objects.get().state == State.DRAFT
        assert "còn 1 điều" in messages(response)[-1]
        assert "chưa có loại văn bản, cơ quan ban hành" in text_of(response)

    def test_a_file_sent_along_is_judged_before(self, client, clerk):
        sent = self.ready(new_files=[pdf_file("TUYỆT MẬT\nNội dung")])
        response = client.post(ADD, sent, follow=True)
        assert Document.objects.get().state == State.DRAFT
        assert "có dấu “Tuyệt mật”" in text_of(response)

    def test_a_refused_file_holds_it_up(self, client, clerk):
        broken = pdf_file(name="hong.pdf")
        broken = type(broken)("hong.pdf", broken.read()[:200])
        response = client.post(ADD, self.ready(new_files=[broken, pdf_file()]), follow=True)
        document = Document.objects.get()
        assert document.state == State.DRAFT
        assert [file.name for file in document.files.all()] == ["van-ban.pdf"]
        assert "Không nhận tệp “hong.pdf”" in messages(response)[0]
        assert "Chưa gửi, vì có tệp không nhận được." in messages(response)

    def test_a_withdrawn_document_comes_back(self, client, clerk):
        document = make_document()
        reason = {"reason": "Số liệu chưa đúng.", "stamp": document.stamp()}
        response = client.post(page("deed", document, "withdraw"), reason)
        assert response["Location"] == change(document)
        document.refresh_from_db()
        assert document.withdrawal_notice == "Số liệu chưa đúng."
        assert "Đăng lại" in text_of(client.get(change(document)))
        client.post(page("deed", document, "restore"), {"stamp": document.stamp()})
        document.refresh_from_db()
        assert document.state == State.LIVE

    def test_many_are_handed_in_and_approved_each_with_its_line(self, client, clerk):
        good, bad = make_document_draft(), make_document_draft(abstract="")
        self.in_bulk(client, "submit_chosen", good, bad)
        good.refresh_from_db()
        bad.refresh_from_db()
        assert (good.state, bad.state) == (State.SUBMITTED, State.DRAFT)
        assert "không tự duyệt được" in text_of(self.chosen(client, "approve_chosen", good))
        client.force_login(make_person("Lãnh đạo"))
        done = self.in_bulk(client, "approve_chosen", good)
        good.refresh_from_db()
        assert good.state == State.LIVE
        assert "Đã duyệt và đăng" in text_of(done)

    def chosen(self, client, action, *documents, **more):
        pks = [document.pk for document in documents]
        return client.post(LIST, {"action": action, "_selected_action": pks, **more})

    def in_bulk(self, client, action, *documents):
        lines = self.chosen(client, action, *documents).context["lines"]
        ready = {f"stamp-{one.document.pk}": one.stamp for one in lines if not one.obstacle}
        return self.chosen(client, action, *documents, confirmed="yes", **ready)


class TestCorrecting:
    def test_it_goes_from_the_live_document_to_a_form_of_its_own_and_back(self, client, clerk):
        document = make_document(abstract="Tên sai", issued_on=date(2023, 1, 2))
        old = make_document(issuer=document.issuer)
        seen = text_of(client.get(change(document)))
        assert "Soạn đính chính" in seen
        assert 'name="_save"' not in seen
        client.post(page("correct", document))
        correction = document.corrections.get()
        sent = opened(
            client,
            correction,
            "_submit",
            abstract="Tên đúng",
            visibility="internal",
            fields=[make_field("Tuyên giáo").pk],
            **relate("replaces", old),
        )
        client.post(change(correction), sent)
        document.refresh_from_db()
        assert (document.abstract, document.visibility) == ("Tên sai", "public")
        assert "Mở bản đính chính" in text_of(client.get(change(document)))

        client.force_login(make_person("Lãnh đạo"))
        seen = client.get(change(correction))
        assert ("Trích yếu", "Tên sai", "Tên đúng") in seen.context["compared"]
        assert "Đính chính, chờ duyệt" in text_of(seen)
        stamp = seen.context["stamp"]
        client.post(page("deed", correction, "approve"), {"stamp": stamp})
        assert client.get(change(correction))["Location"] == change(document)
        document.refresh_from_db()
        assert document.abstract == "Tên đúng"
        reason = (
            AuditEntry.objects.filter(object_id=document.pk, action=Action.CORRECT).get().reason
        )
        assert reason.splitlines() == [
            "Trích yếu: Tên sai → Tên đúng",
            "Phạm vi: Công khai → Lưu hành nội bộ",
            "Lĩnh vực: trống → Tuyên giáo",
            f"Quan hệ: trống → Thay thế {old}",
        ]
        assert "Tên sai → Tên đúng" in text_of(client.get(page("history", document)))

    def test_saving_unchanged_changes_nothing(self, client, clerk):
        document = make_document_draft()
        response = client.post(change(document), opened(client, document), follow=True)
        confirmed = client.post(change(document), opened(client, document), follow=True)
        assert AuditEntry.objects.count() <= 1
        assert not LogEntry.objects.exists()
        assert response.status_code == 200
        assert "Không có gì thay đổi" in messages(confirmed)[0]

    def test_what_is_seen_is_replaced_and_never_deleted(self, client, clerk):
        document = make_document_draft()
        old = attached(document, name="cu.pdf")
        move(document, Action.PUBLISH)
        client.post(page("correct", document))
        correction = document.corrections.get()
        sent = opened(client, correction, **{"files-0-DELETE": "on"})
        assert "chỉ thay được" in text_of(client.post(change(correction), sent))
        sent = opened(client, correction, **{"files-0-replacement": pdf_file(name="moi.pdf")})
        response = client.post(change(correction), sent, follow=True)
        assert "bạn đọc vẫn thấy tệp cũ" in " ".join(messages(response))
        assert document.files.get() == old
        move(correction, Action.PUBLISH)
        old.refresh_from_db()
        assert old.replaced_by.name == "moi.pdf"


class TestRelations:
    def test_a_document_replaces_another(self, client, clerk):
        old = make_document()
        new = make_document_draft(issuer=old.issuer)
        sent = opened(client, new, **relate("replaces", old, provisions="Điều 5"))
        client.post(change(new), sent)
        relation = Relation.objects.get()
        assert (relation.source, relation.target, relation.provisions) == (new, old, "Điều 5")
        assert "Văn bản khác tác động đến văn bản này" in text_of(client.get(change(old)))

    def test_a_circle_is_refused_at_its_row(self, client, clerk):
        one = make_document_draft()
        other = make_document_draft(issuer=one.issuer)
        Relation.objects.create(source=one, target=other, kind="amends")
        response = client.post(change(other), opened(client, other, **relate("guides", one)))
        assert "tạo thành vòng tròn" in text_of(response)
        assert Relation.objects.count() == 1

    def test_itself_is_refused(self, client, clerk):
        document = make_document_draft()
        sent = opened(client, document, **relate("amends", document))
        assert "chính nó" in text_of(client.post(change(document), sent))

    def test_only_the_issuer_and_those_above_have_authority(self, client, clerk):
        province = make_issuer()
        district = make_issuer(superior=province)
        above = make_document_draft(issuer=province)
        below = make_document_draft(issuer=district)
        refused = client.post(change(below), opened(client, below, **relate("replaces", above)))
        assert "cơ quan cấp trên mới được thay thế" in text_of(refused)
        client.post(change(below), opened(client, below, **relate("guides", above)))
        client.post(
            change(above),
            opened(client, above, **relate("abolishes", make_document_draft(issuer=district))),
        )
        assert Relation.objects.count() == 2

    def test_a_new_issuer_without_authority_is_refused_in_words(self, client, clerk):
        """The relation points here: only the trigger relation_authority sees it."""
        target = make_document_draft()
        source = make_document_draft(issuer=target.issuer)
        Relation.objects.create(source=source, target=target, kind="replaces")
        sent = opened(client, target, issuer=make_issuer().pk)
        response = client.post(change(target), sent)
        assert "cơ quan cấp trên mới được thay thế" in text_of(response)
        target.refresh_from_db()
        assert target.issuer == source.issuer

    def test_the_box_of_documents_searches_no_other_table(self, client, clerk):
        query = {"app_label": "documents", "model_name": "document", "field_name": "issuer"}
        answer = client.get(reverse("admin:documents_document_choose"), {**query, "term": "a"})
        assert answer.status_code == 403

    def test_documents_are_found_by_sign_and_told_apart(self, client, clerk):
        issuer = make_issuer(short_name="Tỉnh ủy")
        document = make_document_draft("24-CT/TU", issuer=issuer, issued_on=date(2017, 6, 29))
        query = {
            "term": "24ct/tu",
            "app_label": "documents",
            "model_name": "relation",
            "field_name": "target",
        }
        [found] = client.get(reverse("admin:documents_document_choose"), query).json()["results"]
        assert found["id"] == str(document.pk)
        assert "29/06/2017 · Tỉnh ủy" in found["text"]


def attached_scan(document, **options):
    """Attach a picture of a page: a file without text layer."""

    from documents.files import attach

    picture = picture_file((300, 400), "PNG").read()
    return attach(document, SimpleUploadedFile("quet.png", picture), by=None, **options)


class TestFiles:
    def test_several_files_are_added_at_once(self, client, clerk):
        document = make_document_draft()
        files = [pdf_file(name="Một.pdf"), pdf_file(name="Hai.pdf")]
        sent = opened(client, document, new_files=files, new_role="appendix")
        response = client.post(change(document), sent, follow=True)
        assert [(file.name, file.role) for file in document.files.all()] == [
            ("Một.pdf", "appendix"),
            ("Hai.pdf", "appendix"),
        ]
        assert "Đã thêm tệp “Hai.pdf”." in messages(response)
        assert DocumentFile.objects.first().added_by == clerk

    def test_each_file_says_what_is_known_of_it(self, client, clerk):
        document = make_document_draft()
        file = attached(document, "Trang một", "Trang hai")
        marked = attached(document, "TỐI MẬT", name="mat.pdf")
        scan = attached_scan(document)
        seen = text_of(client.get(change(document)))
        for words in (
            *(file.sha256, "2 trang", "Có lớp văn bản", "Có dấu “Tối mật”"),
            *("Chưa có lớp văn bản", "Xác nhận không mật", page("file", scan)),
        ):
            assert words in seen
        assert f'value="{scan.pk}"' in seen
        assert marked.marking == "Tối mật"

    def test_role_and_order_may_change(self, client, clerk):
        document = make_document_draft()
        first, second = attached(document, name="a.pdf"), attached(document, name="b.pdf")
        changes = {"files-0-order": "9", "files-1-role": "appendix"}
        client.post(change(document), opened(client, document, **changes))
        assert [file.name for file in document.files.current()] == ["b.pdf", "a.pdf"]
        second.refresh_from_db()
        assert second.role == "appendix"
        assert first.text == "Nội dung văn bản."

    def test_replacing_a_file_that_nobody_saw_deletes_it(self, client, clerk):
        document = make_document_draft()
        old = attached(document, "MẬT\nchữ", name="cu.pdf")
        sent = opened(client, document, **{"files-0-replacement": pdf_file(name="moi.pdf")})
        client.post(change(document), sent)
        assert [file.name for file in DocumentFile.objects.all()] == ["moi.pdf"]
        assert not DocumentFile.objects.filter(pk=old.pk).exists()

    def test_a_file_is_deleted_only_while_nobody_has_seen_it(
        self, client, clerk, django_capture_on_commit_callbacks
    ):
        document = make_document_draft()
        file = attached(document)
        with django_capture_on_commit_callbacks(execute=True):
            client.post(change(document), opened(client, document, **{"files-0-DELETE": "on"}))
        assert not DocumentFile.objects.exists()
        assert not vault.path(file.sha256).exists()

        attached(document)
        move(document, Action.PUBLISH)
        assert "Xóa tệp này" not in text_of(client.get(change(document)))
        sent = opened(client, document, **{"files-0-DELETE": "on"})
        assert client.post(change(document), sent).status_code == 403
        assert DocumentFile.objects.exists()

    def test_a_person_rules_out_secrecy_by_name(self, client, clerk):
        document = make_document_draft()
        scan = attached_scan(document)
        response = client.post(
            change(document), opened(client, document, _clear=scan.pk), follow=True
        )
        assert "xác nhận không có dấu mật" in messages(response)[-1]
        scan.refresh_from_db()
        assert scan.cleared_by == clerk
        assert "Thanh Bình đã đọc và xác nhận" in text_of(client.get(change(document)))
        assert AuditEntry.objects.first().action == Action.CLEAR

    @pytest.mark.parametrize("number", ["0", "9" * 30, "9" * 5000, "x", "²", ""])
    def test_a_clearance_of_another_file_does_nothing(self, client, clerk, number):
        document = make_document_draft()
        scan = attached_scan(document)
        client.post(change(document), opened(client, document, _clear=number))
        scan.refresh_from_db()
        assert scan.needs_clearance

    def test_what_is_refused_leaves_no_bytes_behind(self, clerk):
        document, upload = make_document(), pdf_file()
        [(went_well, words)] = take_in(Stored(document, [], [upload], "main"), by=clerk)
        assert not went_well
        assert "Soạn đính chính" in words
        assert not document.files.exists()
        assert not vault.path(digest(upload)).exists()

    def test_a_file_replaced_in_another_window_is_said_to_be_gone(self, client, clerk):
        document = make_document_draft()
        old = attached(document)
        sent = opened(client, document)
        attached(document, replaces=old)
        old.delete()
        response = client.post(change(document), sent, follow=True)
        assert "sau khi bạn mở trang" in text_of(response)

    def test_a_row_that_no_file_has_is_no_failure(self, client, clerk):
        document = make_document_draft()
        sent = opened(client, document, term="x", **{"files-TOTAL_FORMS": "2"})
        assert client.post(change(document), sent).status_code == 200

    def test_who_does_not_keep_documents_cannot_tell_which_files_there_are(self, client):
        file = attached(make_document_draft())
        client.force_login(make_user())
        for name in ("file", "picture"):
            for number in (file.pk, 999_999):
                address = reverse(f"admin:documents_document_{name}", args=[number])
                assert client.get(address).status_code == 403

    def test_the_clerk_reads_files_that_nobody_else_can(self, client, clerk):
        file = attached(make_document_draft(), name="Chỉ thị.pdf")
        response = client.get(page("file", file))
        assert response["Content-Type"] == "application/pdf"
        assert b"".join(response.streaming_content).startswith(b"%PDF")
        picture = client.get(page("picture", file))
        assert picture["Content-Type"] == "image/webp"
        assert "no-store" in picture["Cache-Control"]
        picture.close()

    def test_a_file_whose_bytes_are_missing_is_not_found(self, client, clerk):
        file = attached(make_document_draft())
        vault.discard(file.sha256)
        assert client.get(page("file", file)).status_code == 404


class TestDeleting:
    def test_no_number_is_too_long_for_the_history(self, client, clerk):
        address = reverse("admin:documents_document_history", args=["9" * 5000])
        assert client.get(address).status_code == 302

    def test_what_is_thrown_away_comes_back_or_is_deleted_by_an_administrator(self, client, clerk):
        document = make_document_draft(abstract="Bỏ đi")
        old = attached(document)
        attached(document, replaces=old)
        the_bin = reverse("admin:documents_document_bin")
        client.post(page("throw_away", document))
        assert client.get(LIST).context["cl"].result_count == 0
        assert client.get(change(document)).status_code == 302
        assert "Bỏ đi" in text_of(client.get(the_bin))
        client.post(the_bin, {"_delete": document.pk})
        client.post(the_bin, {"_back": document.pk})
        assert client.get(change(document)).status_code == 200
        client.post(page("throw_away", document))

        client.force_login(make_person("Quản trị"))
        assert 'name="_back"' not in text_of(client.get(the_bin))
        client.post(the_bin, {"_delete": document.pk})
        assert not Document.objects.exists()
        assert not DocumentFile.objects.exists()
        actions = AuditEntry.objects.values_list("action", flat=True)
        assert {*actions} >= {"bin", "unbin", "delete"}

    def test_what_a_live_document_names_is_not_deleted(self, clerk):
        named = make_document_draft()
        make_relation(make_document(issuer=named.issuer), "guides", named)
        the_bin.throw_away(named, by=clerk)
        with pytest.raises(Refused, match="có ghi quan hệ"):
            the_bin.delete_for_good(named, by=make_person("Quản trị"))

    def test_what_readers_have_seen_cannot(self, client, clerk):
        document = make_document()
        assert client.post(page("delete", document), {"post": "yes"}).status_code == 403
        assert client.post(page("throw_away", document)).status_code == 403
        with pytest.raises(IntegrityError, match="document_binned_was_never_public"), changing():
            Document.objects.filter(pk=document.pk).update(binned_at=timezone.now())


class TestList:
    def found(self, client, **query):
        rows = client.get(LIST, query).context["cl"].result_list
        return sorted(document.sign for document in rows)

    def test_it_shows_what_tells_documents_apart(self, client, clerk):
        make_document(
            "24-CT/TU",
            abstract="Về tuyên giáo",
            type=make_type("Chỉ thị"),
            issuer=make_issuer(short_name="Tỉnh ủy"),
            issued_on=date(2017, 6, 29),
            visibility="internal",
        )
        seen = text_of(client.get(LIST))
        for words in (
            *("24-CT/TU", "Về tuyên giáo", "Chỉ thị", "Tỉnh ủy", "29/06/2017"),
            *("Đang đăng", "Lưu hành nội bộ", "Còn hiệu lực"),
        ):
            assert words in seen

    def test_a_draft_is_not_said_to_be_in_force(self, client, clerk):
        make_document_draft(issued_on=date(2017, 6, 29))
        assert '<td class="field-force"></td>' in text_of(client.get(LIST))

    @pytest.mark.parametrize("query", ["24ct/tu", "số 24-CT/TU", "24 CT/TU", "tuyen giao", "24-ct"])
    def test_search_finds_signs_and_words_however_typed(self, client, clerk, query):
        make_document_draft("24-CT/TU", abstract="Về công tác tuyên giáo")
        make_document_draft("25-CT/TU", abstract="Khác")
        assert self.found(client, q=query) == ["24-CT/TU"]

    @pytest.mark.parametrize("query", ["%", "_", "9" * 40, "'", '"', "\\", "²", "a\x00b"])
    def test_odd_searches_are_answered(self, client, clerk, query):
        make_document_draft()
        assert client.get(LIST, {"q": query}).status_code in (200, 302)

    def test_it_can_be_narrowed(self, client, clerk):
        make_document_draft("1-CT/A", type=make_type("Chỉ thị"), issued_on=date(1998, 5, 1))
        make_document("2-KH/A")
        attached_scan(make_document_draft("3-KH/A", visibility="internal"))
        attached(make_document_draft("4-KH/A"), "TUYỆT MẬT")
        for query, signs in (
            ("tinh-trang=nhap", ["1-CT/A", "3-KH/A", "4-KH/A"]),
            ("tinh-trang=dang", ["2-KH/A"]),
            ("loai=chi-thi", ["1-CT/A"]),
            ("pham-vi=noi-bo", ["3-KH/A"]),
            ("nam=2023", []),
            ("nam=khong-ro", ["2-KH/A", "3-KH/A", "4-KH/A"]),
            ("nam=truoc", ["1-CT/A"]),
            ("viec=ban-quet", ["3-KH/A"]),
            ("viec=dau-mat", ["4-KH/A"]),
            ("nam=bậy&loai=bậy", ["1-CT/A", "2-KH/A", "3-KH/A", "4-KH/A"]),
        ):
            assert self.found(client, **QueryDict(query).dict()) == signs, query

    def test_its_queries_do_not_grow(self, client, clerk, django_assert_max_num_queries):
        make_site()
        make_document()
        with django_assert_max_num_queries(9) as few:
            client.get(LIST)
        for _ in range(10):
            make_document_draft(signer=Signer.objects.get_or_create(name="A")[0])
        with django_assert_max_num_queries(len(few)):
            client.get(LIST)

    def test_the_way_to_other_ways_in(self, client, clerk):
        seen = text_of(client.get(LIST))
        for name in ("intake", "register", "add"):
            assert reverse(f"admin:documents_document_{name}") in seen


class TestDesk:
    def test_it_counts_what_awaits_the_clerk(self, clerk):
        attached_scan(make_document_draft())
        make_document()
        waiting = desk.waiting(clerk)
        assert (waiting.unconfirmed, waiting.uncleared, waiting.submitted) == (0, 1, 0)
        move(make_document_draft(), Action.SUBMIT)
        assert desk.waiting(make_person("Lãnh đạo")).submitted == 1

    def test_who_does_not_keep_documents_awaits_none(self):
        assert desk.waiting(make_user()) is None


class TestCatalogue:
    @pytest.fixture(autouse=True)
    def keeper(self, client, clerk):
        return clerk

    def test_an_issuer_gets_its_address_from_its_name(self, client):
        address = reverse("admin:documents_issuer_add")
        client.post(address, {"name": "Tỉnh ủy Trà Vinh", "code": "TU"})
        assert Issuer.objects.get().slug == "tinh-uy-tra-vinh"

    def test_a_circle_of_superiors_is_refused(self, client):
        above = make_issuer("Trên")
        below = make_issuer("Dưới", superior=above)
        address = reverse("admin:documents_issuer_change", args=[above.pk])
        sent = {"name": above.name, "slug": above.slug, "superior": below.pk}
        assert "vòng tròn" in text_of(client.post(address, sent))

    def test_signers_and_issuers_are_found_without_diacritics(self, client):
        Signer.objects.create(name="Nguyễn Văn Bình", position="Bí thư")
        make_issuer("Đảng ủy Khối")
        for model, words in (("signer", "nguyen binh"), ("issuer", "dang uy")):
            address = reverse(f"admin:documents_{model}_changelist")
            assert client.get(address, {"q": words}).context["cl"].result_count == 1

    def test_codes_of_types_are_completed_in_the_list(self, client):
        seen = text_of(client.get(reverse("admin:documents_documenttype_changelist")))
        assert "Thông tri" in seen
        assert 'aria-label="ký hiệu"' in seen.lower() or 'aria-label="Ký hiệu"' in seen

    def test_fields_are_added(self, client):
        client.post(reverse("admin:documents_field_add"), {"name": "Dân vận", "order": 0})
        assert Field.objects.get().slug == "dan-van"
