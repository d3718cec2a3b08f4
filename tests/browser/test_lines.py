"""Where lines end: never inside "level 3", "2016-2017", "sont-ils", on the narrowest phone."""

import pytest

from tests.browser.conftest import PHONE
from tests.browser.places import ADDRESSES, World

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
# What is read as one and stands on two lines; how often it was found at all.
BROKEN = r"""() => {
  const one = /\b(levels?|niveaux?)\s\d|\d{4}[-–]\u2060?\d{4}|[a-zé]-\u2060?(t-\u2060?)?(ils?|elles?|on|ce|vous|nous)\b/gi;
  const broken = [];
  let found = 0;
  for (const fold of document.querySelectorAll("main details")) fold.open = true;
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    for (const match of walker.currentNode.data.matchAll(one)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, match.index);
      range.setEnd(walker.currentNode, match.index + match[0].length);
      const tops = [...range.getClientRects()].filter(box => box.width > 0).map(box => Math.round(box.top));
      found += tops.length > 0;
      if (new Set(tops).size > 1) broken.push(walker.currentNode.data.slice(Math.max(0, match.index - 20), match.index + 30));
    }
  }
  return [found, broken];
}"""


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_read_as_one_stands_on_one_line(open_page, world: World, language, width):
    page = open_page("/legal/", language=language, viewport=PHONE | {"width": width})
    found = 0
    for name in ("home", "example", "methodology", "barometer", "dimension, fresh", "review", "report, full"):
        page.goto(ADDRESSES[name].format(**world.words))
        seen, broken = page.evaluate(BROKEN)
        assert broken == [], name
        found += seen
    assert found > 50


@pytest.mark.parametrize("language", ["en", "fr"])
def test_on_a_phone_no_table_of_the_worked_example_is_read_sideways(open_page, language):
    page = open_page("/methodology/", language=language, viewport={"width": 360, "height": 740})
    wide = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
    assert page.locator("section[aria-labelledby=example] .table-wrap").evaluate_all(wide) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_table_of_the_barometer_is_wider_than_a_phone(open_page, world: World, language):
    page = open_page("/barometer/", language=language, viewport=PHONE)
    widths = page.evaluate("""() => {
      for (const fold of document.querySelectorAll("main details")) fold.open = true;
      return [...document.querySelectorAll("main .table-wrap")].map(table => [table.scrollWidth, table.clientWidth]);
    }""")
    assert len(widths) >= 4
    assert all(wide <= seen for wide, seen in widths), widths


@pytest.mark.parametrize("language", ["en", "fr"])
def test_where_one_stands_on_each_point_is_read_on_the_narrowest_phone_without_scrolling_sideways(
    open_page, world: World, language
):
    page = open_page("/legal/", language=language, viewport=PHONE)
    for name in ("example", "report, full"):
        page.goto(ADDRESSES[name].format(**world.words))
        widths = page.evaluate("""() => {
          for (const fold of document.querySelectorAll("main details")) fold.open = true;
          return [...document.querySelectorAll(".table-wrap:has(> .criteria)")].map(all => [all.scrollWidth, all.clientWidth]);
        }""")
        assert len(widths) > 1
        assert all(wide <= seen for wide, seen in widths), (name, widths)
