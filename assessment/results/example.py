"""The invented organisation of the example report, the worked example of the methodology, and results of invented ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from django.utils import timezone

from assessment import scoring
from assessment.models.outline import Outline
from assessment.models.questionnaire import Questionnaire
from assessment.report.evidence import Edition, Reference
from assessment.report.parts import Report, Subject
from assessment.results.unstored import UNKNOWN, Evidence, unstored_report
from assessment.rounds.submitting import asked_now
from assessment.scoring.score import score

# How the example answers, dimension by dimension: the place of the choice in each question, None for "I don't know".
# A firm that publishes and counts by plan, while its rules, its training and its sales team are left to habit.
PATTERN = {0: (3, 2, 3, 2, 3, 2, 1, 2), 1: (1, 0, 2, 0, 2, 1, 0), 2: (1, 0, 1, 2, 0, 1, 0), 3: (3, 2, 3, 2, 1, None, 2)}
OTHERWISE = (1, 0, 1, 1, 1, 0, 0)


def example_report(
    outline: Outline,
    references: Mapping[str, Sequence[Reference]],
    barometer: Sequence[Edition],
    organisation: str,
) -> Report:
    """The example's report under a questionnaire, as if it were submitted now."""
    picked: dict[str, tuple[str]] = {}
    scored = [dimension for dimension in outline.content.dimensions if dimension.scored]
    for place, dimension in enumerate(scored):
        pattern = PATTERN.get(place, OTHERWISE)
        for number, question in enumerate(dimension.questions):
            pick = pattern[number % len(pattern)]
            last = len(question.choices) - 1
            picked[question.key] = (UNKNOWN if pick is None else question.choices[min(pick, last)].key,)
    subject = Subject(organisation, timezone.now(), 1, is_demo=True)
    return unstored_report(outline, picked, subject, evidence=Evidence(references, barometer))


# Of invented organisations: how far they are in each dimension in turn, in choices of five, and how much they differ.
FURTHER, SPREAD = (0.5, -0.5, -0.7, 0, -0.3), 0.9
NOT_ANSWERED, LEFT_OUT = 0.04, 0.15  # how often a question, or the last dimension, has no answer


def invented_results(questionnaire: Questionnaire, number: int, random: Random) -> Iterator[scoring.Result]:
    """The results of so many invented organisations, each with a bent of its own; nothing is stored."""
    asked = asked_now(questionnaire)
    for _ in range(number):
        bent, leaves_out = random.gauss(1.9, 0.8), random.random() < LEFT_OUT
        answers = {}
        for place, dimension in enumerate(asked.scored_dimensions):
            is_last = place == len(asked.scored_dimensions) - 1
            middle = bent + FURTHER[place % len(FURTHER)]
            for question in dimension.questions:
                answers[question.key] = _invented(question, middle, random, left_out=leaves_out and is_last)
        yield score(asked, [scoring.Response("marketing", answers)])


def _invented(question: scoring.Question, middle: float, random: Random, *, left_out: bool) -> scoring.Answer:
    if left_out:
        return scoring.Answer(scoring.AnswerState.NOT_APPLICABLE)
    if random.random() < NOT_ANSWERED:
        return scoring.Answer(scoring.AnswerState.UNKNOWN)
    place = min(max(round(random.gauss(middle, SPREAD)), 0), len(question.choices) - 1)
    return scoring.Answer(scoring.AnswerState.ANSWERED, (question.choices[place].key,))


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """The methodology's example: what was answered, dimension by dimension, and what the core makes of it."""

    rows: tuple[tuple[str, int, str, scoring.DimensionResult], ...]
    result: scoring.Result


# Dimension, its weight, and (points, weight) of each question; None points: "I don't know".
EXAMPLE = (
    ("strategy", 1, ((25, 1), (50, 1))),
    ("charter", 1, ((0, 1), (None, 1), (0, 1))),
    ("roi", 2, ((75, 1), (100, 3))),
)


def worked_example() -> WorkedExample:
    """The example computed by the scoring core, never written down."""
    answers: dict[str, scoring.Answer] = {}
    dimensions = []
    for key, weight, given in EXAMPLE:
        questions = []
        for number, (points, question_weight) in enumerate(given, start=1):
            name = f"{key}-{number}"
            questions.append(_question(name, question_weight))
            if points is not None:
                answers[name] = scoring.Answer(scoring.AnswerState.ANSWERED, (f"p{points}",))
        dimensions.append(scoring.Dimension(key, True, Fraction(weight), tuple(questions)))
    questionnaire = scoring.Questionnaire("worked-example", 1, tuple(dimensions))
    result = score(questionnaire, [scoring.Response("", answers)])
    rows = tuple(
        (key, weight, given, part) for (key, weight, given), part in zip(EXAMPLE, result.dimensions, strict=True)
    )
    return WorkedExample(rows, result)


def _question(key: str, weight: int) -> scoring.Question:
    choices = tuple(scoring.Choice(f"p{points}", Fraction(points)) for points in (0, 25, 50, 75, 100))
    return scoring.Question(key, "single", Fraction(weight), False, (), choices)
