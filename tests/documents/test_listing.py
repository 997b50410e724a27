"""The list of documents: counts that are right, pages that join, words as people type them."""

from datetime import date, timedelta
from unicodedata import normalize

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection
from django.http import Http404, QueryDict
from django.utils import timezone

from core.listing import PER_PAGE
from core.publishing import move
from core.text import slugify
from core.workflow import Action
from documents import counting
from documents.corrections import changing
from documents.facets import facets
from documents.listing import Asked, Listing, Reader, asked, listing
from documents.models import Document, Field, Tally, TallyDay
from documents.tally import recount
from documents.validity import Status, status
from tests.factories import (
    attached,
    make_cadre,
    make_document,
    make_document_draft,
    make_issuer,
    make_relation,
    make_type,
)

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


def page(query="", user=STRANGER):
    return listing(QueryDict(query), user)


def counts(name, query="", user=STRANGER):
    return {o.value: o.documents for o in page(query, user).facets.options[name]}


def signs(found):
    return [row.document.sign for row in found.rows.values()]


def make_field(name):
    return Field.objects.create(name=name, slug=slugify(name))


def tallied():
    rows = Tally.objects.filter(documents__gt=0)
    names = ("field", "internal", "type", "issuer", "year", "status", "documents")
    return sorted(rows.values_list(*names))


def recounted():
    """The tally as a slow recount of every document has it."""
    TallyDay.objects.all().delete()
    recount(timezone.localdate())
    return tallied()


class TestTally:
    def test_it_equals_a_recount_after_every_kind_of_change(self):
        field, issuer = make_field("Dân vận"), make_issuer()
        first = make_document(
            "01-KH/ĐUK", issuer=issuer, issued_on=date(2022, 5, 1), fields=[field]
        )
        second = make_document("02-KH/ĐUK", issuer=issuer, issued_on=date(2023, 5, 1))
        make_document("03-KH/ĐUK", visibility="internal", fields=[field])
        gone = make_document("04-KH/ĐUK", fields=[field])
        make_document_draft("05-KH/ĐUK", fields=[field])
        move(gone, Action.WITHDRAW, reason="Thử.")
        make_relation(source=second, target=first, kind="replaces")
        with changing():
            first.fields.add(make_field("Tuyên giáo"))
            first.fields.remove(field)
            second.type = make_type("Công văn")
            second.save()
        before = tallied()
        assert before
        assert before == recounted()

    def test_a_draft_that_is_deleted_leaves_no_trace(self):
        draft = make_document_draft(fields=[make_field("Dân vận")])
        draft.delete()
        assert tallied() == []

    def test_its_rows_are_one_for_each_combination(self):
        make_document()
        row = Tally.objects.first()
        row.pk = None
        with pytest.raises(IntegrityError, match="tally_unique"):
            row.save()

    def test_it_never_goes_below_zero(self):
        make_document()
        with pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute("UPDATE documents_tally SET documents = -1")

    def test_its_force_is_that_of_validity_whatever_the_dates(self):
        today = timezone.localdate()
        days, issuer = [None, today - timedelta(1), today, today + timedelta(1)], make_issuer()
        made = [
            make_document(
                issuer=issuer, issued_on=issued, effective_on=effective, expires_on=expires
            )
            for issued in days
            for effective in days
            for expires in days
            if not (issued and expires) or expires > issued
        ]
        make_relation(source=made[-1], target=made[0], kind="amends")
        slow = {}
        for document in Document.objects.all():
            told = status(document, today).value
            slow[told] = slow.get(told, 0) + 1
        rows = Tally.objects.filter(field=0, documents__gt=0).values_list("status", "documents")
        fast = {}
        for told, documents in rows:
            fast[told] = fast.get(told, 0) + documents
        assert fast == slow


class TestMidnight:
    """In Asia/Ho_Chi_Minh; `localdate()` is what the view asks."""

    def force_on(self, day):
        found = facets({}, day, internal=True, matching=None)
        return {o.value: o.documents for o in found.options["hieu-luc"]}

    def test_force_changes_with_the_day_and_back(self):
        today = timezone.localdate()
        tomorrow, later = today + timedelta(1), today + timedelta(2)
        make_document(issued_on=today, effective_on=tomorrow, expires_on=later)
        assert self.force_on(today) == {"chua-hieu-luc": 1}
        assert self.force_on(tomorrow) == {"con-hieu-luc": 1}
        assert self.force_on(later) == {"het-hieu-luc": 1}
        assert self.force_on(today) == {"chua-hieu-luc": 1}

    def test_rows_and_counts_agree_on_each_day(self):
        today = timezone.localdate()
        make_document(issued_on=today, effective_on=today + timedelta(1))
        for day, name in ((today, "chua-hieu-luc"), (today + timedelta(1), "con-hieu-luc")):
            wanted, reader = Asked("", {"hieu-luc": name}, False), Reader(STRANGER, day)
            found = facets(wanted.chosen, day, internal=False, matching=None)
            rows = Listing(wanted, reader, found, 1).rows.values()
            assert [row.status for row in rows] == [name]

    def test_the_day_ends_at_midnight_in_vietnam(self, monkeypatch):
        make_document(issued_on=date(2023, 5, 1), effective_on=date(2023, 6, 1))
        from datetime import UTC, datetime

        for moment, name in (
            (datetime(2023, 5, 31, 16, 59, tzinfo=UTC), "chua-hieu-luc"),
            (datetime(2023, 5, 31, 17, 0, tzinfo=UTC), "con-hieu-luc"),
        ):
            monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
            assert counts("hieu-luc") == {name: 1}

    def test_a_write_after_midnight_counts_under_the_day_of_the_tally(self):
        recount(timezone.localdate() + timedelta(1))
        make_document(issued_on=timezone.localdate() + timedelta(1))
        assert self.force_on(timezone.localdate() + timedelta(1)) == {"con-hieu-luc": 1}
        assert self.force_on(timezone.localdate()) == {"chua-hieu-luc": 1}


class TestFacets:
    @pytest.fixture
    def library(self):
        one, two = make_issuer("Cơ quan một", slug="mot"), make_issuer("Cơ quan hai", slug="hai")
        field = make_field("Dân vận")
        letter = make_type("Công văn")
        make_document("1-KH/A", issuer=one, issued_on=date(2022, 1, 1), fields=[field])
        make_document("2-KH/A", issuer=one, issued_on=date(2023, 1, 1))
        make_document("3-KH/B", issuer=two, issued_on=date(2023, 12, 31), fields=[field])
        make_document("4-CV/B", issuer=two, type=letter, expires_on=date(2020, 1, 1))
        return field

    def test_without_a_filter_every_option_has_all_its_documents(self, library):
        assert counts("loai") == {"ke-hoach": 3, "cong-van": 1}
        assert counts("co-quan") == {"mot": 2, "hai": 2}
        assert counts("nam") == {"2023": 2, "2022": 1, "khong-ro": 1}
        assert counts("linh-vuc") == {library.slug: 2}
        assert counts("hieu-luc") == {"con-hieu-luc": 3, "het-hieu-luc": 1}
        assert page().total == 4

    def test_a_filter_does_not_narrow_its_own_options(self, library):
        assert counts("co-quan", "co-quan=mot") == {"mot": 2, "hai": 2}
        assert counts("loai", "co-quan=mot") == {"ke-hoach": 2}
        assert counts("linh-vuc", f"linh-vuc={library.slug}") == {library.slug: 2}
        assert counts("nam", f"linh-vuc={library.slug}&nam=2022") == {"2023": 1, "2022": 1}

    def test_filters_together_leave_what_is_of_all(self, library):
        found = page("loai=ke-hoach&co-quan=mot&nam=2023&hieu-luc=con-hieu-luc")
        assert (signs(found), found.total) == (["2-KH/A"], 1)
        assert signs(page(f"linh-vuc={library.slug}&co-quan=hai")) == ["3-KH/B"]
        assert signs(page("nam=khong-ro")) == ["4-CV/B"]
        assert signs(page("hieu-luc=het-hieu-luc")) == ["4-CV/B"]

    def test_a_choice_that_leaves_nothing_stays_chosen(self, library):
        found = page("co-quan=mot&loai=cong-van")
        assert (found.keys, found.total) == ([], 0)
        assert counts("co-quan", "co-quan=mot&loai=cong-van") == {"mot": 0, "hai": 1}

    def test_with_words_the_counts_are_those_of_the_documents_found(self, library):
        assert counts("loai", "q=kh") == {"ke-hoach": 3}
        assert counts("co-quan", "q=kh&co-quan=mot") == {
            **dict.fromkeys(counts("co-quan", "q=kh&co-quan=mot")),
            "mot": 2,
        }
        assert counts("hieu-luc", "q=cv") == {"het-hieu-luc": 1}
        assert counts("linh-vuc", "q=kh+b") == {library.slug: 1}

    def test_very_common_words_are_not_counted_but_listed(self, library, monkeypatch):
        monkeypatch.setattr(counting, "COUNTED", 2)
        monkeypatch.setattr("documents.facets.COUNTED", 2)
        found = page("q=kh")
        assert found.facets.total is None
        assert signs(found) == ["3-KH/B", "2-KH/A", "1-KH/A"]
        assert signs(page("q=kh&sap-xep=cu")) == ["1-KH/A", "2-KH/A", "3-KH/B"]
        assert set(counts("loai", "q=kh").values()) == {None}
        assert page("q=kh&co-quan=mot").facets.total == 2


class TestInternal:
    def test_strangers_see_nothing_of_internal_documents_in_any_count(self):
        field, issuer = make_field("Dân vận"), make_issuer(slug="kin")
        hidden = {"visibility": "internal", "fields": [field], "issuer": issuer}
        make_document("7-CV/K", type=make_type("Công văn"), issued_on=date(1999, 1, 1), **hidden)
        make_document("8-KH/K", issued_on=date(2023, 1, 1))
        for query in ("co-quan=kin", "q=k&co-quan=kin", f"linh-vuc={field.slug}"):
            with pytest.raises(Http404):
                page(query)
        for query in ("", "q=k", "loai=ke-hoach", "q=k&loai=ke-hoach"):
            options = page(query).facets.options
            assert "kin" not in [o.value for o in options["co-quan"]]
            assert "1999" not in [o.value for o in options["nam"]]
            assert "cong-van" not in [o.value for o in options["loai"] if o.documents]
            assert options["linh-vuc"] == []
        assert page().total == 1
        assert signs(page("q=7-CV/K")) == []

    def test_cadres_see_them_counted(self):
        make_document("7-CV/K", visibility="internal")
        make_document("8-CV/K")
        cadre = make_cadre()
        assert page("", cadre).total == 2
        assert page("q=cv", cadre).total == 2
        assert signs(page("q=7-CV/K", cadre)) == ["7-CV/K"]

    def test_strangers_are_not_told_that_something_internal_replaces_a_document(self):
        issuer = make_issuer()
        old = make_document("1-CV/K", issuer=issuer)
        new = make_document("2-CV/K", issuer=issuer, visibility="internal")
        make_relation(source=new, target=old, kind="replaces")
        assert counts("hieu-luc") == {"het-hieu-luc": 1}
        assert [row.status for row in page("hieu-luc=het-hieu-luc").rows.values()] == [Status.ENDED]
        assert page("hieu-luc=bi-thay-the").total == 0


class TestPages:
    @pytest.fixture
    def fifty(self):
        """50 documents of five years, every fifth undated."""
        issuer = make_issuer()
        days = [date(2019 + n % 5, 1 + n % 12, 1) if n % 5 else None for n in range(50)]
        return [make_document(issuer=issuer, issued_on=day) for day in days]

    @pytest.mark.parametrize("query", ["", "q=ve+viec", "loai=ke-hoach"])
    @pytest.mark.parametrize("order", ["", "cu"])
    def test_pages_together_are_all_documents_undated_ones_last(self, fifty, query, order):
        pages = [page(f"{query}&sap-xep={order}&trang={n}").rows.values() for n in (1, 2, 3)]
        assert [len(rows) for rows in pages] == [PER_PAGE, PER_PAGE, 10]
        found = [row.document for rows in pages for row in rows]
        dated = sorted((d for d in fifty if d.issued_on), key=lambda d: (d.issued_on, d.pk))
        undated = [d for d in fifty if not d.issued_on]
        expected = dated + undated if order else dated[::-1] + undated[::-1]
        assert [d.pk for d in found] == [d.pk for d in expected]

    def test_a_page_costs_four_queries_whatever_its_number(self, fifty, django_assert_num_queries):
        for query in ("", "trang=2", "trang=3", "q=ve+viec&trang=3", "nam=2020"):
            with django_assert_num_queries(4):
                assert page(query).rows

    def test_a_page_that_does_not_exist_is_a_404(self, fifty):
        for number in ("0", "4", "-1", "1e1", "٣", "9" * 30):
            with pytest.raises(Http404):
                page(f"trang={number}")

    def test_a_year_lists_its_own_alone(self, fifty):
        assert {row.document.issued_on.year for row in page("nam=2020").rows.values()} == {2020}
        assert page("nam=2020&trang=1").total == 10


class TestWords:
    @pytest.mark.parametrize(
        "typed",
        [
            "đoàn kết",
            "doan ket",
            "ĐOÀN KẾT",
            "Ðoàn kết",
            normalize("NFD", "Đoàn kết"),
            "  kết…  đoàn!",
        ],
    )
    def test_any_way_of_typing_a_word_finds_it(self, typed):
        make_document("1-KH/A", abstract="Về Ngày hội Đại đoàn kết toàn dân tộc")
        make_document("2-KH/A", abstract="Về việc khác")
        assert signs(page(f"q={typed}")) == ["1-KH/A"]

    def test_words_within_files_are_found(self):
        document = make_document("1-KH/A")
        attached(document, "Chuyển đổi số trong cơ quan.")
        make_document("2-KH/A")
        assert signs(page("q=chuyen+doi+so")) == ["1-KH/A"]

    def test_part_of_a_sign_is_found_by_its_words(self):
        make_document("24-CT/TU")
        make_document("25-CV/TU")
        assert signs(page("q=CT")) == ["24-CT/TU"]

    def test_a_sign_finds_those_that_bear_it_before_those_that_cite_it(self):
        make_document("24-CT/TU")
        make_document("25-CT/TU", abstract="Về thực hiện Chỉ thị 24-CT/TU")
        for typed in ("24-CT/TU", "số 24 ct/tu", "24–CT/TU"):
            found = page(f"q={typed}")
            assert signs(found) == ["24-CT/TU"]
            assert found.bears_sign

    def test_a_sign_that_nobody_bears_is_looked_up_in_the_texts(self):
        make_document("25-CT/TU", abstract="Về thực hiện Chỉ thị 24-CT/TU")
        found = page("q=24-CT/TU")
        assert signs(found) == ["25-CT/TU"]
        assert not found.bears_sign
        assert found.only_bearer is None

    def test_an_internal_bearer_does_not_hide_what_strangers_may_read(self):
        make_document("24-CT/TU", visibility="internal")
        make_document("25-CT/TU", abstract="Về thực hiện Chỉ thị 24-CT/TU")
        assert signs(page("q=24-CT/TU")) == ["25-CT/TU"]

    @pytest.mark.parametrize("typed", ["!!!", "…", "😀", "'\"\\", "%", "&|!():*"])
    def test_no_word_at_all_finds_nothing(self, typed):
        make_document()
        query = QueryDict(mutable=True)
        query["q"] = typed
        assert listing(query, STRANGER).total == 0


def test_what_was_asked_returns_in_the_address():
    wanted = asked(QueryDict("q=a+b&loai=ke-hoach&nam=2023&sap-xep=cu&trang=4&la=1"))
    assert wanted.address("/van-ban/") == "/van-ban/?q=a+b&loai=ke-hoach&nam=2023&sap-xep=cu"
    assert wanted.address("/van-ban/", loai="") == "/van-ban/?q=a+b&nam=2023&sap-xep=cu"
    assert asked(QueryDict("")).address("/van-ban/") == "/van-ban/"
