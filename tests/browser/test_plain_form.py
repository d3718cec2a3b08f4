"""Where the script of a dimension's page cannot save, the plain form goes: nobody is held on a page, and nothing is lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answering import FIRST, SECOND, Line, choose, chosen, expect_not_saved, kept, lost, stored
from tests.browser.test_story import begin

pytestmark = [pytest.mark.browser, pytest.mark.any_database]

NO_FETCH = "window.fetch = () => Promise.reject(new TypeError('blocked'))"
SILENT = "window.fetch = () => new Promise(() => {})"
NO_SHELF = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
OLD = ["AbortSignal", "AbortController", "fetch", "CSS", "PerformanceNavigationTiming"]
BROWSERS = {
    "no AbortSignal.timeout": "delete AbortSignal.timeout",
    "no requestSubmit": "delete HTMLFormElement.prototype.requestSubmit",
    "fetch rejects": NO_FETCH,
    "fetch never settles": SILENT,
    "old, and keeps nothing": f"for (const name of {OLD}) delete window[name];"
    f"delete HTMLFormElement.prototype.requestSubmit; delete SubmitEvent.prototype.submitter; {NO_SHELF}",
}


def answering(seen: str, status: int, kind: str) -> str:
    return f"new Response({seen!r}, {{ status: {status}, headers: {{ 'Content-Type': {kind!r} }} }})"


def press(page: Page) -> None:
    page.locator(".page-actions button").click()


@pytest.mark.parametrize("browser_is", BROWSERS)
def test_from_the_first_page_to_the_report_whatever_the_browser_lacks(open_page, site, shipped, browser_is):
    page = open_page()
    page.context.add_init_script(BROWSERS[browser_is])
    is_silent = browser_is == "fetch never settles"
    if is_silent:
        page.clock.install()
    begin(page)
    for dimension in shipped[0].dimensions:
        page.wait_for_url(f"**/{dimension.key}/")
        choose(page, dimension.questions[0].key, dimension.questions[0].choices[1].key)
        press(page)
        if is_silent:
            page.clock.fast_forward(5_000)
    page.wait_for_url("**/review/")
    key = page.url.split("/")[-3]
    for dimension in shipped[0].dimensions:
        question = dimension.questions[0]
        assert stored(site, key, question.key).choices == [question.choices[1].key]
    if browser_is != "old, and keeps nothing":
        assert kept(page) == "{}"
    page.locator("main form button").click()
    page.wait_for_url("**/report/")


@pytest.mark.parametrize(
    "answer",
    [
        answering("<p>Forbidden</p>", 403, "text/html"),
        answering("<p>Out of order</p>", 502, "text/html"),
        answering("{}", 404, "application/json"),
    ],
)
def test_after_an_answer_that_is_none_the_button_sends_the_plain_form(open_page, site, guest, answer):
    page = open_page(f"/r/{guest.key}/strategy/")
    page.evaluate(f"() => {{ window.fetch = () => Promise.resolve({answer}) }}")
    choose(page, FIRST, "level-3")
    expect_not_saved(page)
    press(page)
    page.wait_for_url("**/charter/")
    assert stored(site, guest.key, FIRST).choices == ["level-3"]


def test_whoever_comes_back_after_a_plain_form_finds_what_stands_and_no_conflict(open_page, site, guest):
    address = f"/r/{guest.key}/strategy/"
    page = open_page(address)
    page.context.add_init_script(NO_FETCH)
    page.reload()
    choose(page, FIRST, "level-2")
    press(page)
    page.wait_for_url("**/charter/")
    expect(page.locator("h1")).to_be_visible()
    assert kept(page) == "{}"
    guest.answer("strategy", {FIRST: "level-4"})
    page.goto(address)
    assert chosen(page, FIRST) == ["level-4"]
    expect(lost(page, FIRST)).to_be_hidden()
    choose(page, FIRST, "level-5")
    choose(page, SECOND, "level-1")
    page.reload()  # it asks, as something is unsaved, and is told yes
    assert chosen(page, FIRST) == ["level-5"]
    press(page)
    page.wait_for_url("**/charter/")
    found = stored(site, guest.key, FIRST)
    assert (found.choices, found.revision) == (["level-5"], 3)


def test_what_a_plain_form_could_not_bring_is_kept_and_sent_at_the_next_visit(open_page, site, guest):
    address = f"/r/{guest.key}/strategy/"
    page = open_page(address)
    line = Line(page)
    line.cut()
    choose(page, FIRST, "level-2")
    expect_not_saved(page)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    with page.expect_event("requestfailed", lambda request: request.is_navigation_request()):
        press(page)
    page.wait_for_url("chrome-error://**")
    assert asked == []
    line.mend()
    page.goto(address)
    page.wait_for_function("() => localStorage.length === 0")
    assert chosen(page, FIRST) == ["level-2"]
    assert stored(site, guest.key, FIRST).choices == ["level-2"]


def test_a_browser_that_is_offline_stays_at_the_first_press_and_goes_at_the_second(open_page, guest):
    page = open_page(f"/r/{guest.key}/strategy/")
    page.evaluate("Object.defineProperty(navigator, 'onLine', { value: false })")
    page.evaluate(f"() => {{ {NO_FETCH} }}")
    choose(page, FIRST, "level-2")
    press(page)
    expect_not_saved(page)
    assert page.url.endswith("/strategy/")
    press(page)  # it may be wrong
    page.wait_for_url("**/charter/")


def test_a_plain_form_after_a_save_whose_answer_was_lost_and_another_choice_is_no_conflict(open_page, site, guest):
    page = open_page(f"/r/{guest.key}/strategy/")
    line = Line(page)
    line.lose_answers()
    choose(page, FIRST, "level-2")
    expect_not_saved(page)
    page.evaluate(f"() => {{ {NO_FETCH} }}")
    line.mend()
    choose(page, FIRST, "level-4")
    press(page)
    page.wait_for_url("**/charter/")
    found = stored(site, guest.key, FIRST)
    assert (found.choices, found.revision) == (["level-4"], 2)


def test_a_conflict_that_a_plain_form_meets_is_shown_and_replaced_by_plain_forms(open_page, site, guest):
    page = open_page(f"/r/{guest.key}/strategy/")
    page.context.add_init_script(NO_FETCH)
    page.reload()
    guest.answer("strategy", {FIRST: "level-4"})
    choose(page, FIRST, "level-2")
    press(page)
    expect(page.locator(".error-summary")).to_be_focused()
    expect(lost(page, FIRST)).to_be_visible()
    assert chosen(page, FIRST) == ["level-4"]
    assert kept(page) == "{}"
    lost(page, FIRST).get_by_role("button").click()
    expect_not_saved(page)
    assert chosen(page, FIRST) == ["level-2"]
    press(page)
    page.wait_for_url("**/charter/")
    assert stored(site, guest.key, FIRST).choices == ["level-2"]
