"""The header on a phone: its menu leads to the pages that there is no room for beside it, also without a script."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import EVERYTHING, load_axe, violations
from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.any_database]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_menu_of_a_phone_leads_to_barometer_and_methodology_by_keyboard_and_without_a_script(open_page, language):
    page = open_page("/legal/", language=language, viewport=PHONE, java_script_enabled=False)
    menu = page.locator(".site-menu")
    expect(menu.get_by_role("link")).to_have_count(0)
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("link")).to_have_count(3)
    for link in menu.get_by_role("link").all():
        box = link.bounding_box()
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/methodology/$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_open_menu(open_page, scheme):
    page = open_page("/legal/", viewport=PHONE, color_scheme=scheme)
    page.locator(".site-menu summary").click()
    load_axe(page)
    assert violations(page, EVERYTHING) == []


def test_at_a_desk_the_same_pages_stand_in_the_header_itself(open_page):
    page = open_page("/legal/")
    expect(page.locator(".site-menu")).to_be_hidden()
    expect(page.locator(".site-nav .also-below").first).to_be_visible()
