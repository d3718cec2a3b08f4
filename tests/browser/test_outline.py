"""A questionnaire's page in the administration is read at the widths of desks: no word of a heading is broken into pieces."""

import pytest

from tests.browser.conftest import LOCALES
from tests.browser.test_admin_pages import DRAFT, PUBLISHED, Look, look, make_a_draft
from tests.server import Site

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
__all__ = ["look"]
WIDTHS = (1024, 1280, 1440, 1920)
PAGES = (f"{DRAFT}/change/", f"{PUBLISHED}/change/", "assessment/dimension/{dimension}/change/")
MOST_LINES = 3
# Words of headings that stand on several lines, headings of many lines, and what is wider than its place.
SQUEEZED = f"""() => {{
  const found = [];
  for (const cell of document.querySelectorAll('.outline thead th, .outline tbody td')) {{
    const words = [...cell.childNodes].filter(node => node.nodeType === Node.TEXT_NODE);
    for (const node of words) for (const word of node.data.matchAll(/\\S+/g)) {{
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(box => box.top)).size > 1) found.push('broken: ' + word[0]);
    }}
    const line = 1.5 * parseFloat(getComputedStyle(cell).fontSize);
    if (cell.tagName === 'TH' && cell.clientHeight > {MOST_LINES} * line + 20) found.push('high: ' + cell.innerText);
  }}
  for (const box of document.querySelectorAll('.outline-table, .outline-head')) {{
    if (box.scrollWidth > box.clientWidth + 1) found.push('wide: ' + box.className);
  }}
  for (const cell of document.querySelectorAll('.outline tbody th')) {{
    if (cell.clientWidth < 190) found.push('narrow: ' + cell.innerText);
  }}
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) found.push('the page: ' + page.scrollWidth);
  return found;
}}"""


def lengthen(look: Look, site: Site) -> None:
    """Eight dimensions, and one of the longest titles that there can be, with a word without an end."""
    long = ("Organisation of the responsibilities between headquarters, subsidiaries and agencies, and "
            + "Anforderungsmanagement" * 3 + " as it is lived everywhere").ljust(200, "x")[:200]  # fmt: skip
    for number in (1, 2):
        look.go("assessment/dimension/add/?questionnaire={draft}")
        for language in LOCALES:
            look.page.fill(f"[name=title_{language}]", f"Dimension {number} more")
            look.page.fill(f"[name=description_{language}]", "Of a description.")
        look.press("input[name=_save]")
    for name in ("title_en", "title_fr"):
        site.change(f"UPDATE assessment_dimension SET {name} = '{long}' WHERE id = {look.numbers['dimension']}")
        question = name.replace("title", "text")
        site.change(f"UPDATE assessment_question SET {question} = '{long}' WHERE id = {look.numbers['question']}")


def test_the_headings_of_an_outline_are_read_at_every_width(look, site):
    make_a_draft(look, site)
    lengthen(look, site)
    squeezed = {}
    for place in PAGES:
        look.go(place)
        for width in WIDTHS:
            look.page.set_viewport_size({"width": width, "height": 900})
            if found := look.page.evaluate(SQUEEZED):
                squeezed[f"{place} at {width}"] = sorted(set(found))
    assert squeezed == {}
    assert look.page.locator(".outline-table").count() == 1
