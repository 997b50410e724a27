"""The demonstration's directives: a year's papers as a Party office numbers and words them."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from unicodedata import is_normalized

import pytest

from documents import signs
from documents.secrecy import marking
from portal.demo import source
from portal.demo.clauses import TYPES, paper
from portal.demo.directives import TERM, cited, directives, fields

# Tết 20-26/01, Giỗ Tổ, 30/4 and 01/5 with their days in lieu, Quốc khánh with its second day.
HOLIDAYS = {
    date(2023, 1, 2),
    *(date(2023, 1, day) for day in range(20, 27)),
    *(date(2023, 5, day) for day in (1, 2, 3)),
    *(date(2023, 9, day) for day in (1, 4)),
}


@pytest.fixture(scope="module")
def year():
    return directives()


def test_the_committee_issued_58_directives_in_2023(year):
    assert len(year) == len({directive.sign for directive in year}) == 58
    assert {directive.issued_on.year for directive in year} == {2023}
    assert TERM == "2020-2025"


def test_directives_are_issued_on_working_days(year):
    days = {directive.issued_on for directive in year}
    assert not days & HOLIDAYS
    assert {day.weekday() for day in days} <= set(range(5))


def test_every_sign_is_one_of_the_committee_as_printed(year):
    for directive in year:
        sign = signs.parse(directive.sign)
        assert str(sign) == directive.sign
        assert sign.symbol.endswith("/ĐUK")
        assert sign.year is None


def test_within_a_type_numbers_rise_with_the_days(year):
    numbers = defaultdict(list)
    for directive in year:
        numbers[directive.type].append(signs.parse(directive.sign).number)
    assert all(series == sorted(set(series)) for series in numbers.values())


def test_types_are_many_and_known(year):
    counted = Counter(directive.type for directive in year)
    assert set(counted) == set(TYPES)
    assert counted.most_common(1)[0][1] < 20


def test_each_abstract_is_its_own_and_of_a_readable_length(year):
    abstracts = [directive.abstract for directive in year]
    assert len(set(abstracts)) == 58
    assert all(20 < len(abstract) <= 110 for abstract in abstracts)
    assert all(text[0].isupper() and not text.endswith(".") for text in abstracts)


def test_files_are_two_scans_four_word_documents_and_pdf(year):
    assert Counter(directive.file for directive in year) == {"pdf": 52, "docx": 4, "scan": 2}
    assert len({directive.filename for directive in year}) == 58
    assert year[0].filename == "13-NQ-ĐUK.pdf"


def test_one_directive_is_internal(year):
    visible = Counter(directive.visibility for directive in year)
    assert visible == {"public": 57, "internal": 1}


def test_one_replaces_one_amends_and_one_guides(year):
    by_sign = {directive.sign: directive for directive in year}
    related = {d.relation.kind: (d, d.relation) for d in year if d.relation}
    assert set(related) == {"replaces", "amends", "guides"}
    for kind in ("replaces", "amends"):
        later, relation = related[kind]
        assert by_sign[relation.sign].issued_on < later.issued_on
    assert related["amends"][1].provisions == "Điều 3, Điều 4"
    assert related["guides"][1].sign in {document.sign for document in cited()}


def test_a_later_day_of_effect_follows_the_day_of_issue(year):
    later = [directive for directive in year if directive.effective_on]
    assert len(later) == 3
    for directive in later:
        assert timedelta(0) < directive.effective_on - directive.issued_on < timedelta(31)


def test_signers_have_names_that_no_person_bears(year):
    assert {(directive.signer, directive.position) for directive in year} == {
        ("Nguyễn Văn Mẫu", "Bí thư"),
        ("Trần Minh Họa", "Phó Bí thư Thường trực"),
        ("Lê Thị Mẫu", "Chánh Văn phòng"),
    }


def test_every_field_is_named_and_used(year):
    assert {slug for directive in year for slug in directive.fields} == set(fields())
    assert len(fields()) == 6


def test_all_words_are_in_nfc_and_bear_no_marking(year):
    for directive in year:
        words = paper(directive).words
        assert is_normalized("NFC", words)
        assert marking(words) == ""


def test_a_directive_cites_only_older_directives_and_what_the_page_cites(year):
    issued = {directive.sign: directive.issued_on for directive in year}
    known = {document.sign for document in cited()}
    found = Counter()
    for directive in year:
        for citation in signs.find(paper(directive).words):
            sign = str(citation.sign)
            found[sign] += sign != directive.sign
            assert sign in known or issued[sign] <= directive.issued_on
    assert known <= set(+found)


def test_the_word_of_the_page_stands_for_what_it_cites():
    text = "\n".join(source.page().paragraphs)
    documents = {document.sign: document for document in cited()}
    assert {sign: document.issued_on for sign, document in documents.items()} == {
        "05-CT/TW": None,
        "24-CT/TU": date(2017, 6, 29),
        "01-KL/TW": date(2021, 5, 18),
        "21-KL/TW": date(2021, 10, 25),
        "85-QĐ/TW": date(2022, 10, 7),
    }
    for sign, document in documents.items():
        assert sign in text
        assert document.issuer in text
        subject = document.abstract.removeprefix("Về ")
        # The page says of 05-CT/TW only that 01-KL/TW goes on with it.
        assert subject in text or sign == "05-CT/TW"
