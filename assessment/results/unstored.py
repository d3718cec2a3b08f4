"""Builds a Report from answers in memory, which nobody stores: of the example page and of a preview in the administration."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assessment import scoring
from assessment.models.outline import Outline
from assessment.report.building import build
from assessment.report.evidence import Edition, Published, Reference
from assessment.report.parts import Report, Source, Subject
from assessment.report.question import Given
from assessment.results.reporting import after_plan, criteria_of
from assessment.scoring.score import score

ANSWERED, UNKNOWN, NOT_APPLICABLE = (
    scoring.AnswerState.ANSWERED,
    scoring.AnswerState.UNKNOWN,
    scoring.AnswerState.NOT_APPLICABLE,
)


@dataclass(frozen=True)
class Evidence:
    """What is known of other companies, to be set beside the answers."""

    references: Mapping[str, Sequence[Reference]]
    barometer: Sequence[Edition] = ()
    figures: Mapping[str, Published] = field(default_factory=dict)


def unstored_report(
    outline: Outline,
    picked: Mapping[str, Sequence[str]],
    subject: Subject,
    *,
    evidence: Evidence,
    left_out: Collection[str] = (),
) -> Report:
    """The report on what was picked: for each question the keys of choices, or of a state; `left_out`: dimensions."""
    asked = {key: values for key, values in picked.items() if values and outline.dimension_of[key] not in left_out}
    answers = {key: _answer(values) for key, values in asked.items()}
    for key, dimension in outline.dimension_of.items():
        if dimension in left_out:
            answers[key] = scoring.Answer(NOT_APPLICABLE)
    questions = replace(outline.scoring, criteria=criteria_of(evidence.barometer))
    result = score(questions, [scoring.Response("marketing", answers)])
    source = Source(
        replace(subject, is_stored=False),
        outline.content,
        outline.version,
        {key: _given(outline, key, values) for key, values in asked.items()},
        evidence.references,
        barometer=evidence.barometer,
        figures=evidence.figures,
        standings={told.key: told for told in result.criteria},
        after_plan=after_plan(questions, result, evidence.barometer),
    )
    return build(source, result)


def _answer(values: Sequence[str]) -> scoring.Answer:
    if values[0] in (UNKNOWN, NOT_APPLICABLE):
        return scoring.Answer(scoring.AnswerState(values[0]))
    return scoring.Answer(ANSWERED, tuple(values))


def _given(outline: Outline, key: str, values: Sequence[str]) -> Given:
    texts = tuple(choice.text for choice in outline.questions[key].choices if choice.key in values)
    return Given(_answer(values).state, texts)
