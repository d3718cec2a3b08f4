"""What axe finds on the page that a tab shows."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCRIPT = Axe().axe_script
COLORS = ["color-contrast", "link-in-text-block"]  # what takes axe most of its time
# WCAG 2.2's rule on the size of targets is off unless asked for.
EVERYTHING = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
COLORS_ALONE = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": COLORS}}
ALL_BUT_COLORS = EVERYTHING | {"rules": EVERYTHING["rules"] | {name: {"enabled": False} for name in COLORS}}
# Only what is told leaves the browser: all that axe knows of a page takes longer to carry than to find.
RUN = """([options, outside]) => axe.run({exclude: outside}, options).then((results) => [
  results.passes.length,
  results.violations.map(({id, nodes}) => `${id}: ${nodes.slice(0, 5).map(({target}) => target).join(", ")}`),
])"""


def load_axe(page: Page) -> None:
    page.evaluate(SCRIPT)


def violations(page: Page, options: dict, *, outside: tuple[str, ...] = ()) -> list[str]:
    """The rules that are broken, each with some of the places; nothing `outside` is looked at."""
    passed, broken = page.evaluate(RUN, [options, [[part] for part in outside]])
    assert passed
    return broken
