"""What to say about a result: the one object that the page, its charts and every export show.

Pure values in, values out: no row, no request, no language (texts are handed through), no scoring of its own. Numbers are
the core's exact fractions; `shown` in the scoring core says how they are printed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from assessment import scoring
from assessment.content.structure import DimensionContent, LevelContent, QuestionContent, QuestionnaireContent, Text

WEAK, STRONG = 50, 75  # points: below the one a question holds its dimension back, from the other on it is a strength
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Reference:
    """Where we read the companies of one edition of the barometer in one dimension; level None: nothing was found."""

    edition: int
    level: int | None
    why: Text | None


@dataclass(frozen=True, slots=True)
class Published:
    """A published figure: `percent` (0 to 100) of those a study asked do what `label` says; sample None: not published."""

    percent: Decimal
    label: Text
    publisher: str
    year: int | None
    sample: int | None
    population: Text
    vendor: bool


@dataclass(frozen=True, slots=True)
class Given:
    """What one person answered, in words, with the note and link that only she and her readers see."""

    state: str
    texts: tuple[Text, ...]
    note: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """Why this score: one question with its answer, points (0 to 100) and weight."""

    key: str
    text: Text
    state: str
    score: Fraction | None
    weight: Fraction
    given: Given | None
    best: Text


@dataclass(frozen=True, slots=True)
class DimensionPart:
    """A scored dimension; `anchor` says what its level looks like, `before` is the earlier round's comparison."""

    key: str
    title: Text
    description: Text
    state: str
    score: Fraction | None
    level: LevelContent | None
    anchor: Text | None
    coverage: Fraction | None
    range: scoring.Range | None
    questions: tuple[QuestionPart, ...]
    weak: tuple[QuestionPart, ...]
    strong: tuple[QuestionPart, ...]
    references: tuple[Reference, ...]
    before: "scoring.DimensionChange | None"

    @property
    def is_scored(self) -> bool:
        return self.state == scoring.DimensionState.SCORED


@dataclass(frozen=True, slots=True)
class ComparisonPart:
    """An answer that gives no points, beside the figures published of its choices: whether each was chosen, and it."""

    question: Text
    given: Given
    figures: tuple[tuple[bool, Published], ...]


@dataclass(frozen=True, slots=True)
class StepPart:
    """One next step: from what is so today to the statement to reach; `first_move` only where the question is weak."""

    number: int
    question: QuestionPart
    dimension: Text
    to: Text
    to_key: str
    first_move: Text | None
    gain: Fraction
    effort: str
    owner: str
    score_after: Fraction


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose result this is."""

    organisation: str
    made_at: datetime
    round_number: int
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `level` is None while there is no overall score; `held_by` are titles of dimensions."""

    subject: Subject
    questionnaire: QuestionnaireContent
    version: int
    result: scoring.Result
    level: LevelContent | None
    level_by_score: LevelContent | None
    held_by: tuple[Text, ...]
    missing: tuple[DimensionPart, ...]
    narrowing: tuple[tuple[Text, str, QuestionPart], ...]
    dimensions: tuple[DimensionPart, ...]
    shows_plan: bool
    plan: tuple[StepPart, ...]
    contradictions: tuple[Text, ...]
    comparisons: tuple[ComparisonPart, ...]
    before: "Earlier | None"

    @property
    def levels(self) -> tuple[LevelContent, ...]:
        return self.questionnaire.levels

    @property
    def editions(self) -> tuple[int, ...]:
        """The editions of the barometer that are compared with; each dimension has a reference, perhaps empty, for each."""
        return tuple(item.edition for item in self.dimensions[0].references) if self.dimensions else ()

    @property
    def answered(self) -> tuple[int, int]:
        """How many of the applicable questions have a score, and how many there are."""
        states = [question.state for question in self.result.questions]
        applicable = [state for state in states if state != scoring.QuestionState.NOT_APPLICABLE]
        return applicable.count(scoring.QuestionState.SCORED), len(applicable)

    @property
    def strongest(self) -> DimensionPart | None:
        return max(self._scored, key=lambda part: part.score, default=None)

    @property
    def weakest(self) -> DimensionPart | None:
        return min(self._scored, key=lambda part: part.score, default=None)

    @property
    def _scored(self) -> list[DimensionPart]:
        return [part for part in self.dimensions if part.is_scored]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier round to compare with: its date, its result and how each dimension changed since."""

    made_at: datetime
    round_number: int
    result: scoring.Result
    changes: "tuple[scoring.DimensionChange, ...]"


@dataclass(frozen=True, slots=True)
class Source:
    """All that a report is built from besides the result itself."""

    subject: Subject
    questionnaire: QuestionnaireContent
    version: int
    given: Mapping[str, Given]
    references: Mapping[str, Sequence[Reference]]
    before: Earlier | None = None
    with_plan: bool = True
    figures: Mapping[str, Published] = field(default_factory=dict)


def build(source: Source, result: scoring.Result) -> Report:
    """The report of a result. Rules: weak and strong questions are read off their points; the plan is the core's."""
    parts = {part.key: part for part in result.dimensions}
    scored = [content for content in source.questionnaire.dimensions if content.scored]
    dimensions = tuple(_dimension(content, parts[content.key], source, result) for content in scored)
    titles = {dimension.key: dimension.title for dimension in dimensions}
    places = {question.key: (dimension, question) for dimension in dimensions for question in dimension.questions}
    levels = {level.number: level for level in source.questionnaire.levels}
    rules = {rule.key: rule.text for rule in source.questionnaire.consistency}
    return Report(
        subject=source.subject,
        questionnaire=source.questionnaire,
        version=source.version,
        result=result,
        level=levels.get(result.level),
        level_by_score=levels.get(result.level_by_score),
        held_by=tuple(titles[key] for key in result.held_by),
        missing=tuple(part for part in dimensions if part.state == scoring.DimensionState.NOT_ENOUGH),
        narrowing=tuple((places[key][0].title, places[key][0].key, places[key][1]) for key in result.narrowing),
        dimensions=dimensions,
        shows_plan=source.with_plan,
        plan=_plan(source, result, places) if source.with_plan else (),
        contradictions=tuple(rules[key] for key in result.contradictions),
        comparisons=tuple(_comparisons(source)),
        before=source.before,
    )


def _comparisons(source: Source) -> Iterator[ComparisonPart]:
    """The answered questions that are not scored and of whose choices something was published."""
    for question in (
        question for part in source.questionnaire.dimensions if not part.scored for question in part.questions
    ):
        given = source.given.get(question.key)
        figures = [choice for choice in question.choices if choice.figure in source.figures]
        if given is not None and given.texts and figures:
            pairs = tuple((choice.text in given.texts, source.figures[choice.figure]) for choice in figures)
            yield ComparisonPart(question.text, given, pairs)


def _dimension(
    content: DimensionContent, part: scoring.DimensionResult, source: Source, result: scoring.Result
) -> DimensionPart:
    results = {question.key: question for question in result.questions}
    questions = tuple(_question(question, results[question.key], source) for question in content.questions)
    levels = {level.number: level for level in source.questionnaire.levels}
    changes = {change.key: change for change in source.before.changes} if source.before else {}
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
        weak=_named(questions, lambda question: question.score < WEAK, lost=True),
        strong=_named(questions, lambda question: question.score >= STRONG, lost=False),
        references=_references(content.key, source),
        before=changes.get(content.key),
    )


def _references(dimension: str, source: Source) -> tuple[Reference, ...]:
    """One reference for every edition, also where it says nothing of this dimension."""
    editions = sorted({item.edition for found in source.references.values() for item in found})
    found = {item.edition: item for item in source.references.get(dimension, ())}
    return tuple(found.get(edition, Reference(edition, None, None)) for edition in editions)


def _named(questions: Sequence[QuestionPart], chosen, *, lost: bool) -> tuple[QuestionPart, ...]:
    """Up to three questions that weigh most, by the points they lose or by those they bring."""
    picked = [question for question in questions if question.score is not None and chosen(question)]
    picked.sort(key=lambda question: -question.weight * (100 - question.score if lost else question.score))
    return tuple(picked[:MOST_NAMED])


def _question(content: QuestionContent, part: scoring.QuestionResult, source: Source) -> QuestionPart:
    return QuestionPart(
        key=content.key,
        text=content.text,
        state=part.state,
        score=part.score,
        weight=Fraction(content.weight),
        given=source.given.get(content.key),
        best=max(content.choices, key=lambda choice: choice.points).text,
    )


def _plan(
    source: Source, result: scoring.Result, places: Mapping[str, tuple[DimensionPart, QuestionPart]]
) -> tuple[StepPart, ...]:
    contents = {question.key: question for part in source.questionnaire.dimensions for question in part.questions}
    steps = []
    for number, step in enumerate(result.plan, start=1):
        content = contents[step.question]
        dimension, question = places[step.question]
        advice = content.recommendation
        steps.append(
            StepPart(
                number=number,
                question=question,
                dimension=dimension.title,
                to=next(choice.text for choice in content.choices if choice.key == step.to),
                to_key=step.to,
                first_move=advice.text if advice and step.first_move else None,
                gain=step.gain,
                effort=step.effort,
                owner=advice.owner if advice else "",
                score_after=step.score_after,
            )
        )
    return tuple(steps)
