"""The report of a response, for who holds its key."""

import json
import re
import subprocess
import sys
from datetime import timedelta
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import escape

from assessment.documents import drawings
from assessment.models import Finding, Response, Result, Round, Study
from assessment.rounds.closing import close
from assessment.rounds.inviting import open_link
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.starting import set_not_applicable
from assessment.rounds.submitting import submit
from assessment.scoring import levels
from assessment.wording import numbers
from assessment.wording.barometer import gaps
from tests import drawn, factories

ROOT = Path(__file__).parent.parent


def report_of(client, key):
    page = client.get(reverse("report", args=[key]))
    assert page.status_code == 200
    return page


def data_of(client, key):
    page = client.get(reverse("document", args=[key, "report.json"]))
    assert page["Content-Type"] == "application/json; charset=utf-8"
    return json.loads(page.content)


def check(tmp_path, content):
    """What `python -m assessment.scoring` says of a downloaded report."""
    path = tmp_path / "report.json"
    path.write_bytes(content)
    command = [sys.executable, "-m", "assessment.scoring", str(path)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def mixed(question):
    """A bit of everything: levels by the question's name, some unknown, some not applicable, one left open."""
    if question.key == "strategy-time":
        return None
    if question.key in ("roi-costs", "training-effect"):
        return "unknown"
    if question.allows_not_applicable:
        return "not-applicable"
    return question.choices[len(question.key) % len(question.choices)].key


def plain(page):
    """The text of a page as one reads it."""
    main = re.search(r"<main.*</main>", page.content.decode(), re.DOTALL).group()
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?b>", "", main)).split())


NUMBERS, CHANGES = "Score, level and coverage by dimension", "Change by dimension"
STEPS = "The steps with today’s answer, gain and score afterwards"


def table_rows(page, *, called=NUMBERS):
    """The table of this caption: for each dimension the texts of its cells."""
    table = re.search(rf"<caption[^>]*>{called}</caption>.*?</table>", page.content.decode(), re.DOTALL).group()
    body = re.search(r"<tbody>(.*)</tbody>", table, re.DOTALL).group(1)
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows
    ]


def shown(number):
    return str(levels.shown(Fraction(number)))


def reach(data):
    low, high = shown(data["low"]), shown(data["high"])
    return low if low == high else f"{low}–{high}"


# What it says --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_all_answers_at_one_level_give_that_level_and_its_score(client, questionnaire, level):
    _response, key = factories.submitted(choose=factories.level(level))
    page, data = report_of(client, key), data_of(client, key)
    score = 25 * (level - 1)
    assert (data["result"]["score"], data["result"]["level"]) == (score, level)
    assert [(part["score"], part["level"]) for part in data["result"]["dimensions"]] == [(score, level)] * 5
    assert data["result"]["range"] == {"low": score, "high": score}
    name = Result.objects.get().round.questionnaire.levels.get(number=level).name_en
    assert f"Maison Dupont is at level {level} of 5, “{name}”, with {score} points out of 100." in plain(page)
    assert "Complete score: 36 answers out of 36." in plain(page)
    assert [row[1:3] for row in table_rows(page)] == [[str(score), str(level)]] * 5
    assert page.context["report"].held_by == ()


def test_the_facts_on_the_page_are_those_of_the_data(client, questionnaire):
    response, key = factories.submitted(choose=mixed)
    page, result = report_of(client, key), data_of(client, key)["result"]
    text, questions = plain(page), response.outline.questions
    assert (
        f"with {shown(result['score'])} points" in text or f"its score of {shown(result['score'])} out of 100" in text
    )
    assert (
        "Typical of this level: " in text
    )  # chosen by a mean: what one says of the level, and not of the organisation
    assert "At this level: " not in text
    low, high = (shown(result["range"][end]) for end in ("low", "high"))
    assert f"the score lies between {low} and {high}" in text
    for row, part in zip(table_rows(page), result["dimensions"], strict=True):
        assert row[1:4] == [
            shown(part["score"]),
            str(part["level"]),
            reach(part["range"]),
        ]
        assert row[4] == f"{shown(part['coverage'] * 100)}%"
    without = {"not-applicable": "not applicable", "no-score": "no answer"}
    for part in result["questions"]:
        asked = re.escape(escape(questions[part["key"]].text))
        row = re.search(rf'<tr><th scope="row">{asked}<span class="said">.*?</tr>', page.content.decode()).group()
        points = re.sub(r"<[^>]+>", "", re.search(r"<td[^>]*>(.*?)</td>", row).group(1))
        assert points == (without.get(part["state"]) or part["score"])
    plan = page.context["report"].plan
    assert [step.question.key for step in plan] == [step["question"] for step in result["plan"]]
    for item, step in zip(plan, result["plan"], strict=True):
        (to,) = [choice.text for choice in questions[step["question"]].choices if choice.key == step["to"]]
        assert str(item.to) == str(to)
    for step in result["plan"]:
        gain = number_format(round(step["gain"], 1), decimal_pos=1)
        assert f"+{gain}" in text
    for row, item, step in zip(table_rows(page, called=STEPS), plan, result["plan"], strict=True):
        assert row[-1] == numbers.decimal(item.score_after)
        assert round(float(item.score_after), 6) == step["score_after"]


def test_the_data_hold_the_answers_as_they_were_given(client, questionnaire):
    response, key = factories.submitted(choose=mixed)
    data = data_of(client, key)
    (given,) = data["responses"]
    assert given["role"] == "marketing"
    stored = {a.question.key: a for a in response.answers.select_related("question")}
    assert given["answers"] == {
        name: {"state": answer.state, "choices": answer.choices} for name, answer in stored.items()
    }
    assert (data["scoring_version"], data["mode"], data["questionnaire"]["key"]) == (2, "solo", "barometer")
    assert "Maison Dupont" not in json.dumps(data)


@pytest.mark.parametrize("choose", [mixed, factories.level(5), lambda question: None, lambda question: "unknown"])
def test_the_downloaded_report_can_be_checked(client, questionnaire, tmp_path, choose):
    _response, key = factories.submitted(choose=choose)
    done = check(tmp_path, client.get(reverse("document", args=[key, "report.json"])).content)
    assert (done.returncode, done.stderr) == (0, "")
    assert "recomputed from the answers" in done.stdout


def test_a_report_that_somebody_bent_does_not_pass_the_check(client, questionnaire, tmp_path):
    _response, key = factories.submitted()
    data = data_of(client, key)
    data["result"]["score"] = 51
    assert check(tmp_path, json.dumps(data).encode()).returncode == 1


def test_a_dimension_that_does_not_apply_counts_neither_for_nor_against(client, questionnaire, tmp_path):
    _response, key = factories.submitted(choose=factories.level(4), left_out=("social-selling",))
    page, result = report_of(client, key), data_of(client, key)["result"]
    assert (result["score"], result["level"]) == (75, 4)
    assert result["dimensions"][4]["state"] == "not-applicable"
    assert table_rows(page)[4][1:5] == ["not applicable", "–", "–", "–"]
    assert "does not apply to the organisation" in plain(page)
    assert all(step["question"].split("-")[0] != "selling" for step in result["plan"])
    assert check(tmp_path, client.get(reverse("document", args=[key, "report.json"])).content).returncode == 0
    for name in ("rule", "radar", "bars"):
        assert client.get(reverse("chart", args=[key, name])).status_code == 200


def test_without_enough_answers_it_says_where_they_are_missing(client, questionnaire):
    strategy_and_roi_open = lambda q: None if q.key.startswith(("strategy-", "roi-")) else "level-3"  # noqa: E731
    response, key = factories.submitted(choose=lambda q: strategy_and_roi_open(q) if q.weight else None)
    page, result = report_of(client, key), data_of(client, key)["result"]
    assert (result["score"], result["level"]) == (None, None)
    titles = [str(response.outline.dimensions[name].title) for name in ("strategy", "roi")]
    assert f"too few questions are answered in {titles[0]} and {titles[1]}." in plain(page)
    assert [row[1] for row in table_rows(page)] == ["not enough answers", "50", "50", "not enough answers", "50"]
    assert result["plan"], "without an overall score the plan goes by the mean of the scored dimensions"
    assert "as there is no overall score yet" in plain(page)
    for name in ("rule", "radar", "bars"):
        assert client.get(reverse("chart", args=[key, name])).status_code == 200


def test_a_half_empty_questionnaire_says_how_far_the_score_could_go(client, questionnaire):
    half = lambda question: "level-3" if question.weight and len(question.key) % 2 else None  # noqa: E731
    _response, key = factories.submitted(choose=half)
    result = data_of(client, key)["result"]
    report = report_of(client, key).context["report"]
    given, asked = report.answered
    assert given < asked == 36
    assert result["range"]["low"] < result["range"]["high"]


def test_i_don_t_know_is_said_and_counts_as_missing(client, questionnaire):
    unknown = lambda q: "unknown" if q.key in ("strategy-time", "roi-costs") else factories.level(3)(q)  # noqa: E731
    _response, key = factories.submitted(choose=unknown)
    page, result = report_of(client, key), data_of(client, key)["result"]
    assert "34 of 36 questions have a score" in plain(page)
    assert plain(page).count("I don’t know") == 2
    assert result["dimensions"][0]["coverage"] == round(13 / 14, 6)
    assert result["score"] == 50


def test_the_three_answers_that_would_narrow_it_most_are_named(client, questionnaire):
    few_open = ("strategy-document", "strategy-objectives", "roi-data-use", "training-needs")
    _response, key = factories.submitted(choose=lambda q: None if q.key in few_open else factories.level(3)(q))
    report = report_of(client, key).context["report"]
    named = [question.key for _title, question in report.narrowing]
    assert named == data_of(client, key)["result"]["narrowing"]
    assert len(named) == 3
    assert named[0] == "roi-data-use"  # two of ten in its dimension: more than two of fourteen
    page, review = report_of(client, key), reverse("review", args=[key])
    assert all(str(question.text) in plain(page) for _title, question in report.narrowing)
    client.post(reverse("correct", args=[key]))  # as the page says that a link leads to before
    for name in named:
        assert f'href="{review}#answer-{name}"' in page.content.decode()
        assert f'id="answer-{name}"' in client.get(review).content.decode()
    Round.objects.update(closed_at=timezone.now())
    assert f'href="{review}#answer-' not in report_of(client, key).content.decode()


def test_a_level_is_not_stated_alone_when_the_missing_answers_could_move_it_far(client, questionnaire):
    open_ones = (
        "-document",
        "-objectives",
        "-time",
        "-offer",
        "-audience",
        "-data-use",
        "-costs",
        "-profiles",
        "-method",
    )
    _response, key = factories.submitted(choose=lambda q: None if q.key.endswith(open_ones) else factories.level(3)(q))
    page, report = report_of(client, key), report_of(client, key).context["report"]
    low, high = report.result.level_range
    assert high - low > 1
    assert f"somewhere between level {low} and level {high}" in plain(page)
    assert "is at level" not in plain(page)


def test_a_level_that_is_held_back_says_by_what(client, questionnaire):
    by_charter = lambda q: "level-1" if q.key.startswith("charter-") else factories.level(5)(q)  # noqa: E731
    response, key = factories.submitted(choose=by_charter)
    result, text = data_of(client, key)["result"], plain(report_of(client, key))
    assert (result["score"], result["level_by_score"], result["level"], result["held_by"]) == (80, 4, 3, ["charter"])
    title = str(response.outline.dimensions["charter"].title)
    assert (
        f"Held at level 3 by {title}, still at level 1. Once {title} reaches level 3, the whole is at level 4." in text
    )


def test_a_level_held_back_by_two_names_both(client, questionnaire):
    weak = lambda q: "level-1" if q.key.startswith(("charter-", "training-")) else factories.level(5)(q)  # noqa: E731
    response, key = factories.submitted(choose=weak)
    titles = [str(response.outline.dimensions[name].title) for name in ("charter", "training")]
    assert data_of(client, key)["result"]["held_by"] == ["charter", "training"]
    assert f"by {titles[0]} and {titles[1]}, still at level 1." in plain(report_of(client, key))


# The plan ------------------------------------------------------------------------------------------------------------
def weak_in(prefix):
    return lambda question: "level-1" if question.key.startswith(prefix) else factories.level(4)(question)


def test_organisations_weak_in_different_dimensions_get_plainly_different_plans(client, questionnaire):
    steps = {}
    for prefix in ("strategy-", "charter-", "training-", "roi-", "selling-"):
        _response, key = factories.submitted(choose=weak_in(prefix))
        steps[prefix] = [step["question"] for step in data_of(client, key)["result"]["plan"]]
        assert len(steps[prefix]) == 5
        assert all(question.startswith(prefix) for question in steps[prefix][:2])
    assert len({tuple(plan) for plan in steps.values()}) == 5


def test_plans_of_opposite_organisations_share_one_step_at_most(client, questionnaire):
    plans = []
    for order in (
        ["strategy", "charter", "training", "roi", "selling"],
        ["selling", "roi", "training", "charter", "strategy"],
    ):
        ranked = lambda q, order=order: f"level-{1 + order.index(q.key.split('-')[0])}" if q.weight else None  # noqa: E731
        _response, key = factories.submitted(choose=ranked)
        plans.append({step["question"] for step in data_of(client, key)["result"]["plan"]})
    assert len(plans[0] & plans[1]) <= 1


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_the_first_move_of_each_step_is_printed(client, questionnaire, level):
    _response, key = factories.submitted(choose=factories.level(level))
    page = report_of(client, key)
    assert page.content.decode().count('class="first-move"') == 5
    assert len(page.context["report"].plan) == 5


def test_at_the_top_there_is_nothing_to_propose(client, questionnaire):
    _response, key = factories.submitted(choose=factories.level(5))
    assert "There is no next step to propose" in plain(report_of(client, key))


def test_a_step_is_never_proposed_before_what_it_needs(client, questionnaire):
    response, key = factories.submitted(choose=factories.level(1))
    needs = {key: question.needs for key, question in response.outline.questions.items()}
    assert [step for step in data_of(client, key)["result"]["plan"] if needs[step["question"]]] == []


def test_taking_a_step_gives_the_promised_score(client, questionnaire):
    _response, key = factories.submitted(choose=weak_in("charter-"))
    step = data_of(client, key)["result"]["plan"][0]
    taken = lambda q: step["to"] if q.key == step["question"] else weak_in("charter-")(q)  # noqa: E731
    _other, other_key = factories.submitted(choose=taken)
    assert data_of(client, other_key)["result"]["score"] == step["score_after"]


# What people typed ---------------------------------------------------------------------------------------------------
HOSTILE = (
    '<script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    "{{ request }}{% load x %}",
    "${x} $\\alpha$ %(name)s %s",
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_and_notes_are_shown_as_text(client, questionnaire, hostile):
    response, key = factories.submitted(factories.organisation(hostile))
    response.answers.update(note=hostile)
    page = report_of(client, key)
    text = page.content.decode()
    assert escape(hostile) in text
    if escape(hostile) != hostile:
        assert hostile not in text
    assert client.get(reverse("chart", args=[key, "radar"])).status_code == 200


def test_a_report_is_read_and_nothing_in_it_scored_again(client, questionnaire, monkeypatch):
    """Page, chart and documents work out what steps give from the stored dimensions; data for checking when asked for."""
    _response, key = factories.submitted(choose=mixed)
    would = numbers.whole(Fraction(Result.objects.get().score_after_plan))
    report_of(client, key)  # reads the outline

    def refused(*_values, **_more):
        raise AssertionError("a score was computed")

    for name in ("score.from_questions", "supposing.from_questions", "score.from_dimensions", "score.plan"):
        monkeypatch.setattr(f"assessment.scoring.{name}", refused)
    assert f" to {would}, " in plain(report_of(client, key))
    assert client.get(reverse("chart", args=[key, "radar"])).status_code == 200
    for name in ("report.csv", "report.xlsx", "report.pdf"):
        assert client.get(reverse("document", args=[key, name])).status_code == 200


def test_notes_and_links_are_shown_to_the_holder(client, questionnaire):
    response, key = factories.submitted()
    response.answers.filter(question__key="roi-costs").update(note="we guess", evidence="https://example.org/costs")
    text = report_of(client, key).content.decode()
    assert "we guess" in text
    assert 'href="https://example.org/costs"' in text


def test_notes_and_links_are_not_in_the_data(client, questionnaire):
    response, key = factories.submitted()
    response.answers.update(note="we guess", evidence="https://example.org/costs")
    text = json.dumps(data_of(client, key))
    assert "we guess" not in text
    assert "example.org" not in text


# Correcting ----------------------------------------------------------------------------------------------------------
def test_while_answers_are_corrected_the_report_stays_and_then_it_is_replaced(client, questionnaire, tmp_path):
    _response, key = factories.submitted(choose=factories.level(2))
    before, data = plain(report_of(client, key)), data_of(client, key)
    client.post(reverse("correct", args=[key]))
    draft = Response.objects.drafts().get()
    factories.answer(draft, factories.level(5))
    set_not_applicable(draft, "social-selling", True)
    said, shown = plain(report_of(client, key)).split(" Drop the correction ", 1)
    assert said.startswith("This report shows your answers as you submitted them. You have begun to correct them")
    assert shown.replace("Go on with the correction", "Correct my answers") == before
    assert data_of(client, key) == data
    assert check(tmp_path, client.get(reverse("document", args=[key, "report.json"])).content).returncode == 0
    client.post(reverse("review", args=[key]))
    after = data_of(client, key)["result"]
    assert (after["score"], after["dimensions"][4]["state"]) == (100, "not-applicable")
    assert "with 100 points" in plain(report_of(client, key))
    assert check(tmp_path, client.get(reverse("document", args=[key, "report.json"])).content).returncode == 0


# Who sees what -------------------------------------------------------------------------------------------------------
@pytest.fixture
def second_round(questionnaire):
    """An organisation that nobody keeps yet, with a round at level 2 and one at level 4, a year apart."""
    organisation = factories.organisation()
    factories.submitted(organisation, factories.level(2), at=factories.NOON - timedelta(days=365))
    return factories.submitted(organisation, factories.level(4))


def test_the_earlier_round_is_shown_beside_this_one(client, second_round):
    page = report_of(client, second_round[1])
    assert [row[-1] for row in table_rows(page, called=CHANGES)] == ["+50"] * 5
    overall = page.content.decode().partition("<tfoot>")[2].partition("</tfoot>")[0]
    cells = re.findall(r'<td class="number" data-label="(\w+)">([^<]+)', overall)
    assert cells == [("Before", "25"), ("Now", "75"), ("Change", "+50")]
    assert "Where other people answered" not in plain(page)
    assert "The score rose from 25 to 75 since round 1" in plain(page)
    assert "Since last round: +50." in plain(page)
    assert "Earlier round:" in page.content.decode()


def test_the_first_round_shows_no_earlier_one(client, second_round):
    response = Response.objects.get(round__number=1)
    assert response.round.number == 1
    _response, key = factories.submitted()
    assert "Since last round" not in plain(report_of(client, key))
    assert report_of(client, key).context["report"].before is None


def test_once_somebody_keeps_the_organisation_the_earlier_round_is_for_its_people(client, second_round):
    response, key = second_round
    organisation = response.round.organisation
    member = factories.account(member_of=organisation, role="viewer")
    assert report_of(client, key).context["report"].before is None
    client.force_login(factories.account(member_of=factories.organisation("Autre")))
    assert report_of(client, key).context["report"].before is None
    client.force_login(member)
    assert report_of(client, key).context["report"].before is not None


def test_a_colleague_who_did_not_open_the_round_sees_neither_the_plan_nor_earlier_rounds(client, second_round):
    response, key = second_round
    Response.objects.filter(pk=response.pk).update(opens_round=False)
    report = report_of(client, key).context["report"]
    assert (report.plan, report.before) == ((), None)
    assert "first-move" not in report_of(client, key).content.decode()
    assert "Since last round" not in plain(report_of(client, key))
    client.force_login(factories.account(member_of=response.round.organisation, role="member"))
    report = report_of(client, key).context["report"]
    assert (len(report.plan), report.before is None) == (5, False)


# By whose answers ----------------------------------------------------------------------------------------------------
@pytest.fixture
def colleague(questionnaire):
    """The key of somebody who answered the second, open round of an organisation, in which three others had answered."""
    owner = factories.organisation()
    factories.submitted(owner, factories.level(2), at=factories.NOON - timedelta(days=365))
    of = factories.several(owner, "open", [factories.level(3)] * 3, close_it=False)
    response, key = join(open_link(of, at=factories.NOON), Newcomer("sales"), at=factories.NOON)
    factories.answer(response, factories.level(4))
    submit(key, at=factories.NOON)
    close(of, at=factories.NOON)
    return key


def test_a_colleague_s_own_report_does_not_speak_for_the_organisation(client, colleague):
    said = "By your answers, the level is 4 of 5, “Managed”, with 75 points out of 100."
    page = report_of(client, colleague)
    assert said in plain(page)
    assert "<title>Report by your answers: Maison Dupont" in page.content.decode()
    assert "Maison Dupont is at" not in page.content.decode()
    for name, title in (("report.pdf", "Report by your answers"), ("summary.pdf", "On one page, by your answers")):
        document = client.get(reverse("document", args=[colleague, name])).content
        assert pypdf.PdfReader(BytesIO(document)).metadata.title.startswith(f"{title}: ")
    assert said in client.get(reverse("document", args=[colleague, "report.csv"])).content.decode()


def test_who_reads_it_through_a_link_is_not_told_that_the_answers_are_theirs(client, colleague):
    response = Response.objects.filter(role="sales").get()
    _row, token = factories.reading_link(response, at=timezone.now())
    page = plain(client.get(reverse("shared", args=[token])))
    assert "By one person’s answers, the level is 4 of 5" in page
    assert "By your answers" not in page


def test_the_joint_report_speaks_for_the_organisation_and_says_that_others_answered(client, colleague):
    of = Round.objects.get(number=2)
    member = factories.account(member_of=of.organisation)
    client.force_login(member)
    page = plain(client.get(reverse("round", args=[of.organisation.slug, 2])))
    assert "Maison Dupont is at level 3 of 5" in page
    who = "Round 1 (solo): 1 person. Round 2 (open): 4 people. Where other people answered, part of a change can come from"
    assert who in page
    assert who in plain(client.get(reverse("organisation", args=[of.organisation.slug])))
    own = plain(report_of(client, colleague))
    assert "Here one person’s answers stand beside those of 1 person in round 1: part of a change can come from" in own


# Charts --------------------------------------------------------------------------------------------------------------
def test_the_charts_of_the_page_are_where_it_says_and_kept_for_ever(client, questionnaire):
    _response, key = factories.submitted(choose=mixed)
    page = report_of(client, key)
    found = re.findall(r'src(?:set)?="(/r/[^"]+\.svg[^"]*)"', page.content.decode())
    addresses = [address.replace("&amp;", "&") for address in found]
    assert len(set(addresses)) == 2 * len(drawings.names(page.context["report"]))  # light and dark
    for address in addresses:
        chart = client.get(address)
        assert chart.status_code == 200
        assert "immutable" in chart["Cache-Control"]
        assert client.get(address, headers={"if-none-match": chart["ETag"]}).status_code == 304


def test_a_chart_whose_address_is_of_other_numbers_is_not_kept(client, questionnaire):
    _response, key = factories.submitted()
    chart = client.get(reverse("chart", args=[key, "bars"]) + "?v=0123456789abcdef")
    assert chart.status_code == 200
    assert "immutable" not in chart["Cache-Control"]


def test_every_chart_has_a_text_alternative(client, questionnaire):
    _response, key = factories.submitted(choose=mixed)
    page = report_of(client, key)
    images = re.findall(r"<img class=\"chart[^>]*>", page.content.decode())
    names = {re.search(r"charts/([\w-]+)\.svg", image).group(1) for image in images}
    assert names == set(drawings.names(page.context["report"]))
    for image in images:
        assert len(re.search(r'alt="([^"]*)"', image).group(1)) > 30


def test_charts_speak_the_language_they_are_asked_in(client, questionnaire):
    _response, key = factories.submitted()
    english, french = (
        client.get(reverse("chart", args=[key, "bars"]) + f"?lang={code}").content.decode() for code in ("en", "fr")
    )
    assert "Stratégie" in drawn.texts(french)
    assert english != french


# Queries -------------------------------------------------------------------------------------------------------------
def count(client, key):
    report_of(client, key)  # the questionnaire is read once for all
    with CaptureQueriesContext(connection) as queries:
        report_of(client, key)
    return [query["sql"] for query in queries]


@pytest.mark.parametrize(
    "choose", [lambda question: None, factories.level(3), lambda question: question.choices[0].key]
)
@pytest.mark.parametrize("rounds", [0, 4])
def test_a_guest_s_report_takes_four_queries_however_much_there_is(client, questionnaire, choose, rounds):
    organisation = factories.organisation()
    for number in range(rounds):
        factories.submitted(organisation, at=factories.NOON - timedelta(days=400 - number))
    _response, key = factories.submitted(organisation, choose)
    statements = count(client, key)
    assert len(statements) <= 4, statements


def test_signed_in_it_takes_two_more(client, second_round):
    response, key = second_round
    client.force_login(factories.account(member_of=response.round.organisation))
    statements = count(client, key)
    assert len(statements) <= 6, statements


def test_notes_cost_no_query(client, questionnaire):
    response, key = factories.submitted()
    before = len(count(client, key))
    response.answers.update(note="a note", evidence="https://example.org/")
    assert len(count(client, key)) == before


# Against the barometer ----------------------------------------------------------------------------------------------
def test_every_point_of_both_editions_stands_beside_the_questions_that_carry_it(client, questionnaire):
    _response, key = factories.submitted(choose=factories.level(1))
    response = report_of(client, key)
    points = response.context["report"].criteria
    assert (len(points), {part.edition for part in points}) == (18, {2016, 2017})
    page = plain(response)
    assert 'id="barometer"' in response.content.decode()
    assert page.count(" out of 100).") + page.count("question about this scores 0 out of 100") == 17
    assert "Against the barometer : 0 of 9 gaps closed" in page.replace("barometer: ", "barometer : ")
    for part in points:
        assert page.count(part.criterion.text.en) >= 2  # in the table, and beside its questions
    assert 'href="/methodology/#editions"' in response.content.decode()  # who was asked, when and by whom
    assert "88% of cases; identical posts are copied across networks. Quoted by another page." in page
    assert page.count("The same edition published this figure on it:") == 1  # the only one that is on the subject
    assert "No published figure" not in page
    assert "No question asks about this" in page


def test_the_points_of_the_barometer_cost_no_query_once_they_are_known(client, questionnaire):
    _response, key = factories.submitted()
    count(client, key)
    warm = count(client, key)
    assert [statement for statement in warm if "study" in statement or "finding" in statement] == []


# Beside published figures --------------------------------------------------------------------------------------------
def test_an_optional_answer_stands_beside_the_published_figures_of_its_choices(client, questionnaire):
    picks = {"context-networks": "linkedin", "context-platform": "no"}
    _response, key = factories.submitted(choose=lambda q: picks.get(q.key) or factories.level(3)(q))
    page = plain(report_of(client, key))
    assert "65% use LinkedIn. So do you." in page
    assert "75% use Facebook. You do not." in page
    assert "63% use a management platform. You do not." in page
    assert "2017, marketing and communications professionals, France, 312 answers, published by a vendor" in page
    assert "TikTok" not in page  # not chosen, and nothing was published of it


def test_without_an_optional_answer_nothing_is_compared(client, questionnaire):
    _response, key = factories.submitted()
    assert report_of(client, key).context["report"].comparisons == ()
    assert "Beside published figures" not in plain(report_of(client, key))


def points_said(client, key):
    """What the report page and its data say of each point, and the sentence on the gaps."""
    caches["local"].clear()
    caches["parts"].clear()
    report = report_of(client, key).context["report"]
    page = {one.criterion.key: (one.edition, one.criterion.kind, one.standing.value) for one in report.criteria}
    data = json.loads(client.get(f"/r/{key}/report.json").content)["result"]["criteria"]
    heads = [(edition.study.edition, len(edition.gaps)) for edition in report.barometer]
    return page, {one["key"]: (one["edition"], one["kind"], one["standing"]) for one in data}, heads, gaps(report)


@pytest.mark.parametrize(
    "change",
    [
        lambda finding: Finding.objects.filter(pk=finding.pk).update(kind="progress"),
        lambda finding: Finding.objects.filter(pk=finding.pk).update(
            criterion=False, kind="", title_en="", title_fr=""
        ),
        lambda finding: Finding.objects.filter(pk=finding.pk).update(study=Study.objects.get(edition=2017)),
        lambda finding: Study.objects.filter(pk=finding.study_id).update(edition=2014),
        lambda finding: Study.objects.filter(pk=finding.study_id).update(edition=None),
        lambda finding: Finding.objects.filter(key="b15-02").update(criterion=True, kind="gap"),
    ],
    ids=["kind", "no criterion", "other edition", "other year", "no edition", "a criterion more"],
)
def test_what_became_of_a_point_later_changes_nothing_of_a_result(client, questionnaire, change):
    _response, key = factories.submitted(choose=factories.level(3))
    before, stored, heads, told = points_said(client, key)
    assert stored == {key: before[key] for key in stored}
    change(Finding.objects.get(key="cr-01"))
    after = points_said(client, key)
    assert (set(after[0].items()), after[1], after[3]) == (set(before.items()), stored, told)
    assert after[2] == heads
