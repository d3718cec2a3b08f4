"""From rows to plain values: a questionnaire as `QuestionnaireContent` (its texts) and as what the scoring core takes.

A published questionnaire cannot change, so its outline is read once per process.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from django.db.models import Model, Prefetch

from assessment import scoring
from assessment.content.fingerprint import content_hash
from assessment.content.places import Place
from assessment.content.structure import (
    NO_STEP,
    ChoiceContent,
    ConditionContent,
    DimensionContent,
    LevelContent,
    QuestionContent,
    QuestionnaireContent,
    RuleContent,
    StepContent,
    Text,
)
from assessment.models.choice import Choice, ConsistencyRule
from assessment.models.questionnaire import Dimension, Question, Questionnaire


@dataclass(frozen=True)
class Outline:
    """A questionnaire as values: `content` for reading, `scoring` for computing, `rows` to store answers and to lead there."""

    pk: int
    version: int
    content: QuestionnaireContent
    rows: dict[Place, int]  # the primary keys of its dimensions, questions and rules

    @cached_property
    def fingerprint(self) -> str:
        """What no other questions have: under it pages keep how these look."""
        return content_hash(self.content)

    @cached_property
    def scoring(self) -> scoring.Questionnaire:
        return _scoring_values(self.content, self.version)

    @cached_property
    def question_ids(self) -> dict[str, int]:
        return {place.question: pk for place, pk in self.rows.items() if place.question}

    @cached_property
    def question_keys(self) -> dict[int, str]:
        return {pk: key for key, pk in self.question_ids.items()}

    @cached_property
    def dimensions(self) -> dict[str, DimensionContent]:
        return {dimension.key: dimension for dimension in self.content.dimensions}

    @cached_property
    def questions(self) -> dict[str, QuestionContent]:
        return {question.key: question for dimension in self.content.dimensions for question in dimension.questions}

    @cached_property
    def dimension_of(self) -> dict[str, str]:
        return {
            question.key: dimension.key for dimension in self.content.dimensions for question in dimension.questions
        }


def outline(questionnaire: Questionnaire) -> Outline:
    """The questionnaire's outline, from this process's memory when it is published."""
    if questionnaire.is_draft:
        return read_outline(questionnaire)
    return _published_outline(questionnaire.pk, questionnaire.content_hash)


@lru_cache(maxsize=16)
def _published_outline(pk: int, content_hash: str) -> Outline:
    """The hash is part of the key so that another database in the same process (a test's) is never mixed up."""
    return read_outline(Questionnaire.objects.get(pk=pk, content_hash=content_hash))


def read_outline(questionnaire: Questionnaire) -> Outline:
    """Read all rows of a questionnaire; a constant number of queries."""
    questions = Question.objects.prefetch_related(
        "choices__figure", "prerequisites__needed", "question_findings__finding"
    )
    dimensions = list(
        Dimension.objects.filter(questionnaire=questionnaire).prefetch_related(
            "anchors", Prefetch("questions", queryset=questions.order_by("position", "pk"))
        )
    )
    rules = list(questionnaire.rules.select_related("first_question", "second_question"))
    content = QuestionnaireContent(
        key=questionnaire.key,
        title=text_of(questionnaire, "title"),
        instruction=text_of(questionnaire, "instruction"),
        levels=tuple(
            LevelContent(level.number, text_of(level, "name"), text_of(level, "description"))
            for level in questionnaire.levels.all()
        ),
        dimensions=tuple(_dimension(dimension) for dimension in dimensions),
        consistency=tuple(_rule(rule) for rule in rules),
    )
    rows = {Place(dimension.key): dimension.pk for dimension in dimensions}
    for dimension in dimensions:
        rows |= {Place(dimension.key, question.key): question.pk for question in dimension.questions.all()}
    rows |= {Place(rule=rule.key): rule.pk for rule in rules}
    return Outline(questionnaire.pk, questionnaire.version, content, rows)


def text_of(row: Model, field: str) -> Text | None:
    """A translated field in both languages; None when it is empty in both."""
    english, french = getattr(row, f"{field}_en"), getattr(row, f"{field}_fr")
    return Text(english or "", french or "") if english or french else None


def _dimension(row: Dimension) -> DimensionContent:
    return DimensionContent(
        key=row.key,
        title=text_of(row, "title"),
        description=text_of(row, "description"),
        scored=row.scored,
        weight=row.weight,
        anchors=_anchors(row),
        not_applicable=text_of(row, "not_applicable"),
        questions=tuple(_question(question) for question in row.questions.all()),
    )


def _anchors(row: Dimension) -> tuple[Text | None, ...]:
    """By their numbers, from 1: a draft may have that of a level and not yet that of one before it."""
    texts = {anchor.number: text for anchor in row.anchors.all() if (text := text_of(anchor, "text"))}
    return tuple(texts.get(number) for number in range(1, max(texts, default=0) + 1))


def _question(row: Question) -> QuestionContent:
    return QuestionContent(
        key=row.key,
        kind=row.kind,
        text=text_of(row, "text"),
        help=text_of(row, "help"),
        weight=row.weight,
        allows_not_applicable=row.allows_not_applicable,
        needs=tuple(prerequisite.needed.key for prerequisite in row.prerequisites.all()),
        findings=tuple(link.finding.key for link in row.question_findings.all()),
        choices=tuple(
            ChoiceContent(
                key=choice.key,
                text=text_of(choice, "text"),
                points=choice.points,
                exclusive=choice.exclusive,
                figure=choice.figure.key if choice.figure else None,
                step=step_of(choice),
            )
            for choice in row.choices.all()
        ),
        foundation=row.foundation,
    )


def step_of(row: Choice) -> StepContent | None:
    """The step to a choice; None where nothing of it is written."""
    step = StepContent(text_of(row, "step_title"), text_of(row, "first_move"), row.effort, row.owner)
    return step if step != NO_STEP else None


def _rule(row) -> RuleContent:
    conditions = (
        (row.first_question.key, row.first_comparison, row.first_points),
        (row.second_question.key, row.second_comparison, row.second_points),
    )
    return RuleContent(
        key=row.key,
        text=text_of(row, "text"),
        when=tuple(
            ConditionContent(
                question,
                at_least=points if comparison == ConsistencyRule.Comparison.AT_LEAST else None,
                at_most=points if comparison == ConsistencyRule.Comparison.AT_MOST else None,
            )
            for question, comparison, points in conditions
        ),
    )


def _fraction(number) -> Fraction | None:
    return None if number is None else Fraction(number)


def _scoring_values(content: QuestionnaireContent, version: int) -> scoring.Questionnaire:
    return scoring.Questionnaire(
        key=content.key,
        version=version,
        dimensions=tuple(
            scoring.Dimension(
                dimension.key,
                dimension.scored,
                _fraction(dimension.weight) or Fraction(0),
                tuple(_scoring_question(question) for question in dimension.questions),
            )
            for dimension in content.dimensions
        ),
        rules=tuple(
            scoring.Rule(
                rule.key,
                tuple(
                    scoring.Condition(when.question, _fraction(when.at_least), _fraction(when.at_most))
                    for when in rule.when
                ),
            )
            for rule in content.consistency
        ),
    )


def _scoring_question(question: QuestionContent) -> scoring.Question:
    return scoring.Question(
        key=question.key,
        kind=question.kind,
        weight=_fraction(question.weight) or Fraction(0),
        allows_not_applicable=question.allows_not_applicable,
        needs=question.needs,
        choices=tuple(
            scoring.Choice(choice.key, _fraction(choice.points), choice.exclusive, _effort(choice))
            for choice in question.choices
        ),
        findings=question.findings,
        foundation=question.foundation,
    )


def _effort(choice: ChoiceContent) -> scoring.Effort | None:
    """The effort of the step to a choice, where a plan can aim at it; None where a draft says nothing of it."""
    return (choice.step.effort or None) if choice.step and choice.is_aimed_at else None
