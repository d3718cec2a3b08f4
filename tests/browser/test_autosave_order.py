"""Which of several choices stands: the last one of a person, and never an old one that comes late."""

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
    lost,
    stored,
    strip,
)
from tests.browser.axe import EVERYTHING, load_axe, violations

pytestmark = [pytest.mark.browser, pytest.mark.any_database]


@pytest.fixture
def address(guest):
    return f"/r/{guest.key}/strategy/"


@pytest.fixture
def page(open_page, address):
    return open_page(address)


@pytest.fixture
def line(page):
    return Line(page)


def elsewhere(guest, value: str, question: str = FIRST, **fields: str) -> None:
    """The same person answers on another device."""
    guest.answer("strategy", {question: value} | fields)


def text(page, value: str) -> str:
    return strip(page, FIRST, value).inner_text()


def test_quick_changes_end_in_the_last_one_though_the_first_is_delayed(page, line, site, guest):
    line.hold()
    for value in ("level-1", "level-2", "level-3"):
        choose(page, FIRST, value)
    page.wait_for_timeout(300)
    assert line.sent == 1  # the second waits for the first
    line.release()
    expect_saved(page)
    found = stored(site, guest.key, FIRST)
    assert (found.choices, found.revision) == (["level-3"], 2)  # level-2 was never sent
    choose(page, FIRST, "level-4")
    expect_saved(page)
    assert stored(site, guest.key, FIRST).revision == 3
    expect(lost(page, FIRST)).to_be_hidden()


def test_a_change_after_a_save_whose_answer_was_lost_stands(page, line, site, guest):
    line.lose_answers()
    choose(page, FIRST, "level-1")
    expect_not_saved(page)
    assert stored(site, guest.key, FIRST).choices == ["level-1"]
    choose(page, FIRST, "level-5")
    line.mend()
    expect_saved(page)
    assert chosen(page, FIRST) == ["level-5"]
    expect(lost(page, FIRST)).to_be_hidden()
    found = stored(site, guest.key, FIRST)
    assert (found.choices, found.revision) == (["level-5"], 2)


def test_a_save_whose_answer_was_lost_is_stored_once(page, line, site, guest):
    line.lose_answers()
    choose(page, FIRST, "level-1")
    expect_not_saved(page)
    page.wait_for_timeout(1500)
    line.mend()
    expect_saved(page)
    assert line.sent >= 2
    assert stored(site, guest.key, FIRST).revision == 1


def test_the_last_of_two_changes_stands_after_a_lost_answer_and_a_closed_tab(page, line, site, guest, address):
    line.lose_answers()
    choose(page, FIRST, "level-1")
    expect_not_saved(page)
    line.cut()
    choose(page, FIRST, "level-5")
    page.close()
    again = page.context.new_page()
    again.goto(address)
    expect_saved(again)
    assert chosen(again, FIRST) == ["level-5"]
    found = stored(site, guest.key, FIRST)
    assert (found.choices, found.revision) == (["level-5"], 2)


def test_a_late_retry_does_not_overwrite_a_newer_choice_and_is_shown(page, line, site, guest):
    line.cut()
    choose(page, FIRST, "level-1")
    expect_not_saved(page)
    elsewhere(guest, "level-4")
    line.mend()
    expect(lost(page, FIRST)).to_contain_text(text(page, "level-1"))
    assert chosen(page, FIRST) == ["level-4"]
    assert stored(site, guest.key, FIRST).choices == ["level-4"]
    assert "Saved" not in page.locator(".save-state").inner_text()
    assert kept(page) == "{}"
    choose(page, FIRST, "level-1")  # now that they have seen it, they may choose again
    expect_saved(page)
    expect(lost(page, FIRST)).to_be_hidden()
    assert stored(site, guest.key, FIRST).choices == ["level-1"]


def test_what_a_closed_tab_kept_does_not_overwrite_a_newer_choice_and_is_shown(page, line, site, guest, address):
    line.cut()
    choose(page, FIRST, "level-1")
    expect_not_saved(page)
    page.close()
    elsewhere(guest, "level-4")
    again = page.context.new_page()
    again.goto(address)
    expect(lost(again, FIRST)).to_contain_text(text(again, "level-1"))
    assert chosen(again, FIRST) == ["level-4"]
    assert stored(site, guest.key, FIRST).choices == ["level-4"]


def test_of_two_choices_after_a_lost_answer_the_one_made_elsewhere_stands_and_the_last_one_here_is_shown(
    page, line, site, guest
):
    line.cut()
    choose(page, FIRST, "level-1")
    expect_not_saved(page)
    choose(page, FIRST, "level-2")
    elsewhere(guest, "level-4")
    line.mend()
    expect(lost(page, FIRST)).to_contain_text(text(page, "level-2"))
    assert chosen(page, FIRST) == ["level-4"]
    assert stored(site, guest.key, FIRST).choices == ["level-4"]


def test_a_note_typed_in_a_tab_that_is_behind_is_shown_not_lost(page, site, guest):
    elsewhere(guest, "level-4")
    page.locator(f'[data-save="{FIRST}"] summary').click()
    page.locator(f'[name="{FIRST}.note"]').fill("A long thought")
    expect(lost(page, FIRST)).to_contain_text("A long thought")
    assert chosen(page, FIRST) == ["level-4"]
    assert stored(site, guest.key, FIRST).note == ""
    replace(page).click()
    expect_saved(page)
    expect(page.locator(f'[name="{FIRST}.note"]')).to_have_value("A long thought")
    found = stored(site, guest.key, FIRST)
    assert (found.choices, found.note) == (["level-4"], "A long thought")


def replace(page, question: str = FIRST):
    return lost(page, question).get_by_role("button", name="Replace")


def test_two_tabs_show_which_choice_stands_and_the_other_can_replace_it(page, site, guest, address):
    other = page.context.new_page()
    other.goto(address)
    choose(page, FIRST, "level-2")
    expect_saved(page)
    choose(other, FIRST, "level-5")
    two, five = text(page, "level-2"), text(page, "level-5")
    message = f"Changed meanwhile in another window ({two}). Replace by “{five}”?"
    expect(lost(other, FIRST).locator("p")).to_have_text(message)
    expect(other.get_by_role("alert").filter(has_text=message)).to_be_visible()
    assert chosen(other, FIRST) == ["level-2"]
    assert stored(site, guest.key, FIRST).choices == ["level-2"]
    choose(other, "strategy-time", "level-1")
    expect(other.locator(".save-state")).to_contain_text("look at this answer")  # the other one, as before
    other.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    other.locator(".save-state a").press("Enter")
    expect(replace(other)).to_be_focused()
    expect(replace(other)).to_be_in_viewport()
    load_axe(other)
    assert violations(other, EVERYTHING) == []
    replace(other).press("Enter")
    expect_saved(other)
    expect(lost(other, FIRST)).to_be_hidden()
    expect(strip(other, FIRST, "level-5").locator("input")).to_be_focused()
    assert chosen(other, FIRST) == ["level-5"]
    found = stored(site, guest.key, FIRST)
    assert (found.choices, found.revision) == (["level-5"], 2)
    assert kept(other) == "{}"


def test_a_third_tab_that_changed_it_meanwhile_is_not_overwritten_and_is_shown(page, site, guest):
    elsewhere(guest, "level-2")
    choose(page, FIRST, "level-5")
    expect(lost(page, FIRST)).to_contain_text(text(page, "level-2"))
    elsewhere(guest, "level-3")
    replace(page).click()
    expect(lost(page, FIRST)).to_contain_text(text(page, "level-3"))
    assert stored(site, guest.key, FIRST).choices == ["level-3"]
    replace(page).click()
    expect_saved(page)
    assert stored(site, guest.key, FIRST).choices == ["level-5"]


def test_the_statement_changed_in_another_tab_can_be_replaced(open_page, guest):
    page = open_page(f"/r/{guest.key}/social-selling/")
    name, statement = "dimension.not-applicable", page.locator("#statement")
    guest.answer("social-selling", {name: "yes"})
    guest.answer("social-selling", {name: "no"})
    statement.click()  # which is taken back at once, so that `check` could find it unticked
    expect(lost(page, name)).to_contain_text("(it applies). Replace by “it does not apply”?")
    expect(statement).not_to_be_checked()
    replace(page, name).click()
    expect_saved(page)
    expect(statement).to_be_checked()
    page.reload()
    expect(statement).to_be_checked()


def test_without_javascript_the_button_replaces_and_the_page_is_shown_again(open_page, site, guest, address):
    page = open_page(address, java_script_enabled=False)
    elsewhere(guest, "level-4")
    choose(page, FIRST, "level-1")
    page.locator(".page-actions button").click()
    expect(page.locator(".error-summary")).to_be_focused()
    choose(page, SECOND, "level-2")
    with page.expect_navigation():
        replace(page).click()
    assert page.url.endswith("/strategy/")
    assert chosen(page, FIRST) == ["level-1"]
    expect(lost(page, FIRST)).to_be_hidden()
    assert stored(site, guest.key, FIRST).choices == ["level-1"]
    assert stored(site, guest.key, SECOND).choices == ["level-2"]


def test_the_same_choice_in_two_tabs_is_no_conflict(page, site, guest, address):
    other = page.context.new_page()
    other.goto(address)
    choose(page, FIRST, "level-2")
    expect_saved(page)
    choose(other, FIRST, "level-2")
    expect_saved(other)
    expect(lost(other, FIRST)).to_be_hidden()
    assert stored(site, guest.key, FIRST).revision == 1


def test_a_tab_that_saves_leaves_alone_what_another_tab_still_keeps(page, line, site, guest, address):
    other = page.context.new_page()
    other.goto(address)
    line.cut()
    choose(page, FIRST, "level-5")
    expect_not_saved(page)
    choose(other, SECOND, "level-2")
    expect_saved(other)
    page.close()
    other.reload()
    expect_saved(other)
    assert chosen(other, FIRST) == ["level-5"]
    assert stored(site, guest.key, FIRST).choices == ["level-5"]


def test_the_page_reached_by_the_back_button_shows_what_is_stored(page, site, guest):
    choose(page, FIRST, "level-2")
    expect_saved(page)
    page.locator(".page-actions button").click()
    page.wait_for_url("**/charter/")
    elsewhere(guest, "level-4")
    page.go_back()
    expect(strip(page, FIRST, "level-4").locator("input")).to_be_checked()
    choose(page, FIRST, "level-3")
    expect_saved(page)
    assert stored(site, guest.key, FIRST).choices == ["level-3"]


def test_without_javascript_the_back_button_shows_what_is_stored_so_that_saving_again_changes_nothing(
    open_page, site, guest, address
):
    page = open_page(address, java_script_enabled=False)
    choose(page, FIRST, "level-2")
    page.locator(".page-actions button").click()
    page.wait_for_url("**/charter/")
    elsewhere(guest, "level-4")
    page.go_back()
    page.locator(".page-actions button").click()
    page.wait_for_url("**/charter/")
    assert stored(site, guest.key, FIRST).choices == ["level-4"]


def test_a_reload_after_submitting_elsewhere_leads_to_what_stands(page, site, guest):
    elsewhere(guest, "level-4")
    guest.submit()
    page.reload()
    expect(page).to_have_url(f"{site.address}/r/{guest.key}/")


def test_an_answer_in_a_tab_left_open_after_submitting_changes_nothing_and_says_why(page, site, guest, address):
    choose(page, FIRST, "level-2")
    expect_saved(page)
    guest.submit()
    choose(page, FIRST, "level-5")
    expect_not_saved(page)
    expect(page.locator(".save-state")).to_contain_text("submitted")
    assert stored(site, guest.key, FIRST).choices == ["level-2"]
    assert kept(page) == "{}"


def test_the_button_in_a_tab_left_open_after_submitting_leads_to_what_stands(page, site, guest):
    guest.submit()
    page.locator(".page-actions button").click()
    expect(page.get_by_role("alert")).to_contain_text("submitted")
    assert stored(site, guest.key, FIRST) is None
