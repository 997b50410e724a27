"""The editor in a real browser: pasting, pictures, no other host, and no attack that runs."""

import base64
from pathlib import Path

import pytest
from csp.decorators import csp_exempt
from django import forms
from django.http import HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path

from core.editor import EDITOR_CSP
from core.media import Photo
from core.richtext import clean_html
from core.templatetags.richtext import richtext
from news.models import Edition
from tests.core.xss_vectors import VECTORS
from tests.factories import picture_file

WORD = Path(__file__).parent.parent / "core/word"
PAGE = """<!doctype html><html lang="vi"><title>Soạn thảo</title>
<link rel="icon" href="data:,">{{ form.media }}
<form method="post">{% csrf_token %}{{ form.body }}<button>Lưu</button></form></html>"""
READY = "() => window.CKEDITOR?.instances.id_body?.status === 'ready'"
COPY = """html => {
  const copy = (event) => {
    event.clipboardData.setData("text/html", html)
    event.preventDefault()
  }
  document.addEventListener("copy", copy, { once: true })
}"""
# A script may not put a file on the clipboard or drag one, so the event is dispatched.
GIVE_FILE = """(body, [kind, file]) => {
  const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0))
  const data = new DataTransfer()
  data.items.add(new File([bytes], "anh.jpg", { type: "image/jpeg" }))
  const place = body.querySelector("p").getBoundingClientRect()
  const options = { bubbles: true, cancelable: true, clientX: place.x + 2, clientY: place.y + 2 }
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { ...options, clipboardData: data })
    : new DragEvent("drop", { ...options, dataTransfer: data })
  body.querySelector("p").dispatchEvent(event)
}"""


class EditorForm(forms.Form):
    body = Edition._meta.get_field("body").formfield(required=False)


def write(request):
    """A page with the editor alone; what is submitted comes back as it arrived."""
    if request.method == "POST":
        return HttpResponse(request.POST["body"], content_type="text/plain; charset=utf-8")
    template = engines["django"].from_string(PAGE)
    response = HttpResponse(template.render({"form": EditorForm()}, request))
    policy = {"default-src": ["'self'"], **EDITOR_CSP}
    response["Content-Security-Policy"] = "; ".join(
        " ".join([name, *sources]) for name, sources in policy.items()
    )
    return response


def upload(request):
    """Answer as the photo library's upload address does."""
    photo = Photo.objects.create_from_upload(request.FILES["upload"])
    size = {"width": 60, "height": 40}
    return JsonResponse({"uploaded": 1, "fileName": "anh.jpg", "url": photo.url, "alt": "", **size})


@csp_exempt()
def attacks(request):
    """Every vector, each in a section of its own, on a page without any policy."""
    shown = VECTORS if "raw" in request.GET else [richtext(clean_html(v)) for v in VECTORS]
    sections = "".join(f"<section>{html}</section>" for html in shown)
    return HttpResponse(f"<!doctype html><meta charset=utf-8><title>x</title>{sections}")


urlpatterns = [
    path("soan/", write),
    path("tan-cong/", attacks),
    path("tai-len/", include(([path("", upload, name="core_photo_upload")], "admin"))),
]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def site(settings, tmp_path, live_server):
    settings.MEDIA_ROOT = tmp_path
    return live_server.url


@pytest.fixture
def page(browser, site):
    page = browser.new_page()
    page.set_default_timeout(5000)
    page.requested, page.failed, page.alerts = [], [], []
    page.on("request", lambda request: page.requested.append(request.url))
    page.on("response", lambda answer: answer.status < 400 or page.failed.append(answer.url))
    page.on("console", lambda said: said.type == "error" and page.failed.append(said.text))
    page.on("pageerror", lambda error: page.failed.append(str(error)))
    page.on("dialog", lambda dialog: (page.alerts.append(dialog.message), dialog.dismiss()))
    yield page
    page.close()


@pytest.fixture
def editor(page, site):
    page.goto(f"{site}/soan/")
    page.wait_for_function(READY)
    return page


def writing_area(page):
    return page.frame_locator("iframe.cke_wysiwyg_frame").locator("body")


def paste(page, html):
    page.evaluate(COPY, html)
    page.get_by_role("button", name="Lưu").focus()
    page.keyboard.press("Control+C")
    writing_area(page).click()
    page.keyboard.press("Control+V")


def submitted(page):
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.get_by_role("button", name="Lưu").click()
    return answer.value.text()


def wait_for_text(page, text):
    page.wait_for_function("text => CKEDITOR.instances.id_body.getData().includes(text)", arg=text)


def test_the_editor_speaks_vietnamese_and_asks_no_other_host(editor, site):
    for command in ("link", "table", "image", "specialchar", "find"):
        editor.evaluate("name => CKEDITOR.instances.id_body.execCommand(name)", command)
        editor.locator(".cke_dialog:visible").wait_for()
        editor.evaluate("CKEDITOR.dialog.getCurrent().hide()")
    paste(editor, (WORD / "word365.html").read_text())
    wait_for_text(editor, "Ban Tuyên giáo")
    assert editor.get_by_role("button", name="Ảnh từ kho").is_visible()
    foreign = [url for url in editor.requested if not url.startswith((site, "data:", "blob:"))]
    assert foreign == []
    assert editor.failed == []


@pytest.mark.parametrize("name", ["word365", "libreoffice", "googledocs"])
def test_a_document_pasted_into_the_editor_is_submitted_as_semantic_html(editor, name):
    pasted = (WORD / f"{name}.html").read_text()
    paste(editor, pasted)
    wait_for_text(editor, "Ban Tuyên giáo")
    html = submitted(editor)
    for leftover in ("style=", "<span", "<font", "Mso", "o:p", "<b>", "file:", "&aacute;"):
        assert leftover not in html
    assert clean_html(html) == clean_html(pasted)


def test_pictures_of_other_sites_are_refused_in_words(editor):
    paste(editor, "<p>trước <img src='https://cu.example/a.jpg'> sau</p>")
    wait_for_text(editor, "sau")
    editor.get_by_text("Ảnh lấy từ trang web khác").wait_for()
    assert "<img" not in submitted(editor)
    assert not any("cu.example" in url for url in editor.requested)


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_file_goes_to_the_library_and_into_a_figure(editor, kind):
    writing_area(editor).click()
    file = base64.b64encode(picture_file().read()).decode()
    writing_area(editor).evaluate(GIVE_FILE, [kind, file])
    wait_for_text(editor, "/media/photos/")
    html = submitted(editor)
    photo = Photo.objects.get()
    assert clean_html(html).startswith(f'<figure class="photo"><img src="{photo.url}" alt=""')


def test_a_picture_written_out_in_pasted_html_goes_to_the_library(editor):
    data = base64.b64encode(picture_file().read()).decode()
    paste(editor, f"<p>trước</p><p><img src='data:image/jpeg;base64,{data}'></p><p>sau</p>")
    wait_for_text(editor, "/media/photos/")
    html = clean_html(submitted(editor))
    assert f'<figure class="photo"><img src="{Photo.objects.get().url}"' in html
    assert html.startswith("<p>trước</p>")
    assert "data:" not in html


def test_a_photo_picked_in_the_library_arrives_with_caption_and_credit(editor):
    photo = {
        "url": "/media/photos/0123456789abcdef0123-60x40/60.webp",
        **{"width": 60, "height": 40, "alt": 'Lớp "mới"', "caption": "Lớp học", "credit": "BTG"},
    }
    editor.evaluate(
        "photo => { window.portalPhotoPicker = { open: (o) => o.onPick(photo) } }", photo
    )
    editor.get_by_role("button", name="Ảnh từ kho").click()
    wait_for_text(editor, "Lớp học")
    assert clean_html(submitted(editor)) == (
        '<figure class="photo"><img src="/media/photos/0123456789abcdef0123-60x40/60.webp"'
        ' alt="Lớp &quot;mới&quot;" width="60" height="40">'
        "<figcaption>Lớp học. Ảnh: BTG</figcaption></figure>"
    )


def test_the_attacks_would_run_uncleaned(page, site):
    page.goto(f"{site}/tan-cong/?raw", wait_until="domcontentloaded")
    assert page.alerts


def test_no_attack_runs_on_the_page(page, site):
    page.goto(f"{site}/tan-cong/", wait_until="networkidle")
    assert page.locator("section").count() == len(VECTORS)
    assert page.alerts == []


def test_no_stored_attack_runs_in_the_editor(editor):
    cleaned = [clean_html(vector) for vector in VECTORS]
    editor.evaluate(
        """async (texts) => {
          const editor = CKEDITOR.instances.id_body
          for (const text of [...texts, texts.join("")])
            await new Promise((callback) => editor.setData(text, { callback }))
        }""",
        cleaned,
    )
    editor.wait_for_load_state("networkidle")
    assert editor.alerts == []
