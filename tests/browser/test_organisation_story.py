"""An organisation over the years: one answers, several answer, a year passes, the plan is followed, the owner changes."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_story import begin
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
PASSWORD = "a quiet sentence"
COLLEAGUES = {
    f"colleague{number}@example.org": role for number, role in enumerate(["sales", "hr", "sales", "other", "hr"])
}


@pytest.fixture
def mailed(site):
    """What the last mail to an address says; the pattern's group names the part that is wanted."""

    def found(address: str, pattern: str) -> str:
        site.deliver()
        body = next(mail.get_content() for mail in reversed(site.mails()) if mail["To"] == address)
        return re.search(pattern, body, re.MULTILINE)[1]

    return found


def answers(questionnaire, level: int) -> dict[str, dict[str, str]]:
    """The same level everywhere, by dimension."""
    return {
        dimension.key: {question.key: question.choices[level - 1].key for question in dimension.questions}
        for dimension in questionnaire.dimensions
        if dimension.scored
    }


def answer_in_browser(page: Page, questionnaire, level: int) -> str:
    """Answer the questionnaire whose first page is open, and submit it; its key."""
    key = page.url.split("/")[4]
    token = page.locator('main input[name="csrfmiddlewaretoken"]').first.input_value()
    origin = page.url.partition("/r/")[0]
    for dimension, fields in answers(questionnaire, level).items():
        form = fields | {"csrfmiddlewaretoken": token}
        assert page.request.post(f"{origin}/r/{key}/{dimension}/", form=form).ok
    page.goto(f"/r/{key}/review/")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/report/")
    return key


def answer_apart(site, questionnaire, path: str, *, role: str, level: int) -> None:
    """A colleague joins, answers and submits, in a browser of their own."""
    with Visitor(site.address) as colleague:
        colleague.join(path, role)
        for dimension, fields in answers(questionnaire, level).items():
            colleague.answer(dimension, fields)
        colleague.submit()


def sign_up(page: Page, email: str, mailed) -> None:
    """From a page that asks for an account, and back to it."""
    page.locator('main a[href*="/accounts/signup/"]').click()
    page.locator('[name="email"]').fill(email)
    page.locator('[name="password1"]').fill(PASSWORD)
    page.locator("main form button.btn-primary").click()
    page.locator('[name="code"]').fill(mailed(email, r"^([A-Z]{4}-[A-Z]{4})$"))
    page.locator("main form button.btn-primary").first.click()


def press(page: Page, text: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=text, exact=True).click()


def follow(page: Page, text: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=text, exact=True).first.click()


def a_year_passes(site) -> None:
    """Everything that has happened so far lies a year back."""
    site.manage(
        "shell",
        "--verbosity=0",
        "-c",
        "from datetime import timedelta as t\n"
        "from django.db.models import F\n"
        "from assessment.models import Action, Response, Result, Round\n"
        "for model, names in {Round: ['opened_at', 'closed_at'], Result: ['created_at'], Action: ['made_at'],"
        " Response: ['started_at', 'submitted_at']}.items():\n"
        "    model.objects.update(**{name: F(name) - t(days=365) for name in names})\n",
    )


def test_an_organisation_over_the_years(open_page, site, shipped, mailed):
    questionnaire, _evidence = shipped
    page = open_page("/", language="en")
    home = keeps_what_they_answered(page, questionnaire, mailed)
    holds_a_confidential_round(page, site, questionnaire, mailed)
    takes_a_step_on(page)
    a_year_passes(site)
    holds_an_open_round(page, home, site, questionnaire)
    sees_what_a_year_brought(page, home)
    leaves_after_naming_another(page, home, open_page, mailed)


def keeps_what_they_answered(page: Page, questionnaire, mailed) -> str:
    """A guest answers, signs up and claims; the address of their organisation."""
    begin(page)
    page.wait_for_url("**/strategy/")
    answer_in_browser(page, questionnaire, 2)
    follow(page, "Create an account to keep it")
    sign_up(page, "claire@example.org", mailed)
    page.wait_for_url("**/keep/")
    press(page, "Keep the results")
    expect(page.locator("h1")).to_contain_text("Atelier")
    return page.url


def holds_a_confidential_round(page: Page, site, questionnaire, mailed) -> None:
    """Five colleagues answer on their own; nothing is shown before the round is closed."""
    follow(page, "Read the report of round 1")
    follow(page, "Invite colleagues")
    page.locator('[name="mode"][value="confidential"]').check()
    press(page, "Confirm and go on")
    page.locator('[name="emails"]').fill("\n".join(COLLEAGUES))
    press(page, "Send the invitations")
    for email, role in COLLEAGUES.items():
        answer_apart(site, questionnaire, mailed(email, r"(/join/\w+/)"), role=role, level=3)
    page.goto(page.url.removesuffix("invite/"))
    expect(page.locator(".counts")).to_contain_text("Invited 5 Have answered fewer than 5", use_inner_text=True)
    expect(page.locator(".level")).to_have_count(0)
    press(page, "Close the round")  # what is told is as of last midnight
    expect(page.locator("main")).to_contain_text("6 people")
    expect(page.locator("main")).to_contain_text("5 people were invited")
    data = page.request.get(f"{page.url}report.json").json()
    assert data["responses"] is None
    assert data["result"]["score"] == 45.833333  # five at 50, one at 25


def takes_a_step_on(page: Page) -> None:
    with page.expect_navigation():
        page.locator(".plan a[href*='?step=']").first.click()
    page.locator('[name="who"]').fill("Sacha")
    press(page, "Make it an action")
    with page.expect_navigation():
        page.locator("main a.btn[href*='/plan/']").first.click()
    page.locator('[name="state"]').select_option("done")
    press(page, "Save the action")
    expect(page.locator("main")).to_contain_text("Sacha")


def holds_an_open_round(page: Page, home: str, site, questionnaire) -> None:
    """A year later two colleagues answer by one link; before, their joint report would have to wait."""
    page.goto(home)
    follow(page, "Start the next round")
    expect(page.locator("main")).to_contain_text("300 days")
    for table in ("assessment_round", "assessment_publicationmark"):
        site.change(f"UPDATE {table} SET published_at = '2020-01-01 00:00:00+00:00' WHERE published_at IS NOT NULL")
    page.reload()
    expect(page.locator("main")).not_to_contain_text("300 days")
    press(page, "Start the round")
    follow(page, "Invite colleagues")
    page.locator('[name="mode"][value="open"]').check()
    press(page, "Confirm and go on")
    path = page.locator("#link").input_value().removeprefix(site.address)
    for role, level in (("marketing", 5), ("sales", 3)):
        answer_apart(site, questionnaire, path, role=role, level=level)
    page.goto(page.url.removesuffix("invite/"))
    press(page, "Close and publish the joint report")
    expect(page.locator("main")).to_contain_text("2 people")
    expect(page.locator("#views + p")).to_contain_text("lie far apart")
    page.locator("summary", has_text="By role").click()
    expect(page.locator(".means").first).to_contain_text("Marketing 100", use_inner_text=True)


def sees_what_a_year_brought(page: Page, home: str) -> None:
    expect(page.locator("#actions ~ .table-wrap")).to_contain_text("done")
    expect(page.locator(".line .opened").first).to_contain_text("Since last round: +29")
    page.goto(home)
    trend = page.locator("img.chart-trend.on-light")
    assert trend.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    expect(trend).to_have_attribute("alt", re.compile("75"))
    expect(page.locator("main")).to_contain_text("+29")


def leaves_after_naming_another(page: Page, home: str, open_page, mailed) -> None:
    """The last owner cannot leave; once there is another they can, and the organisation stays."""
    page.goto(f"{home}people/")
    expect(page.locator("main")).to_contain_text("You are the only owner")
    page.locator('[name="role"]').last.select_option("owner")
    press(page, "Make a link to hand over")
    link = page.locator('input[id^="link-"]').input_value()
    successor = open_page(link[link.index("/invitation/") :], language="en")
    sign_up(successor, "dora@example.org", mailed)
    successor.wait_for_url("**/invitation/**")
    press(successor, "Accept the invitation")
    page.reload()
    page.locator("main summary").last.click()
    press(page, "Leave the organisation")
    assert page.goto(home).status == 404
    successor.goto(home)
    expect(successor.locator("main")).to_contain_text("Round 2")
