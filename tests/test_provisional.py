"""The provisional report of a draft: from half of the questions on, by one's own answers, stored nowhere."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment.documents import drawings
from assessment.models import Response, Result, Round, Share
from assessment.rounds.inviting import invite
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.starting import set_not_applicable
from assessment.rounds.submitting import correct, submit
from assessment.scoring.levels import shown
from tests import drawn, factories

DOCUMENTS = (
    "report.pdf",
    "summary.pdf",
    "picture.png",
    "slide.png",
    "report.xlsx",
    "report.csv",
    "report.json",
    "report.pptx",
    "plan.ics",
)
CHARTS = ("rule", "radar", "bars", "gains", "questions-strategy")


def first(count, level=3):
    """Choose the choice of one level in so many of the scored questions, in the order of the questionnaire."""
    asked = []

    def choose(question):
        if question.weight and question.key not in asked:
            asked.append(question.key)
        return question.choices[level - 1].key if question.weight and len(asked) <= count else None

    return choose


def answered(count, level=3, **fields):
    response, key = factories.started(**fields)
    factories.answer(response, first(count, level))
    return response, key


def address(key):
    return reverse("provisional", args=[key])


def text_of(page, within="main"):
    found = re.search(rf"<{within}.*</{within}>", page.content.decode(), re.DOTALL).group()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found)).split())


# From half on --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("count", "missing"), [(0, 18), (9, 9), (17, 1)])
def test_before_half_it_says_how_many_are_missing_and_leads_back(client, questionnaire, count, missing):
    _response, key = answered(count)
    page = client.get(address(key))
    assert page.status_code == 200
    text = text_of(page)
    assert (
        f"it takes an answer to half of the questions. {missing} more {'is' if missing == 1 else 'are'} needed." in text
    )
    assert "report" not in page.context
    assert f"{count} of 36 questions have an answer." in text
    assert str(page.context["progress"].next.content.title) in text
    assert client.get(reverse("provisional_chart", args=[key, "bars"])).status_code == 404


def test_from_half_on_it_shows_dimensions_with_their_level_the_range_and_a_plan_over_these_alone(client, questionnaire):
    _response, key = answered(18, level=2)
    page = client.get(address(key))
    report, text = page.context["report"], text_of(page)
    assert [(part.key, part.level and part.level.number) for part in report.dimensions] == [
        ("strategy", 2), ("charter", 2), ("training", 2), ("roi", None), ("social-selling", None),
    ]  # fmt: skip
    assert (report.result.score, report.result.level, report.result.held_by) == (None, None, ())
    assert {step.dimension for step in report.result.plan} == {"strategy", "charter", "training"}
    low, high = report.result.range.low, report.result.range.high
    assert (
        f"18 of 36 questions have a score. With the lowest answer to all others the whole would be at {shown(low)}, "
        f"level 2; with the highest at {shown(high)}, level 3."
    ) in text
    assert "Level 2 to 3" in text
    assert 'role="img" aria-label="Provisional: Level\xa02 to 3' in page.content.decode()
    assert "hold it" not in text
    assert report.barometer == report.contradictions == report.comparisons == ()


def test_also_with_a_score_for_every_dimension_the_whole_is_a_range(client, questionnaire):
    response, key = factories.started()
    factories.answer(response, lambda question: question.choices[3].key if question.weight == 2 else None)
    factories.answer(response, first(12, 4))
    page = client.get(address(key))
    report = page.context["report"]
    assert all(part.is_scored for part in report.dimensions)
    assert (report.level, report.place.level, report.place.score) == (None, None, None)
    assert report.place.possible is not None
    assert "Fewer than three dimensions" not in text_of(page)


def test_the_lowest_level_is_held_as_the_report_s_would_be(client, questionnaire):
    """Three dimensions at the top and nothing in the others: 60 points, and with these at the bottom level 2."""
    response, key = factories.started()
    top = [part.key for part in response.outline.content.dimensions][:3]
    factories.answer(
        response,
        lambda question: question.choices[4].key if response.outline.dimension_of[question.key] in top else None,
    )
    page = client.get(address(key))
    report = page.context["report"]
    assert (shown(report.result.range.low), report.place.possible) == (60, (2, 5))
    assert "at 60, level 2; with the highest at 100, level 5. Where a level is lower than its score" in text_of(page)
    rest = first(36, 1)
    factories.answer(
        response, lambda question: rest(question) if response.outline.dimension_of[question.key] not in top else None
    )
    assert submit(key, at=factories.NOON).result.level == 2


def test_what_does_not_apply_counts_nowhere(client, questionnaire):
    response, key = factories.started()
    set_not_applicable(response, "social-selling", True)
    factories.answer(response, first(14))
    assert "1 more is needed." in text_of(client.get(address(key)))
    factories.answer(response, first(15))
    page = client.get(address(key))
    assert "14 questions to go, some 9 minutes" in text_of(page)
    assert "not applicable" in text_of(page)


def test_with_no_answer_but_i_do_not_know_it_says_so(client, questionnaire):
    response, key = factories.started()
    factories.answer(response, lambda question: "unknown" if question.weight else None)
    text = text_of(client.get(address(key)))
    assert "Level 1 to 5" in text
    assert "No dimension has enough answers for a score yet." in text
    assert "There is no next step to propose yet" in text


def test_where_nothing_applies_it_says_so(client, questionnaire):
    response, key = factories.started()
    Round.objects.update(excluded=[part.key for part in response.outline.content.dimensions if part.scored])
    assert "No level" in text_of(client.get(address(key)))


# Marked, and nothing to keep -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "mark", "title"),
    [("en", "Provisional", "Provisional report: "), ("fr", "Provisoire", "Rapport provisoire\u00a0: ")],
)
def test_it_is_marked_in_title_page_and_charts(questionnaire, language, mark, title):
    _response, key = answered(18)
    client = Client(headers={"accept-language": language})
    page = client.get(address(key))
    html = page.content.decode()
    assert re.search(r"<title>(.*?)</title>", html).group(1).startswith(title)
    assert title in unescape(re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL).group(1))
    said = title.removesuffix(": ").rstrip("\u00a0")
    assert f'<p class="stamp">{said}</p>' in html
    charts = re.findall(r'<img class="chart[^"]*" src="([^"]*)" alt="([^"]*)"', html)
    assert len(charts) == 2 * len(drawings.names(page.context["report"]))  # light and dark
    for source, alt in charts:
        assert alt.startswith(mark), alt
        svg = client.get(unescape(source))
        assert (svg.status_code, svg["Cache-Control"]) == (200, "private, no-store")
    told = drawn.texts(client.get(reverse("provisional_chart", args=[key, "bars"])).content.decode())
    assert any(text.startswith(mark) and "18" in text for text in told)


def test_charts_of_a_report_keep_their_addresses_and_carry_no_mark(client, questionnaire):
    _response, key = factories.submitted()
    svg = client.get(reverse("chart", args=[key, "bars"])).content.decode()
    assert not any("Provisional" in text for text in drawn.texts(svg))


def test_there_is_nothing_to_take_away_or_to_share(client, questionnaire):
    _response, key = answered(30)
    html = client.get(address(key)).content.decode()
    for name in DOCUMENTS:
        assert client.get(f"/r/{key}/{name}", follow=True).status_code == 404, name
        assert client.get(f"{address(key)}{name}", follow=True).status_code == 404, name
        assert name not in html
    for name in CHARTS:
        assert client.get(f"{address(key)}charts/{name}.svg").status_code == 200, name
        assert client.get(f"{address(key)}charts/{name}.png").status_code == 404, name
        assert client.get(f"/r/{key}/charts/{name}.svg").status_code == 404, name
    for name in ("sharing", "what_if"):
        assert client.get(reverse(name, args=[key])).status_code == 404
        assert reverse(name, args=[key]) not in html
    assert client.post(reverse("sharing", args=[key]), factories.SHARE).status_code == 404
    assert ".png?" not in html
    assert not Share.objects.exists()


def test_reading_it_stores_nothing_and_says_it_is_not_to_be_stored(client, questionnaire):
    response, key = answered(20)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address(key))
    assert not [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not Result.objects.exists()
    assert Response.objects.get().state == response.state == Response.State.DRAFT
    assert page["Cache-Control"] == "private, no-store"
    assert page["X-Robots-Tag"] == "noindex, nofollow"


# The way back --------------------------------------------------------------------------------------------------------
def test_it_ends_with_the_way_back_to_the_open_questions(client, questionnaire):
    response, key = answered(22)
    html = client.get(address(key)).content.decode()
    end = html[html.index('id="left"') :]
    assert "14 questions to go, some 9 minutes" in end
    for part in ("roi", "social-selling"):
        question = response.outline.dimensions[part].questions[0].key
        assert f'href="{reverse("dimension", args=[key, part])}#{question}"' in end
    assert reverse("dimension", args=[key, "strategy"]) not in end
    assert "Go on with “ROI tracking”" in end


def test_with_all_answered_it_ends_with_the_review(client, questionnaire):
    _response, key = answered(36)
    page = client.get(address(key))
    text = text_of(page)
    assert "Every question that counts is answered" in text
    assert "Level 3, to be confirmed" in text
    assert "point to level\xa03: a score of 50." in unescape(page.content.decode())
    assert "Each of the 36 questions that apply has a score." in text
    assert reverse("review", args=[key]) in page.content.decode()


@pytest.mark.parametrize(("count", "is_there"), [(15, False), (22, True)])
def test_it_is_offered_beside_the_line_of_result_on_the_review_and_on_the_way_back_from_half_on(
    client, questionnaire, count, is_there
):
    _response, key = answered(count)
    part = {15: "training", 22: "roi"}[count]
    for name, arguments in (("dimension", [key, part]), ("review", [key]), ("respond", [key])):
        page = client.get(reverse(name, args=arguments))
        assert ("See a provisional report" in text_of(page)) == is_there
        assert (address(key) in page.content.decode()) == is_there


def test_submitted_the_address_leads_to_the_report_also_while_it_is_corrected(client, questionnaire):
    _response, key = answered(20)
    submit(key, at=timezone.now())
    report = reverse("report", args=[key])
    assert client.get(address(key))["Location"] == report
    correct(key, at=timezone.now())
    assert client.get(address(key))["Location"] == report
    assert "See a provisional report" not in text_of(client.get(reverse("review", args=[key])))
    assert client.get(reverse("provisional_chart", args=[key, "bars"])).status_code == 404


def test_where_no_answers_are_taken_any_more_it_leads_to_what_says_so(client, questionnaire):
    _response, key = answered(20)
    Round.objects.update(closed_at=timezone.now())
    page = client.get(address(key), follow=True)
    assert page.redirect_chain[-1][0] == reverse("respond", args=[key])
    assert "This round is closed" in text_of(page)


# Among several people ------------------------------------------------------------------------------------------------
def colleagues(mode):
    """Anne opened the round and submitted level 5 with a note; Bo was invited and has answered half at level 2."""
    response, key = factories.started()
    factories.answer(response, factories.level(5))
    response.answers.update(note="What Anne wrote")
    (invitation,) = invite(response.round, mode, ["bo@example.org"], at=factories.NOON)
    submit(key, at=factories.NOON)
    bo, bos_key = join(invitation, Newcomer("sales"), at=factories.NOON)
    factories.answer(bo, first(18, 2))
    return response, bos_key


@pytest.mark.parametrize("mode", ["open", "confidential"])
def test_a_colleague_sees_their_own_answers_alone_and_no_plan(client, questionnaire, mode):
    _response, key = colleagues(mode)
    page = client.get(address(key))
    report, html = page.context["report"], page.content.decode()
    assert (report.joint, report.plan, report.before, report.shows_plan) == (None, (), None, False)
    assert {question.score for question in report.result.questions} == {25, None}
    assert "Provisional report by your answers: Maison Dupont" in html
    assert "Your colleagues answer this round, too" in html
    assert "What Anne wrote" not in html
    assert client.get(reverse("provisional_chart", args=[key, "gains"])).status_code == 404


@pytest.mark.parametrize("mode", ["open", "confidential"])
def test_it_is_the_same_whatever_the_others_said(client, questionnaire, mode):
    response, key = colleagues(mode)
    before = client.get(address(key)).context["report"]
    response.answers.update(choices=["level-1"], note="")
    after = client.get(address(key)).context["report"]
    assert (after.result, after.dimensions) == (before.result, before.dimensions)


def test_a_colleague_who_belongs_to_the_organisation_sees_the_plan(client, questionnaire):
    response, key = colleagues("open")
    client.force_login(factories.account(member_of=response.round.organisation, role="viewer"))
    assert client.get(address(key)).context["report"].plan


def test_earlier_rounds_wait_for_the_report(client, questionnaire):
    response, _key = factories.submitted(at=factories.NOON)
    _second, key = answered(20, owner=response.round.organisation, at=timezone.now())
    page = client.get(address(key))
    assert page.context["report"].before is None
    assert "round 2" in text_of(page)


# Queries -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [0, 18, 36])
def test_a_guest_s_takes_no_more_queries_than_the_report(client, questionnaire, count):
    _response, key = answered(count)
    client.get(address(key))  # the questionnaire is read once for all
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address(key)).status_code == 200
    assert len(queries) <= 4, [query["sql"] for query in queries]
