"""The tools of the article page: text size, copying the address, listening, printing."""

import json
from base64 import b64decode
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.factories import make_article

# A stand-in for the voices of the operating system, which a test machine has none of.
VOICES = """voices => {
  window.spoken = []
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } }
  const speech = {
    getVoices: () => voices, addEventListener() {},
    speak: (utterance) => window.spoken.push(utterance), cancel: () => (window.cancelled = true),
  }
  Object.defineProperty(window, "speechSynthesis", { value: speech })
}"""


@pytest.fixture
def address(site):
    body = "<h2>Kết quả</h2><p>Đoạn một.</p><ul><li>Một là</li></ul>"
    return make_article("Tiêu đề bài", summary="Tóm tắt.", body=body).get_absolute_url()


def size_of_text(page):
    return page.locator(".prose p").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")


def with_voices(page, voices):
    page.add_init_script(f"({VOICES})({json.dumps(voices)})")
    page.reload()


def test_text_grows_and_the_browser_remembers(open_page, address):
    page = open_page(address)
    usual = size_of_text(page)
    page.get_by_role("button", name="A+").click()
    grown = size_of_text(page)
    assert grown > usual
    page.reload()
    assert size_of_text(page) == grown
    page.get_by_role("button", name="A−").click()
    assert size_of_text(page) == usual


def test_text_size_stops_at_its_ends(open_page, address):
    page = open_page(address)
    larger = page.get_by_role("button", name="A+")
    for _ in range(5):
        larger.click(force=True)
    expect(larger).to_have_attribute("aria-disabled", "true")
    assert page.evaluate("localStorage.getItem('text-size')") == "3"


def test_a_spoilt_memory_of_the_size_does_no_harm(open_page, address):
    page = open_page(address)
    usual = size_of_text(page)
    page.evaluate("localStorage.setItem('text-size', '<b>9e99')")
    page.reload()
    assert size_of_text(page) == usual
    assert page.troubles == []


def test_the_address_is_copied_and_the_reader_is_told(open_page, address, site):
    page = open_page(address, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Chép liên kết").click()
    expect(page.locator("[data-tools-status]")).to_have_text("Đã chép liên kết.")
    assert page.evaluate("navigator.clipboard.readText()") == site + address


def test_a_refused_clipboard_is_said_in_words(open_page, address):
    page = open_page(address)
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error()))")
    page.get_by_role("button", name="Chép liên kết").click()
    expect(page.locator("[data-tools-status]")).to_contain_text("Chưa chép được")


def test_listening_is_offered_only_with_a_vietnamese_voice_of_the_machine(open_page, address):
    page = open_page(address)
    listen = page.locator("[data-listen]")
    for voices in ([], [{"lang": "en-US", "localService": True}], [{"lang": "vi-VN"}]):
        with_voices(page, voices)
        expect(listen).to_be_hidden()


def test_the_article_is_read_aloud_piece_by_piece_and_stops_when_asked(open_page, address):
    page = open_page(address)
    with_voices(page, [{"lang": "vi-VN", "localService": True}])
    page.get_by_role("button", name="Nghe bài").click()
    spoken = page.evaluate("spoken.map((utterance) => utterance.text)")
    assert spoken == ["Tiêu đề bài", "Tóm tắt.", "Kết quả", "Đoạn một.", "Một là"]
    page.evaluate("cancelled = false")
    page.get_by_role("button", name="Dừng đọc").click()
    assert page.evaluate("cancelled")
    expect(page.get_by_role("button", name="Nghe bài")).to_be_visible()


def test_the_print_button_opens_the_print_dialogue(open_page, address):
    page = open_page(address)
    page.evaluate("void (window.print = () => (window.printed = true))")
    page.get_by_role("button", name="In bài").click()
    assert page.evaluate("printed")


def test_share_links_carry_the_public_address(open_page, address, site):
    page = open_page(address)
    facebook = page.get_by_role("link", name="Facebook").get_attribute("href")
    assert parse_qs(urlsplit(facebook).query) == {"u": [site + address]}
    zalo = page.get_by_role("link", name="Zalo").get_attribute("href")
    payload = parse_qs(urlsplit(zalo).query)["d"][0]
    assert json.loads(b64decode(payload)) == {"url": site + address}
