"""Scores, levels, coverage and ranges: the worked example, every edge, and the questionnaire the product ships."""

from fractions import Fraction

import pytest

from assessment.scoring import (
    SCORING_VERSION,
    VERSIONS,
    Answer,
    AnswerState,
    DimensionState,
    Mode,
    QuestionState,
    Range,
    Response,
)
from assessment.scoring.levels import LEVEL_BOUNDS, held_level, level_of, shown
from assessment.scoring.score import from_questions, score
from tests.scoring_cases import (
    NOT_APPLICABLE,
    UNKNOWN,
    context,
    dimension,
    question,
    questionnaire,
    real_questionnaire,
    respond,
)

WORKED = questionnaire(
    dimension("strategy", question("s1"), question("s2")),
    dimension("charter", question("c1"), question("c2"), question("c3")),
    dimension("roi", question("r1"), question("r2", weight=3), weight=2),
)
WORKED_ANSWERS = respond(s1=1, s2=2, c1=0, c2=UNKNOWN, c3=0, r1=3, r2=4)


def three(*numbers, weights=(1, 1, 1)):
    """The result of three dimensions of one question each, answered with these choices."""
    parts = [dimension(f"d{n}", question(f"q{n}"), weight=weight) for n, weight in enumerate(weights)]
    return score(questionnaire(*parts), [respond(**{f"q{n}": number for n, number in enumerate(numbers)})])


def by_key(found):
    return {item.key: item for item in found}


def test_the_version_of_the_rules_is_a_number():
    assert SCORING_VERSION == 2
    assert VERSIONS == (1, 2)


def test_the_worked_example_comes_out_as_written():
    result = score(WORKED, [WORKED_ANSWERS])
    strategy, charter, roi = result.dimensions
    assert (strategy.score, strategy.level, strategy.coverage) == (Fraction("37.5"), 3, 1)
    assert (charter.score, charter.level, charter.coverage) == (0, 1, Fraction(2, 3))
    assert (roi.score, roi.level, roi.coverage) == (Fraction("93.75"), 5, 1)
    assert charter.range == Range(Fraction(0), Fraction(100, 3))
    assert result.score == Fraction("56.25")
    assert shown(result.score) == 56
    assert (result.level_by_score, result.level, result.held_by) == (3, 2, ("charter",))
    assert result.range == Range(Fraction("56.25"), Fraction("56.25") + Fraction(100, 12))
    assert float(round(result.range.high, 2)) == 64.58
    assert result.level_range == (3, 4)
    assert result.level_stated
    assert result.narrowing == ("c2",)


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_all_answers_at_one_level_of_the_shipped_questionnaire_give_that_level(level):
    asked = real_questionnaire()
    answers = {q.key: Answer(AnswerState.ANSWERED, (f"level-{level}",)) for q in asked.scored_questions}
    result = score(asked, [Response("marketing", answers)])
    assert len(result.questions) == 36
    assert (result.score, result.level, result.level_by_score) == (25 * (level - 1), level, level)
    assert {(part.score, part.level, part.coverage) for part in result.dimensions} == {(25 * (level - 1), level, 1)}
    assert (result.held_by, result.narrowing, result.contradictions) == ((), (), ())
    assert bool(result.plan) == (level < 5)


@pytest.mark.parametrize(
    ("points", "level"),
    [
        ("0", 1),
        ("12.499999", 1),
        ("12.5", 2),
        ("37.499999", 2),
        ("37.5", 3),
        ("62.499999", 3),
        ("62.5", 4),
        ("87.499999", 4),
        ("87.5", 5),
        ("100", 5),
    ],
)
def test_each_level_begins_exactly_at_its_lower_bound(points, level):
    assert level_of(Fraction(points)) == level


@pytest.mark.parametrize("points", ["-0.01", "100.01"])
def test_a_score_outside_0_to_100_has_no_level(points):
    with pytest.raises(ValueError, match=r"0\.\.100"):
        level_of(Fraction(points))


def test_the_bounds_of_the_levels_follow_one_another_from_0_to_100():
    assert [(float(low), float(high)) for low, high in LEVEL_BOUNDS] == [
        (0, 12.5),
        (12.5, 37.5),
        (37.5, 62.5),
        (62.5, 87.5),
        (87.5, 100),
    ]
    assert [level_of(low) for low, _ in LEVEL_BOUNDS] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("points", "whole"),
    [
        ("0", 0),
        ("0.01", 1),
        ("0.5", 1),
        ("1.49", 1),
        ("1.5", 2),
        ("2.5", 3),
        ("56.25", 56),
        ("99.4", 99),
        ("99.5", 99),
        ("99.99", 99),
        ("100", 100),
    ],
)
def test_whole_numbers_are_rounded_half_up_but_only_the_ends_are_shown_as_ends(points, whole):
    assert shown(Fraction(points)) == whole


@pytest.mark.parametrize(
    ("by_score", "lowest", "held"),
    [(1, 1, 1), (2, 1, 2), (3, 1, 2), (4, 1, 3), (3, 2, 3), (4, 2, 3), (5, 2, 4), (5, 3, 4), (5, 4, 5), (5, 5, 5)],
)
def test_the_weakest_dimension_holds_the_level_back_by_at_most_one(by_score, lowest, held):
    assert held_level(by_score, [5, lowest, 5]) == held


def test_every_dimension_at_the_lowest_level_is_named_when_it_holds_the_level_back():
    result = three(0, 4, 0, weights=(1, 3, 1))
    assert (result.score, result.level_by_score, result.level) == (60, 3, 2)
    assert result.held_by == ("d0", "d2")


def test_nothing_is_named_when_the_level_is_not_held_back():
    assert three(1, 2, 2).held_by == ()


def test_a_dimension_that_is_not_scored_enters_nothing():
    asked = questionnaire(context(1), *WORKED.dimensions, context(2))
    ticked = Answer(AnswerState.ANSWERED, ("c0", "c1"))
    answers = respond(**{"context_1": ticked, "context_2": ticked}, **WORKED_ANSWERS.answers)
    assert score(asked, [answers]) == score(WORKED, [WORKED_ANSWERS])


def test_unknown_and_missing_answers_are_the_same():
    missing = Response("sales", {key: answer for key, answer in WORKED_ANSWERS.answers.items() if answer != UNKNOWN})
    assert score(WORKED, [missing]) == score(WORKED, [WORKED_ANSWERS])


def test_a_dimension_with_exactly_half_of_its_weight_answered_has_a_score():
    asked = questionnaire(dimension("d", question("a", weight=2), question("b"), question("c")))
    (found,) = score(asked, [respond(a=2)]).dimensions
    assert (found.state, found.score, found.coverage) == (DimensionState.SCORED, 50, Fraction(1, 2))


def test_a_dimension_with_less_than_half_of_its_weight_answered_has_none_but_a_range():
    asked = questionnaire(dimension("d", question("a", weight=2), question("b"), question("c", weight="1.001")))
    (found,) = score(asked, [respond(a=2)]).dimensions
    assert (found.state, found.score, found.level) == (DimensionState.NOT_ENOUGH, None, None)
    assert found.coverage == Fraction(2) / Fraction("4.001")
    assert found.range == Range(100 / Fraction("4.001"), Fraction("300.1") / Fraction("4.001"))


def test_a_dimension_without_an_applicable_question_has_neither_coverage_nor_range():
    (found,) = score(questionnaire(dimension("d", question("a"))), [respond(a=NOT_APPLICABLE)]).dimensions
    assert found.state == DimensionState.NOT_APPLICABLE
    assert (found.score, found.level, found.coverage, found.range) == (None, None, None, None)


def test_when_nothing_is_applicable_there_is_no_range():
    result = score(questionnaire(dimension("d", question("a"))), [respond(a=NOT_APPLICABLE)])
    assert (result.score, result.range, result.level_range, result.level_stated) == (None, None, None, False)
    assert (result.plan, result.plan_on_mean) == ((), False)


def test_two_scored_dimensions_give_no_overall_score_and_three_do():
    assert three(2, 2, NOT_APPLICABLE).score is None
    assert three(2, 2, 2).score == 50


def test_a_dimension_that_is_not_applicable_leaves_the_overall_score_to_the_others():
    parts = [dimension(f"d{n}", question(f"q{n}")) for n in range(4)]
    assert score(questionnaire(*parts), [respond(q0=2, q1=2, q2=2, q3=NOT_APPLICABLE)]).score == 50


def test_a_dimension_without_enough_answers_prevents_an_overall_score():
    parts = [dimension(f"d{n}", question(f"q{n}")) for n in range(4)]
    result = score(questionnaire(*parts), [respond(q0=2, q1=2, q2=2)])
    assert (result.score, result.level, result.level_by_score, result.held_by) == (None, None, None, ())
    assert result.range == Range(Fraction("37.5"), Fraction("62.5"))
    assert result.level_range == (3, 4)
    assert not result.level_stated


def test_the_level_is_not_stated_alone_when_the_ends_are_two_levels_apart():
    parts = [dimension(f"d{n}", question(f"a{n}"), question(f"b{n}")) for n in range(3)]
    result = score(questionnaire(*parts), [respond(a0=3, b0=3, a1=3, a2=3)])
    assert (result.range.low, result.range.high, result.level_range) == (50, Fraction(250, 3), (3, 4))
    assert result.level_stated
    result = score(questionnaire(*parts), [respond(a0=2, a1=2, a2=2)])
    assert (result.score, result.level, result.level_range) == (50, 3, (2, 4))
    assert not result.level_stated


def test_the_questions_that_would_narrow_the_range_most_are_named_largest_effect_first():
    asked = questionnaire(
        dimension("one", question("a"), question("b", weight=2), question("c", weight=3)),
        dimension("two", question("f", weight=9), question("g", weight=9)),
        dimension("three", question("d"), question("e"), weight=3),
    )
    assert score(asked, [respond(c=2, d=2, f=2)]).narrowing == ("e", "g", "b")
    assert score(asked, [respond(c=2, d=2, e=2, f=2, a=NOT_APPLICABLE)]).narrowing == ("g", "b")


def test_questions_that_would_narrow_the_range_alike_come_in_questionnaire_order():
    asked = questionnaire(*(dimension(f"d{n}", question(f"a{n}"), question(f"b{n}")) for n in range(4)))
    assert score(asked, [respond(a0=1, a1=1, a2=1, a3=1)]).narrowing == ("b0", "b1", "b2")


ONE = questionnaire(dimension("d", question("q")))


def joint(*answers, mode=Mode.OPEN, floor=5):
    (found,) = score(ONE, [respond(q=answer) for answer in answers], mode=mode, floor=floor).questions
    return found.state, found.score


def test_a_joint_question_scores_the_mean_of_the_chosen_answers():
    assert joint(0, 2, 1, UNKNOWN) == (QuestionState.SCORED, 25)
    assert joint(0, 2, 2) == (QuestionState.SCORED, Fraction(100, 3))


def test_a_joint_question_is_not_applicable_only_when_more_say_so_than_chose():
    assert joint(4, NOT_APPLICABLE) == (QuestionState.SCORED, 100)
    assert joint(4, NOT_APPLICABLE, NOT_APPLICABLE, UNKNOWN) == (QuestionState.NOT_APPLICABLE, None)
    assert joint(UNKNOWN, NOT_APPLICABLE) == (QuestionState.NOT_APPLICABLE, None)


def test_a_joint_question_has_a_score_from_half_of_those_it_applies_to():
    assert joint(4, UNKNOWN) == (QuestionState.SCORED, 100)
    assert joint(4, UNKNOWN, NOT_APPLICABLE) == (QuestionState.SCORED, 100)
    assert joint(4, UNKNOWN, UNKNOWN) == (QuestionState.NO_SCORE, None)
    assert joint(4, 4, UNKNOWN, UNKNOWN, UNKNOWN, NOT_APPLICABLE) == (QuestionState.NO_SCORE, None)


def test_a_confidential_question_needs_five_chosen_answers_whatever_smaller_floor_is_asked():
    four, five = [4] * 4 + [UNKNOWN], [4] * 5 + [UNKNOWN]
    assert joint(*four, mode=Mode.CONFIDENTIAL) == (QuestionState.NO_SCORE, None)
    for floor in (-1, 0, 1, 3):
        assert joint(*four, mode=Mode.CONFIDENTIAL, floor=floor) == (QuestionState.NO_SCORE, None)
        assert joint(*five, mode=Mode.CONFIDENTIAL, floor=floor) == (QuestionState.SCORED, 100)
    assert joint(*five, mode=Mode.CONFIDENTIAL) == (QuestionState.SCORED, 100)
    assert joint(*five, mode=Mode.CONFIDENTIAL, floor=6) == (QuestionState.NO_SCORE, None)
    assert joint(*four, mode=Mode.OPEN, floor=6) == (QuestionState.SCORED, 100)


def test_what_was_published_with_four_is_computed_with_four_where_that_is_said():
    assert joint(4, 4, 4, 4, UNKNOWN, mode=Mode.CONFIDENTIAL, floor=4) == (QuestionState.SCORED, 100)
    assert joint(4, 4, 4, UNKNOWN, mode=Mode.CONFIDENTIAL, floor=4) == (QuestionState.NO_SCORE, None)


def test_lowest_and_highest_are_told_in_open_rounds_only():
    given = [respond(q=number) for number in (0, 0, 2, 2, 3)]
    for mode, ends in [(Mode.OPEN, (0, 75)), (Mode.CONFIDENTIAL, (None, None))]:
        (found,) = score(ONE, given, mode=mode).questions
        assert (found.lowest, found.highest, found.views_differ) == (*ends, True)


def test_no_response_cannot_be_scored():
    with pytest.raises(ValueError, match="no response"):
        score(ONE, [], mode=Mode.OPEN)


def test_a_solo_round_has_exactly_one_response():
    with pytest.raises(ValueError, match="exactly one"):
        score(ONE, [respond(q=1), respond(q=1)])


@pytest.mark.parametrize("choices", [("c9",), (), ("c0", "c1")])
def test_an_answer_that_is_not_one_of_the_choices_cannot_be_scored(choices):
    with pytest.raises(ValueError, match="'q'"):
        score(ONE, [respond(q=Answer(AnswerState.ANSWERED, choices))])


def test_a_question_without_a_result_is_named():
    with pytest.raises(ValueError, match="'c2'"):
        from_questions(WORKED, [q for q in score(WORKED, [WORKED_ANSWERS]).questions if q.key != "c2"])


def test_a_question_is_found_by_its_key_in_any_dimension():
    asked = questionnaire(context(1), *WORKED.dimensions)
    assert asked.question("c2").key == "c2"
    assert asked.question("context-1").kind == "multiple"
    with pytest.raises(KeyError):
        asked.question("nothing")
