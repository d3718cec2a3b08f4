"""Results of which a question shows its level and no number: what is said follows from what is shown, and from nothing else."""

import json
from dataclasses import fields, replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assessment.scoring import Mode, QuestionState
from assessment.scoring.comparison import compare, compare_questions
from assessment.scoring.levels import shown
from assessment.scoring.levels_only import levels_only, nearest, roles_by_level
from assessment.scoring.publishing import report_data
from assessment.scoring.reading import read_report
from assessment.scoring.record import dump
from assessment.scoring.roles import RoleGroup
from assessment.scoring.score import score
from assessment.scoring.supposing import suppose
from tests import naive_scoring
from tests.sampling import examples
from tests.scoring_cases import as_published, dimension, question, questionnaire, respond, rounds

slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
quick = settings(deadline=None, max_examples=examples(15), suppress_health_check=slow)
confidential = rounds(modes=[Mode.CONFIDENTIAL], often=[12, 1, 1, 0])
ASKED = questionnaire(*(dimension(f"d{n}", question(f"a{n}"), question(f"b{n}")) for n in range(3)))
Q = question("q")


def result_of(asked, responses):
    exact = score(asked, responses, mode=Mode.CONFIDENTIAL)
    return exact, levels_only(asked, exact)


def people(*levels, key="a0"):
    """Five who say the same everywhere but in one question."""
    rest = dict.fromkeys(("a0", "b0", "a1", "b1", "a2", "b2"), 2)
    return [respond(**rest | {key: level}) for level in levels]


@pytest.mark.parametrize(
    ("mean", "points"),
    [
        (0, 0),
        ("12.5", 0),
        ("12.500001", 25),
        ("37.5", 25),
        (38, 50),
        ("62.5", 50),
        ("87.5", 75),
        ("87.6", 100),
        (100, 100),
    ],
)
def test_the_level_of_a_question_is_the_nearest_statement_of_two_as_near_the_one_worth_less(mean, points):
    assert nearest(Q, Fraction(str(mean)))[1] == points


def test_a_question_shows_no_number_of_its_own():
    exact, result = result_of(ASKED, people(0, 1, 1, 2, 3))
    assert exact.questions[0].score == 35
    told = result.questions[0]
    assert (told.nearest, told.score, told.lowest, told.highest) == ("c1", 25, None, None)
    assert result.levels_only
    assert not exact.levels_only


def test_dimensions_and_the_whole_stay_exact():
    exact, result = result_of(ASKED, people(0, 1, 1, 2, 3))
    kept = [field.name for field in fields(exact) if field.name not in ("questions", "plan", "levels_only")]
    assert {name: getattr(result, name) for name in kept} == {name: getattr(exact, name) for name in kept}
    assert result.dimensions[0].score == Fraction(85, 2)


def test_twice_is_once():
    _exact, result = result_of(ASKED, people(0, 1, 1, 2, 3))
    assert levels_only(ASKED, result) is result


def test_it_is_never_stored():
    with pytest.raises(ValueError, match="exact"):
        dump(result_of(ASKED, people(0, 1, 1, 2, 3))[1])


def test_a_step_leads_beyond_the_statement_that_is_shown():
    """At a mean of 45 a step to 50 would tell that the mean is below the level shown."""
    exact, result = result_of(ASKED, people(1, 1, 2, 2, 3))
    assert (exact.questions[0].score, result.questions[0].score) == (45, 50)
    steps = {step.question: step.to for step in result.plan}
    assert ({step.question: step.to for step in exact.plan}["a0"], steps["a0"]) == ("c2", "c3")


@quick
@given(confidential)
def test_it_agrees_with_a_naive_reading_of_the_rule(case):
    asked, responses, _mode = case
    _exact, result = result_of(asked, responses)
    _outcomes, levels, keys = naive_scoring.at_levels(asked, responses)
    assert {one.key: (one.state, one.score) for one in result.questions} == levels
    assert {one.key: one.nearest for one in result.questions if one.nearest} == keys
    steps = [(step.question, step.to, step.gain) for step in result.plan]
    assert steps == naive_scoring.steps_by_level(asked, responses)


def elsewhere(draw, asked, result):
    """A result that shows the same: its questions' means moved as far as their levels reach, its dimensions as they are."""
    moved = []
    for one in result.questions:
        if one.state == QuestionState.SCORED:
            choices = asked.question(one.key).choices
            near = draw(st.fractions(0, 100, max_denominator=1000))
            level = nearest(asked.question(one.key), one.score)
            points = sorted(choice.points for choice in choices)
            low = max((p for p in points if p < level[1]), default=level[1])
            high = min((p for p in points if p > level[1]), default=level[1])
            bottom, top = (low + level[1]) / 2, (level[1] + high) / 2
            one = replace(one, score=top - (top - bottom) * near / 101)
            assert nearest(asked.question(one.key), one.score) == level
        moved.append(one)
    return replace(result, questions=tuple(moved))


@quick
@given(confidential, st.data())
def test_all_that_is_said_follows_from_levels_and_dimensions_alone(case, data):
    """Whatever the means behind the levels are: no order, target, gain, range or supposed score differs by them."""
    asked, responses, _mode = case
    exact, result = result_of(asked, responses)
    other = levels_only(asked, elsewhere(data.draw, asked, exact))
    assert other == result
    assert report_data(asked, None, other, mode=Mode.CONFIDENTIAL) == report_data(
        asked, None, result, mode=Mode.CONFIDENTIAL
    )
    reached = some_steps(data, asked, result)
    assert suppose(asked, other, reached) == suppose(asked, result, reached)
    before = score(asked, responses[:1])
    assert compare_questions(asked, before, asked, other) == compare_questions(asked, before, asked, result)
    assert compare(asked, before, asked, other) == compare(asked, before, asked, result)


def some_steps(data, asked, result):
    """Some questions of scored dimensions with a better choice for each."""
    scored = {part.key for part in result.dimensions if part.score is not None}
    reached = {}
    for part in asked.scored_dimensions:
        for one in part.questions:
            told = next(found for found in result.questions if found.key == one.key)
            better = [choice.key for choice in one.choices if told.score is not None and choice.points > told.score]
            if part.key in scored and better and data.draw(st.booleans()):
                reached[one.key] = data.draw(st.sampled_from(better))
    return reached


@quick
@given(confidential, st.data())
def test_supposed_scores_stay_in_bounds_never_fall_and_reach_100_at_the_top(case, data):
    asked, responses, _mode = case
    _exact, result = result_of(asked, responses)
    reached = some_steps(data, asked, result)
    then = suppose(asked, result, reached)
    assert then.levels_only
    expected = naive_scoring.raised(asked, responses, reached)
    for was, would in zip(result.dimensions, then.dimensions, strict=True):
        assert would.score == expected.get(was.key)
        if was.score is not None:
            assert was.score <= would.score <= 100
            assert would.range.low <= would.score <= would.range.high <= 100
    top = {
        one.key: max(one.choices, key=lambda choice: choice.points).key
        for part, told in zip(asked.scored_dimensions, result.dimensions, strict=True)
        for one in part.questions
        if told.score is not None and next(q for q in result.questions if q.key == one.key).score not in (None, 100)
    }
    best = suppose(asked, result, top)
    for part, told in zip(asked.scored_dimensions, best.dimensions, strict=True):
        if any(one.key in top for one in part.questions):
            assert told.score == 100


UNEVEN = questionnaire(
    dimension("d0", question("a0", weight=3), question("b0"), question("e0", points=(0, 10, 55, 100)), weight=2),
    dimension("d1", question("a1"), question("b1", weight=Fraction(5, 7), needs=("a0",))),
    dimension("d2", question("a2", weight=2, points=(0, 100)), question("b2"), weight=Fraction(1, 3)),
)
everybody = st.lists(
    st.tuples(*(st.integers(0, len(item.choices) - 1) for item in UNEVEN.scored_questions)), min_size=5, max_size=9
)


@settings(quick, max_examples=examples(60))
@given(everybody, st.data())
def test_taking_a_step_gives_the_promised_score_in_whole_points(said, data):
    keys = [item.key for item in UNEVEN.scored_questions]
    asked, responses = UNEVEN, [respond(**dict(zip(keys, one, strict=True))) for one in said]
    _exact, result = result_of(asked, responses)
    assume(result.plan)
    step = data.draw(st.sampled_from(result.plan))
    then = suppose(asked, result, {step.question: step.to})
    assert shown(then.score) == step.score_after
    assert step.gain == int(then.score - result.score + Fraction(1, 2))


def test_supposing_nothing_changes_nothing():
    _exact, result = result_of(ASKED, people(0, 1, 1, 2, 3))
    assert suppose(ASKED, result, {}) == result


# Data ----------------------------------------------------------------------------------------------------------------
def test_the_data_holds_the_nearest_statement_and_no_score_of_a_question():
    data = report_data(ASKED, None, result_of(ASKED, people(0, 1, 1, 2, 3))[1], mode=Mode.CONFIDENTIAL)
    assert data["questions_by"] == "level"
    assert data["result"]["questions"][0] == {"key": "a0", "state": "scored", "nearest": "c1", "views_differ": False}
    assert data["result"]["plan"]
    for step in data["result"]["plan"]:
        assert (step["gain"] % 1, step["score_after"] % 1) == (0, 0)


def test_the_data_of_others_is_as_it_was():
    data = report_data(ASKED, None, result_of(ASKED, people(0, 1, 1, 2, 3))[0], mode=Mode.CONFIDENTIAL)
    assert list(data) == ["scoring_version", "mode", "questionnaire", "responses", "result"]
    assert data["result"]["questions"][0] == {"key": "a0", "state": "scored", "score": "35", "views_differ": False}


@quick
@given(confidential)
def test_the_data_is_read_again(case):
    asked, responses, _mode = case
    result = result_of(asked, responses)[1]
    published = json.loads(json.dumps(report_data(asked, None, result, mode=Mode.CONFIDENTIAL)))
    read = read_report(published)
    assert (read.responses, read.mode, read.result) == (None, Mode.CONFIDENTIAL, published["result"])
    assert read.questionnaire == as_published(asked)
    assert all(told["score"] is None for told in read.result["criteria"])
    then = read.result["after_plan"]
    assert then is None or then["score"] is None or then["score"] % 1 == 0


# Beside other rounds -------------------------------------------------------------------------------------------------
def test_a_change_is_told_in_statements_when_one_of_the_two_rounds_shows_levels():
    exact, result = result_of(ASKED, people(0, 1, 1, 2, 3))
    for pair in ((exact, result), (result, exact), (result, result)):
        first, second, *_others = compare_questions(ASKED, pair[0], ASKED, pair[1])
        assert first.statements == ("c1", "c1")
        assert (first.before, first.after, first.change) == (25, 25, 0)
        assert second.statements == ("c2", "c2")
    assert compare_questions(ASKED, exact, ASKED, exact)[0].statements is None


def test_dimensions_are_compared_exactly_while_nothing_is_broken():
    exact, result = result_of(ASKED, people(0, 1, 1, 2, 3))
    first, *_others = compare(ASKED, exact, ASKED, result)
    assert (first.before, first.after, first.broken, first.by_level) == (Fraction(85, 2), Fraction(85, 2), False, False)


def test_after_a_break_the_shared_questions_count_by_their_levels_in_both():
    """Of two questions one is shared: beside the exact dimension its exact mean would give the other's."""
    later = questionnaire(*(dimension(f"d{n}", question(f"a{n}"), question(f"new{n}")) for n in range(3)))
    _exact, before = result_of(ASKED, people(0, 1, 1, 2, 3))
    after = score(later, [respond(a0=2, new0=2)])
    first, *_others = compare(ASKED, before, later, after)
    assert (first.before, first.after, first.broken, first.shared, first.by_level) == (25, 50, True, 1, True)
    exact, *_others = compare(ASKED, score(ASKED, [respond(a0=2)]), later, after)
    assert not exact.by_level


def test_what_each_role_says_is_the_level_of_its_mean():
    groups = [
        RoleGroup("hr", 5, {"a0": Fraction(35), "b0": None}),
        RoleGroup("sales", 6, {"a0": Fraction(63), "b0": None}),
    ]
    assert [group.means for group in roles_by_level(ASKED, groups)] == [{"a0": 25, "b0": None}, {"a0": 75, "b0": None}]
