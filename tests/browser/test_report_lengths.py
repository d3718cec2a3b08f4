"""A report in two minutes: what its first screens hold, how long it is folded, and on paper; of six contrasting reports."""

import io
from collections.abc import Callable

import pypdf
import pytest
from playwright.sync_api import Page

from assessment.content.structure import QuestionContent, QuestionnaireContent
from tests.browser.conftest import DESK, LOCALES
from tests.browser.places import SIGNED_IN, World, go
from tests.factories import level
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
PHONE = {"width": 360, "height": 740}
# Screens of a desk and of a phone, and words, for the demonstration report; others may be a quarter longer.
MOST = {"desk": 6, "phone": 11, "words": {"en": 1100, "fr": 1200}}
FIRST = {"desk": 900, "phone": 2 * 740}
MOST_PAGES = 8  # of A4
# What is told first, each in sight, where it ends; the length of the page; its words, without those for screen readers alone.
# What others like them answered is not counted: it is there only where there are enough.
MEASURE = """() => {
  const first = [".standing", ".stairs", ".gaps h2", ".gaps .nine", ".ends h2", ".ends .bars", ".next h2", ".next .gain"];
  const ends = {};
  for (const one of first) ends[one] = document.querySelector(one)?.getBoundingClientRect().bottom + scrollY;
  document.querySelectorAll(".next .btn").forEach((button, place) => {
    ends[`button ${place + 1}`] = button.getBoundingClientRect().bottom + scrollY;
  });
  document.querySelector('section[aria-labelledby="peers"]')?.setAttribute("hidden", "");
  const main = document.querySelector("main"), spoken = [...main.querySelectorAll(".visually-hidden")];
  const screens = main.getBoundingClientRect().height / innerHeight;
  spoken.forEach((node) => { node.hidden = true; });
  const words = main.innerText.split(/\\s+/).filter((word) => /[\\p{L}\\p{N}]/u.test(word)).length;
  spoken.forEach((node) => { node.hidden = false; });
  return {ends, screens, words, contents: getComputedStyle(document.querySelector(".contents")).display};
}"""


def weak(question: QuestionContent) -> str | None:
    return level(1 + (len(question.key) % 4 == 0))(question)


def without_a_charter(question: QuestionContent) -> str | None:
    return level(1 if question.key.startswith("charter") else 5 - len(question.key) % 2)(question)


def to_consumers(question: QuestionContent) -> str | None:
    return None if question.key.startswith("selling") else level(1 + len(question.key) % 5)(question)


def half_unknown(question: QuestionContent) -> str | None:
    return "unknown" if len(question.text.en) % 2 else level(3)(question)


ANSWERED = {"weak": weak, "held": without_a_charter, "consumers": to_consumers, "unknown": half_unknown}
# Where a report is that the demonstration makes; "joint" is one with views that differ.
OF_THE_DEMONSTRATION = {"demo": "report, with an earlier round", "joint": "round"}


def answered(visitor: Visitor, questionnaire: QuestionnaireContent, choose: Callable) -> str:
    """The address of a report on these answers."""
    key = visitor.start("Maison Dupont & Fils")
    for dimension in questionnaire.dimensions:
        picks = {question.key: choose(question) for question in dimension.questions if choose(question)}
        fields = picks or ({"dimension.not-applicable": "yes"} if dimension.not_applicable else {})
        visitor.answer(dimension.key, fields)
    visitor.submit()
    return f"/r/{key}/report/"


@pytest.fixture(scope="module")
def addresses(site, world, shipped) -> dict[str, str]:
    with Visitor(site.address) as visitor:
        return {name: answered(visitor, shipped[0], choose) for name, choose in ANSWERED.items()}


@pytest.fixture(scope="module", params=LOCALES)
def tab(request, browser, site):
    context = browser.new_context(base_url=site.address, locale=LOCALES[request.param], reduced_motion="reduce")
    context.set_default_timeout(20_000)
    yield request.param, context.new_page()
    context.close()


def lead(page: Page, name: str, addresses: dict[str, str], world: World) -> None:
    page.context.clear_cookies()
    page.set_viewport_size(DESK)
    if name in addresses:
        page.goto(addresses[name])
    else:
        assert name == "demo" or OF_THE_DEMONSTRATION[name] in SIGNED_IN
        go(page, OF_THE_DEMONSTRATION[name], world)


@pytest.mark.parametrize("name", [*OF_THE_DEMONSTRATION, *ANSWERED])
def test_a_report_is_read_in_two_minutes(tab, addresses, world, name):
    language, page = tab
    lead(page, name, addresses, world)
    more = 1 if name == "demo" else 1.25
    found = {"desk": page.evaluate(MEASURE)}
    page.set_viewport_size(PHONE)
    found["phone"] = page.evaluate(MEASURE)
    for size, measured in found.items():
        assert all(end and end <= FIRST[size] for end in measured["ends"].values()), (size, measured["ends"])
        assert [end for end in measured["ends"] if end.startswith("button")] == ["button 1", "button 2"]
        assert measured["screens"] <= MOST[size] * more, size
        assert measured["words"] <= MOST["words"][language] * more, size
    assert (found["desk"]["contents"], found["phone"]["contents"]) == ("block", "none")


def test_on_paper_it_is_the_short_form(tab, addresses, world):
    _language, page = tab
    lead(page, "demo", addresses, world)
    assert len(pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) <= MOST_PAGES
    page.emulate_media(media="print")
    for hidden in (".contents", ".site-header", ".next .btn", ".fold > summary", ".opened", ".keep"):
        assert not page.locator(hidden).first.is_visible(), hidden
    for shown in (".stairs", ".gaps h2", ".bars", ".next h2", ".plan h3", ".line h3", ".criteria"):
        assert page.locator(shown).first.is_visible(), shown
    page.emulate_media(media="screen")
