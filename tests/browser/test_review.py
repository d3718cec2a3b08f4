"""The review of the answers: folded by dimension on a phone, with or without a script; at a desk and on paper all of it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK
from tests.factories import level

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
PHONE = {"width": 360, "height": 740}
SCREENS = 3  # of a phone: what is said of the whole, a line for each dimension, and the button


@pytest.fixture
def address(guest, shipped) -> str:
    for dimension in shipped[0].dimensions:
        guest.answer(dimension.key, {q.key: pick for q in dimension.questions if (pick := level(3)(q))})
    return f"/r/{guest.key}/review/"


@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_each_dimension_unfolds_its_answers(open_page, address, javascript):
    page = open_page(address, viewport=PHONE, java_script_enabled=javascript)
    answers = page.locator("#answer-charter-document")
    expect(answers).not_to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight") <= SCREENS * PHONE["height"]
    page.locator("#part-charter ~ details > summary").press("Enter")
    expect(answers).to_be_visible()
    expect(page.locator("#answer-roi-owner")).not_to_be_visible()


def test_who_comes_back_to_an_answer_finds_its_dimension_unfolded(open_page, address):
    page = open_page(f"{address}#answer-charter-document", viewport=PHONE)
    expect(page.locator("#answer-charter-document")).to_be_in_viewport()
    expect(page.locator("#answer-roi-owner")).not_to_be_visible()


def test_at_a_desk_and_on_paper_every_answer_is_there(open_page, address):
    page = open_page(address, viewport=DESK)
    for medium in ("screen", "print"):
        page.emulate_media(media=medium)
        expect(page.locator("#answer-charter-document")).to_be_visible()
        expect(page.locator("#answer-roi-owner")).to_be_visible()
        expect(page.locator("details.answers > summary").first).not_to_be_visible()
