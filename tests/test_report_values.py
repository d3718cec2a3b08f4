"""What a report says about a result, as values: nothing computed again, nothing lost, absent things absent."""

from dataclasses import replace
from fractions import Fraction

import pytest

from assessment import scoring
from assessment.content.questionnaire import read_questionnaire
from assessment.content.structure import Text
from assessment.report.building import build
from assessment.report.evidence import Reference
from assessment.report.parts import WHOLE, Part, Source
from tests.factories import BEFORE, chosen, level, report_on


@pytest.fixture
def content(shipped):
    return shipped[0]


def picks(content, **levels) -> dict[str, str]:
    """For each dimension named, the choice of one level in each of its questions."""
    return {
        question.key: question.choices[levels[part.key.replace("-", "_")] - 1].key
        for part in content.dimensions
        if part.key.replace("-", "_") in levels
        for question in part.questions
    }


ALL = {"strategy": 3, "charter": 3, "training": 3, "roi": 3, "social_selling": 3}


def test_a_report_has_every_scored_dimension_and_question_in_order(content):
    told = report_on(content, level(3))
    scored = [part for part in content.dimensions if part.scored]
    assert [part.key for part in told.dimensions] == [part.key for part in scored]
    for part, asked in zip(told.dimensions, scored, strict=True):
        assert [question.key for question in part.questions] == [question.key for question in asked.questions]
        assert (part.title, part.description) == (asked.title, asked.description)
        assert [question.weight for question in part.questions] == [question.weight for question in asked.questions]


def test_numbers_are_those_of_the_result(content):
    told = report_on(content, chosen(picks(content, **ALL | {"charter": 1, "roi": 5})))
    for part, result in zip(told.dimensions, told.result.dimensions, strict=True):
        assert (part.state, part.score, part.coverage, part.range) == (
            result.state,
            result.score,
            result.coverage,
            result.range,
        )
        assert part.level.number == result.level
        assert part.is_scored
    points = [question.score for part in told.dimensions for question in part.questions]
    assert points == [question.score for question in told.result.questions]


def test_the_anchor_is_the_description_of_the_level_reached(content):
    for number in range(1, 6):
        told = report_on(content, level(number))
        for part, asked in zip(told.dimensions, content.dimensions, strict=False):
            assert (part.level.number, part.anchor) == (number, asked.anchors[number - 1])


def test_the_level_has_its_name_and_what_held_it(content):
    told = report_on(content, chosen(picks(content, **ALL | {"charter": 1, "roi": 5, "strategy": 5, "training": 5})))
    titles = {part.key: part.title for part in content.dimensions}
    assert (told.level.number, told.level_by_score.number) == (told.result.level, told.result.level_by_score)
    assert told.level.number < told.level_by_score.number
    assert told.level.name == content.levels[told.level.number - 1].name
    assert told.held_by == (titles["charter"],)


def test_without_a_score_there_is_no_level_and_what_is_missing_is_named(content):
    told = report_on(content, chosen(picks(content, strategy=4, charter=2)))
    assert (told.level, told.level_by_score, told.held_by) == (None, None, ())
    assert [part.key for part in told.missing] == ["training", "roi", "social-selling"]
    for part in told.missing:
        assert (part.score, part.level, part.anchor, part.coverage) == (None, None, None, 0)
        assert (part.range.low, part.range.high) == (0, 100)
        assert part.is_scored is False


def test_a_dimension_left_out_has_no_number_at_all_and_is_not_missing(content):
    told = report_on(content, level(3), left_out=("social-selling",))
    part = told.dimensions[-1]
    assert part.key == "social-selling"
    assert (part.state, part.score, part.level, part.anchor, part.coverage, part.range) == (
        "not-applicable",
        None,
        None,
        None,
        None,
        None,
    )
    assert told.missing == ()
    assert told.result.score == 50
    assert (part.weak, part.strong) == ((), ())


def test_when_nothing_applies_everything_is_absent(content):
    every = tuple(part.key for part in content.dimensions if part.scored)
    told = report_on(content, level(3), left_out=every)
    assert (told.result.score, told.result.range, told.level, told.plan, told.narrowing) == (None, None, None, (), ())
    assert told.answered == (0, 0)


def test_an_empty_response_gives_a_report_without_a_step(content):
    told = report_on(content, lambda question: None)
    assert told.plan == ()
    assert told.answered == (0, 36)
    assert len(told.narrowing) == 3


def test_how_many_questions_have_a_score_counts_those_that_apply(content):
    first = content.dimensions[-2].questions[0]
    said = picks(content, **ALL)
    said[first.key] = "not-applicable"
    said[content.dimensions[0].questions[0].key] = "unknown"
    assert report_on(content, chosen(said)).answered == (34, 35)


def test_weak_and_strong_questions_weigh_most_first_and_are_three_at_most(content):
    asked = content.dimensions[0]
    worst = chosen({question.key: question.choices[0].key for question in asked.questions})
    part = report_on(content, worst).dimensions[0]
    assert len(part.weak) == 3
    assert part.strong == ()
    weights = sorted((question.weight for question in asked.questions), reverse=True)
    assert [question.weight for question in part.weak] == weights[:3]
    best = chosen({question.key: question.choices[-1].key for question in asked.questions})
    part = report_on(content, best).dimensions[0]
    assert (len(part.strong), part.weak) == (3, ())


@pytest.mark.parametrize(("number", "is_weak", "is_strong"), [(2, True, False), (3, False, False), (4, False, True)])
def test_half_of_the_points_is_not_weak_and_three_quarters_are_strong(content, number, is_weak, is_strong):
    part = report_on(content, level(number)).dimensions[0]
    assert (bool(part.weak), bool(part.strong)) == (is_weak, is_strong)


def test_a_step_leads_from_today_to_the_words_of_the_choice_to_reach(content):
    told = report_on(content, level(1))
    assert [step.number for step in told.plan] == [1, 2, 3, 4, 5]
    questions = {question.key: question for part in content.dimensions for question in part.questions}
    for step, computed in zip(told.plan, told.result.plan, strict=True):
        asked = questions[step.question.key]
        choice = next(choice for choice in asked.choices if choice.key == computed.to)
        assert (step.to, choice.points) == (choice.text, 50)
        assert (step.gain, step.effort, step.score_after) == (computed.gain, computed.effort, computed.score_after)
        assert (step.title, step.first_move, step.owner) == (
            choice.step.title, choice.step.first_move, choice.step.owner,
        )  # fmt: skip


def test_a_recommendation_of_before_is_told_where_it_leads_and_has_no_title():
    before = read_questionnaire(BEFORE.read_bytes(), "version_1.yaml")
    weak = report_on(before, level(2)).plan
    assert [bool(step.first_move and step.owner) for step in weak] == [True] * 5
    better = report_on(before, level(3)).plan
    assert [(step.first_move, bool(step.owner)) for step in better] == [(None, True)] * 5
    assert {step.title for step in (*weak, *better)} == {None}


@pytest.mark.parametrize("number", [2, 3])
def test_by_the_rules_of_before_a_first_move_is_told_only_where_a_question_is_weak(content, number):
    told = report_on(content, level(number), rules=1).plan
    assert [bool(step.first_move) for step in told] == [number == 2] * 5


def test_a_plan_can_be_withheld(content):
    assert report_on(content, level(1), shows=WHOLE - {Part.PLAN}).plan == ()


def test_at_the_top_there_is_no_step(content):
    told = report_on(content, level(5))
    assert (told.plan, told.result.score, told.level.number) == ((), 100, 5)


def test_contradictions_are_told_in_the_words_of_their_rule(content):
    rule = content.consistency[0]
    said = {}
    questions = {question.key: question for part in content.dimensions for question in part.questions}
    for when in rule.when:
        said[when.question] = questions[when.question].choices[0 if when.at_least is None else -1].key
    told = report_on(content, chosen(said))
    assert rule.text in told.contradictions
    assert len(told.contradictions) == len(told.result.contradictions)


def test_answers_are_shown_as_they_were_given(content):
    question = content.dimensions[0].questions[0]
    told = report_on(content, chosen({question.key: question.choices[1].key}))
    first, second = told.dimensions[0].questions[:2]
    assert (first.given.state, first.given.texts) == ("answered", (question.choices[1].text,))
    assert (second.given, second.score, second.state) == (None, None, "no-score")


def test_references_stand_at_their_dimension(content):
    reference = Reference(2017, 2, Text("because", "parce que"))
    told = report_on(content, level(3), references={"roi": [reference], "nowhere": [reference]})
    nothing = Reference(2017, None, None)
    assert told.editions == (2017,)
    assert {part.references for part in told.dimensions if part.key != "roi"} == {(nothing,)}
    assert next(part.references for part in told.dimensions if part.key == "roi") == (reference,)


def test_the_change_since_the_last_round_stands_at_its_dimension(content):
    before = report_on(content, level(2)).result
    told = report_on(content, level(3), before=(content, before))
    assert told.before.result is before
    for part in told.dimensions:
        assert (part.before.before, part.before.after, part.before.change) == (25, 50, 25)
    assert report_on(content, level(3)).before is None
    assert all(part.before is None for part in report_on(content, level(3)).dimensions)


def test_a_dimension_that_is_new_since_the_last_round_has_nothing_to_compare(content):
    fewer = replace(content, dimensions=content.dimensions[1:], consistency=())
    before = report_on(fewer, level(2)).result
    told = report_on(content, level(3), before=(fewer, before))
    new, known = told.dimensions[:2]
    assert new.before is None or new.before.change is None
    assert known.before.change == 25


def test_a_report_does_not_change(content):
    told = report_on(content, level(3))
    with pytest.raises(AttributeError):
        told.level = None
    assert isinstance(told.dimensions, tuple)
    assert isinstance(told.result.score, Fraction)
    assert isinstance(told.result, scoring.Result)


@pytest.mark.parametrize(("points", "weak"), [("49.999999", True), ("45", True), ("50", False)])
def test_a_question_holds_its_dimension_back_below_half_of_the_points(content, points, weak):
    """As in a report of several people, whose means lie between the points of the statements."""
    told = report_on(content, level(3))
    first, *others = told.result.questions
    result = replace(told.result, questions=(replace(first, score=Fraction(points)), *others))
    built = build(Source(told.subject, content, 1, {}, {}), result)
    assert [question.key for question in built.dimensions[0].weak] == ([first.key] if weak else [])


@pytest.mark.parametrize(("points", "strong"), [("74.999999", False), ("75", True)])
def test_a_question_is_a_strength_from_three_quarters_of_the_points_on(content, points, strong):
    told = report_on(content, level(3))
    first, *others = told.result.questions
    result = replace(told.result, questions=(replace(first, score=Fraction(points)), *others))
    built = build(Source(told.subject, content, 1, {}, {}), result)
    assert [question.key for question in built.dimensions[0].strong] == ([first.key] if strong else [])
