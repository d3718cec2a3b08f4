"""Everything by keyboard alone, with the focus always seen."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answering import FIRST, SECOND, chosen, expect_saved
from tests.browser.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.any_database]

# The focused element (or the label around it) has an outline or a shadow that it has only with the focus, in sight.
SEEN = """() => {
  const element = document.activeElement;
  const looks = (node) => { const style = getComputedStyle(node);
    return [style.outlineStyle === "none" ? "0px" : style.outlineWidth, style.boxShadow, style.borderColor].join() };
  const nodes = [element, element.closest("label")].filter(Boolean);
  const focused = nodes.map(looks).join("|");
  const box = nodes.at(-1).getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
  const top = points.map(([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
  const uncovered = top.some((found) => found && nodes.some((node) => node.contains(found) || found.contains(node) &&
    getComputedStyle(found).position !== "fixed" && getComputedStyle(found).position !== "sticky"));
  element.blur();
  const resting = nodes.map(looks).join("|");
  element.focus({preventScroll: true, focusVisible: true});
  return [focused !== resting, uncovered];
}"""


def is_at(page: Page, selector: str) -> bool:
    return page.evaluate("selector => document.activeElement.matches(selector)", selector)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if is_at(page, selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def tab_stops(page: Page) -> list[str]:
    """What Tab reaches from the top of a page on, each with whether one sees that it has the focus."""
    stops = []
    for _press in range(200):
        page.keyboard.press("Tab")
        place = page.evaluate("document.activeElement === document.body ? '' : document.activeElement.outerHTML")
        if not place:
            break
        changes, uncovered = page.evaluate(SEEN)
        stops.append("" if changes and uncovered else f"{'covered' if changes else 'unmarked'}: {place[:160]}")
    return stops


def pick(page: Page, question: str, steps: int) -> None:
    """Choose with Space and the arrow keys, and see that nothing but the choice has moved."""
    tab_to(page, f'[name="{question}"]')
    address = page.url
    page.keyboard.press("Space")
    for _step in range(steps):
        page.keyboard.press("ArrowDown")
    assert page.url == address
    assert is_at(page, f'[name="{question}"]:checked')


def begin(page: Page) -> None:
    tab_to(page, 'main a[href="/start/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/start/")
    tab_to(page, '[name="name"]')
    page.keyboard.type("Maison Dupont")
    for field in ("sector", "size", "market", "role"):
        tab_to(page, f'[name="{field}"]')
        page.keyboard.press("ArrowDown")
    tab_to(page, '[type="submit"]')
    page.keyboard.press("Enter")


def test_from_the_home_page_to_the_report_by_keyboard_alone(open_page, shipped):
    page = open_page()
    begin(page)
    for dimension in shipped[0].dimensions:
        page.wait_for_url(f"**/{dimension.key}/")
        for question in dimension.questions:
            pick(page, question.key, 0 if question.kind == "multiple" else len(question.choices) - 1)
        expect_saved(page)
        tab_to(page, ".page-actions button")
        page.keyboard.press("Enter")
    page.wait_for_url("**/review/")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/report/")
    expect(page.locator("h1")).to_contain_text("100")


def test_arrow_keys_choose_and_nothing_moves_by_itself(open_page, guest):
    page = open_page(f"/r/{guest.key}/strategy/")
    pick(page, FIRST, 3)
    expect_saved(page)
    page.wait_for_timeout(1000)
    assert page.url.endswith("/strategy/")
    assert is_at(page, f'[name="{FIRST}"][value="level-4"]')
    page.keyboard.press("ArrowUp")
    assert chosen(page, FIRST) == ["level-3"]
    assert chosen(page, SECOND) == []


def test_notes_clearing_and_the_language_are_reached_by_keyboard(open_page, guest):
    page = open_page(f"/r/{guest.key}/strategy/")
    pick(page, FIRST, 1)
    tab_to(page, "button.clear")
    page.keyboard.press("Enter")
    assert chosen(page, FIRST) == []
    assert is_at(page, f'[name="{FIRST}"]')
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    tab_to(page, "textarea")
    page.keyboard.type("typed")
    expect_saved(page)
    page.reload()
    tab_to(page, '.languages button[value="fr"]')
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_the_first_tab_stop_leads_past_the_navigation(open_page):
    page = open_page("/methodology/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main, footer') !== null")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", ["/", "/start/", "/r/{key}/strategy/", "/r/{key}/review/", "/example/"])
def test_one_always_sees_where_the_focus_is(open_page, guest, path, viewport):
    page = open_page(path.format(key=guest.key), viewport=viewport)
    stops = tab_stops(page)
    assert len(stops) > 5
    assert [stop for stop in stops if stop] == []
