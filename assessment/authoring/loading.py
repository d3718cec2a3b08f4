"""From a questionnaire's file to rows: whole or not at all, and a second time nothing (evidence: `evidence/loading.py`).

A questionnaire is never changed: content that no stored version has becomes a new version. What ships with the product is
published at once when nothing is published yet; everything else is a draft for an administrator to publish.
"""

from django.db import transaction
from django.db.models import Max, Model

from assessment.authoring.publication import publish
from assessment.content.fingerprint import content_hash
from assessment.content.structure import (
    NO_STEP,
    ChoiceContent,
    DimensionContent,
    QuestionContent,
    QuestionnaireContent,
    RuleContent,
    Text,
)
from assessment.models.choice import Choice, ConsistencyRule, Prerequisite, QuestionFinding
from assessment.models.evidence import Figure, Finding
from assessment.models.outline import read_outline
from assessment.models.questionnaire import Anchor, Dimension, Level, Question, Questionnaire


class GoneError(Exception):
    """A figure or a finding that a questionnaire names is stored no more."""


def both(name: str, text: Text | None) -> dict[str, str | None]:
    """The two columns of a translated field."""
    return {f"{name}_en": text.en if text else None, f"{name}_fr": text.fr if text else None}


def version_with(content: QuestionnaireContent) -> Questionnaire | None:
    """The stored version that has exactly this content; the newest one where several do."""
    wanted = content_hash(content)
    for version in Questionnaire.objects.filter(key=content.key).order_by("-version"):
        if wanted == (version.content_hash or content_hash(read_outline(version).content)):
            return version
    return None


def newest_version(key: str) -> Questionnaire | None:
    """The stored version with the highest number, a draft or not."""
    return Questionnaire.objects.filter(key=key).order_by("-version").first()


def next_version(key: str) -> int:
    """The number that a new version of this questionnaire would get."""
    return (Questionnaire.objects.filter(key=key).aggregate(last=Max("version"))["last"] or 0) + 1


@transaction.atomic
def load_questionnaire(content: QuestionnaireContent, *, publishes: bool = True) -> tuple[Questionnaire, bool]:
    """The version with this content, and whether it had to be made.

    The first version that there is gets published, if `publishes`; any other one is a draft.
    """
    versions = list(Questionnaire.objects.select_for_update(no_key=True).filter(key=content.key))
    if stored := version_with(content):
        return stored, False
    questionnaire = Questionnaire.objects.create(
        key=content.key,
        version=next_version(content.key),
        **both("title", content.title),
        **both("instruction", content.instruction),
    )
    write_content(questionnaire, content)
    if publishes and all(version.is_draft for version in versions):
        publish(questionnaire)
    return questionnaire, True


def write_content(questionnaire: Questionnaire, content: QuestionnaireContent) -> None:
    """The rows of a questionnaire that has none yet, but for its own."""
    Level.objects.bulk_create(
        Level(
            questionnaire=questionnaire,
            number=level.number,
            **both("name", level.name),
            **both("description", level.description),
        )
        for level in content.levels
    )
    dimensions = Dimension.objects.bulk_create(
        _dimension(questionnaire, position, dimension) for position, dimension in enumerate(content.dimensions, start=1)
    )
    Anchor.objects.bulk_create(
        Anchor(dimension=dimension, number=number, **both("text", text))
        for dimension, wanted in zip(dimensions, content.dimensions, strict=True)
        for number, text in enumerate(wanted.anchors, start=1)
        if text
    )
    questions = Question.objects.bulk_create(
        _question(dimension, position, question)
        for dimension, wanted in zip(dimensions, content.dimensions, strict=True)
        for position, question in enumerate(wanted.questions, start=1)
    )
    by_key = {question.key: question for question in questions}
    _write_parts([(by_key[wanted.key], wanted) for part in content.dimensions for wanted in part.questions], by_key)
    ConsistencyRule.objects.bulk_create(
        _rule(questionnaire, position, rule, by_key) for position, rule in enumerate(content.consistency, start=1)
    )


def _dimension(questionnaire: Questionnaire, position: int, content: DimensionContent) -> Dimension:
    return Dimension(
        questionnaire=questionnaire,
        position=position,
        key=content.key,
        scored=content.scored,
        weight=content.weight,
        **both("title", content.title),
        **both("description", content.description),
        **both("not_applicable", content.not_applicable),
    )


def _question(dimension: Dimension, position: int, content: QuestionContent) -> Question:
    return Question(
        dimension=dimension,
        position=position,
        key=content.key,
        kind=content.kind,
        weight=content.weight,
        allows_not_applicable=content.allows_not_applicable,
        foundation=content.foundation,
        **both("text", content.text),
        **both("help", content.help),
    )


def _write_parts(pairs: list[tuple[Question, QuestionContent]], questions: dict[str, Question]) -> None:
    """What hangs on the questions, once all of them are there: choices with their steps, and links to others and to findings."""
    figures = {figure.key: figure for figure in Figure.objects.all()}
    findings = {finding.key: finding for finding in Finding.objects.all()}
    Choice.objects.bulk_create(
        _choice(question, position, choice, _stored(figures, choice.figure) if choice.figure else None)
        for question, wanted in pairs
        for position, choice in enumerate(wanted.choices, start=1)
    )
    Prerequisite.objects.bulk_create(
        Prerequisite(question=question, needed=questions[key]) for question, wanted in pairs for key in wanted.needs
    )
    QuestionFinding.objects.bulk_create(
        QuestionFinding(question=question, finding=_stored(findings, key))
        for question, wanted in pairs
        for key in wanted.findings
    )


def _choice(question: Question, position: int, content: ChoiceContent, figure: Figure | None) -> Choice:
    step = content.step or NO_STEP
    return Choice(
        question=question,
        position=position,
        key=content.key,
        points=content.points,
        exclusive=content.exclusive,
        figure=figure,
        effort=step.effort,
        owner=step.owner,
        **both("text", content.text),
        **both("step_title", step.title),
        **both("first_move", step.first_move),
    )


def _stored(rows: dict[str, Model], key: str) -> Model:
    if key not in rows:
        raise GoneError
    return rows[key]


def _rule(
    questionnaire: Questionnaire, position: int, content: RuleContent, questions: dict[str, Question]
) -> ConsistencyRule:
    sides = {}
    for side, when in zip(("first", "second"), content.when, strict=True):
        comparison = "at_most" if when.at_least is None else "at_least"
        sides |= {
            f"{side}_question": questions[when.question],
            f"{side}_comparison": comparison,
            f"{side}_points": getattr(when, comparison),
        }
    return ConsistencyRule(
        questionnaire=questionnaire, position=position, key=content.key, **both("text", content.text), **sides
    )
