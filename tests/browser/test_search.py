"""The search box as people use it: by keys, by ear, by thumb, and without any script."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import assert_no_barrier
from tests.factories import make_article, make_category, make_document

PHONE = {"width": 390, "height": 800}
DESKTOP = {"width": 1280, "height": 900}
WIDER_THAN_SCREEN = "() => document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def texts(site):
    section = make_category("Tuyên giáo", slug="tuyen-giao")
    articles = [make_article("Nghị quyết Đại hội", category=section)]
    articles += [make_article("Học tập nghị quyết"), make_article("Dân vận khéo")]
    make_document("24-CT/TU", abstract="Về thực hiện nghị quyết")
    return articles


def test_suggestions_are_chosen_by_keys(open_page, texts):
    page = open_page("/")
    box = page.get_by_role("combobox", name="Từ cần tìm")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("nghi quy")
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text="3 gợi ý")).to_have_count(1)
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    expect(box).to_be_focused()
    box.press("ArrowUp")
    expect(box).not_to_have_attribute("aria-activedescendant", "tim-nhanh-goi-y-0")
    box.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("nghi quy")
    box.press("Enter")
    page.wait_for_url("**/tim-kiem/?q=nghi+quy")
    assert not page.troubles


def test_a_suggestion_leads_to_its_page(open_page, texts):
    page = open_page("/")
    box = page.get_by_role("combobox", name="Từ cần tìm")
    box.press_sequentially("dan van")
    expect(page.get_by_role("option")).to_have_count(1)
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(f"**{texts[2].get_absolute_url()}")
    page.get_by_role("combobox").press_sequentially("24ct")
    page.get_by_role("option", name="Chỉ thị").or_(page.get_by_role("option")).first.click()
    page.wait_for_url("**/van-ban/**")


def test_without_a_script_the_form_finds_all_the_same(open_page, texts):
    page = open_page("/", java_script_enabled=False)
    page.get_by_role("searchbox", name="Từ cần tìm").fill("nghi quyet")
    page.get_by_role("search", name="Tìm trên toàn trang").get_by_role("button").click()
    expect(page.get_by_role("heading", name="3 kết quả")).to_be_visible()
    page.get_by_role("link", name="Mới nhất trước").click()
    expect(page.locator(".hit")).to_have_count(3)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_no_barrier_in_results_and_suggestions(open_page, texts, viewport):
    page = open_page("/tim-kiem/?q=nghi+quyet", viewport=viewport)
    assert not page.evaluate(WIDER_THAN_SCREEN)
    assert_no_barrier(page, "results")
    page.get_by_role("combobox").fill("nghi quyet d")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert_no_barrier(page, "suggestions")
    page.goto("/tim-kiem/?q=nghj+quyet")
    assert_no_barrier(page, "corrected")
    page.goto("/tim-kiem/")
    assert_no_barrier(page, "empty")
