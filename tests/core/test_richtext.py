"""Rich text becomes plain and safe on every way into the database, and responsive on the page."""

import base64
from pathlib import Path

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat, Upper
from django.template import Context, Template
from django.utils.safestring import SafeString

from core.media import Photo
from core.richtext import absorb_data_images, clean_html
from core.templatetags.richtext import richtext
from news.models import Article, Edition
from tests.factories import make_draft, picture_file

WORD = Path(__file__).parent / "word"
SRC = "/media/photos/0123456789abcdef0123-1600x900/800.webp"
IMG = f'<img src="{SRC}" alt="Hội nghị" width="800" height="450">'
FIGURE = f'<figure class="photo">{IMG}</figure>'
DIRTY = "<p onclick=alert(1)>Đảng ủy<script>alert(1)</script></p>"
CLEAN = "<p>Đảng ủy</p>"
LIST = "<p style='mso-list:l{id} level{level} lfo1'><span style='mso-list:Ignore'>{label}</span>x"


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        ("một dòng", "<p>một dòng</p>"),
        ("<b>a</b> <i>b</i>", "<p><strong>a</strong> <em>b</em></p>"),
        ("<strike>a</strike><del>b</del><ins>c</ins>", "<p><s>ab</s><u>c</u></p>"),
        ("<b>a</b><b>b</b>", "<p><strong>ab</strong></p>"),
        ("<b>a<span style='font-weight:700'>b</span></b>", "<p><strong>ab</strong></p>"),
        ("<b><p>a</p><p>b</p></b>", "<p><strong>a</strong></p>\n<p><strong>b</strong></p>"),
        ("<span style='font-style: italic'>a</span>", "<p><em>a</em></p>"),
        ("m<span style='vertical-align:super'>2</span>", "<p>m<sup>2</sup></p>"),
        ("<h1>a</h1><h5>b</h5>", "<h2>a</h2>\n<h4>b</h4>"),
        ("<h2><b>Kết quả</b></h2>", "<h2>Kết quả</h2>"),
        ("<div>a</div><div>b</div>", "<p>a</p>\n<p>b</p>"),
        ("<div>a<p>b</p>c</div>", "<p>a</p>\n<p>b</p>\n<p>c</p>"),
        ("<center>a</center>", '<p class="text-center">a</p>'),
        ("<div align=center><p>a</p></div>", '<p class="text-center">a</p>'),
        ("<p style='text-align: right'>a</p>", '<p class="text-right">a</p>'),
        ("<p style='text-align:justify'>a</p>", "<p>a</p>"),
        ("<p>&nbsp;</p><p></p><p> <br> </p><p>a</p>", "<p>a</p>"),
        ("<p>&nbsp;&nbsp; a&nbsp;&nbsp; b </p>", "<p>a b</p>"),
        ("<p>a<br>b<br></p>", "<p>a<br>b</p>"),
        ("<p>a<br><br><br>b</p>", "<p>a</p>\n<p>b</p>"),
        ("<p><b>Một là,</b></p>", "<p><strong>Một là,</strong></p>"),
        ("<ul><li><p>a</p></li><li> </li></ul>", "<ul><li>a</li></ul>"),
        ("<ul><li>a<ul><li>b</ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ol start=3 type=a><li>a</ol>", '<ol start="3" type="a"><li>a</li></ol>'),
        ("<li>a</li>", "<p>a</p>"),
        ("<blockquote>a</blockquote>", "<blockquote><p>a</p></blockquote>"),
        ("<table></table><table><tr><td> </table>", ""),
        ("To\u0302i", "<p>Tôi</p>"),
        ("a\x00b\u200bc\ud800d&#7;e", "<p>abcde</p>"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<a href='/tin-tuc/'>a</a>", '<p><a href="/tin-tuc/">a</a></p>'),
        ("<a href='mailto:a@b.vn'>a</a>", '<p><a href="mailto:a@b.vn">a</a></p>'),
        ("<a href='tel:+842943'>a</a>", '<p><a href="tel:+842943">a</a></p>'),
        ("<a href='#_Toc1'>a</a>", "<p>a</p>"),
        ("<a href='file:///C:/a.doc'>a</a>", "<p>a</p>"),
        (
            "<a href='//b.vn/c'>a</a>",
            '<p><a href="https://b.vn/c" rel="noopener noreferrer">a</a></p>',
        ),
        ("", ""),
    ],
)
def test_pasted_markup_becomes_semantic(pasted, stored):
    assert clean_html(pasted) == stored
    assert clean_html(stored) == stored


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        (IMG, FIGURE),
        (f"<p>a{IMG}b</p>", f"<p>a</p>\n{FIGURE}\n<p>b</p>"),
        (f"<p><a href='{SRC}'>{IMG}</a></p>", FIGURE),
        (f'<img src="https://cu.example{SRC}" alt="Hội nghị" style="width:99px">', FIGURE),
        (
            f"<figure class='x photo'><p>{IMG}</p><figcaption><p>Lớp <i>a</i></p></figcaption>",
            f'<figure class="photo">{IMG}<figcaption>Lớp <em>a</em></figcaption></figure>',
        ),
        ("<figure><img src='https://b.vn/c.jpg'><figcaption>a</figcaption></figure>", "<p>a</p>"),
        ("<img src='data:image/png;base64,AAAA'>", ""),
        ("<img src='/media/photos/0123456789abcdef0123-1600x900/801.webp'>", ""),
    ],
)
def test_only_photos_of_the_library_stay_and_each_is_a_figure(pasted, stored):
    assert clean_html(pasted) == stored
    assert clean_html(stored) == stored


def test_a_table_keeps_its_structure_and_loses_its_decoration():
    pasted = (
        "<table border=1 width=90%><caption>Lớp học</caption><tr><th scope=col width=5>Lớp</th>"
        "<th onclick=x>Số</th></tr><tr><td colspan=2 bgcolor=red><p align=right>1</p></td></tr>"
        "<tr><td><p>a</p><p>b</p></td><td></td></tr></table>"
    )
    assert clean_html(pasted) == (
        '<table><caption>Lớp học</caption><tbody><tr><th scope="col">Lớp</th><th>Số</th></tr>'
        '<tr><td colspan="2" class="text-right">1</td></tr>'
        "<tr><td><p>a</p><p>b</p></td><td></td></tr></tbody></table>"
    )


@pytest.mark.parametrize(
    ("labels", "stored"),
    [
        ([(0, 1, "·"), (0, 1, "·")], "<ul><li>x</li><li>x</li></ul>"),
        ([(0, 1, "-"), (0, 2, "o")], "<ul><li>x<ul><li>x</li></ul></li></ul>"),
        ([(0, 1, "2.")], '<ol start="2"><li>x</li></ol>'),
        ([(0, 1, "(b)")], '<ol start="2" type="a"><li>x</li></ol>'),
        ([(0, 1, "I.")], '<ol type="I"><li>x</li></ol>'),
        ([(0, 1, "i."), (0, 1, "ii.")], '<ol type="i"><li>x</li><li>x</li></ol>'),
        ([(0, 1, "XIV.")], '<ol start="14" type="I"><li>x</li></ol>'),
        ([(0, 1, "1."), (1, 1, "-")], "<ol><li>x</li></ol>\n<ul><li>x</li></ul>"),
        ([(0, 2, "-"), (0, 1, "1.")], "<ul><li>x</li></ul>\n<ol><li>x</li></ol>"),
        ([(0, 1, "1.1. ")], "<p>1.1. x</p>"),
        ([(0, 1, "Điều 2. ")], "<p>Điều 2. x</p>"),
    ],
)
def test_word_list_paragraphs_become_lists(labels, stored):
    pasted = "\n".join(LIST.format(id=id, level=level, label=label) for id, level, label in labels)
    assert clean_html(pasted) == stored


SHARED = [
    "<p>Năm 2023 tỉnh Trà Vinh được <strong>Thủ tướng Chính phủ</strong> phê duyệt",
    "phòng, chống “tự diễn biến”, <em>“tự chuyển hóa”</em>.",
    "<h2>Kết quả nổi bật</h2>",
    "<li>3.265 cuộc tuyên truyền miệng</li></ul>",
    '<p class="text-right"><em>Ban Tuyên giáo Đảng ủy Khối</em></p>',
]


@pytest.mark.parametrize("name", ["word365", "libreoffice", "googledocs"])
def test_a_pasted_document_keeps_its_meaning_and_nothing_else(name):
    cleaned = clean_html((WORD / f"{name}.html").read_text())
    assert [piece for piece in SHARED if piece not in cleaned] == []
    for leftover in ("style", "span", "font", "Mso", "o:p", "<p></p>", "&nbsp;", "file:", "Normal"):
        assert leftover not in cleaned
    assert clean_html(cleaned) == cleaned


def test_lists_and_tables_of_word_arrive_as_lists_and_tables():
    cleaned = clean_html((WORD / "word365.html").read_text())
    assert "dự<ul><li>44 điểm cầu trực tuyến</li></ul></li>" in cleaned
    assert "<ol><li>Tăng cường công tác giáo dục chính trị, tư tưởng</li><li>" in cleaned
    assert '<tr><td class="text-center"><strong>Lớp</strong></td>' in cleaned


def test_nesting_beyond_reason_is_flattened_not_refused():
    cleaned = clean_html("<blockquote>" * 3000 + "a")
    assert "a" in cleaned
    assert cleaned.count("<blockquote>") < 100
    assert clean_html(cleaned) == cleaned


# Every way into the database


def stored_body(edition):
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM news_edition WHERE id = %s", [edition.pk])
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_saving_cleans_the_row_and_the_instance():
    edition = make_draft(body=DIRTY)
    assert edition.body == stored_body(edition) == CLEAN
    edition.body = f"<b>{DIRTY}"
    edition.save(update_fields=["body"])
    assert edition.body == stored_body(edition) == "<p><strong>Đảng ủy</strong></p>"


@pytest.mark.django_db
def test_validation_cleans_before_the_constraints_look():
    edition = make_draft()
    edition.body = DIRTY
    edition.full_clean()
    assert edition.body == CLEAN


@pytest.mark.django_db
def test_update_cleans():
    edition = make_draft()
    Edition.objects.update(body=DIRTY)
    assert stored_body(edition) == CLEAN


@pytest.mark.django_db
def test_bulk_methods_clean():
    first = make_draft()
    article = Article.objects.create(slug="x", category=first.category, section=first.category)
    new = Edition(article=article, title="x", category=first.category, body=DIRTY)
    Edition.objects.bulk_create([new])
    assert new.body == stored_body(new) == CLEAN
    first.body, new.body = f"{DIRTY}1", f"{DIRTY}2"
    Edition.objects.bulk_update([first, new], ["body"])
    assert stored_body(first) == f"{CLEAN}\n<p>1</p>"
    assert stored_body(new) == f"{CLEAN}\n<p>2</p>"


@pytest.mark.django_db
def test_get_or_create_and_update_or_create_clean():
    category = make_draft().category
    article = Article.objects.create(slug="x", category=category, section=category)
    given = {"article": article, "title": "x", "category": category}
    edition, _ = Edition.objects.get_or_create(**given, defaults={"body": DIRTY})
    assert stored_body(edition) == CLEAN
    Edition.objects.update_or_create(**given, defaults={"body": DIRTY + "1"})
    assert stored_body(edition) == f"{CLEAN}\n<p>1</p>"


@pytest.mark.django_db
def test_loaddata_cleans(tmp_path):
    edition = make_draft()
    fixture = serializers.serialize("json", [edition]).replace("Nội dung", "<script>x</script>a")
    (tmp_path / "edition.json").write_text(fixture)
    call_command("loaddata", tmp_path / "edition.json", verbosity=0)
    assert stored_body(edition) == "<p>a bài viết.</p>"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "expression",
    [
        F("title"),
        Value(DIRTY),
        Concat(F("body"), Value(DIRTY)),
        Upper("body"),
        Case(When(title="x", then=F("title"))),
        Case(When(title="x", then=Value(DIRTY))),
        Case(default=Value(DIRTY)),
        models.Subquery(Edition.objects.values("title")[:1]),
    ],
)
def test_sql_expressions_are_refused(expression):
    edition = make_draft()
    edition.body = expression
    for write in (
        edition.save,
        lambda: Edition.objects.update(body=expression),
        lambda: Edition.objects.bulk_update([edition], ["body"]),
    ):
        with pytest.raises(TypeError, match="text, not SQL"), transaction.atomic():
            write()
    edition.refresh_from_db()
    assert edition.body == "<p>Nội dung bài viết.</p>"


# Pictures written out in the text


@pytest.mark.django_db
def test_pictures_in_pasted_text_are_stored_in_the_library(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    data = base64.b64encode(picture_file().read()).decode()
    html = f"<p>a</p><img alt='Lớp học' src='data:image/png;base64,{data}'>"
    absorbed = clean_html(absorb_data_images(html, by=None))
    photo = Photo.objects.get()
    assert f'<img src="{photo.url}" alt="Lớp học"' in absorbed
    assert (tmp_path / photo.url.removeprefix("/media/")).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("data", ["%%%", "A", base64.b64encode(b"<svg onload=x>").decode()])
def test_refused_pictures_in_pasted_text_are_explained(data):
    with pytest.raises(ValidationError, match="ảnh"):
        absorb_data_images(f'<img src="data:image/png;base64,{data}">', by=None)
    assert not Photo.objects.exists()


# On the page


def test_photos_are_responsive_and_lazy_on_the_page():
    rendered = richtext(FIGURE)
    assert isinstance(rendered, SafeString)
    assert "/400.webp 400w, " in rendered
    assert "/1600.webp 1600w" in rendered
    assert 'loading="lazy" decoding="async"' in rendered
    assert 'alt="Hội nghị" width="800" height="450"' in rendered


def test_tables_scroll_by_touch_and_by_keyboard():
    rendered = richtext("<table><tbody><tr><td>1</td></tr></tbody></table><p>a</p>")
    assert rendered == (
        '<div class="table-scroll" role="region" tabindex="0" aria-label="Bảng"><table><tbody><tr>'
        "<td>1</td></tr></tbody></table></div><p>a</p>"
    )


def test_the_filter_does_not_trust_what_the_database_holds():
    template = Template("{% load richtext %}{{ body|richtext }}")
    body = "<p>a</p><script>alert(1)</script><img src=x onerror=alert(1)>"
    assert template.render(Context({"body": body})) == "<p>a</p><img>"
    assert template.render(Context({"body": None})) == ""


def test_unused_parts_of_the_editor_are_not_published(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    plugins = tmp_path / "ckeditor/ckeditor/plugins"
    published = {path.relative_to(plugins).parts[0] for path in plugins.rglob("*.*")}
    assert published.isdisjoint(
        "about adobeair autoembed codesnippet codesnippetgeshi devtools embed embedbase"
        " embedsemantic exportpdf flash forms iframe mathjax preview scayt wsc".split()
    )
    assert {"image2", "uploadimage", "uploadwidget", "pastefromword", "autogrow"} <= published
    assert not (tmp_path / "ckeditor/galleriffic").exists()
    assert (tmp_path / "ckeditor-portal/plugin.js").exists()
