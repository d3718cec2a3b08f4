"""From the home page to the report, as somebody who came to find out where the organisation stands."""

import re
from fractions import Fraction

import pytest
from playwright.sync_api import expect

from assessment.content.structure import QuestionnaireContent
from tests.browser.answering import choose, chosen, expect_saved
from tests.browser.conftest import DESK, PHONE
from tests.sampling import THOROUGH
from tests.visitor import FACTS

pytestmark = pytest.mark.browser
NAME = "Atelier « Été » & Fils"
# Each language, size of screen and way to save; every one meets every other when it is to be thorough.
WAYS = [("fr", PHONE, True), ("en", DESK, False)]
if THOROUGH:
    WAYS += [("en", PHONE, False), ("fr", DESK, True)]


def picks(questionnaire: QuestionnaireContent) -> dict[str, str]:
    """An answer to every question: all levels, and now and then that it does not apply or is not known."""
    made: dict[str, str] = {}
    for dimension in questionnaire.dimensions:
        for number, question in enumerate(dimension.questions):
            place = (len(made) * 3 + number) % len(question.choices)
            made[question.key] = question.choices[place].key
            if number == 5:
                made[question.key] = "unknown"
            elif question.allows_not_applicable and number == 1:
                made[question.key] = "not-applicable"
    return made


def expected_scores(questionnaire: QuestionnaireContent, picked: dict[str, str]) -> dict[str, Fraction]:
    """The scores of the dimensions, and under "" the whole, worked out by hand from the points of what was chosen."""
    scores, weights = {}, {}
    for dimension in questionnaire.dimensions:
        if not dimension.scored:
            continue
        given = [
            (Fraction(question.weight), Fraction(choice.points))
            for question in dimension.questions
            for choice in question.choices
            if choice.key == picked[question.key]
        ]
        total = sum(weight for weight, _points in given)
        scores[dimension.key] = sum(weight * points for weight, points in given) / total
        weights[dimension.key] = Fraction(dimension.weight)
    whole = sum(scores[key] * weight for key, weight in weights.items()) / sum(weights.values())
    return scores | {"": whole}


def shown(score: Fraction) -> str:
    """Whole, rounded half up."""
    return str(int(score + Fraction(1, 2)))


def begin(page) -> None:
    page.locator('main a[href="/start/"]').first.click()
    page.locator('[name="name"]').fill(NAME)
    for field, value in FACTS.items():
        page.locator(f'[name="{field}"]').select_option(value)
    page.locator('main [type="submit"]').click()


@pytest.mark.parametrize(("language", "viewport", "javascript"), WAYS)
def test_from_the_home_page_to_the_report(open_page, shipped, language, viewport, javascript):
    questionnaire, _evidence = shipped
    picked = picks(questionnaire)
    page = open_page(language=language, viewport=viewport, java_script_enabled=javascript)
    expect(page.locator("html")).to_have_attribute("lang", language)
    begin(page)
    number = 0
    for dimension in questionnaire.dimensions:
        page.wait_for_url(f"**/{dimension.key}/")
        expect(page.locator("h1")).to_have_text(getattr(dimension.title, language))
        for question in dimension.questions:
            choose(page, question.key, picked[question.key])
        if javascript:
            expect_saved(page)
            expect_bar(page, viewport, number := number + len(dimension.questions) * dimension.scored)
            page.reload()
            for question in dimension.questions:
                assert chosen(page, question.key) == [picked[question.key]]
        page.locator(".page-actions button").click()
    page.wait_for_url("**/review/")
    change_and_come_back(page)
    page.locator("main form button").click()
    page.wait_for_url("**/report/")
    expect_report(page, expected_scores(questionnaire, picked))


@pytest.mark.parametrize(("language", "javascript"), [("fr", True), ("en", False)])
def test_on_a_phone_half_of_the_questions_give_a_provisional_report_and_the_rest_the_report(
    open_page, shipped, language, javascript
):
    questionnaire, _evidence = shipped
    picked = picks(questionnaire)
    page = open_page(language=language, viewport=PHONE, java_script_enabled=javascript)
    begin(page)
    for dimension in questionnaire.dimensions:
        page.wait_for_url(f"**/{dimension.key}/")
        for question in dimension.questions:
            choose(page, question.key, picked[question.key])
        if javascript:
            expect_saved(page)
        page.locator(".page-actions button").click()
        if dimension.key == "training":
            look_at_the_provisional_report(page, language)
        elif dimension.key in ("strategy", "charter"):
            expect(page.locator(".result-line")).to_be_visible()
            expect(page.locator('a[href$="/provisional/"]')).to_have_count(0)
    page.wait_for_url("**/review/")
    here = page.url
    page.locator('main a[href$="/provisional/"]').click()
    page.locator("#left ~ .actions a").click()
    assert page.url == here
    page.locator("main form button").click()
    page.wait_for_url("**/report/")
    expect_report(page, expected_scores(questionnaire, picked))
    page.goto(here.replace("/review/", "/provisional/"))
    page.wait_for_url("**/report/")


def look_at_the_provisional_report(page, language: str) -> None:
    """From the line of result there, and from its end back to the first open question."""
    page.locator('.result-line a[href$="/provisional/"]').click()
    page.wait_for_url("**/provisional/")
    expect(page.locator(".stamp")).to_have_text({"fr": "Rapport provisoire", "en": "Provisional report"}[language])
    expect(page).to_have_title(re.compile({"fr": "^Rapport provisoire", "en": "^Provisional report"}[language]))
    expect(page.locator("#dimension-training .figure")).to_be_visible()
    expect(page.locator("#dimension-roi .figure")).to_have_count(0)
    expect(page.locator(".plan > li")).to_have_count(5)
    expect(page.locator("#left")).to_contain_text(re.compile(r"14 questions.* 9 minutes"))
    page.locator(".left a.btn-primary").click()
    page.wait_for_url("**/roi/#roi-*")
    expect(page.locator(f"{'#' + page.url.partition('#')[2]} legend")).to_be_in_viewport()
    page.goto(page.url.partition("#")[0])


def expect_bar(page, viewport: dict, answered: int) -> None:
    """The bar that stays is at the top though the end of the page is in sight, and says how far one is."""
    page.locator(".page-actions").scroll_into_view_if_needed()
    bar = page.locator(".stepper-bar")
    box = bar.bounding_box()
    assert (round(box["y"]), box["width"]) == (0, viewport["width"])
    assert box["height"] <= 50
    expect(bar.locator("[data-whole]")).to_have_text(re.compile(rf"^{answered} (of|sur) 36$"))
    expect(bar.locator(".here")).to_be_in_viewport()
    assert bar.locator(".all").evaluate("line => line.value") == answered * 100 // 36


def change_and_come_back(page) -> None:
    """From an answer in the review to its question, at the top of the screen, and back to the answer."""
    answer = page.locator('[id^="answer-charter-"]').last
    place = answer.get_attribute("id")
    folded = page.locator("#part-charter ~ details > summary")
    if folded.is_visible():  # on a phone
        folded.click()
    answer.locator("a.change").click()
    page.wait_for_url(f"**/charter/?change={place.removeprefix('answer-')}*")
    question = page.locator(f"#{place.removeprefix('answer-')}")
    expect(question.locator("legend")).to_be_in_viewport()
    question.locator(".changed button").click()
    page.wait_for_url(f"**/review/#{place}")
    expect(answer).to_be_in_viewport()


def expect_report(page, scores: dict[str, Fraction]) -> None:
    """The page and its data show the scores, and the page the name."""
    expect(page.locator("h1")).to_contain_text(NAME)
    expect(page.locator("h1")).to_contain_text(f"{shown(scores[''])}")
    for key, score in scores.items():
        if key:
            expect(page.locator(f"#dimension-{key} .figure")).to_have_text(shown(score))
    data = page.request.get(page.url.replace("/report/", "/report.json")).json()["result"]
    assert data["score"] == pytest.approx(float(scores[""]), abs=1e-6)
    parts = {part["key"]: part["score"] for part in data["dimensions"]}
    assert parts == {key: pytest.approx(float(score), abs=1e-6) for key, score in scores.items() if key}


def test_whoever_comes_back_goes_on_where_they_stopped_and_can_correct(open_page, guest):
    page = open_page(f"/r/{guest.key}/strategy/")
    choose(page, "strategy-document", "level-5")
    expect_saved(page)
    elsewhere = open_page(f"/r/{guest.key}/", viewport=PHONE)
    elsewhere.locator("main a.btn-primary").click()
    elsewhere.wait_for_url("**/strategy/")
    assert chosen(elsewhere, "strategy-document") == ["level-5"]
    guest.submit()
    elsewhere.goto(f"/r/{guest.key}/report/")
    elsewhere.locator('form[action$="/correct/"] button').click()
    elsewhere.wait_for_url("**/review/")
    elsewhere.goto(f"/r/{guest.key}/strategy/")
    assert chosen(elsewhere, "strategy-document") == ["level-5"]
    choose(elsewhere, "strategy-document", "level-1")
    expect_saved(elsewhere)
    elsewhere.goto(f"/r/{guest.key}/review/")
    elsewhere.locator("main form button").click()
    elsewhere.wait_for_url("**/report/")


def test_the_language_can_be_changed_on_the_way_and_nothing_is_lost(open_page, guest, shipped):
    page = open_page(f"/r/{guest.key}/strategy/")
    choose(page, "strategy-document", "level-5")
    expect_saved(page)
    page.locator('.languages button[value="fr"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("h1")).to_have_text(shipped[0].dimensions[0].title.fr)
    assert page.url.endswith("/strategy/")
    assert chosen(page, "strategy-document") == ["level-5"]


def test_a_start_with_something_missing_keeps_what_was_typed_and_leads_to_the_first_error(open_page):
    page = open_page("/start/")
    page.locator('[name="name"]').fill(NAME)
    page.locator('[name="email"]').fill("nobody")
    page.locator('main [type="submit"]').click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator('[name="name"]')).to_have_value(NAME)
    page.locator(".error-summary a").first.click()
    expect(page.locator('[name="sector"]')).to_be_focused()
