"""What a confidential round's report shows of a question: its level, and nowhere a number; what was published before stays."""

import json
import re
from datetime import timedelta
from unittest import mock

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse

from assessment.documents.json import plain_json
from assessment.models import Result, Round
from assessment.models.outline import outline
from assessment.models.result import rounded
from assessment.organisations.plan import actions_of, open_steps, rows_of
from assessment.organisations.trend import results_of
from assessment.privacy.exporting import export_of
from assessment.results.export import result_rows
from assessment.results.reporting import report_of
from assessment.rounds.closing import close, computed_again, counted_responses, reopen
from assessment.scoring import record
from assessment.scoring.__main__ import main
from assessment.scoring.score import from_questions
from assessment.scoring.supposing import score_after_plan
from assessment.wording import joint, numbers
from tests import factories
from tests.factories import NOON, level
from tests.joint_rounds import answered_by, begun

ROLES = ("sales", "hr")


@pytest.fixture
def house(questionnaire):
    house = factories.organisation()
    factories.submitted(house, level(2), at=NOON - timedelta(days=400))
    return house


@pytest.fixture
def owner(client, house):
    client.force_login(factories.account(member_of=house))
    return client


def held(house, *, people: int = 10, at=NOON) -> Round:
    """A confidential round in which everybody is at level 3, published, with both roles shown."""
    return factories.several(house, "confidential", [level(3)] * people, roles=ROLES, at=at)


def published(round_: Round) -> Result:
    return round_.results.with_report().get(response=None)


def before_the_rule(round_: Round, *, smallest_group: int = 4) -> Result:
    """A round closed as it was before: with a smallest group of four, and with the scores of questions in its report."""
    with (
        override_settings(SMALLEST_GROUP=smallest_group),
        mock.patch("assessment.models.round.PRIVACY_FLOOR", smallest_group),
    ):
        close(round_, at=NOON)
    round_.results.filter(response=None).update(levels_only=False, floors=[])
    result = published(round_)
    result.score_after_plan = rounded(score_after_plan(outline(result.questionnaire).scoring, result.values))
    result.save()
    return result


# What is shown -------------------------------------------------------------------------------------------------------
CHANCE = [(r'(name="(csrfmiddlewaretoken|token)" value=")[\w:=-]+', r"\1")]


def everything(client, round_: Round) -> dict[str, bytes]:
    """All that shows something of a round's result: pages, documents, charts, a reading link, data to take along."""
    for cache in caches.all():
        cache.clear()
    slug, result = round_.organisation.slug, published(round_)
    report = report_of(result)
    tried = {"tried": "1", **{step.question: step.to for step in result.values.plan[:2]}}
    addresses = {reverse(name, args=[slug]): {} for name in ("organisation", "compare", "plan", "plan_csv")}
    addresses |= {
        reverse("round", args=[slug, round_.number]): {},
        reverse("round_what_if", args=[slug, round_.number]): tried,
    }
    addresses[reverse("round_what_if_chart", args=[slug, round_.number])] = tried
    for name in ("report.json", "report.csv", "report.xlsx", "report.pdf", "summary.pdf"):
        addresses[reverse("round_document", args=[slug, round_.number, name])] = {}
    for name in ("rule", "radar", "bars", "gains", *(f"questions-{part.key}" for part in report.dimensions)):
        addresses[reverse("round_chart", args=[slug, round_.number, name])] = {}
    found = {}
    for address, query in addresses.items():
        answer = client.get(address, query)
        assert answer.status_code == 200, address
        found[address] = re.sub(CHANCE[0][0].encode(), b"", answer.content)
    found["export"] = plain_json(export_of(round_.organisation))
    found["table"] = repr(list(result_rows(Result.objects.filter(pk=result.pk)))).encode()
    return found


def elsewhere(round_: Round) -> None:
    """Give the result other means with the same levels and dimensions: of two questions one rises as the other falls.

    The means by role move as well, as far as their levels reach.
    """
    result = published(round_)
    for part in outline(result.questionnaire).scoring.scored_dimensions:
        by_weight: dict = {}
        for question in part.questions:
            by_weight.setdefault(question.weight, []).append(question.key)
        for keys in by_weight.values():
            for number, key in enumerate(keys[: len(keys) // 2 * 2]):
                told = next(one for one in result.record["questions"] if one["key"] == key)
                told["score"] = "55" if number % 2 else "45"
    for number, group in enumerate(result.roles):
        group["means"] = dict.fromkeys(group["means"], "45" if number else "55")
    values = record.load(result.record)
    moved = from_questions(result.asked, values.questions, contradictions=values.contradictions)
    assert moved.dimensions == values.dimensions
    assert moved.plan != values.plan
    result.record = record.dump(moved)
    result.save()


def test_nothing_that_is_shown_tells_where_between_two_statements_a_mean_lies(owner, house):
    factories.action(house.rounds.get())
    of = held(house)
    assert len(published(of).roles) == 2
    first = everything(owner, of)
    elsewhere(of)
    second = everything(owner, of)
    assert [address for address in first if first[address] != second[address]] == []


def test_it_would_be_seen_where_numbers_are_shown(owner, house):
    of = held(house)
    Result.objects.filter(response=None).update(levels_only=False)
    first = everything(owner, of)
    elsewhere(of)
    second = everything(owner, of)
    same = {address.rstrip("/").rsplit("/", 1)[-1] for address in first if first[address] == second[address]}
    assert (
        same & {"report.json", "report.csv", "report.xlsx", "report.pdf", "2", "compare", "what-if", "export"} == set()
    )


def test_the_page_says_statements_and_why_there_is_no_number(owner, house):
    of = held(house)
    text = owner.get(of.get_absolute_url()).content.decode()
    report = report_of(published(of))
    assert joint.levels(report) in text
    assert "somebody who knows some of the answers" in text
    for question in report.dimensions[0].questions:
        assert f"“{question.nearest}”, on the whole" in text
    assert "of 100 points" not in text
    assert "Score = sum of points" not in text
    assert "Average answer" not in text


def test_a_report_takes_as_few_queries_as_before(owner, house, django_assert_max_num_queries):
    of = held(house)
    owner.get(of.get_absolute_url())
    with django_assert_max_num_queries(6):  # two of them for the session and its user
        owner.get(of.get_absolute_url())


def test_the_data_passes_the_command_and_holds_no_score_of_a_question(owner, house, tmp_path, capsys):
    of = held(house)
    content = owner.get(reverse("round_document", args=[house.slug, of.number, "report.json"])).content
    data = json.loads(content)
    assert data["questions_by"] == "level"
    assert {frozenset(one) for one in data["result"]["questions"]} == {
        frozenset({"key", "state", "nearest", "views_differ"})
    }
    (tmp_path / "report.json").write_bytes(content)
    assert main([str(tmp_path / "report.json")]) == 0
    assert "holds levels of questions and no scores" in capsys.readouterr().out


def test_the_organisation_takes_levels_along(house):
    of = held(house)
    told = export_of(house)["rounds"][-1]["report"]
    assert told["questions_by"] == "level"
    group = told["means_by_role"][0]
    assert set(group) == {"role", "responses", "nearest"}
    asked = outline(of.questionnaire).scoring
    assert set(group["nearest"].values()) == {question.choices[2].key for question in asked.scored_questions}


def test_the_round_before_is_compared_in_statements(owner, house):
    held(house)
    page = owner.get(reverse("compare", args=[house.slug]))
    text = page.content.decode()
    questions = page.context["comparison"].dimensions[0].questions
    asked = {question.text: question for part in questions_of(house) for question in part.questions}
    for item in questions:
        then, now = (f"“{asked[item.text].choices[place].text.en}”" for place in (1, 2))
        assert then in text.replace("&#x27;", "'")
        assert now in text.replace("&#x27;", "'")
    assert f"{sum(len(part.questions) for part in questions_of(house) if part.scored)} questions stand higher." in text
    assert "so both are told in statements here" in text
    assert "+25" in text, "the dimension"
    assert ">25<" not in text


def questions_of(house):
    return outline(house.rounds.last().questionnaire).content.dimensions


def test_an_action_is_measured_in_statements(owner, house):
    made = factories.action(house.rounds.get())
    held(house)
    (part,) = actions_of(rows_of(house.pk), results_of(house), on=NOON.date())
    choices = outline(made.made_in.questionnaire).questions[made.question].choices
    assert part.statements == (choices[1].text, choices[2].text)
    text = owner.get(reverse("plan", args=[house.slug])).content.decode()
    assert f"“{choices[1].text.en}” → “{choices[2].text.en}” in round 2: reached" in text.replace("&#x27;", "'")
    assert choices[2].text.en in owner.get(reverse("plan_csv", args=[house.slug])).content.decode()


def test_the_steps_of_the_plan_bring_whole_points(owner, house):
    of = held(house)
    steps = open_steps(published(of), [])
    assert steps
    assert {(step.decimals, step.gain % 1) for step in steps} == {(0, 0)}
    text = owner.get(reverse("plan", args=[house.slug])).content.decode()
    assert re.findall(r"Gain ([^,]+),", text) == [numbers.gain(step.gain, 0) for step in steps]


def test_a_reading_link_shows_no_more(client, house):
    of = held(house)
    _row, token = factories.reading_link(of, at=NOON)
    with mock.patch("django.utils.timezone.now", return_value=NOON):
        text = client.get(reverse("shared", args=[token])).content.decode()
        data = client.get(reverse("shared_document", args=[token, "report.json"])).json()
    assert "”, on the whole" in text
    assert "of 100 points" not in text
    assert data["questions_by"] == "level"


def test_an_open_round_and_one_person_s_report_show_points(owner, house):
    of = factories.several(house, "open", [level(3)] * 5, at=NOON)
    result = published(of)
    assert not result.levels_only
    said = owner.get(of.get_absolute_url()).content.decode()
    assert "Average answer: “" in said
    assert "” (50)" in said


# What was published before -------------------------------------------------------------------------------------------
@pytest.fixture
def of_before(house) -> Round:
    of = begun(house)
    answered_by(of, 4)
    return of


def test_what_was_published_with_four_shows_what_it_showed(owner, house, of_before):
    result = before_the_rule(of_before)
    assert (result.smallest_group, result.levels_only, result.floors) == (4, False, [])
    assert result.values == result.exact
    assert result.values.questions[0].score is not None
    data = owner.get(reverse("round_document", args=[house.slug, of_before.number, "report.json"])).json()
    assert "questions_by" not in data
    assert {set(one) <= {"key", "state", "score", "views_differ"} for one in data["result"]["questions"]} == {True}
    text = owner.get(of_before.get_absolute_url()).content.decode()
    assert "no figure rests on fewer than 4 answers" in text
    assert re.search(r"\([\d.]+ out of 100\)|scores [\d.]+ out of 100", text)


def test_it_is_computed_again_with_the_floor_it_had(of_before, capsys):
    before_the_rule(of_before)
    call_command("rescore", "--check")
    assert "all equal" in capsys.readouterr().out


def test_published_again_it_needs_five_and_shows_levels(house, of_before, capsys):
    first = before_the_rule(of_before)
    reopen(of_before)
    answered_by(of_before, 4, first=5)
    assert close(of_before, at=NOON) is None
    reopen(of_before)
    answered_by(of_before, 1, first=9)
    again = close(of_before, at=NOON)
    assert (again.smallest_group, again.floors, again.levels_only) == (4, [4, 5], True)
    assert again.exact != first.exact
    assert computed_again(again, counted_responses(of_before)) == again.exact
    call_command("rescore", "--check")
    assert "all equal" in capsys.readouterr().out


def test_each_publication_keeps_its_floor(house):
    of = begun(house)
    with override_settings(SMALLEST_GROUP=7):
        answered_by(of, 7)
        close(of, at=NOON)
    reopen(of)
    answered_by(of, 7, first=8)
    result = close(of, at=NOON)
    assert (result.floors, [result.floor_of(1), result.floor_of(2)]) == ([7, 7], [7, 7])


def test_rounds_compared_with_one_of_before_are_told_in_statements(owner, house, of_before):
    before_the_rule(of_before)
    held(house, at=NOON + timedelta(days=301))
    text = owner.get(reverse("compare", args=[house.slug])).content.decode()
    assert "so both are told in statements here" in text
