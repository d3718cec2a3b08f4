"""From draft to current version: what must be right before a questionnaire is published, and the freezing itself."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.content.canonical import content_hash
from assessment.content.questionnaire import RESERVED_CHOICES, RESERVED_DIMENSIONS, RESERVED_QUESTIONS
from assessment.content.rules import LEAST_SCORED_DIMENSIONS, circle
from assessment.content.structure import DimensionContent, QuestionContent, QuestionnaireContent, Text
from assessment.models.choice import Prerequisite
from assessment.models.content import Question, Questionnaire
from assessment.models.frozen import PublishedError
from assessment.models.outline import read_outline


class NotPublishableError(Exception):
    """A draft that may not be published yet; `problems` says why, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


def publish(questionnaire: Questionnaire, *, at=None) -> None:
    """Freeze a draft, as it is stored, and make it the current version; the one before it is retired.

    Raises NotPublishableError when a rule of publication is broken, PublishedError when it is no draft any more.
    """
    rows = QuerySet(Questionnaire)  # the one way round the guard
    with transaction.atomic():
        same_key = rows.filter(key__in=rows.filter(pk=questionnaire.pk).values("key"))
        versions = {version.pk: version for version in same_key.select_for_update()}
        draft = versions.get(questionnaire.pk)
        if draft is None or not draft.is_draft:
            raise PublishedError
        content = read_outline(draft).content
        if problems := [*publication_problems(content), *_links_to_others(draft)]:
            raise NotPublishableError(problems)
        rows.filter(pk__in=versions, status=Questionnaire.Status.PUBLISHED).update(status=Questionnaire.Status.RETIRED)
        frozen = {
            "status": Questionnaire.Status.PUBLISHED,
            "published_at": at or timezone.now(),
            "content_hash": content_hash(content),
        }
        rows.filter(pk=draft.pk).update(**frozen)
    for name, value in frozen.items():
        setattr(questionnaire, name, value)


def _links_to_others(draft: Questionnaire) -> Iterator[str]:
    """Prerequisites and rules that name a question of another questionnaire, which could still change."""
    mine = {"dimension__questionnaire": draft}
    needs = Prerequisite.objects.filter(question__dimension__questionnaire=draft)
    for row in needs.exclude(needed__in=Question.objects.filter(**mine)).select_related("question"):
        yield _("The question “%(key)s” needs a question of another questionnaire.") % {"key": row.question.key}
    own = Question.objects.filter(**mine)
    for row in draft.rules.exclude(first_question__in=own, second_question__in=own):
        yield _("The consistency rule “%(key)s” names a question of another questionnaire.") % {"key": row.key}


def publication_problems(content: QuestionnaireContent) -> Iterator[str]:
    """What forbids publication, in the reader's language: the rules of the methodology and missing texts."""
    scored = [dimension for dimension in content.dimensions if dimension.scored]
    if len(scored) < LEAST_SCORED_DIMENSIONS:
        yield _("At least three dimensions must be scored.")
    if [level.number for level in content.levels] != [1, 2, 3, 4, 5]:
        yield _("Each of the five levels needs a name and a meaning.")
    for dimension in content.dimensions:
        yield from _dimension_problems(dimension)
    yield from _key_problems(content)
    yield from _link_problems(content, {question.key for dimension in scored for question in dimension.questions})
    yield from _missing_texts(content)


def _dimension_problems(dimension: DimensionContent) -> Iterator[str]:
    if dimension.scored and (not dimension.weight or dimension.weight <= 0):
        yield _("The dimension “%(key)s” needs a weight above 0.") % {"key": dimension.key}
    if dimension.scored and len(dimension.anchors) != 5:
        yield _("The dimension “%(key)s” needs a description of each of the five levels.") % {"key": dimension.key}
    if not dimension.questions:
        yield _("The dimension “%(key)s” has no question.") % {"key": dimension.key}
    for question in dimension.questions:
        if len(question.choices) < 2:
            yield _("The question “%(key)s” needs at least two choices.") % {"key": question.key}
        if dimension.scored:
            yield from _scored_question_problems(question)


def _scored_question_problems(question: QuestionContent) -> Iterator[str]:
    points = [choice.points for choice in question.choices]
    if question.kind != "single":
        yield _("The question “%(key)s” gives points, so it takes one choice.") % {"key": question.key}
    if not question.weight or question.weight <= 0:
        yield _("The question “%(key)s” needs a weight above 0.") % {"key": question.key}
    if not points or None in points or min(points) != 0 or max(points) != 100:
        yield _("The choices of the question “%(key)s” must go from 0 to 100 points.") % {"key": question.key}


def _key_problems(content: QuestionnaireContent) -> Iterator[str]:
    """Keys of questions are unique in the whole; some words are taken by the addresses and forms of the site."""
    questions = [question for dimension in content.dimensions for question in dimension.questions]
    for key in [key for key, times in Counter(question.key for question in questions).items() if times > 1]:
        yield _("Two questions have the key “%(key)s”.") % {"key": key}
    taken = {dimension.key for dimension in content.dimensions} & RESERVED_DIMENSIONS
    taken |= {question.key for question in questions} & RESERVED_QUESTIONS
    taken |= {choice.key for question in questions for choice in question.choices} & RESERVED_CHOICES
    for key in sorted(taken):
        yield _("The key “%(key)s” is taken by the site itself.") % {"key": key}


def _link_problems(content: QuestionnaireContent, scored: set[str]) -> Iterator[str]:
    """Prerequisites and rules speak of scored questions; nothing needs itself in the end; a rule compares two."""
    needs = [
        (question.key, needed)
        for dimension in content.dimensions
        for question in dimension.questions
        for needed in question.needs
    ]
    for key in dict.fromkeys(key for key, needed in needs if not {key, needed} <= scored):
        yield _("The prerequisites of the question “%(key)s” must be scored questions, as it must be itself.") % {
            "key": key
        }
    if found := circle(needs):
        yield _("These questions need one another in a circle: %(keys)s.") % {"keys": " > ".join(reversed(found))}
    for rule in content.consistency:
        named = {when.question for when in rule.when}
        if len(named) < 2 or not named <= scored:
            yield _("The consistency rule “%(key)s” must compare two scored questions.") % {"key": rule.key}


def _missing_texts(part, place: str = "") -> Iterator[str]:
    """The texts of a part, and of what is in it, that are not there in both languages."""
    for field in fields(part):
        value = getattr(part, field.name)
        for entry in value if isinstance(value, tuple) else (value,):
            if isinstance(entry, Text) or (entry is None and field.type in (Text, tuple[Text, ...])):
                if not (entry and entry.en.strip()):
                    yield _("A text of “%(place)s” is missing in English.") % {"place": place}
                if not (entry and entry.fr.strip()):
                    yield _("A text of “%(place)s” is missing in French.") % {"place": place}
            elif is_dataclass(entry):
                own = str(getattr(entry, "key", getattr(entry, "number", "")))
                yield from _missing_texts(entry, " > ".join(filter(None, [place, own])))
