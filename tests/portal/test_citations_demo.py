"""The five documents that the page of the former site cites, from its text to the links."""

import re

import pytest

from documents.models import Document, DocumentType, Issuer
from news.citations import references
from portal.demo import source
from portal.demo.directives import cited
from tests.factories import make_article, make_document, make_issuer


@pytest.mark.django_db
def test_all_five_are_linked_to_the_documents_of_the_demonstration(client):
    body = "".join(f"<p>{text}</p>" for text in source.page().paragraphs)
    article = make_article(source.page().title, body=body.replace('"', "”"))
    for one in cited():
        issuer = Issuer.objects.filter(name=one.issuer).first() or make_issuer(one.issuer)
        make_document(
            one.sign,
            type=DocumentType.objects.get(slug=one.type),
            issuer=issuer,
            issued_on=one.issued_on,
            abstract=one.abstract,
        )
    linked = {reference.href: reference.words for reference in references(article.live)}
    addresses = {one.sign: one.get_absolute_url() for one in Document.objects.all()}
    assert {sign: linked.get(address) for sign, address in addresses.items()} == {
        "05-CT/TW": "Chỉ thị số 05-CT/TW",
        "24-CT/TU": "Chỉ thị số 24-CT/TU ngày 29/6/2017",
        "01-KL/TW": "Kết luận số 01-KL/TW ngày 18/5/2021",
        "21-KL/TW": "Kết luận 21-KL/TW, ngày 25/10/2021",
        "85-QĐ/TW": "Quy định số 85-QĐ/TW, ngày 07/10/2022",
    }
    page = client.get(article.get_absolute_url()).content.decode()
    assert len(re.findall('class="reference"', page)) == 5
