"""Versions with three, eight and ten dimensions of long names: answering, the report, trying improvements, the charts."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.axe import EVERYTHING, load_axe, violations
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_pages import NOT_WHOLE, width_beyond
from tests.sampling import THOROUGH
from tests.server import running_site

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
NUMBERS = ["3", "8", "10"] if THOROUGH else ["3", "10"]
PAGES = {
    "overview": "/r/{draft}/",
    "dimension": "/r/{draft}/part-1/",
    "review": "/r/{draft}/review/",
    "report": "/r/{full}/report/",
    "what if": "/r/{full}/what-if/",
}
# For each number of dimensions the keys of answers begun and of answers submitted.
MAKE = f"""
import json
from assessment.models import Questionnaire
from assessment.rounds.starting import open_round
from assessment.rounds.submitting import submit
from tests import factories

def choose(question):
    return question.choices[sum(map(ord, question.key)) % 5].key if question.weight else None

def begun(made, choose):
    response, key = open_round(factories.organisation(), made, role="marketing", at=factories.NOON)
    factories.answer(response, choose)
    return key

keys = {{}}
for number in {NUMBERS}:
    made = factories.in_parts(int(number))
    keys[number] = {{"draft": begun(made, lambda question: None), "full": begun(made, choose)}}
    submit(keys[number]["full"], at=factories.NOON)
print(json.dumps(keys))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory, static):
    """One of its own, as no other test looks for drafts of a questionnaire."""
    with running_site(tmp_path_factory.mktemp("parts"), static) as running:
        yield running


@pytest.fixture(scope="module")
def keys(site) -> dict[str, dict[str, str]]:
    return json.loads(site.manage("shell", "--verbosity=0", "-c", MAKE))


@pytest.mark.parametrize("number", NUMBERS)
def test_whatever_the_number_of_dimensions_every_page_fits_and_axe_finds_nothing(open_page, keys, number):
    page = open_page()
    for address in PAGES.values():
        page.goto(address.format(**keys[number]))
        load_axe(page)
        for viewport in (PHONE, DESK):
            assert width_beyond(page, viewport) == [], address
            if THOROUGH or viewport == (PHONE if number == "10" else DESK):
                assert violations(page, EVERYTHING) == [], address
        assert page.evaluate(NOT_WHOLE) == [], address


@pytest.mark.parametrize("number", NUMBERS)
def test_what_would_change_is_all_in_sight(open_page, keys, number):
    for viewport in (PHONE, {"width": 1366, "height": 700}):
        page = open_page(PAGES["what if"].format(**keys[number]), language="fr", viewport=viewport)
        page.locator(".what-if input[type=checkbox]").nth(2).focus()
        expect(page.locator(".outcome dl")).to_be_in_viewport(ratio=1)
        expect(page.locator(".outcome tbody tr").last).to_be_in_viewport(ratio=1)
        assert page.locator(".outcome").evaluate("one => one.offsetHeight / innerHeight") < (
            0.4 if viewport == PHONE else 1
        )


@pytest.mark.parametrize("number", NUMBERS)
def test_the_first_screen_of_a_report_names_every_dimension_beside_its_bar(open_page, keys, number):
    page = open_page(PAGES["report"].format(**keys[number]), language="fr")
    lines = page.locator(".ends .bars li")
    expect(lines).to_have_count(int(number))
    assert lines.evaluate_all("all => Math.max(...all.map(one => one.offsetHeight))") <= 80
    page.set_viewport_size(PHONE)
    assert page.locator(".ends .bars").evaluate("one => one.scrollWidth <= one.clientWidth")
