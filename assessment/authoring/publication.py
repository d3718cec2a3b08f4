"""From draft to current version: what must be right before a questionnaire is published, and the freezing itself."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.authoring.sameness import sameness
from assessment.content import checking, complaints, doubts
from assessment.content.remarks import Place, Remark
from assessment.content.structure import content_hash
from assessment.models.choice import Prerequisite
from assessment.models.frozen import PublishedError
from assessment.models.outline import read_outline
from assessment.models.questionnaire import Question, Questionnaire


class NotPublishableError(Exception):
    """A draft that may not be published yet; `problems` says why, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


class ChangedMeanwhileError(Exception):
    """What was about to be published, or the version that it takes the place of, is not what the publisher has seen."""

    def __init__(self) -> None:
        super().__init__(_("Nothing was published: the draft or the current version has changed. Please look again."))


class NotCurrentError(Exception):
    """Only the current version can be retired."""

    def __init__(self) -> None:
        super().__init__(_("This version is not published, or no longer, so that it cannot be retired."))


@dataclass(frozen=True)
class Checked:
    """What `check` says of a questionnaire: errors forbid publication, warnings do not."""

    errors: list[Remark]
    warnings: list[Remark]


def check(questionnaire: Questionnaire) -> Checked:
    """Everything that is wrong or doubtful in a questionnaire as it is stored, in its order."""
    content = read_outline(questionnaire).content
    wrong = [*checking.errors(content), *_links_to_others(questionnaire)]
    return Checked(checking.in_order(content, wrong), doubts.warnings(content))


@dataclass(frozen=True)
class Seen:
    """What a publisher had on the page: the draft's fingerprint and the version it was compared with, if any."""

    content_hash: str
    before: int | None


def seen(draft: Questionnaire) -> Seen:
    """What somebody sees who looks at a draft now."""
    before = Questionnaire.objects.newest(draft.key)
    return Seen(content_hash(read_outline(draft).content), before.pk if before else None)


@transaction.atomic
def publish(
    questionnaire: Questionnaire,
    *,
    at: datetime | None = None,
    reworded: Collection[str] = (),
    as_seen: Seen | None = None,
) -> None:
    """Freeze a draft, as it is stored, and make it the current version; the one before it is retired.

    `reworded` are the questions that the publisher declares to be changed in wording only; others than those of `sameness`
    are passed over. Raises PublishedError when it is no draft any more, ChangedMeanwhileError
    when it is not what was `as_seen`, NotPublishableError when a rule of publication is broken.
    """
    versions = _lock(questionnaire)
    draft = next((version for version in versions if version.pk == questionnaire.pk), None)
    if draft is None or not draft.is_draft:
        raise PublishedError
    if as_seen is not None and as_seen != seen(draft):
        raise ChangedMeanwhileError
    if problems := check(draft).errors:
        raise NotPublishableError([str(problem) for problem in problems])
    asked = read_outline(draft)
    rows = QuerySet(Questionnaire)  # the one way round the guard
    frozen = {
        "status": Questionnaire.Status.PUBLISHED,
        "published_at": at or timezone.now(),
        "content_hash": content_hash(asked.content),
        "same_questions": sameness(asked, versions, reworded),
    }
    rows.filter(key=draft.key, status=Questionnaire.Status.PUBLISHED).update(status=Questionnaire.Status.RETIRED)
    rows.filter(pk=draft.pk).update(**frozen)
    for name, value in frozen.items():
        setattr(questionnaire, name, value)


@transaction.atomic
def retire(questionnaire: Questionnaire) -> None:
    """Take the current version back: no round can begin until another is published. NotCurrentError if it is not current."""
    locked = next((version for version in _lock(questionnaire) if version.pk == questionnaire.pk), None)
    if locked is None or not locked.is_current:
        raise NotCurrentError
    QuerySet(Questionnaire).filter(pk=locked.pk).update(status=Questionnaire.Status.RETIRED)
    questionnaire.status = Questionnaire.Status.RETIRED


def _lock(questionnaire: Questionnaire) -> list[Questionnaire]:
    """All versions of a questionnaire, locked until the transaction ends; who starts on one meanwhile does not wait."""
    rows = QuerySet(Questionnaire)
    same_key = rows.filter(key__in=rows.filter(pk=questionnaire.pk).values("key"))
    return list(same_key.order_by("pk").select_for_update(no_key=True))


def _links_to_others(draft: Questionnaire) -> Iterator[Remark]:
    """Prerequisites and rules that name a question of another questionnaire, which could still change."""
    own = Question.objects.filter(dimension__questionnaire=draft)
    needs = Prerequisite.objects.filter(question__dimension__questionnaire=draft).exclude(needed__in=own)
    for row in needs.select_related("question__dimension"):
        question = row.question
        place = Place(question.dimension.key, question.key)
        yield Remark(place, complaints.NEEDS_ANOTHER, {"key": question.key})
    for row in draft.rules.exclude(first_question__in=own, second_question__in=own):
        yield Remark(Place(rule=row.key), complaints.RULE_OF_ANOTHER, {"key": row.key})
