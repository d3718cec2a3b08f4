"""Builds a Report that nobody stores: of the example page, of a preview in the administration, of a draft half answered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from assessment import scoring
from assessment.models.answer import SavedAnswer
from assessment.models.outline import Outline
from assessment.models.response import Response
from assessment.report.building import build
from assessment.report.evidence import Edition, Published, Reference
from assessment.report.parts import Part, Report, Source, Subject, Voice
from assessment.report.question import Given
from assessment.results.reporting import after_plan, criteria_of, given
from assessment.scoring.score import score
from assessment.scoring.supposing import so_far

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


# What only the whole can tell (barometer, talking points, earlier rounds) waits for the end; one's own notes tell nothing new.
PROVISIONAL = frozenset({Part.PLAN, Part.ANSWERS})


def provisional_report(
    response: Response, answers: Mapping[str, SavedAnswer], shows: frozenset[Part], *, at: datetime
) -> Report:
    """What a draft comes to so far, by its own answers alone; `shows` is what its author may see of their report."""
    round_, outline = response.round, response.outline
    subject = Subject(
        round_.organisation.name,
        at,
        round_.number,
        is_demo=round_.organisation.is_demo,
        is_stored=False,
        is_provisional=True,
        voice=Voice.ORGANISATION if round_.is_solo else Voice.YOURS,
    )
    source = Source(
        subject, outline.content, outline.version, given(response, answers), references={}, shows=shows & PROVISIONAL
    )
    result = score(outline.scoring, [response.values(answers, round_.excluded)])
    return build(source, so_far(outline.scoring, result))


def _answer(values: Sequence[str]) -> scoring.Answer:
    if values[0] in (UNKNOWN, NOT_APPLICABLE):
        return scoring.Answer(scoring.AnswerState(values[0]))
    return scoring.Answer(ANSWERED, tuple(values))


def _given(outline: Outline, key: str, values: Sequence[str]) -> Given:
    texts = tuple(choice.text for choice in outline.questions[key].choices if choice.key in values)
    return Given(_answer(values).state, texts)
