"""The other fields of a dimension's page: notes, links, ticks, clearing, and the statement that it does not apply."""

import pytest
from playwright.sync_api import expect

from tests.browser.answering import FIRST, SECOND, choose, chosen, expect_not_saved, expect_saved, stored, strip

pytestmark = [pytest.mark.browser, pytest.mark.any_database]


@pytest.fixture
def page(open_page, guest):
    return open_page(f"/r/{guest.key}/strategy/")


def field(page, name: str):
    """A note or link, with its fold opened."""
    question = name.rsplit(".", 1)[0]
    fold = page.locator(f'[data-save="{question}"] details')
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    return page.locator(f'[name="{name}"]')


def test_a_note_is_saved_after_typing_without_leaving_the_field(page, site, guest):
    note = field(page, f"{FIRST}.note")
    note.press_sequentially("Agreed by the board\nin May")
    expect_saved(page)
    expect(note).to_be_focused()
    found = stored(site, guest.key, FIRST)
    assert (found.state, found.note) == ("empty", "Agreed by the board\nin May")
    choose(page, FIRST, "level-3")
    expect_saved(page)
    found = stored(site, guest.key, FIRST)
    assert (found.choices, found.note) == (["level-3"], "Agreed by the board\nin May")


def test_notes_typed_in_quick_succession_are_all_saved(page, site, guest):
    first, second = field(page, f"{FIRST}.note"), field(page, f"{SECOND}.note")
    first.press_sequentially("one")
    second.press_sequentially("two")
    expect_saved(page)
    assert [stored(site, guest.key, question).note for question in (FIRST, SECOND)] == ["one", "two"]


def test_a_link_that_is_none_is_said_at_its_field_and_the_rest_of_the_question_is_saved(page, site, guest):
    choose(page, FIRST, "level-3")
    expect_saved(page)
    link = field(page, f"{FIRST}.evidence")
    link.fill("javascript:alert(1)")
    error = page.locator(f'[id="{FIRST}.evidence.error"]')
    expect(error).to_contain_text("https://")
    expect(link).to_have_attribute("aria-invalid", "true")
    assert error.get_attribute("id") in (link.get_attribute("aria-describedby") or "")
    expect_not_saved(page)
    choose(page, FIRST, "level-4")
    expect_not_saved(page)
    found = stored(site, guest.key, FIRST)
    assert (found.choices, found.evidence) == (["level-4"], "")
    link.fill("https://example.org/charter")
    expect_saved(page)
    expect(error).to_be_hidden()
    expect(link).to_have_attribute("aria-invalid", "false")
    assert stored(site, guest.key, FIRST).evidence == "https://example.org/charter"


def test_clear_empties_one_answer_and_keeps_its_note(page, site, guest):
    choose(page, FIRST, "level-3")
    choose(page, SECOND, "level-2")
    field(page, f"{FIRST}.note").fill("why")
    expect_saved(page)
    page.locator(f'[data-save="{FIRST}"] button.clear').click()
    expect_saved(page)
    page.wait_for_function("() => localStorage.length === 0")
    found = stored(site, guest.key, FIRST)
    assert (found.state, found.choices, found.note) == ("empty", [], "why")
    assert stored(site, guest.key, SECOND).choices == ["level-2"]
    assert chosen(page, FIRST) == []
    page.reload()
    assert chosen(page, FIRST) == []


def test_enter_in_a_choice_or_a_link_clears_nothing(page, site, guest):
    choose(page, FIRST, "level-3")
    choose(page, SECOND, "level-2")
    expect_saved(page)
    strip(page, SECOND, "level-2").locator("input").press("Enter")
    page.wait_for_url("**/charter/")  # as in any form, Enter presses its button
    page.go_back()
    field(page, f"{SECOND}.evidence").press("Enter")
    page.wait_for_url("**/charter/")
    assert stored(site, guest.key, FIRST).choices == ["level-3"]
    assert stored(site, guest.key, SECOND).choices == ["level-2"]


def test_none_of_these_and_i_do_not_know_leave_no_other_tick_standing(open_page, site, guest):
    page = open_page(f"/r/{guest.key}/context/")
    question = "context-networks"
    for value in ("facebook", "linkedin"):
        choose(page, question, value)
    assert chosen(page, question) == ["facebook", "linkedin"]
    choose(page, question, "none")
    assert chosen(page, question) == ["none"]
    choose(page, question, "x")
    assert chosen(page, question) == ["x"]
    choose(page, question, "unknown")
    assert chosen(page, question) == ["unknown"]
    choose(page, question, "youtube")
    assert chosen(page, question) == ["youtube"]
    expect_saved(page)
    page.wait_for_function("() => localStorage.length === 0")
    assert stored(site, guest.key, question).choices == ["youtube"]


def test_the_statement_leaves_the_dimension_out_and_can_be_taken_back(open_page, site, guest):
    guest.answer("social-selling", {"selling-method": "level-4"})
    page = open_page(f"/r/{guest.key}/social-selling/")
    statement = page.locator("#statement")
    statement.check()
    expect_saved(page)
    page.reload()
    expect(statement).to_be_checked()
    assert "selling-method" not in guest.get(f"/r/{guest.key}/review/")
    statement.uncheck()
    expect_saved(page)
    page.reload()
    expect(statement).not_to_be_checked()
    assert chosen(page, "selling-method") == ["level-4"]


def test_the_statement_saved_by_itself_changes_no_answer(open_page, site, guest):
    page = open_page(f"/r/{guest.key}/social-selling/")
    guest.answer("social-selling", {"selling-method": "level-4"})
    page.locator("#statement").check()
    expect_saved(page)
    assert stored(site, guest.key, "selling-method").choices == ["level-4"]


def test_progress_grows_with_each_answer(page):
    step = page.locator('.stepper [data-dimension="strategy"]')
    whole = page.locator(".stepper [data-whole]")
    expect(step).to_contain_text("0/8")
    choose(page, FIRST, "level-3")
    choose(page, SECOND, "unknown")
    expect(step).to_contain_text("2/8")
    assert step.locator("progress").evaluate("bar => bar.value") == 25
    expect(whole).to_have_text("2 of 36")
    page.locator(f'[data-save="{FIRST}"] button.clear').click()
    expect(step).to_contain_text("1/8")
    expect(whole).to_have_text("1 of 36")
    page.goto(page.url.replace("strategy", "social-selling"))
    page.locator("#statement").check()
    expect(whole).to_have_text("1 of 29")
    expect(page.locator('.here [data-count="social-selling"]')).to_have_text("left out")


# What the stepper would hold in a version with so many parts; the names are long ones.
STEPS = """([number, names]) => {
  const list = document.querySelector(".stepper ol");
  const [first, ...others] = list.children;
  others.forEach((step) => step.remove());
  for (let place = 1; place < number; place += 1) list.append(first.cloneNode(true));
  [...list.children].forEach((step, place) => {
    step.querySelector(".name").textContent = names[place % names.length];
    const link = step.querySelector("a");
    place === 1 ? link.setAttribute("aria-current", "step") : link.removeAttribute("aria-current");
  });
  list.classList.toggle("crowded", number > 6);
}"""
# Its height, what of it lies outside the window, and the visible words that lie on others.
FITS = """() => {
  const bar = document.querySelector(".stepper-bar");
  const boxes = [...bar.querySelectorAll("li .name, li .count")].filter((one) => getComputedStyle(one).position !== "absolute")
    .map((one) => one.getBoundingClientRect()).filter((box) => box.width);
  const over = boxes.filter((one, place) => boxes.slice(place + 1).some((two) => one.left < two.right - 1
    && two.left < one.right - 1 && one.top < two.bottom - 1 && two.top < one.bottom - 1));
  return [bar.offsetHeight, document.documentElement.scrollWidth - innerWidth, over.length];
}"""


def test_the_stepper_takes_three_to_ten_parts(page):
    names = ["Community management", "Paid campaigns", "Governance", "Suivi du ROI", "Marque employeur"]
    for number in (3, 7, 8, 10):
        page.evaluate(STEPS, [number, names])
        for width in (320, 960, 1440):
            page.set_viewport_size({"width": width, "height": 700})
            height, beyond, over = page.evaluate(FITS)
            assert (height <= (50 if width == 320 else 90), beyond <= 0, over) == (True, True, 0), (
                number,
                width,
                height,
            )
    page.locator(".stepper li a").nth(4).focus()
    expect(page.locator(".stepper li .name").nth(4)).to_be_in_viewport(ratio=1)


def test_without_javascript_a_wrong_link_is_said_at_its_field_and_in_a_summary_with_the_focus(open_page, site, guest):
    page = open_page(f"/r/{guest.key}/strategy/", java_script_enabled=False)
    choose(page, FIRST, "level-3")
    field(page, f"{FIRST}.evidence").fill("no link")
    page.locator(".page-actions button").click()
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("https://")
    expect(summary).to_be_focused()
    expect(page.locator(f'[id="{FIRST}.evidence.error"]')).to_be_visible()
    expect(page.locator(f'[name="{FIRST}.evidence"]')).to_have_value("no link")
    assert chosen(page, FIRST) == ["level-3"]
    assert stored(site, guest.key, FIRST).choices == ["level-3"]


def test_without_javascript_the_answer_made_elsewhere_stands_and_the_other_is_shown(open_page, site, guest):
    page = open_page(f"/r/{guest.key}/strategy/", java_script_enabled=False)
    guest.answer("strategy", {FIRST: "level-4"})
    choose(page, FIRST, "level-1")
    choose(page, SECOND, "level-2")
    page.locator(".page-actions button").click()
    expect(page.locator(".error-summary")).to_contain_text(strip(page, FIRST, "level-1").inner_text())
    assert chosen(page, FIRST) == ["level-4"]
    assert stored(site, guest.key, FIRST).choices == ["level-4"]
    assert stored(site, guest.key, SECOND).choices == ["level-2"]


def test_without_javascript_clear_empties_one_answer_and_saves_the_others(open_page, site, guest):
    page = open_page(f"/r/{guest.key}/strategy/", java_script_enabled=False)
    choose(page, FIRST, "level-4")
    choose(page, SECOND, "level-2")
    with page.expect_navigation():
        page.locator(f'[data-save="{FIRST}"] button.clear').click()
    assert chosen(page, FIRST) == []
    assert chosen(page, SECOND) == ["level-2"]
    assert page.url.endswith("/strategy/")
    assert stored(site, guest.key, SECOND).choices == ["level-2"]
