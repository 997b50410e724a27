"""Makers of test data; each takes only what the test is about."""

import io
import struct
from datetime import datetime
from functools import cache
from importlib import import_module
from itertools import count
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from fpdf import FPDF
from PIL import Image

from core.media import Photo
from core.publishing import move
from core.text import slugify
from core.video import Video
from core.workflow import Action
from documents import corrections
from documents.files import attach, clear
from documents.models import Document, DocumentFile, DocumentType, Issuer, Relation
from news.models import Article, Assignment, Category, Edition, Unit
from portal.models import SiteSettings

numbers = count(1)
# Of the package fonts-noto-core, which bin/test requires; has every Vietnamese letter.
SERIF = "/usr/share/fonts/truetype/noto/NotoSerif-Regular.ttf"
# The title of every PDF before it gets a number of its own, which must be as long.
UNNUMBERED = b"File 000000000"


def make_site(**fields: Any) -> SiteSettings:
    return SiteSettings.objects.create(pk=1, **fields)


def make_category(name: str = "", *, parent: Category | None = None, **fields: Any) -> Category:
    number = next(numbers)
    name = name or f"Chuyên mục {number}"
    fields.setdefault("slug", f"chuyen-muc-{number}")
    return Category.objects.create(name=name, parent=parent, **fields)


def make_unit(name: str = "") -> Unit:
    return Unit.objects.create(name=name or f"Chi bộ số {next(numbers)}")


def make_draft(title: str = "", **fields: Any) -> Edition:
    fields["title"] = title or f"Bài viết số {next(numbers)}"
    fields.setdefault("summary", "Tóm tắt của bài viết.")
    fields.setdefault("body", "<p>Nội dung bài viết.</p>")
    if "category" not in fields:
        fields["category"] = make_category()
    return Article.objects.draft(**fields)


def make_article(title: str = "", *, at: datetime | None = None, **fields: Any) -> Article:
    """Publish an article, dated `at` when given."""
    edition = make_draft(title, publish_at=at, **fields)
    move(edition, Action.PUBLISH)
    return Article.objects.get(pk=edition.article_id)


def make_user(*permissions: str, username: str = "", **fields: Any) -> User:
    """Make a member of staff with the named permissions, such as "news.publish_article"."""
    user = User.objects.create_user(
        username or f"nguoi-dung-{next(numbers)}",
        password="mat-khau-de-thu",
        is_staff=True,
        **fields,
    )
    for name in permissions:
        app, _, codename = name.partition(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    return user


def make_person(role: str, *of: Category | Unit, username: str = "") -> User:
    """Make a member of staff in the group `role`, who looks after categories and units `of`."""
    if not Group.objects.filter(name=role).exists():
        # A test with real transactions before this one has emptied all tables.
        import_module("documents.migrations.0004_groups").add_groups(apps, None)
        import_module("portal.migrations.0005_roles").add_roles(apps, None)
    user = make_user(username=username)
    user.groups.add(Group.objects.get(name=role))
    for one in of:
        Assignment.objects.create(user=user, **{type(one).__name__.lower(): one})
    return user


def picture_file(
    size: tuple[int, int] = (60, 40), format: str = "JPEG", colour: Any = None
) -> io.BytesIO:
    """Return an uploaded picture of one colour, another one in each of 512 calls."""
    buffer = io.BytesIO()
    number = next(numbers)
    # JPEG would blur smaller steps into the same bytes.
    colour = colour or (number % 8 * 32, number // 8 % 8 * 32, number // 64 % 8 * 32)
    Image.new("RGB", size, colour).save(buffer, format)
    buffer.seek(0)
    buffer.name = f"anh.{format.lower()}"
    return buffer


def make_photo(*, alt: str = "Hội nghị", **fields: Any) -> Photo:
    size = fields.pop("size", (60, 40))
    return Photo.objects.create_from_upload(picture_file(size), alt=alt, **fields)


def mp4_bytes() -> bytes:
    """Return what a browser would take for an MP4 video, another one in each call."""
    film = b"avc1" + str(next(numbers)).encode()
    boxes = ((b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41"), (b"moov", film), (b"mdat", b"\0" * 64))
    return b"".join(struct.pack(">I", len(data) + 8) + kind + data for kind, data in boxes)


def make_video(title: str = "Đại hội", **fields: Any) -> Video:
    video = Video(title=title, **fields)
    file = SimpleUploadedFile("phim.mp4", mp4_bytes())
    video.describe(file)
    video.keep(file)
    video.save()
    return video


def make_type(name: str = "Kế hoạch") -> DocumentType:
    """Return the document type `name`, one of those that the migration has made or a new one."""
    found = DocumentType.objects.filter(name=name).first()
    return found or DocumentType.objects.create(name=name, slug=slugify(name))


def make_issuer(name: str = "", **fields: Any) -> Issuer:
    number = next(numbers)
    fields.setdefault("slug", f"co-quan-{number}")
    return Issuer.objects.create(name=name or f"Cơ quan {number}", **fields)


def make_document_draft(sign: str = "", **fields: Any) -> Document:
    """Make a draft that lacks nothing; its number is its own unless `sign` is given."""
    number = next(numbers)
    fields.setdefault("abstract", f"Về việc số {number}")
    if "type" not in fields:
        fields["type"] = make_type()
    if "issuer" not in fields:
        fields["issuer"] = make_issuer()
    topics = fields.pop("fields", [])
    document = Document.objects.create(sign=sign or f"{number}-KH/ĐUK", **fields)
    document.fields.set(topics)
    return document


def make_document(sign: str = "", **fields: Any) -> Document:
    """Publish a document."""
    return move(make_document_draft(sign, **fields), Action.PUBLISH)


def make_relation(source: Document, kind: str, target: Document, provisions: str = "") -> Relation:
    """Note what `source` does to `target`, as a correction would if `source` is live."""
    with corrections.changing():
        return Relation.objects.create(
            source=source, kind=kind, target=target, provisions=provisions
        )


def make_cadre() -> User:
    """Make a person who may read internal documents, and is no member of staff."""
    user = User.objects.create_user(f"can-bo-{next(numbers)}", password="mat-khau-de-thu")
    # The migration's group; a test with real transactions before this one has emptied all tables.
    cadres, _ = Group.objects.get_or_create(name="Cán bộ")
    cadres.permissions.add(Permission.objects.get(codename="read_internal"))
    user.groups.add(cadres)
    return user


def pdf_file(*pages: str, name: str = "van-ban.pdf") -> SimpleUploadedFile:
    """Return an uploaded PDF with a text layer, one page for each of `pages`; never twice alike."""
    content = _printed(pages or ("Nội dung văn bản.",))
    number = UNNUMBERED[:-9] + b"%09d" % next(numbers)
    return SimpleUploadedFile(name, content.replace(UNNUMBERED, number), "application/pdf")


@cache
def _printed(pages: tuple[str, ...]) -> bytes:
    pdf = FPDF()
    pdf.set_title(UNNUMBERED.decode())
    pdf.add_font("serif", fname=SERIF)
    for text in pages:
        pdf.add_page()
        pdf.set_font("serif", size=13)
        pdf.multi_cell(0, text=text)
    return bytes(pdf.output())


def attached(document: Document, *pages: str, **options: Any) -> DocumentFile:
    """Attach a PDF with a text layer to `document`; to one that was public, by a correction."""
    upload = pdf_file(*pages, name=options.pop("name", "van-ban.pdf"))
    return attached_upload(document, upload, **options)


def attached_upload(
    document: Document,
    upload: Any,
    *,
    by: User | None = None,
    read_by: User | None = None,
    replaces: DocumentFile | None = None,
    role: str = "main",
) -> DocumentFile:
    """Attach `upload` as `attached` does; `read_by` rules out that it is secret."""
    stored = Document.objects.filter(pk=document.pk).first()
    corrected = stored is not None and not stored.is_open
    if stored and corrected:
        document = corrections.begin(stored, by=make_user("documents.change_document"))
        replaces = replaces and document.files.get(stands_for=replaces)
    file = attach(document, upload, by=by, role=role, replaces=replaces)
    if read_by:
        clear(file, by=read_by)
    if stored and corrected:
        move(document, Action.PUBLISH)
        file = stored.files.get(sha256=file.sha256, replaced_by=None)
    return file
