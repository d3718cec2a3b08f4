"""Questionnaires of before steps: a question had one recommendation, where now each choice aimed at has a step.

Its effort and owner stand at every such choice, its text is the first move to the lowest one; a title is nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assessment.content.structure import (
    ChoiceContent,
    QuestionContent,
    QuestionnaireContent,
    StepContent,
    Text,
)


@dataclass(frozen=True)
class Recommendation:
    """The first move that a question proposed: `effort` S, M or L, `owner` the role that would carry it out."""

    text: Text | None
    effort: str
    owner: str


def as_steps(choices: Sequence[ChoiceContent], advice: Recommendation) -> tuple[ChoiceContent, ...]:
    """The choices of a question with the steps that its recommendation stands for."""
    lowest = _lowest(choices)
    step = StepContent(None, None, advice.effort, advice.owner)
    first = replace(step, first_move=advice.text)
    return tuple(
        replace(choice, step=first if choice is lowest else step) if choice.is_aimed_at else choice
        for choice in choices
    )


def recommendation(question: QuestionContent) -> Recommendation | None:
    """The recommendation that the step to the lowest choice aimed at stands for; None without such a step."""
    lowest = _lowest(question.choices)
    step = lowest.step if lowest else None
    return Recommendation(step.first_move, step.effort, step.owner) if step else None


def is_of_before(content: QuestionnaireContent) -> bool:
    """Whether its recommendations say all that its steps say, so that it can be written as it was before steps."""
    return all(_is_of_before(question) for part in content.dimensions for question in part.questions)


def _is_of_before(question: QuestionContent) -> bool:
    bare, advice = tuple(replace(choice, step=None) for choice in question.choices), recommendation(question)
    return not question.foundation and question.choices == (as_steps(bare, advice) if advice else bare)


def _lowest(choices: Sequence[ChoiceContent]) -> ChoiceContent | None:
    return min((choice for choice in choices if choice.is_aimed_at), key=lambda choice: choice.points, default=None)
