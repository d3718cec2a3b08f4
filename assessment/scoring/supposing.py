"""What a result would be if some questions reached better choices, or those without a score had one; all else as it is."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from assessment.scoring import Questionnaire, QuestionResult, QuestionState, Result
from assessment.scoring.dimensions import dimension_result
from assessment.scoring.levels_only import by_level, raised
from assessment.scoring.score import from_questions, whole


def suppose(questionnaire: Questionnaire, result: Result, reached: Mapping[str, str]) -> Result:
    """The result if these questions (keys) reached these choices (keys): their points count, 0..100, whoever answered.

    Only a question that has a score can reach another choice. Computed as the result itself was, from its question scores
    on, so that the step of a plan gives the score the plan promises (scoring/README.md, "Properties that must hold"). One
    that shows levels only is computed from the levels: rounded sums of the means behind them would, tried often enough,
    give these. Raises ValueError for a question without a score, KeyError for an unknown question or choice.
    """
    moved = _all_moved(questionnaire, result, reached)
    if result.levels_only:
        dimensions = raised(questionnaire, result, moved)
        return by_level(questionnaire, dimensions, moved, contradictions=result.contradictions, version=result.version)
    return from_questions(questionnaire, moved, contradictions=result.contradictions, version=result.version)


def after_plan(questionnaire: Questionnaire, result: Result) -> Result | None:
    """The result when all steps of the plan are taken; None without a plan."""
    steps = {step.question: step.to for step in result.plan}
    return suppose(questionnaire, result, steps) if steps else None


def score_after_plan(questionnaire: Questionnaire, result: Result) -> Fraction | None:
    """The score (0..100) if all steps of the result's plan were taken; None without a plan, and where there is no score."""
    return after_steps(questionnaire, result, len(result.plan)).score if result.plan else None


def after_steps(questionnaire: Questionnaire, result: Result, count: int) -> Result:
    """What the whole would be when the first `count` steps of the plan are taken: of the result they give (`suppose`) the
    score, level, hold and range, the dimensions and the questions, without a plan and what else follows from it.
    """
    reached = {step.question: step.to for step in result.plan[:count]}
    moved = _all_moved(questionnaire, result, reached)
    if result.levels_only:
        dimensions = raised(questionnaire, result, moved)
    else:
        by_key, named = {question.key: question for question in moved}, {step.dimension for step in result.plan[:count]}
        parts = zip(questionnaire.scored_dimensions, result.dimensions, strict=True)
        dimensions = tuple(dimension_result(of, by_key) if of.key in named else part for of, part in parts)
    then = whole(questionnaire, dimensions)
    return replace(then, questions=tuple(moved), version=result.version, levels_only=result.levels_only)


def steps_to_level(questionnaire: Questionnaire, result: Result, then: Result) -> tuple[int, int] | None:
    """How many steps, the first of the plan, suffice for another level than today's, and which; None when all do not.

    `then` is the result when all are taken. Levels count as they are stated: None where today's or then's is not stated
    alone. The level never falls by a step (scoring/README.md, "Properties that must hold"), so the least number is the answer.
    """
    if not (result.level_stated and then.level_stated) or then.level is None or then.level == result.level:
        return None
    for count in range(1, len(result.plan)):
        tried = after_steps(questionnaire, result, count)
        if tried.level is not None and tried.level_stated and tried.level != result.level:
            return count, tried.level
    return len(result.plan), then.level


def so_far(questionnaire: Questionnaire, result: Result) -> Result:
    """A SOLO result while answers are still to come: neither score nor level of the whole, but between what they will lie.

    The ends are the whole with each applicable question that has no score at 0, and at 100, each with the level it would
    have, held or not: whatever is answered to those, score and level will lie there (scoring/README.md, "Provisional").
    """
    ends = [_with_unscored_at(questionnaire, result, Fraction(points)) for points in (0, 100)]
    levels = tuple(end.level for end in ends if end.level is not None)
    return replace(
        result,
        score=None,
        level=None,
        level_by_score=None,
        held_by=(),
        level_range=(levels[0], levels[1]) if len(levels) == len(ends) else result.level_range,
        plan_on_mean=bool(result.plan),
        narrowing=(),
    )


def _with_unscored_at(questionnaire: Questionnaire, result: Result, points: Fraction) -> Result:
    """The whole if each applicable question without a score had these points."""
    questions = {question.key: question for question in result.questions}
    for key, question in questions.items():
        if question.state == QuestionState.NO_SCORE:
            questions[key] = replace(question, state=QuestionState.SCORED, score=points)
    return whole(questionnaire, [dimension_result(part, questions) for part in questionnaire.scored_dimensions])


def _all_moved(questionnaire: Questionnaire, result: Result, reached: Mapping[str, str]) -> list[QuestionResult]:
    """The questions when some (keys) reach these choices (keys); errors as of `suppose`."""
    points = {key: _points(questionnaire, key, choice) for key, choice in reached.items()}
    if unknown := points.keys() - {question.key for question in result.questions}:
        raise KeyError(min(unknown))
    return [_moved(question, points, reached) for question in result.questions]


def _points(questionnaire: Questionnaire, question: str, choice: str) -> Fraction | None:
    return {item.key: item.points for item in questionnaire.question(question).choices}[choice]


def _moved(
    question: QuestionResult, points: Mapping[str, Fraction | None], reached: Mapping[str, str]
) -> QuestionResult:
    if question.key not in points:
        return question
    if question.state != QuestionState.SCORED:
        raise ValueError(f"question {question.key!r} has no score to improve")
    at_level = None if question.nearest is None else reached[question.key]
    score = points[question.key]
    return replace(question, score=score, views_differ=False, lowest=None, highest=None, nearest=at_level)
