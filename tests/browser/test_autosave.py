"""Each answer is saved as it is given; when that fails, the page says so and keeps it until it is saved."""

import pytest
from playwright.sync_api import expect

from tests.browser.answering import (
    FIRST,
    SECOND,
    Line,
    choose,
    chosen,
    expect_not_saved,
    expect_saved,
    kept,
    stored,
    strip,
)

pytestmark = [pytest.mark.browser, pytest.mark.any_database]


@pytest.fixture
def page(open_page, guest):
    return open_page(f"/r/{guest.key}/strategy/")


@pytest.fixture
def line(page):
    return Line(page)


def test_an_answer_is_saved_as_it_is_given_and_still_there_after_a_reload(page, site, guest):
    choose(page, FIRST, "level-3")
    expect_saved(page)
    assert stored(site, guest.key, FIRST).choices == ["level-3"]
    assert kept(page) == "{}"
    page.reload()
    assert chosen(page, FIRST) == ["level-3"]


def test_it_says_saved_with_the_time(page):
    choose(page, FIRST, "level-3")
    expect_saved(page)
    words = page.locator(".save-state").inner_text()
    assert words.startswith("Saved ")
    assert any(letter.isdigit() for letter in words)


def test_it_never_says_saved_before_the_server_has_answered(page, line, site, guest):
    line.hold()
    choose(page, FIRST, "level-3")
    page.wait_for_timeout(1500)
    assert line.sent == 1
    assert "Saved" not in page.locator(".save-state").inner_text()
    assert stored(site, guest.key, FIRST) is None
    assert "level-3" in kept(page)
    line.release()
    expect_saved(page)
    assert stored(site, guest.key, FIRST).choices == ["level-3"]


def test_it_does_not_say_saved_while_another_answer_is_on_its_way(page, line):
    line.hold()
    choose(page, FIRST, "level-3")
    choose(page, SECOND, "level-2")
    page.wait_for_timeout(300)
    line.held.pop(0).continue_()
    page.wait_for_timeout(1000)
    assert "Saved" not in page.locator(".save-state").inner_text()
    line.release()
    expect_saved(page)


def test_it_does_not_say_saved_while_somebody_types(page):
    choose(page, FIRST, "level-3")
    expect_saved(page)
    page.locator(f'[data-save="{FIRST}"] summary').click()
    page.locator(f'[name="{FIRST}.note"]').press("a")
    assert "Saved" not in page.locator(".save-state").inner_text()
    expect_saved(page)


@pytest.mark.parametrize("disturbance", ["cut", 500, 503, 429])
def test_when_it_cannot_be_saved_the_page_says_so_and_tries_until_it_is(page, line, site, guest, disturbance):
    line.cut() if disturbance == "cut" else line.fail(disturbance)
    choose(page, FIRST, "level-4")
    expect_not_saved(page)
    expect(page.locator(".save-state")).to_contain_text("Not saved")
    assert chosen(page, FIRST) == ["level-4"]
    assert "level-4" in kept(page)
    assert stored(site, guest.key, FIRST) is None
    line.mend()
    expect_saved(page)
    assert stored(site, guest.key, FIRST).choices == ["level-4"]
    assert stored(site, guest.key, FIRST).revision == 1
    assert kept(page) == "{}"


def test_when_one_save_comes_through_the_others_that_failed_follow(page, line, site, guest):
    line.cut()
    choose(page, FIRST, "level-4")
    choose(page, SECOND, "level-2")
    expect_not_saved(page)
    line.mend()
    choose(page, "strategy-management", "unknown")
    expect_saved(page)
    states = [stored(site, guest.key, question).state for question in (FIRST, SECOND, "strategy-management")]
    assert states == ["answered", "answered", "unknown"]


def test_an_answer_given_while_the_server_was_dead_is_saved_when_it_is_back(page, site, guest):
    site.kill()
    choose(page, FIRST, "level-2")
    expect_not_saved(page)
    site.start()
    expect_saved(page)
    assert stored(site, guest.key, FIRST).choices == ["level-2"]


def test_an_answer_given_while_the_database_was_locked_is_told_in_the_server_s_words_and_saved_afterwards(
    page, site, guest
):
    with site.locked():
        choose(page, FIRST, "level-2")
        expect(page.locator(".save-state")).to_contain_text("the site cannot save anything for now")
        assert chosen(page, FIRST) == ["level-2"]
        assert "level-2" in kept(page)
    expect_saved(page)
    assert stored(site, guest.key, FIRST).choices == ["level-2"]
    assert kept(page) == "{}"


def test_a_tab_closed_before_it_was_saved_sends_it_at_the_next_visit(page, line, site, guest):
    line.cut()
    choose(page, FIRST, "level-5")
    expect_not_saved(page)
    page.close()
    again = page.context.new_page()
    again.goto(f"/r/{guest.key}/strategy/")
    expect_saved(again)
    assert chosen(again, FIRST) == ["level-5"]
    assert stored(site, guest.key, FIRST).choices == ["level-5"]
    assert kept(again) == "{}"


def test_a_note_typed_in_the_moment_before_the_tab_was_closed_is_sent_at_the_next_visit(page, line, site, guest):
    page.locator(f'[data-save="{FIRST}"] summary').click()
    line.cut()
    page.locator(f'[name="{FIRST}.note"]').press_sequentially("Half a sent")
    page.close()
    again = page.context.new_page()
    again.goto(f"/r/{guest.key}/strategy/")
    expect_saved(again)
    expect(again.locator(f'[name="{FIRST}.note"]')).to_have_value("Half a sent")
    assert stored(site, guest.key, FIRST).note == "Half a sent"


def test_whoever_leaves_before_it_was_saved_is_asked(page, line):
    line.cut()
    choose(page, FIRST, "level-5")
    expect_not_saved(page)
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()


def test_without_cookies_it_says_not_saved_and_keeps_the_answer_for_the_next_visit(page, site, guest):
    page.context.clear_cookies()
    choose(page, FIRST, "level-4")
    expect_not_saved(page)
    page.wait_for_timeout(1500)
    assert "Saved" not in page.locator(".save-state").inner_text()
    assert stored(site, guest.key, FIRST) is None
    page.reload()
    expect_saved(page)
    assert stored(site, guest.key, FIRST).choices == ["level-4"]


def test_a_reload_right_after_a_choice_loses_nothing(page, site, guest):
    choose(page, FIRST, "level-2")
    page.reload()
    expect(strip(page, FIRST, "level-2").locator("input")).to_be_checked()
    page.wait_for_function("() => localStorage.length === 0")
    assert stored(site, guest.key, FIRST).choices == ["level-2"]


def test_a_page_made_before_the_server_had_the_answer_shows_it_all_the_same(page, line, site, guest):
    made_before = []

    def keep_back(route):
        made_before.append((route, route.fetch())) if route.request.method == "GET" else route.fallback()

    page.route("**/strategy/", keep_back)
    line.hold()
    choose(page, FIRST, "level-2")
    page.evaluate("() => { setTimeout(() => location.reload()) }")
    while not made_before:
        page.wait_for_timeout(50)
    line.release()
    page.wait_for_timeout(1000)
    assert stored(site, guest.key, FIRST).choices == ["level-2"]
    route, earlier = made_before[0]
    assert "checked" not in earlier.text()
    route.fulfill(response=earlier)
    expect(strip(page, FIRST, "level-2").locator("input")).to_be_checked()
    expect_saved(page)
    assert stored(site, guest.key, FIRST).revision == 1


def test_the_button_pressed_while_an_answer_is_on_its_way_goes_on_once_it_is_saved(page, line, site, guest):
    line.hold()
    choose(page, FIRST, "level-2")
    choose(page, FIRST, "level-4")
    page.locator(".page-actions button").click()
    page.wait_for_timeout(500)
    assert page.url.endswith("/strategy/")
    line.release()
    page.wait_for_url("**/charter/")
    assert stored(site, guest.key, FIRST).choices == ["level-4"]


def test_pressing_the_button_twice_saves_once_and_goes_one_page_on(page, site, guest):
    choose(page, FIRST, "level-2")
    page.locator(".page-actions button").dblclick()
    page.wait_for_url("**/charter/")
    assert stored(site, guest.key, FIRST).revision == 1
    assert page.url.endswith("/charter/")
