"""Trying improvements: by keyboard with the script, at each tick; by the button without it; and on to the plan."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.places import World
from tests.browser.test_story import begin
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
# Whether what has the focus lies under the result that stays in sight.
HIDDEN = """() => {
  const [field, outcome] = [document.activeElement, document.querySelector(".outcome")].map((one) => one.getBoundingClientRect());
  const beside = field.left > outcome.right || field.right < outcome.left;
  return !beside && field.bottom > outcome.top && field.top < outcome.bottom;
}"""


@pytest.fixture(scope="module")
def key(site, shipped) -> str:
    """The key of answers that are at level 2 throughout."""
    with Visitor(site.address) as visitor:
        return at_level_two(visitor, shipped[0])


def at_level_two(visitor: Visitor, questionnaire) -> str:
    key = visitor.start("Société Générale des Bateaux-Mouches et de la Navigation fluviale")
    for part in questionnaire.dimensions:
        if part.scored:
            visitor.answer(part.key, {question.key: question.choices[1].key for question in part.questions})
    visitor.submit()
    return key


def then(page: Page, name: str = "score"):
    return page.locator(f'.outcome [data-then="{name}"]')


def ticks(page: Page):
    return page.locator(".what-if input[type=checkbox]")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_at_each_tick_the_result_follows_stays_in_sight_and_is_announced(open_page, key, viewport, language):
    page = open_page(f"/r/{key}/what-if/", viewport=viewport, language=language)
    expect(page.locator("[data-plain]")).to_be_hidden()
    said, before = page.locator(".outcome [role=status]"), int(then(page).inner_text())
    announced = said.inner_text()
    assert said.evaluate("node => node.getAttribute('aria-live') || node.role") == "status"
    for place in range(5):  # by keyboard alone
        ticks(page).nth(place).focus() if place == 0 else page.keyboard.press("Tab")
        expect(ticks(page).nth(place)).to_be_focused()
        assert not page.evaluate(HIDDEN)
        with page.expect_response(re.compile("outcome.json")) as told:
            page.keyboard.press("Space")
        expect(said).to_have_text(told.value.json()["said"])
        expect(then(page)).to_have_text(told.value.json()["whole"]["score"])
        expect(page.locator(".outcome dl")).to_be_in_viewport(ratio=1)
        expect(page.locator(".outcome tbody tr").last).to_be_in_viewport(ratio=1)
    expect(said).not_to_have_text(announced)
    assert int(then(page).inner_text()) == 25 < before
    expect(page.locator(".outcome .moved")).to_have_count(0)
    assert page.url.endswith("?tried=1")
    page.reload()
    expect(page.locator(".what-if input:checked")).to_have_count(0)


def test_another_improvement_moves_its_dimension_bar_and_profile(open_page, key):
    page = open_page(f"/r/{key}/what-if/?tried=1")
    page.locator("summary", has_text="Other improvements").click()
    before = page.locator("img.chart-radar.on-light").get_attribute("src")
    page.locator(".others select").first.select_option(index=3)
    expect(page.locator(".outcome .moved")).to_have_count(1)
    reaches = page.locator(".outcome .moved .would").get_attribute("width")
    assert float(reaches.rstrip("%")) > 25
    expect(page.locator("img.chart-radar.on-light")).not_to_have_attribute("src", before)
    page.locator("#profile").scroll_into_view_if_needed()
    picture = page.locator("img.chart-radar.on-light")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")


def test_of_several_ticks_the_last_one_counts_whatever_comes_late(open_page, key):
    page = open_page(f"/r/{key}/what-if/?tried=1")
    held, broken_off = [], []
    page.on("requestfailed", lambda request: broken_off.append(request.url))
    page.route("**/outcome.json?*", lambda route: route.continue_() if held else held.append(route))
    ticks(page).nth(0).check()
    page.wait_for_function("() => document.querySelector('.outcome[aria-busy]')")
    ticks(page).nth(1).check()
    expect(page.locator(".outcome")).not_to_have_attribute("aria-busy", "true")
    both = then(page).inner_text()
    assert [held[0].request.url] == broken_off
    expect(page.locator(".outcome [data-failed]")).to_be_hidden()
    page.reload()
    expect(page.locator(".what-if input:checked")).to_have_count(2)
    expect(then(page)).to_have_text(both)


def test_quick_ticks_are_one_request(open_page, key):
    page = open_page(f"/r/{key}/what-if/?tried=1")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "outcome.json" in request.url else None)
    page.evaluate("() => document.querySelectorAll('.what-if input[type=checkbox]').forEach(box => box.click())")
    expect(page.locator(".outcome .moved").first).to_be_visible()
    assert len(asked) == 1


def test_a_failure_is_told_keeps_the_ticks_and_leaves_the_button(open_page, key):
    page = open_page(f"/r/{key}/what-if/?tried=1")
    page.route("**/outcome.json?*", lambda route: route.abort())
    ticks(page).nth(0).check()
    failed = page.locator(".outcome [data-failed]")
    expect(failed).to_contain_text("What you chose is still here")
    expect(ticks(page).nth(0)).to_be_checked()
    page.unroute("**/outcome.json?*")
    page.route(
        "**/outcome.json?*",
        lambda route: route.fulfill(status=429, json={"message": "Try again at 14:03 (Paris time)."}),
    )
    ticks(page).nth(1).check()
    expect(failed).to_have_text("Try again at 14:03 (Paris time).")
    page.locator("[data-plain]").click()
    expect(page).to_have_url(re.compile("=.*="))
    expect(page.locator(".what-if input:checked")).to_have_count(2)
    page.unroute("**/outcome.json?*")
    ticks(page).nth(2).check()
    expect(page.locator(".outcome .moved").first).to_be_visible()
    expect(failed).to_be_hidden()


def test_without_script_the_button_shows_it_and_what_a_guest_ticked_becomes_the_plan(open_page, world: World, shipped):
    owner = {"name": "sessionid", "value": world.sessions["owner"], "url": world.site.address}
    page = open_page("/", java_script_enabled=False)
    begin(page)
    key = page.url.split("/")[4]
    token = page.locator('main input[name="csrfmiddlewaretoken"]').first.input_value()
    for part in shipped[0].dimensions:
        if part.scored:
            form = {question.key: question.choices[1].key for question in part.questions} | {
                "csrfmiddlewaretoken": token
            }
            assert page.request.post(f"/r/{key}/{part.key}/", form=form).ok
    page.goto(f"/r/{key}/review/")
    page.locator("main form button.btn-primary").click()
    page.goto(f"/r/{key}/what-if/")
    for place in (1, 2, 3):
        ticks(page).nth(place).uncheck()
    before = then(page).inner_text()
    page.get_by_role("button", name="Show what it would give").click()
    expect(page.locator(".what-if input:checked")).to_have_count(2)
    assert int(then(page).inner_text()) < int(before)
    ticks(page).nth(4).uncheck()  # and not shown yet
    page.get_by_role("button", name="Keep the results to make these my plan").click()
    expect(page.locator("h1")).to_have_text("Keep the results")
    page.context.add_cookies([owner])  # signs in
    page.reload()
    page.get_by_role("button", name="Keep the results").click()
    expect(page.locator("h1")).to_have_text("Try improvements")
    expect(page.locator(".what-if input:checked")).to_have_count(1)
    ticks(page).nth(1).check()
    page.get_by_role("button", name="Make these my plan").click()
    expect(page.locator("h1")).to_have_text("Plan")
    expect(page.locator(".plan-actions > li")).to_have_count(2)
    assert "csrf" not in page.url


def test_by_keyboard_those_ticked_become_the_plan(open_page, world: World, shipped):
    with Visitor(world.site.address) as visitor:
        visitor.cookies["sessionid"] = world.sessions["owner"]
        key = at_level_two(visitor, shipped[0])
        visitor.get(f"/r/{key}/keep/")
        _status, _text, place = visitor.post(f"/r/{key}/keep/", {})
    page = open_page("/health/live", viewport=PHONE, language="fr")
    page.context.add_cookies([{"name": "sessionid", "value": world.sessions["owner"], "url": world.site.address}])
    page.goto(f"{place}rounds/1/what-if/?tried=1")
    ticks(page).nth(0).focus()
    page.keyboard.press("Space")
    button = page.get_by_role("button", name="En faire mon plan d’action")
    for _step in range(10):
        page.keyboard.press("Tab")
        if button.evaluate("node => node === document.activeElement"):
            break
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{world.site.address}{place}plan/")
    expect(page.locator(".plan-actions > li")).to_have_count(1)
