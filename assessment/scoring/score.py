"""The way from responses to a result: questions, then dimensions, then the whole, contradictions and criteria."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from assessment.scoring import (
    SCORING_VERSION,
    Condition,
    Criterion,
    CriterionResult,
    DimensionResult,
    Mode,
    Question,
    Questionnaire,
    QuestionResult,
    QuestionState,
    Response,
    Result,
    Rule,
    Standing,
)
from assessment.scoring.answers import PRIVACY_FLOOR, fewest_answers, points_chosen, tally
from assessment.scoring.dimensions import (
    dimension_result,
    has_overall_score,
    mean_of_scored,
    narrowing,
    overall_range,
    weighted_mean,
)
from assessment.scoring.levels import held_level, level_of
from assessment.scoring.plan import HALF_WAY, missing_foundations, plan
from assessment.scoring.roles import views_differ


def score(
    questionnaire: Questionnaire,
    responses: Sequence[Response],
    *,
    mode: Mode = Mode.SOLO,
    floor: int = PRIVACY_FLOOR,
    version: int = SCORING_VERSION,
) -> Result:
    """The result of a round, or of one response (SOLO): scores in 0..100, levels in 1..5, exact; by one of the `VERSIONS`.

    In a CONFIDENTIAL round a question needs at least `floor` chosen answers, owners' not counted, to have a score;
    elsewhere it has no effect. Whether a joint report may exist at all is the caller's to decide. Raises ValueError for no
    response, for more than one in SOLO, and for an answer that is not a choice of its question. The rules:
    scoring/README.md, "Several responses" and on.
    """
    found = contradictions(questionnaire, responses, mode=mode, floor=floor)
    questions = question_results(questionnaire, responses, mode=mode, floor=floor)
    return from_questions(questionnaire, questions, contradictions=found, version=version)


def question_results(
    questionnaire: Questionnaire, responses: Sequence[Response], *, mode: Mode = Mode.SOLO, floor: int = PRIVACY_FLOOR
) -> tuple[QuestionResult, ...]:
    """The results of the scored dimensions' questions alone; arguments and errors are those of `score`.

    The rule: scoring/README.md, "Several responses". Without a score there is neither "views differ" nor lowest and highest.
    """
    if not responses:
        raise ValueError("there is no response to score")
    if mode == Mode.SOLO and len(responses) > 1:
        raise ValueError("a solo round has exactly one response")
    fewest = fewest_answers(mode, floor)
    return tuple(
        _question_result(question, responses, mode=mode, fewest=fewest) for question in questionnaire.scored_questions
    )


def score_dimension(questionnaire: Questionnaire, response: Response, key: str) -> DimensionResult:
    """The result of one scored dimension by one person's answers alone; KeyError when no scored dimension has this key.

    It is the one that `score` gives the dimension in SOLO. Raises ValueError as `score` does.
    """
    dimension = {dimension.key: dimension for dimension in questionnaire.scored_dimensions}[key]
    results = (_question_result(asked, [response], mode=Mode.SOLO, fewest=1) for asked in dimension.questions)
    return dimension_result(dimension, {result.key: result for result in results})


def _question_result(question: Question, responses: Sequence[Response], *, mode: Mode, fewest: int) -> QuestionResult:
    tallied = tally(question, responses, fewest=fewest)
    if tallied.state != QuestionState.SCORED:
        return QuestionResult(question.key, tallied.state, None, False, None, None)
    points, in_the_open = tallied.points, mode == Mode.OPEN
    return QuestionResult(
        key=question.key,
        state=tallied.state,
        score=tallied.score,
        views_differ=views_differ(points),
        lowest=min(points) if in_the_open else None,
        highest=max(points) if in_the_open else None,
    )


def from_questions(
    questionnaire: Questionnaire,
    questions: Iterable[QuestionResult],
    *,
    contradictions: tuple[str, ...] = (),
    version: int = SCORING_VERSION,
) -> Result:
    """Everything below the question level, from question results alone: a joint report holds no answers.

    `contradictions` is handed through, as only answers show them. Raises ValueError when a question of a scored
    dimension has no result. The rules: scoring/README.md, "Dimension" and on.
    """
    by_key = _in_questionnaire_order(questionnaire, questions)
    results = [dimension_result(dimension, by_key) for dimension in questionnaire.scored_dimensions]
    return from_dimensions(questionnaire, results, by_key.values(), contradictions=contradictions, version=version)


def from_dimensions(
    questionnaire: Questionnaire,
    results: Sequence[DimensionResult],
    questions: Iterable[QuestionResult],
    *,
    contradictions: tuple[str, ...] = (),
    version: int = SCORING_VERSION,
) -> Result:
    """Everything below the dimensions, from the results of the scored ones in their order, and the plan of the questions.

    Raises ValueError when a question of a scored dimension has no result. The rules: scoring/README.md, "Whole" and on.
    """
    dimensions = questionnaire.scored_dimensions
    by_key = _in_questionnaire_order(questionnaire, questions)
    found = whole(questionnaire, results)
    today = mean_of_scored(dimensions, results)
    steps = plan(dimensions, results, questions=by_key, today=today, version=version)
    is_first = version == 1  # which knew neither criteria nor foundations
    return replace(
        found,
        questions=tuple(by_key.values()),
        plan=steps,
        narrowing=narrowing(dimensions, by_key),
        contradictions=contradictions,
        plan_on_mean=found.score is None and bool(steps),
        criteria=() if is_first else tuple(standings(questionnaire, by_key)),
        foundations=() if is_first else missing_foundations(questionnaire.scored_questions, by_key, steps),
        version=version,
    )


def whole(questionnaire: Questionnaire, results: Sequence[DimensionResult]) -> Result:
    """Score, level, hold and range of the whole, from the results of the scored dimensions in their order; no more than that.

    The rules: scoring/README.md, "Whole", "Level" and "Range".
    """
    dimensions = questionnaire.scored_dimensions
    overall = mean_of_scored(dimensions, results) if has_overall_score(results) else None
    level, level_by_score, held_by = _level(overall, results)
    reach = overall_range(dimensions, results)
    return Result(
        score=overall,
        level=level,
        level_by_score=level_by_score,
        held_by=held_by,
        range=reach,
        level_range=(level_of(reach.low), level_of(reach.high)) if reach else None,
        dimensions=tuple(results),
        questions=(),
        plan=(),
        narrowing=(),
        contradictions=(),
        plan_on_mean=False,
    )


def _in_questionnaire_order(
    questionnaire: Questionnaire, questions: Iterable[QuestionResult]
) -> Mapping[str, QuestionResult]:
    given = {question.key: question for question in questions}
    keys = [question.key for question in questionnaire.scored_questions]
    if missing := [key for key in keys if key not in given]:
        raise ValueError(f"no result for question {missing[0]!r}")
    return {key: given[key] for key in keys}


def _level(
    overall: Fraction | None, results: Sequence[DimensionResult]
) -> tuple[int | None, int | None, tuple[str, ...]]:
    """The overall level, the level by score alone, and the weakest dimensions when they hold it back."""
    if overall is None:
        return None, None, ()
    by_score = level_of(overall)
    levels = {result.key: result.level for result in results if result.level is not None}
    level = held_level(by_score, levels.values())
    lowest = min(levels.values())
    held_by = tuple(key for key, value in levels.items() if value == lowest) if level < by_score else ()
    return level, by_score, held_by


# Answers that contradict each other, never a matter of score ---------------------------------------------------------
def contradictions(
    questionnaire: Questionnaire, responses: Sequence[Response], *, mode: Mode, floor: int = PRIVACY_FLOOR
) -> tuple[str, ...]:
    """The keys of the rules to raise with the team, in questionnaire order.

    The rule (scoring/README.md, "Contradictions"): a rule holds for a response when all its conditions are true of the points
    (0..100) it gave; a question without a chosen answer makes none true. It is reported when it holds for at least a
    quarter of the responses, in a confidential round also for at least `floor`, owners not counted. Raises
    ValueError for an answer that is not a choice of its question.
    """
    questions = {question.key: question for question in questionnaire.scored_questions}
    fewest = fewest_answers(mode, floor)
    found = []
    for rule in questionnaire.rules:
        holding = [response for response in responses if _holds(rule, response, questions)]
        others = [response for response in holding if mode != Mode.CONFIDENTIAL or not response.owner]
        if len(others) >= fewest and 4 * len(holding) >= len(responses):
            found.append(rule.key)
    return tuple(found)


def _holds(rule: Rule, response: Response, questions: Mapping[str, Question]) -> bool:
    return all(_is_true(condition, _points(condition, response, questions)) for condition in rule.when)


def _points(condition: Condition, response: Response, questions: Mapping[str, Question]) -> Fraction | None:
    question = questions.get(condition.question)
    return points_chosen(question, response.answers.get(question.key)) if question else None


def _is_true(condition: Condition, points: Fraction | None) -> bool:
    if points is None:
        return False
    above = condition.at_least is None or points >= condition.at_least
    return above and (condition.at_most is None or points <= condition.at_most)


# Where an organisation stands on each criterion of the barometer ------------------------------------------------------
Carrier = tuple[Question, QuestionResult]


def standings(questionnaire: Questionnaire, questions: Mapping[str, QuestionResult]) -> Iterator[CriterionResult]:
    """The standing and the score (0..100) of each criterion that scored questions carry, in the order of the criteria.

    The rule: scoring/README.md, "The criteria of 2016 and 2017". `questions` are results by question key.
    """
    for criterion in questionnaire.criteria:
        asked = [question for question in questionnaire.scored_questions if criterion.key in question.findings]
        if asked:
            yield _standing(criterion, [(question, questions[question.key]) for question in asked])


def _standing(criterion: Criterion, carriers: Sequence[Carrier]) -> CriterionResult:
    applicable = [pair for pair in carriers if pair[1].state != QuestionState.NOT_APPLICABLE]
    scores = [(question.weight, result.score) for question, result in applicable if result.score is not None]
    standing = _of(scores, sum((question.weight for question, _ in applicable), Fraction()))
    is_known = standing not in (Standing.UNKNOWN, Standing.NOT_APPLICABLE)
    score = weighted_mean(scores) if is_known else None
    return CriterionResult(criterion.key, criterion.edition, criterion.kind, standing, score)


def _of(scores: Sequence[tuple[Fraction, Fraction]], applicable: Fraction) -> Standing:
    """From the weights and scores of its scored questions, and the weight of all that apply."""
    if not applicable:
        return Standing.NOT_APPLICABLE
    if 2 * sum(weight for weight, _ in scores) < applicable:
        return Standing.UNKNOWN
    reached = [score >= HALF_WAY for _, score in scores]
    if all(reached):
        return Standing.REACHED
    return Standing.PARTLY if any(reached) else Standing.NOT_YET
