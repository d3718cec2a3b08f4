"""Where people see things differently, as talking points: the rules of scoring.md decide what may be shown at all."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from assessment import scoring
from assessment.report.parts import DimensionPart, Joint, QuestionPart, ViewPart

MOST_SHOWN = 5


def differing(dimensions: Sequence[DimensionPart], joint: Joint | None, result: scoring.Result) -> tuple[ViewPart, ...]:
    """The questions people answered differently, farthest apart first where that may be known, else in their order."""
    if joint is None:
        return ()
    apart = {question.key: (question.highest or 0) - (question.lowest or 0) for question in result.questions}
    found = [ViewPart(question, part.title) for part, question in _questions(dimensions) if question.views_differ]
    return tuple(sorted(found, key=lambda view: -apart[view.question.key]))


def by_role(dimensions: Sequence[DimensionPart], joint: Joint | None) -> tuple[ViewPart, ...]:
    """Up to five questions whose means (0..100) by role lie farthest apart, farthest first; none for fewer than two roles."""
    if joint is None or len(joint.roles) < 2:
        return ()
    found = [
        ViewPart(question, part.title, tuple((group.role, group.means.get(question.key)) for group in joint.roles))
        for part, question in _questions(dimensions)
    ]
    apart = sorted((view for view in found if _distance(view)), key=_distance, reverse=True)
    return tuple(apart[:MOST_SHOWN])


def _questions(dimensions: Sequence[DimensionPart]) -> Iterator[tuple[DimensionPart, QuestionPart]]:
    for part in dimensions:
        for question in part.questions:
            yield part, question


def _distance(view: ViewPart) -> Fraction:
    known = [mean for _role, mean in view.by_role if mean is not None]
    return max(known) - min(known) if known else Fraction()
