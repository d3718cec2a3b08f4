"""Two colleagues on one computer, in one round and a year later: a browser is not a person."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answering import FIRST, choose, chosen, expect_saved, kept
from tests.browser.axe import EVERYTHING, load_axe, violations
from tests.browser.conftest import PHONE
from tests.browser.test_pages import width_beyond
from tests.server import Site, printed

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
ROUND = """
from datetime import timedelta
from django.utils import timezone
from assessment.models import Organisation, Response, Round
from assessment.rounds.inviting import open_link
from assessment.rounds.starting import begin_again
facts = dict(name="Deux postes", slug="deux-postes", sector="retail", size="micro", market="b2b")
organisation, _made = Organisation.objects.get_or_create(slug=facts.pop("slug"), defaults=facts)
Round.objects.filter(organisation=organisation).update(closed_at=timezone.now() - timedelta(days=300))
now = timezone.now()
print("link", open_link(begin_again(organisation, at=now), at=now).token)
"""


def next_round(site: Site) -> str:
    """The link of the organisation's next open round; the one before is closed."""
    token = printed(r"link (\w+)", site.manage("shell", "--verbosity=0", "-c", ROUND))
    return f"/join/{token}/"


def begin(page: Page, role: str) -> str:
    """Begin as the page asks whoever comes; the address of the questionnaire."""
    page.locator('[name="role"]').select_option(role)
    page.locator("main").get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_url("**/strategy/")
    assert chosen(page, FIRST) == []
    expect(page.locator(".before")).to_have_count(0)  # what was said last time
    return page.url.removesuffix("strategy/")


def answer(page: Page, value: str) -> None:
    choose(page, FIRST, value)
    expect_saved(page)


def submit(page: Page, address: str) -> None:
    page.goto(f"{address}review/")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/report/")


def offered(page: Page) -> list[str]:
    """Where the page offers to go on."""
    links = (
        page.get_by_role("region", name="Go on with what was begun here").get_by_role("listitem").get_by_role("link")
    )
    return links.evaluate_all("found => found.map(link => link.href)")


def test_two_colleagues_on_one_computer_in_one_round_and_a_year_later(open_page, site):
    link = next_round(site)
    page = open_page(link)
    assert offered(page) == []
    first = begin(page, "sales")
    answer(page, "level-4")
    submit(page, first)

    page.goto(link)
    assert page.url.endswith(link)
    expect(page.locator("main")).to_contain_text("Somebody else answers here")
    second = begin(page, "hr")
    assert second != first
    answer(page, "level-2")
    page.goto(link)
    assert offered(page) == [second, first]
    load_axe(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page, EVERYTHING) == []
    assert width_beyond(page, PHONE) == []
    page.get_by_role("link", name="Human resources").click()
    page.goto(f"{page.url}strategy/")
    assert chosen(page, FIRST) == ["level-2"]
    submit(page, second)

    a_year_later = next_round(site)
    page.goto(a_year_later)
    assert offered(page) == []
    for role in ("sales", "hr"):  # in `begin`: with nothing of last time
        begin(page, role)
        page.goto(a_year_later)
    forgets(page, a_year_later, first)


def forgets(page: Page, link: str, address: str) -> None:
    """Nothing is offered any more, nothing waits in the browser, and the address opens what was answered."""
    assert len(offered(page)) == 2
    page.evaluate("localStorage.setItem('unsaved', 'an answer')")
    page.get_by_role("button", name="Forget on this computer").click()
    expect(page.locator(".notice")).to_contain_text("This computer has forgotten")
    assert kept(page) == "{}"
    page.goto(link)
    assert offered(page) == []
    expect(page.locator("main")).not_to_contain_text("Go on with what was begun here")
    assert page.goto(address).ok
    expect(page.locator("h1")).to_have_text("Your answers are in")
