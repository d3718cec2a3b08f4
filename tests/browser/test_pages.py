"""What holds on every page, in both languages: axe finds nothing, it fits, it is whole, and it asks nobody else."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page

from tests.browser.axe import ALL_BUT_COLORS, COLORS_ALONE, EVERYTHING, load_axe, violations
from tests.browser.conftest import DESK, LOCALES, PHONE
from tests.browser.places import BOTH_LANGUAGES_AT_ONCE, EXPECTED_STATUS, PLACES, World, go
from tests.sampling import THOROUGH

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
ZOOMED = {"width": 720, "height": 450}  # 1440 x 900 at 200 %
VISITS = [(place, language) for place in PLACES for language in LOCALES]
VISITS = [visit for visit in VISITS if visit not in [(place, "fr") for place in BOTH_LANGUAGES_AT_ONCE]]
# Colours are the same in either language.
AXE_RUNS = {
    "en": [("light", DESK, EVERYTHING)],
    "fr": [("light", PHONE, EVERYTHING), ("dark", DESK, COLORS_ALONE)],
}
if THOROUGH:
    AXE_RUNS["en"] += [("light", PHONE, COLORS_ALONE), ("dark", DESK, COLORS_ALONE)]
    AXE_RUNS["en"] += [("dark", PHONE, COLORS_ALONE), ("dark", PHONE, ALL_BUT_COLORS)]
    AXE_RUNS["fr"] += [("dark", DESK, ALL_BUT_COLORS)]
else:  # each page in one language, by turns, and so every other one in the dark; all in both in `make bench`
    SPOKEN = {place: list(LOCALES)[number % 2] for number, place in enumerate(PLACES)}
    VISITS = [visit for visit in VISITS if visit[0] in BOTH_LANGUAGES_AT_ONCE or visit[1] == SPOKEN[visit[0]]]
# The visible images that cannot be decoded once they are in sight, or have no text in their place.
NOT_WHOLE = """async () => {
  const found = [];
  for (const image of [...document.images].filter((image) => image.checkVisibility())) {
    image.scrollIntoView();
    await image.decode().catch(() => found.push(image.outerHTML));
    if (!image.hasAttribute("alt")) found.push(image.outerHTML);
  }
  return found;
}"""


@dataclass
class Shown:
    """A tab of the browser, the page it shows now, and what the browser noticed while that was loaded."""

    page: Page
    language: str
    place: str = ""
    statuses: dict[str, int] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("request", lambda request: self.hosts.add("/".join(request.url.split("/")[:3])))
        self.page.on("response", lambda answer: self.statuses.update({answer.url: answer.status}))
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def lead_to(self, place: str, world: World) -> None:
        """Show a place to somebody who comes for the first time."""
        self.page.context.clear_cookies()
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(DESK)
        for noticed in (self.statuses, self.hosts, self.complaints):
            noticed.clear()
        self.place = place
        go(self.page, place, world)

    def forget(self) -> None:
        """Leave nothing behind for the next page, which would be late or stored."""
        self.page.evaluate("localStorage.clear(), sessionStorage.clear()")
        self.page.goto("about:blank")

    def _note(self, message) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture(scope="module")
def tabs(browser, site) -> Iterator[dict[str, Shown]]:
    """A tab in each language: to open one for each page takes several times as long as to show it."""
    contexts = {
        language: browser.new_context(base_url=site.address, locale=locale, reduced_motion="reduce")
        for language, locale in LOCALES.items()
    }
    opened = {language: Shown(context.new_page(), language) for language, context in contexts.items()}
    for shown in opened.values():
        shown.page.set_default_timeout(20_000)
        shown.watch()
    yield opened
    for context in contexts.values():
        context.close()


@pytest.fixture(params=VISITS, ids="-".join)
def shown(request, tabs, world) -> Iterator[Shown]:
    place, language = request.param
    tabs[language].lead_to(place, world)
    yield tabs[language]
    tabs[language].forget()


def width_beyond(page: Page, viewport: dict) -> list[str]:
    """What makes a page wider than the screen; nothing when it fits."""
    page.set_viewport_size(viewport)
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll("body *")].filter(node => node.getBoundingClientRect().right > innerWidth + 1)
        .map(node => node.tagName + "." + node.className).concat("the page")"""
    )


def it_is_the_page_in_the_language_asked_for(shown):
    assert shown.statuses[shown.page.url.split("#")[0]] == EXPECTED_STATUS.get(shown.place, 200)
    assert ("/accounts/login/" in shown.page.url) == shown.place.startswith("sign in")  # nobody was sent away
    language, headings, title = shown.page.evaluate(
        "[document.documentElement.lang, document.querySelectorAll('h1').length, document.title]"
    )
    assert (language, headings) == (shown.language, 1)
    assert title.strip(" ·")


def axe_finds_nothing(shown):
    found = []
    load_axe(shown.page)
    for scheme, viewport, options in AXE_RUNS[shown.language]:
        shown.page.emulate_media(color_scheme=scheme)
        shown.page.set_viewport_size(viewport)
        found += [f"{broken} ({scheme}, {viewport['width']})" for broken in violations(shown.page, options)]
    assert found == []


def it_fits_a_small_phone_and_double_zoom(shown):
    assert width_beyond(shown.page, PHONE) == []
    assert width_beyond(shown.page, ZOOMED) == []


def all_images_load_in_both_schemes_and_sizes(shown):
    for scheme, viewport in (("light", PHONE), ("dark", DESK)) if shown.language == "en" else (("dark", PHONE),):
        shown.page.emulate_media(color_scheme=scheme)
        shown.page.set_viewport_size(viewport)
        assert shown.page.evaluate(NOT_WHOLE) == []


def the_browser_has_nothing_to_complain_about_and_asks_no_other_host(shown, site):
    assert shown.complaints == []  # a breach of the content security policy is one
    assert shown.hosts <= {site.address, "data:"}
    page_itself = shown.page.url.split("#")[0]
    assert {url: status for url, status in shown.statuses.items() if status >= 400 and url != page_itself} == {}


def test_on_every_page_all_of_this_holds(shown, site):
    """In one test, so that a page is loaded once whatever process takes it."""
    it_is_the_page_in_the_language_asked_for(shown)
    axe_finds_nothing(shown)
    it_fits_a_small_phone_and_double_zoom(shown)
    all_images_load_in_both_schemes_and_sizes(shown)
    the_browser_has_nothing_to_complain_about_and_asks_no_other_host(shown, site)
