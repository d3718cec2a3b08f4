"""What a questionnaire holds and what it still lacks, part by part, for its author; a constant number of queries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.content.structure import HALF_WAY
from assessment.models.choice import ConsistencyRule
from assessment.models.frozen import Frozen
from assessment.models.outline import step_of, text_of
from assessment.models.questionnaire import Dimension, Level, Question, Questionnaire
from assessment.models.texts import written

# What is read with a question to tell what it lacks.
PARTS = ("choices", "prerequisites", "question_findings")


@dataclass(frozen=True)
class Line:
    """One row with its name for the author, and what is missing in it, in words."""

    row: Frozen
    name: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class QuestionLine(Line):
    """A question with what hangs on it."""

    choices: int
    steps: int
    prerequisites: int
    findings: int


@dataclass(frozen=True)
class DimensionLine(Line):
    """A dimension with its questions."""

    questions: tuple[QuestionLine, ...]


@dataclass(frozen=True)
class Inventory:
    """A questionnaire's contents."""

    dimensions: tuple[DimensionLine, ...]
    rules: tuple[Line, ...]
    missing: tuple[str, ...]  # of the questionnaire itself

    @cached_property
    def incomplete(self) -> int:
        """How many parts lack something."""
        lines = [line for part in self.dimensions for line in (part, *part.questions)]
        return sum(bool(line.missing) for line in (*lines, *self.rules)) + bool(self.missing)

    @cached_property
    def questions(self) -> int:
        return sum(len(part.questions) for part in self.dimensions)


def take_inventory(questionnaire: Questionnaire) -> Inventory:
    """What a questionnaire holds and lacks; eight queries."""
    levels = list(questionnaire.levels.all())
    missing = [*_texts([(questionnaire, "title", True), (questionnaire, "instruction", True)])]
    missing += _texts((level, field, True) for level in levels for field in ("name", "description"))
    if len(levels) < 5:
        missing.append(_("names of levels (five are needed)"))
    rules = tuple(
        Line(rule, written(rule, "text"), tuple(_texts([(rule, "text", True)]))) for rule in questionnaire.rules.all()
    )
    return Inventory(tuple(_dimension(row) for row in _dimensions(questionnaire)), rules, tuple(missing))


def part_of(dimension: Dimension) -> DimensionLine:
    """What one dimension holds and lacks; as many queries for many questions as for few."""
    return _dimension(_dimensions(dimension.questionnaire).get(pk=dimension.pk))


def dimension_names() -> dict[str, str]:
    """The dimensions of all versions by their keys, each by its newest name; one query."""
    names: dict[str, str] = {}
    for row in Dimension.objects.order_by("-questionnaire__version", "position"):
        names.setdefault(row.key, written(row, "title"))
    return names


def neighbours(question: Question) -> tuple[Question | None, Question | None]:
    """The question before this one and the one after it, in the whole questionnaire; one query."""
    whole = Question.objects.filter(dimension__questionnaire=question.dimension.questionnaire_id)
    order = list(whole.order_by("dimension__position", "dimension", "position", "pk"))
    place = order.index(question)
    return (order[place - 1] if place else None), (order[place + 1] if place + 1 < len(order) else None)


def _dimensions(questionnaire: Questionnaire):
    questions = Question.objects.prefetch_related(*PARTS)
    wanted = Prefetch("questions", queryset=questions.order_by("position", "pk"))
    return Dimension.objects.filter(questionnaire=questionnaire).prefetch_related("anchors", wanted)


def _dimension(row: Dimension) -> DimensionLine:
    questions = tuple(_question(question, row.scored) for question in row.questions.all())
    return DimensionLine(row, written(row, "title"), tuple(_lacks_dimension(row, bool(questions))), questions)


def _lacks_dimension(row: Dimension, has_questions: bool) -> Iterator[str]:
    anchors = list(row.anchors.all())
    own = [(row, "title", True), (row, "description", True), (row, "not_applicable", False)]
    yield from _texts([*own, *((anchor, "text", True) for anchor in anchors)])
    if not has_questions:
        yield _("questions")
    if row.scored and len(anchors) < 5:
        yield _("descriptions of the levels (five are needed)")
    if row.scored and not row.weight:
        yield _("weight")


def _question(row: Question, scored: bool) -> QuestionLine:
    return QuestionLine(
        row,
        written(row, "text"),
        tuple(_lacks_question(row, scored)),
        choices=len(row.choices.all()),
        steps=sum(step_of(choice) is not None for choice in row.choices.all()),
        prerequisites=len(row.prerequisites.all()),
        findings=len(row.question_findings.all()),
    )


def _lacks_question(row: Question, scored: bool) -> Iterator[str]:
    choices = list(row.choices.all())
    advised = [choice for choice in choices if step_of(choice)]
    texts = [(row, "text", True), (row, "help", False), *((choice, "text", True) for choice in choices)]
    yield from _texts([*texts, *((choice, name, True) for choice in advised for name in ("step_title", "first_move"))])
    if len(choices) < 2:
        yield _("choices (at least two are needed)")
    aimed_at = [choice for choice in choices if scored and choice.points is not None and choice.points >= HALF_WAY]
    if lacking := sum(not (choice in advised and choice.effort and choice.owner) for choice in aimed_at):
        yield ngettext("%(number)d step", "%(number)d steps", lacking) % {"number": lacking}
    if scored and not row.weight:
        yield _("weight")
    if scored and any(choice.points is None for choice in choices):
        yield _("points of a choice")


def _texts(fields: Iterable[tuple[Frozen | ConsistencyRule | Level, str, bool]]) -> Iterator[str]:
    """How many texts are missing in each language; one that may be left out is missing only where the other is there."""
    english = french = 0
    for row, field, is_needed in fields:
        text = text_of(row, field)
        if text or is_needed:
            english += not (text and text.en.strip())
            french += not (text and text.fr.strip())
    if english:
        yield ngettext("%(number)d text in English", "%(number)d texts in English", english) % {"number": english}
    if french:
        yield ngettext("%(number)d text in French", "%(number)d texts in French", french) % {"number": french}
