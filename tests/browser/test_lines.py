"""Where lines end: never inside "level 3", "2016-2017", "sont-ils", on the narrowest phone."""

import pytest

from tests.browser.conftest import PHONE
from tests.browser.places import ADDRESSES, World, go

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
# What is read as one and stands on two lines; how often it was found at all.
BROKEN = r"""() => {
  const one = new RegExp([/\b(levels?|niveaux?)\s\d/, /\d{4}[-–]\u2060?\d{4}/,
    /[a-zé]-\u2060?(t-\u2060?)?(ils?|elles?|on|ce|vous|nous|ci|delà)(?!\w)/]
    .map(part => part.source).join("|"), "gi");
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


# Tables that are cut at the right, all folds open; one with a column for each round is read sideways, as it has no end.
CUT = """() => {
  for (const fold of document.querySelectorAll("main details")) fold.open = true;
  return [...document.querySelectorAll("main .table-wrap")].map(table =>
    [table.scrollWidth > table.clientWidth && !table.closest(".numbers"), table.innerText.slice(0, 40)]);
}"""
WITH_TABLES = (
    "barometer",
    "methodology",
    "privacy",
    "example",
    "report, provisional",
    "report, full",
    "report, no score",
    "report, not applicable",
    "report, with an earlier round",
    "shared",
    "what if",
    "organisation",
    "compare",
    "round",
    "round, confidential",
)


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_table_is_wider_than_a_phone(open_page, world: World, language, width):
    page = open_page("/legal/", language=language, viewport=PHONE | {"width": width})
    seen = 0
    for name in WITH_TABLES:
        go(page, name, world)
        tables = page.evaluate(CUT)
        assert [told for is_cut, told in tables if is_cut] == [], name
        seen += len(tables)
    assert seen > 50
