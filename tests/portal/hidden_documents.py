"""A library with a public document and three that strangers must not know of."""

from datetime import date

from core.publishing import move
from core.workflow import Action
from documents import vault
from documents.models import Field, Signer
from tests.factories import attached, make_document, make_document_draft, make_issuer, make_relation

YEAR = 1987


class Hidden:
    """A document that strangers must not know of; each of its words stands nowhere else."""

    def __init__(self, number, name, issuer, **fields):
        self.words = {
            part: f"q{name}{part}" for part in ("trichyeu", "tentep", "chutep", "nguoiky")
        }
        self.field = Field.objects.create(name=f"q{name}linhvuc", slug=f"q{name}linhvuc")
        self.sign = f"{number}-KH/Q{name.upper()}"
        self.document = make_document_draft(
            self.sign,
            abstract=f"Về việc {self.words['trichyeu']}",
            issuer=issuer,
            issued_on=date(YEAR, 5, 1),
            signer=Signer.objects.create(name=self.words["nguoiky"]),
            fields=[self.field],
            **fields,
        )
        self.file = attached(
            self.document, self.words["chutep"], name=f"{self.words['tentep']}.pdf"
        )
        self.bytes = vault.path(self.file.sha256).read_bytes()

    @property
    def tokens(self):
        return [*self.words.values(), self.field.name, self.sign.lower(), self.file.sha256]

    @property
    def addresses(self):
        """Every address of the document and its file, to be asked with any id."""
        slug, name = self.document.slug, self.file.download_name
        return [
            (f"/van-ban/{slug}-{{}}/", self.document.pk),
            ("/van-ban/ten-khac-{}/", self.document.pk),
            (f"/van-ban/tep/{{}}/{name}?tai-ve", self.file.pk),
            ("/van-ban/tep/{}/ten-khac.pdf", self.file.pk),
            *self.addresses_of_bytes,
        ]

    @property
    def addresses_of_bytes(self):
        return [
            (f"/van-ban/tep/{{}}/{self.file.download_name}", self.file.pk),
            ("/van-ban/tep/{}/trang-dau.webp", self.file.pk),
        ]


class Library:
    """A public document and three hidden ones that bear on it in every way."""

    def __init__(self):
        issuer = make_issuer("Đảng ủy Khối", slug="dang-uy-khoi")
        topic = Field.objects.create(name="Công khai", slug="cong-khai")
        self.public = make_document_draft(
            "1-KH/ĐUK", abstract="Công khai", issuer=issuer, issued_on=date(2023, 5, 1)
        )
        self.public.fields.add(topic)
        self.file = attached(self.public, "Ai cũng đọc được")
        move(self.public, Action.PUBLISH)
        self.internal = Hidden(8642, "noibo", issuer, visibility="internal")
        self.draft = Hidden(8643, "nhap", issuer)
        self.withdrawn = Hidden(8644, "go", issuer, visibility="internal")
        self.hidden = (self.internal, self.draft, self.withdrawn)
        for hidden in self.hidden:
            hidden.document.fields.add(topic)
        make_relation(
            source=self.internal.document, kind="amends", target=self.public, provisions="Điều 9"
        )
        make_relation(source=self.draft.document, kind="replaces", target=self.public)
        make_relation(source=self.withdrawn.document, kind="guides", target=self.public)
        older = make_document(issuer=issuer, fields=[topic], issued_on=date(2023, 4, 1))
        make_relation(source=older, kind="guides", target=self.internal.document)
        move(self.internal.document, Action.PUBLISH)
        move(self.withdrawn.document, Action.PUBLISH)
        move(self.withdrawn.document, Action.WITHDRAW, reason="qgolydo")
        self.older = older

    @property
    def tokens(self):
        return [token for hidden in self.hidden for token in hidden.tokens] + ["qgolydo"]
