"""What could be improved: for each question with a score the statements worth more, to try out what they would bring."""

from dataclasses import dataclass
from fractions import Fraction

from assessment.content.structure import ChoiceContent, Text
from assessment.report.parts import QuestionPart, Report


@dataclass(frozen=True, slots=True)
class Improvement:
    """A question below 100 points with the choices (at least one) worth more than its score, lowest first.

    `step` is the key of the choice that the plan names, None for a question that is no step of it.
    """

    question: QuestionPart
    dimension: Text
    choices: tuple[ChoiceContent, ...]
    step: str | None

    @property
    def to(self) -> Text | None:
        """The statement that the plan names."""
        return next((choice.text for choice in self.choices if choice.key == self.step), None)


def improvements(report: Report) -> tuple[Improvement, ...]:
    """The improvements that a report leaves open: first the steps of its plan in their order, then the others in theirs."""
    steps = {step.question: step.to for step in report.result.plan}
    contents = {question.key: question for part in report.questionnaire.dimensions for question in part.questions}
    found = []
    for part in report.dimensions:
        for question in part.questions if part.is_scored else ():
            better = [choice for choice in contents[question.key].choices if _is_better(choice, question.score)]
            if better:
                better.sort(key=lambda choice: choice.points)
                found.append(Improvement(question, part.title, tuple(better), steps.get(question.key)))
    order = list(steps)
    return tuple(sorted(found, key=lambda item: order.index(item.question.key) if item.step else len(order)))


def _is_better(choice: ChoiceContent, score: Fraction | None) -> bool:
    return score is not None and choice.points is not None and choice.points > score
