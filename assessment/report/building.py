"""How a report is built: a result and the texts around it in, the parts of a report out.

Rules: weak and strong questions are read off their points; the plan is the core's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial

from assessment import scoring
from assessment.content.structure import DimensionContent, QuestionContent, Text
from assessment.report.barometer import against
from assessment.report.effect import AfterPlan, PlanEffect, effect_of
from assessment.report.evidence import Reference
from assessment.report.hiding import report_shown, source_shown
from assessment.report.parts import (
    ComparisonPart,
    DimensionPart,
    Earlier,
    Joint,
    Part,
    Report,
    RoleView,
    Source,
    StepPart,
    ViewPart,
)
from assessment.report.question import Given, QuestionPart
from assessment.scoring.comparison import DimensionChange

MOST_NAMED = 3
MOST_VIEWS = 5  # questions on which roles lie apart


def build(source: Source, result: scoring.Result) -> Report:
    """The report of a result; KeyError when the result is not one of the source's questionnaire."""
    source = source_shown(source)
    parts = {part.key: part for part in result.dimensions}
    scored = [content for content in source.questionnaire.dimensions if content.scored]
    dimensions = tuple(_dimension(content, parts[content.key], source, result) for content in scored)
    titles = {dimension.key: dimension.title for dimension in dimensions}
    places = {question.key: (dimension, question) for dimension in dimensions for question in dimension.questions}
    shown = {key: question for key, (_part, question) in places.items()}
    levels = {level.number: level for level in source.questionnaire.levels}
    contents = {question.key: question for part in source.questionnaire.dimensions for question in part.questions}
    rules = {rule.key: rule.text for rule in source.questionnaire.consistency}
    told = Report(
        subject=source.subject,
        questionnaire=source.questionnaire,
        version=source.version,
        result=result,
        level=levels.get(result.level),
        level_by_score=levels.get(result.level_by_score),
        held_by=tuple(titles[key] for key in result.held_by),
        missing=tuple(part for part in dimensions if part.state == scoring.DimensionState.NOT_ENOUGH),
        narrowing=tuple((places[key][0].title, places[key][1]) for key in result.narrowing),
        answered=_answered(result),
        dimensions=dimensions,
        plan=_plan(contents, result, places),
        foundations=tuple((places[key][0].title, places[key][1]) for key in result.foundations),
        contradictions=tuple(rules[key] for key in result.contradictions),
        comparisons=tuple(_comparisons(source)),
        before=source.before,
        first=source.first,
        joint=source.joint,
        differing=_differing(dimensions, source.joint, result),
        by_role=_by_role(dimensions, source.joint, contents, levels_only=result.levels_only),
        noted=tuple(question for part in dimensions for question in part.questions if question.notes),
        shows=source.shows,
        barometer=against(
            source.barometer, source.questionnaire, shown, source.standings, _contradicted(source, result)
        ),
        peers=source.peers,
    )
    if source.after_plan:
        told = replace(told, find_effect=cache(partial(_effect, told, source.after_plan, titles)))
    return report_shown(told)


def _contradicted(source: Source, result: scoring.Result) -> frozenset[str]:
    """The questions on which the rules that hold find more claimed than other answers bear out; none where talking points are
    not shown.
    """
    if Part.VIEWS not in source.shows:
        return frozenset()
    held = (rule for rule in source.questionnaire.consistency if rule.key in result.contradictions)
    return frozenset(claim.question for rule in held for claim in rule.when if claim.at_least is not None)


def _effect(report: Report, after_plan: Callable[[], AfterPlan], titles: Mapping[str, Text]) -> PlanEffect:
    return effect_of(after_plan(), report.place, titles, report.criteria, steps=len(report.plan))


def _answered(result: scoring.Result) -> tuple[int, int]:
    states = [question.state for question in result.questions]
    applicable = [state for state in states if state != scoring.QuestionState.NOT_APPLICABLE]
    return applicable.count(scoring.QuestionState.SCORED), len(applicable)


def _comparisons(source: Source) -> Iterator[ComparisonPart]:
    """The answered questions that are not scored, beside what was published of their choices."""
    if Part.BAROMETER not in source.shows:
        return
    for question in (
        question for part in source.questionnaire.dimensions if not part.scored for question in part.questions
    ):
        given = source.given.get(question.key)
        figures = [choice for choice in question.choices if choice.figure in source.figures]
        if given is not None and given.texts:
            pairs = tuple((choice.text in given.texts, source.figures[choice.figure]) for choice in figures)
            yield ComparisonPart(question.text, given, pairs, _without_figure(question, given))


def _without_figure(question: QuestionContent, given: Given) -> tuple[Text, ...]:
    """The statements chosen of which nothing was published; of two, the figure of the one says the other's as well."""
    if len(question.choices) == 2:
        return ()
    return tuple(
        choice.text
        for choice in question.choices
        if choice.figure is None and not choice.exclusive and choice.text in given.texts
    )


def _dimension(
    content: DimensionContent, part: scoring.DimensionResult, source: Source, result: scoring.Result
) -> DimensionPart:
    results = {question.key: question for question in result.questions}
    questions = tuple(_question(question, results[question.key], source) for question in content.questions)
    levels = {level.number: level for level in source.questionnaire.levels}
    return DimensionPart(
        key=content.key,
        title=content.title,
        description=content.description,
        state=part.state,
        score=part.score,
        level=levels.get(part.level),
        anchor=content.anchors[part.level - 1] if part.level and content.anchors else None,
        coverage=part.coverage,
        range=part.range,
        questions=questions,
        weak=_named([question for question in questions if question.is_weak], lost=True),
        strong=_named([question for question in questions if question.is_strong], lost=False),
        references=_references(content.key, source),
        before=_change(content.key, source.before),
        first=_change(content.key, source.first),
    )


def _change(dimension: str, earlier: Earlier | None) -> DimensionChange | None:
    changes = earlier.changes if earlier else ()
    return next((change for change in changes if change.key == dimension), None)


def _references(dimension: str, source: Source) -> tuple[Reference, ...]:
    """One reference for every edition, also where it says nothing of this dimension."""
    editions = sorted({item.edition for found in source.references.values() for item in found})
    found = {item.edition: item for item in source.references.get(dimension, ())}
    return tuple(found.get(edition, Reference(edition, None, None)) for edition in editions)


def _named(questions: Sequence[QuestionPart], *, lost: bool) -> tuple[QuestionPart, ...]:
    """Up to three of these questions, those that weigh most, by the points they lose or by those they bring."""
    first = sorted(
        questions, key=lambda question: -question.weight * (100 - question.score if lost else question.score)
    )
    return tuple(first[:MOST_NAMED])


def _question(content: QuestionContent, part: scoring.QuestionResult, source: Source) -> QuestionPart:
    joint = source.joint
    return QuestionPart(
        key=content.key,
        text=content.text,
        state=part.state,
        score=part.score,
        weight=Fraction(content.weight),
        given=source.given.get(content.key),
        nearest=_nearest(content, part) if joint else None,
        views_differ=part.views_differ,
        lowest=content.nearest(part.lowest),
        highest=content.nearest(part.highest),
        notes=joint.notes.get(content.key, ()) if joint else (),
        spread=_spread(part),
        place=_place(content, part.nearest),
        between=_between(content, part) if joint else None,
        is_statement=any(choice.step for choice in content.choices),
    )


def _between(content: QuestionContent, part: scoring.QuestionResult) -> tuple[Text, Text] | None:
    """The statements just below and above a mean; None where it is that of a statement, or only the level is shown."""
    if part.score is None or part.nearest is not None:
        return None
    below = max((choice for choice in content.choices if choice.points <= part.score), key=lambda choice: choice.points)
    above = min((choice for choice in content.choices if choice.points >= part.score), key=lambda choice: choice.points)
    return None if below.points == above.points else (below.text, above.text)


def _spread(part: scoring.QuestionResult) -> tuple[Fraction, Fraction] | None:
    """The points of the lowest and the highest answer, where they may be shown and differ."""
    if part.lowest is None or part.highest is None or part.lowest == part.highest:
        return None
    return part.lowest, part.highest


def _nearest(content: QuestionContent, part: scoring.QuestionResult) -> Text | None:
    """The statement nearest to a score, which a result that shows levels only names itself."""
    if part.nearest is None:
        return content.nearest(part.score)
    return next(choice.text for choice in content.choices if choice.key == part.nearest)


def _place(content: QuestionContent, nearest: str | None) -> tuple[int, int] | None:
    """The place of a choice among all of its question, by their points; None where no level is shown."""
    if nearest is None:
        return None
    order = [choice.key for choice in sorted(content.choices, key=lambda choice: choice.points)]
    return order.index(nearest) + 1, len(order)


def _plan(
    contents: Mapping[str, QuestionContent],
    result: scoring.Result,
    places: Mapping[str, tuple[DimensionPart, QuestionPart]],
) -> tuple[StepPart, ...]:
    steps = []
    for number, step in enumerate(result.plan, start=1):
        content = contents[step.question]
        dimension, question = places[step.question]
        to = content.choice(step.to)
        with_move = to.step is not None and (step.first_move or result.version > 1)
        steps.append(
            StepPart(
                number=number,
                question=question,
                dimension=dimension.title,
                to=to.text,
                title=to.step.title if to.step else None,
                first_move=to.step.first_move if with_move else None,
                gain=step.gain,
                effort=step.effort,
                owner=to.step.owner if to.step else "",
                score_after=step.score_after,
                decimals=0 if result.levels_only else 1,
            )
        )
    return tuple(steps)


# Where people see things differently; what may be shown: scoring/README.md, "Views differ" and "Roles" ----------------
def _differing(
    dimensions: Sequence[DimensionPart], joint: Joint | None, result: scoring.Result
) -> tuple[ViewPart, ...]:
    """The questions people answered differently, farthest apart first where that may be known, else in their order."""
    if joint is None:
        return ()
    apart = {question.key: (question.highest or 0) - (question.lowest or 0) for question in result.questions}
    found = [ViewPart(question, part.title) for part, question in _questions(dimensions) if question.views_differ]
    return tuple(sorted(found, key=lambda view: -apart[view.question.key]))


def _by_role(
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
    shown = apart[:MOST_VIEWS]
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
