"""Where people see things differently, as talking points.

What may be shown at all: scoring/README.md, "Views differ" and "Roles".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from assessment import scoring
from assessment.content.structure import QuestionContent
from assessment.report.parts import DimensionPart, Joint, QuestionPart, RoleView, ViewPart

MOST_SHOWN = 5


def differing(dimensions: Sequence[DimensionPart], joint: Joint | None, result: scoring.Result) -> tuple[ViewPart, ...]:
    """The questions people answered differently, farthest apart first where that may be known, else in their order."""
    if joint is None:
        return ()
    apart = {question.key: (question.highest or 0) - (question.lowest or 0) for question in result.questions}
    found = [ViewPart(question, part.title) for part, question in _questions(dimensions) if question.views_differ]
    return tuple(sorted(found, key=lambda view: -apart[view.question.key]))


def by_role(
    dimensions: Sequence[DimensionPart],
    joint: Joint | None,
    contents: Mapping[str, QuestionContent],
    *,
    levels_only: bool,
) -> tuple[ViewPart, ...]:
    """Up to five questions whose means (0..100) by role lie farthest apart, farthest first; none for fewer than two roles."""
    if joint is None or len(joint.roles) < 2:
        return ()
    found = [
        ViewPart(
            question, part.title, tuple(RoleView(group.role, group.means.get(question.key)) for group in joint.roles)
        )
        for part, question in _questions(dimensions)
    ]
    apart = sorted((view for view in found if _distance(view)), key=_distance, reverse=True)
    shown = apart[:MOST_SHOWN]
    return tuple(_in_words(view, contents[view.question.key]) for view in shown) if levels_only else tuple(shown)


def _in_words(view: ViewPart, content: QuestionContent) -> ViewPart:
    """The same with the statement nearest to what each role says."""
    said = (replace(one, nearest=content.nearest(one.mean)) for one in view.by_role)
    return replace(view, by_role=tuple(said))


def _questions(dimensions: Sequence[DimensionPart]) -> Iterator[tuple[DimensionPart, QuestionPart]]:
    for part in dimensions:
        for question in part.questions:
            yield part, question


def _distance(view: ViewPart) -> Fraction:
    known = [said.mean for said in view.by_role if said.mean is not None]
    return max(known) - min(known) if known else Fraction()
