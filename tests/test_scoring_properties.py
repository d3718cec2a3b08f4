"""The eight properties every score keeps, and agreement with a second, naive implementation, on generated cases."""

import json
from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assessment.scoring import VERSIONS, Answer, AnswerState, Mode, Questionnaire, QuestionState, Standing
from assessment.scoring.dimensions import mean_of_scored
from assessment.scoring.publishing import report_data, result_data
from assessment.scoring.reading import read_report
from assessment.scoring.record import dump, load
from assessment.scoring.score import from_questions, question_results, score
from assessment.scoring.supposing import after_plan, so_far
from tests.naive_scoring import naive_result
from tests.sampling import examples
from tests.scoring_cases import (
    NOT_APPLICABLE,
    as_first_published,
    as_published,
    questionnaires,
    responses_to,
    rounds,
    weights,
    with_answer,
)

slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
quick = settings(deadline=None, max_examples=examples(20), suppress_health_check=slow)
thorough = settings(quick, max_examples=examples(80))


def scores_levels_ranges(result):
    """What order, weights in common and absent questions must not change, by key."""
    return {
        "whole": (result.score, result.level, result.level_by_score, result.range, result.level_range),
        "held": frozenset(result.held_by),
        "dimensions": {d.key: (d.state, d.score, d.level, d.coverage, d.range) for d in result.dimensions},
        "questions": {q.key: (q.state, q.score, q.views_differ, q.lowest, q.highest) for q in result.questions},
    }


def ends(reach):
    return reach and (reach.low, reach.high)


def plain(result):
    """The real result in the form of the naive one."""
    return {
        "score": result.score,
        "level": result.level,
        "level_by_score": result.level_by_score,
        "held_by": list(result.held_by),
        "range": ends(result.range),
        "level_range": result.level_range,
        "dimensions": [(d.key, d.state, d.score, d.level, d.coverage, ends(d.range)) for d in result.dimensions],
        "questions": [(q.key, q.state, q.score, q.views_differ, q.lowest, q.highest) for q in result.questions],
        "plan": [(s.question, s.dimension, s.to, s.gain, s.effort, s.score_after, s.first_move) for s in result.plan],
        "criteria": [(one.key, one.edition, one.kind, one.standing, one.score) for one in result.criteria],
        "foundations": list(result.foundations),
        "plan_on_mean": result.plan_on_mean,
        "narrowing": list(result.narrowing),
        "contradictions": list(result.contradictions),
    }


@thorough
@given(rounds(), st.sampled_from([0, 3, 4, 5, 6]))
def test_it_agrees_with_the_naive_implementation(case, floor):
    asked, responses, mode = case
    expected = naive_result(asked, responses, mode, floor)
    assert plain(score(asked, responses, mode=mode, floor=floor)) == expected


@thorough
@given(rounds(fewest=3, often=[12, 1, 1, 0]), st.sampled_from(VERSIONS))
def test_it_agrees_with_the_naive_implementation_where_most_is_answered(case, version):
    asked, responses, mode = case
    expected = naive_result(asked, responses, mode, version=version)
    assert plain(score(asked, responses, mode=mode, version=version)) == expected


@quick
@given(rounds())
def test_1_scores_levels_and_ranges_stay_in_bounds(case):
    asked, responses, mode = case
    result = score(asked, responses, mode=mode)
    for one in (result, *result.dimensions):
        assert one.score is None or 0 <= one.score <= 100
        assert one.level is None or one.level in {1, 2, 3, 4, 5}
        assert one.range is None or 0 <= one.range.low <= one.range.high <= 100
        assert one.score is None or one.range.low <= one.score <= one.range.high
    assert all(question.score is None or 0 <= question.score <= 100 for question in result.questions)
    assert result.level is None or result.level_range[0] <= result.level_by_score <= result.level_range[1]


def is_no_lower(before, after):
    return (before is None) == (after is None) and (before is None or before <= after)


@quick
@given(rounds(often=[12, 1, 1, 0]), st.data())
def test_2_a_better_answer_never_lowers_a_score_or_a_level(case, data):
    asked, responses, mode = case
    number = data.draw(st.integers(0, len(responses) - 1))
    question = data.draw(st.sampled_from(asked.scored_questions))
    answer = responses[number].answers.get(question.key)
    assume(answer is not None and answer.state == AnswerState.ANSWERED)
    points = {choice.key: choice.points for choice in question.choices}
    better = [key for key in points if points[key] > points[answer.choices[0]]]
    assume(better)
    improved = list(responses)
    chosen = Answer(AnswerState.ANSWERED, (data.draw(st.sampled_from(better)),))
    improved[number] = with_answer(responses[number], question.key, chosen)
    before, after = score(asked, responses, mode=mode), score(asked, improved, mode=mode)
    for one, other in zip((before, *before.dimensions), (after, *after.dimensions), strict=True):
        assert is_no_lower(one.score, other.score)
        assert is_no_lower(one.level, other.level)
    assert is_no_lower(before.level_by_score, after.level_by_score)
    for one, other in zip(before.questions, after.questions, strict=True):
        assert is_no_lower(one.score, other.score)


@quick
@given(rounds(), st.randoms(use_true_random=False))
def test_3_order_changes_no_score_level_or_range(case, random):
    asked, responses, mode = case

    def shuffled(items):
        return tuple(random.sample(list(items), len(items)))

    dimensions = [replace(dimension, questions=shuffled(dimension.questions)) for dimension in asked.dimensions]
    mixed = replace(asked, dimensions=shuffled(dimensions))
    turned = [replace(one, answers=dict(shuffled(one.answers.items()))) for one in shuffled(responses)]
    before, after = score(asked, responses, mode=mode), score(mixed, turned, mode=mode)
    assert scores_levels_ranges(before) == scores_levels_ranges(after)


@quick
@given(rounds(), weights)
def test_4_one_factor_on_all_weights_changes_nothing(case, factor):
    asked, responses, mode = case
    dimensions = tuple(
        replace(
            dimension,
            weight=dimension.weight * factor,
            questions=tuple(replace(question, weight=question.weight * factor) for question in dimension.questions),
        )
        for dimension in asked.dimensions
    )
    scaled = replace(asked, dimensions=dimensions)
    assert score(scaled, responses, mode=mode) == score(asked, responses, mode=mode)


@quick
@given(rounds(), st.data())
def test_5_a_question_that_is_not_applicable_is_as_if_it_were_not_asked(case, data):
    asked, responses, mode = case
    gone = data.draw(st.sampled_from(asked.scored_questions)).key
    silent = [with_answer(response, gone, NOT_APPLICABLE) for response in responses]
    with_it = score(asked, silent, mode=mode)
    without_it = score(without(asked, gone), silent, mode=mode)
    assert below_questions(with_it) == below_questions(without_it)
    assert tuple(question for question in with_it.questions if question.key != gone) == without_it.questions


def below_questions(result):
    """All but the questions, their contradictions, and criteria that only what is not applicable carries."""
    told = tuple(one for one in result.criteria if one.standing != Standing.NOT_APPLICABLE)
    return replace(result, questions=(), contradictions=(), criteria=told)


def without(asked, gone):
    """The questionnaire without one question, which is then no prerequisite either."""
    dimensions = []
    for dimension in asked.dimensions:
        kept = [question for question in dimension.questions if question.key != gone]
        kept = [replace(question, needs=tuple(k for k in question.needs if k != gone)) for question in kept]
        dimensions.append(replace(dimension, questions=tuple(kept)))
    rules = tuple(rule for rule in asked.rules if all(condition.question != gone for condition in rule.when))
    return Questionnaire(asked.key, asked.version, tuple(dimensions), rules, asked.criteria)


@quick
@given(rounds(modes=[Mode.SOLO]), st.sampled_from([Mode.OPEN, Mode.CONFIDENTIAL]), st.integers(1, 7))
def test_6_identical_responses_score_as_one(case, mode, number):
    asked, (response,), _ = case
    if mode == Mode.CONFIDENTIAL:  # at least five, and not owners'
        number, response = number + 4, replace(response, owner=False)
    alone, together = score(asked, [response]), score(asked, [response] * number, mode=mode)
    unanimous = tuple(replace(question, lowest=None, highest=None) for question in together.questions)
    assert replace(together, questions=unanimous) == alone


@quick
@given(rounds(often=[12, 1, 1, 0]), st.data())
def test_7_taking_a_step_gives_exactly_the_promised_score(case, data):
    asked, responses, mode = case
    result = score(asked, responses, mode=mode)
    assume(result.plan)
    step = data.draw(st.sampled_from(result.plan))
    taken = Answer(AnswerState.ANSWERED, (step.to,))
    after = score(asked, [taking(response, step.question, taken) for response in responses], mode=mode)
    reached = mean_of_scored(asked.scored_dimensions, after.dimensions) if result.plan_on_mean else after.score
    assert reached == step.score_after
    before = mean_of_scored(asked.scored_dimensions, result.dimensions) if result.plan_on_mean else result.score
    assert reached - before == step.gain
    assert step.gain > 0


def taking(response, key, taken):
    """The response with the new answer, where it had chosen one before."""
    had = response.answers.get(key)
    return with_answer(response, key, taken) if had and had.state == AnswerState.ANSWERED else response


@quick
@given(rounds(), st.sampled_from(VERSIONS))
def test_8_a_stored_result_recomputed_from_its_answers_is_equal(case, version):
    asked, responses, mode = case
    result = score(asked, responses, mode=mode, version=version)
    stored = json.loads(json.dumps(dump(result)))
    assert load(stored) == result
    again = json.loads(json.dumps(dump(score(asked, responses, mode=mode, version=version))))
    assert again == stored


@quick
@given(rounds(modes=[Mode.SOLO]))
def test_8_a_solo_report_recomputed_from_its_answers_is_equal(case):
    asked, responses, mode = case
    result = score(asked, responses, mode=mode)
    published = json.loads(json.dumps(report_data(asked, responses, result, mode=mode)))
    read = read_report(published)
    assert (read.mode, read.version) == (mode, 2)
    assert read.questionnaire == as_published(asked)
    assert score(read.questionnaire, read.responses, mode=read.mode) == result
    assert read.result == published["result"]


@quick
@given(rounds(modes=[Mode.SOLO], efforts_differ=False))
def test_8_a_report_of_version_1_is_recomputed_by_its_rules(case):
    asked, responses, mode = case
    result = score(asked, responses, mode=mode, version=1)
    published = json.loads(json.dumps(report_data(asked, responses, result, mode=mode)))
    read = read_report(published)
    assert (read.version, read.questionnaire) == (1, as_first_published(asked))
    assert score(read.questionnaire, read.responses, version=read.version) == result
    assert json.loads(json.dumps(report_data(read.questionnaire, responses, result, mode=mode))) == published


@quick
@given(rounds(modes=[Mode.OPEN, Mode.CONFIDENTIAL]))
def test_8_a_joint_report_recomputed_from_its_question_scores_is_equal(case):
    asked, responses, mode = case
    result = score(asked, responses, mode=mode)
    published = json.loads(json.dumps(report_data(asked, responses, result, mode=mode)))
    read = read_report(published)
    assert (read.responses, read.mode) == (None, mode)
    again = from_questions(read.questionnaire, result.questions, contradictions=result.contradictions)
    assert result_data(read.questionnaire, again) == read.result


@quick
@given(rounds(often=[12, 1, 1, 0]))
def test_the_gains_of_a_plan_add_up(case):
    """The score is linear in its questions, so what all steps give together is the sum of what each gives."""
    asked, responses, mode = case
    result = score(asked, responses, mode=mode)
    assume(result.score is not None)
    assume(result.plan)
    assert after_plan(asked, result).score == result.score + sum(step.gain for step in result.plan)


@quick
@given(rounds())
def test_question_results_are_all_it_takes_below_them(case):
    asked, responses, mode = case
    result = score(asked, responses, mode=mode)
    found = question_results(asked, responses, mode=mode)
    assert from_questions(asked, reversed(found), contradictions=result.contradictions) == result


@quick
@given(questionnaires(fewest=3).flatmap(lambda asked: st.tuples(st.just(asked), responses_to(asked, [1, 0, 0, 0]))))
def test_confidential_rounds_never_show_a_figure_that_rests_on_fewer_than_five(case):
    asked, response = case
    result = score(asked, [response] * 4, mode=Mode.CONFIDENTIAL, floor=0)
    assert result.score is None
    assert all(question.score is None for question in result.questions)
    assert all(question.state != QuestionState.SCORED and not question.views_differ for question in result.questions)
    assert result.contradictions == ()
    assert result.range is None or result.range.low == Fraction(0)


@thorough
@given(rounds(fewest=3, modes=[Mode.SOLO], often=[2, 1, 1, 2]), st.data())
def test_whatever_is_answered_to_the_rest_score_and_level_lie_where_a_provisional_result_says(case, data):
    asked, (begun,), _mode = case
    today = score(asked, [begun])
    result = so_far(asked, today)
    assert (result.score, result.level, result.held_by, result.range) == (None, None, (), today.range)
    left = [question.key for question in today.questions if question.state == QuestionState.NO_SCORE]
    rest = data.draw(responses_to(asked, [4, 1, 1, 0])).answers
    ended = score(asked, [replace(begun, answers={**begun.answers, **{key: rest[key] for key in left}})])
    if ended.score is not None:
        assert result.range.low <= ended.score <= result.range.high
        assert result.level_range[0] <= ended.level <= result.level_range[1]


@quick
@given(rounds(fewest=3, modes=[Mode.SOLO]), st.sampled_from([0, 1]))
def test_both_ends_of_a_provisional_result_can_be_reached(case, end):
    asked, (begun,), _mode = case
    today = score(asked, [begun])
    result = so_far(asked, today)
    said = dict(begun.answers)
    for one in today.questions:
        if one.state == QuestionState.NO_SCORE:
            choices = {choice.points: choice.key for choice in asked.question(one.key).choices}
            said[one.key] = Answer(AnswerState.ANSWERED, (choices[end * 100],))
    ended = score(asked, [replace(begun, answers=said)])
    if ended.score is not None:
        reached = (result.range.low, result.range.high)[end]
        assert (ended.score, ended.level) == (reached, result.level_range[end])
