"""From draft to current version: what must be right before a questionnaire is published, and the freezing itself."""

from collections import Counter
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.content.canonical import content_hash
from assessment.content.structure import DimensionContent, QuestionnaireContent
from assessment.models.content import Questionnaire
from assessment.models.frozen import PublishedError
from assessment.models.outline import read_outline


class NotPublishableError(Exception):
    """A draft that may not be published yet; `problems` says why, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


def publish(questionnaire: Questionnaire, *, at=None) -> None:
    """Freeze a draft and make it the current version; the one before it is retired.

    Raises NotPublishableError when a rule of publication is broken, PublishedError when it is no draft any more.
    """
    with transaction.atomic():
        versions = Questionnaire._base_manager.filter(key=questionnaire.key)
        states = dict(versions.select_for_update().values_list("pk", "status"))
        if states.get(questionnaire.pk) != Questionnaire.Status.DRAFT:
            raise PublishedError
        content = read_outline(questionnaire).content
        if problems := list(publication_problems(content)):
            raise NotPublishableError(problems)
        versions.filter(status=Questionnaire.Status.PUBLISHED).update(status=Questionnaire.Status.RETIRED)
        frozen = {
            "status": Questionnaire.Status.PUBLISHED,
            "published_at": at or timezone.now(),
            "content_hash": content_hash(content),
        }
        versions.filter(pk=questionnaire.pk).update(**frozen)
    for name, value in frozen.items():
        setattr(questionnaire, name, value)


def publication_problems(content: QuestionnaireContent) -> Iterator[str]:
    """What forbids publication, in the reader's language: the rules of the methodology and missing texts."""
    scored = [dimension for dimension in content.dimensions if dimension.scored]
    if len(scored) < 3:
        yield _("At least three dimensions must be scored.")
    if [level.number for level in content.levels] != [1, 2, 3, 4, 5]:
        yield _("Each of the five levels needs a name and a meaning.")
    keys = Counter(question.key for dimension in content.dimensions for question in dimension.questions)
    for key in [key for key, times in keys.items() if times > 1]:
        yield _("Two questions have the key “%(key)s”.") % {"key": key}
    for dimension in scored:
        yield from _dimension_problems(dimension)


def _dimension_problems(dimension: DimensionContent) -> Iterator[str]:
    if not dimension.weight or dimension.weight <= 0:
        yield _("The dimension “%(key)s” needs a weight above 0.") % {"key": dimension.key}
    if not dimension.questions:
        yield _("The dimension “%(key)s” has no question.") % {"key": dimension.key}
    for question in dimension.questions:
        points = [choice.points for choice in question.choices]
        if question.kind != "single":
            yield _("The question “%(key)s” gives points, so it takes one choice.") % {"key": question.key}
        if not question.weight or question.weight <= 0:
            yield _("The question “%(key)s” needs a weight above 0.") % {"key": question.key}
        if not points or None in points or min(points) != 0 or max(points) != 100:
            yield _("The choices of the question “%(key)s” must go from 0 to 100 points.") % {"key": question.key}
