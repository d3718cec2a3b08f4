"""From draft to current version: what must be right before a questionnaire is published, and the freezing itself."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessment.authoring.sameness import markable, means_the_same, sameness, shared
from assessment.content import rules
from assessment.content.differences import NO_TEXT, Section, differences, name_of
from assessment.content.files import rewordings, shipped_fingerprint
from assessment.content.fingerprint import content_hash
from assessment.content.places import Place
from assessment.content.problems import Problem
from assessment.content.structure import Text
from assessment.models.choice import Prerequisite
from assessment.models.frozen import PublishedError
from assessment.models.outline import Outline, outline, read_outline
from assessment.models.questionnaire import Question, Questionnaire
from assessment.models.response import Response
from assessment.models.result import Result
from assessment.models.round import Round
from assessment.scoring.comparison import breaks, same_whole


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
    """What a publication says of its draft: problems forbid it, warnings do not."""

    problems: list[Problem]
    warnings: list[Problem]


@dataclass(frozen=True)
class Seen:
    """What a publisher had before them: the draft's fingerprint and the version it was compared with, if any."""

    content_hash: str
    before: int | None


@dataclass(frozen=True)
class BrokenTrend:
    """A dimension whose trend breaks: it is then compared on `shared` of its `asked` questions; none: not at all."""

    title: Text
    shared: int
    asked: int


@dataclass(frozen=True)
class Markable:
    """A question in other words that is worth the same points: its publisher may say that only the wording changed."""

    key: str
    text: Text


@dataclass(frozen=True)
class Changes:
    """A draft beside the version published last (None before there is one), and what its publication means for whom."""

    before: Questionnaire | None
    sections: list[Section]
    broken: list[BrokenTrend]
    whole_broken: bool
    ended: list[Text]  # dimensions whose trend ends
    markable: list[Markable]
    organisations: int  # with results on the previous version; no demonstrations, here and below
    rounds: int  # of several people, not closed: they and whoever still joins them stay on their version
    under_way: int  # responses begun and not submitted, which finish on their version


class Publication:
    """A draft on its way to be published, read once: what is wrong with it, what changes and what a publisher sees."""

    def __init__(self, draft: Questionnaire) -> None:
        self.draft = draft
        self.outline = read_outline(draft)
        self.before = Questionnaire.objects.newest(draft.key)

    @cached_property
    def checked(self) -> Checked:
        """Everything that is wrong or doubtful in it, in its order."""
        content = self.outline.content
        wrong = [*rules.problems(content), *_links_to_others(self.draft)]
        return Checked(rules.in_order(content, wrong), rules.warnings(content))

    @cached_property
    def seen(self) -> Seen:
        """What somebody sees who looks at it now."""
        return Seen(content_hash(self.outline.content), self.before.pk if self.before else None)

    @cached_property
    def proposed(self) -> list[str]:
        """The questions of which the product says that only their wording changed: of its own version after that before."""
        shipped_before, moved = rewordings()
        was = self.before.content_hash if self.before else None
        if (was, self.seen.content_hash) != (shipped_before, shipped_fingerprint()):
            return []
        return [key for key in markable(outline(self.before), self.outline) if key not in moved]

    def changes(self, reworded: Collection[str] = ()) -> Changes:
        """What publishing it would change; trends by the rule of the methodology, with the questions marked so far."""
        before, new = self.before, self.outline
        if before is None or before.pk == self.draft.pk:
            return Changes(None, [], [], False, [], [], 0, 0, 0)
        old = outline(before)
        same = [key for key in shared(old, new) if means_the_same(old, new, key, reworded)]
        rounds = Round.objects.filter(questionnaire=before, organisation__is_demo=False)
        return Changes(
            before=before,
            sections=differences(old.content, new.content),
            broken=_broken(old, new, same),
            whole_broken=not same_whole(old.scoring, new.scoring, same=same),
            ended=_ended(old, new),
            markable=[Markable(key, new.questions[key].text or NO_TEXT) for key in markable(old, new)],
            organisations=_organisations(before),
            rounds=rounds.exclude(mode=Round.Mode.SOLO).filter(closed_at=None).count(),
            under_way=Response.objects.filter(state=Response.State.DRAFT, round__in=rounds).count(),
        )


def _broken(old: Outline, new: Outline, same: Collection[str]) -> list[BrokenTrend]:
    """A dimension that was not scored before has no trend that could break."""
    had = {part.key for part in old.scoring.scored_dimensions}
    found = breaks(old.scoring, new.scoring, same=same)
    return [
        BrokenTrend(name_of(new.dimensions[item.key]), item.shared, item.asked) for item in found if item.key in had
    ]


def _ended(old: Outline, new: Outline) -> list[Text]:
    stay = {part.key for part in new.scoring.scored_dimensions}
    return [name_of(old.dimensions[part.key]) for part in old.scoring.scored_dimensions if part.key not in stay]


def _organisations(before: Questionnaire) -> int:
    found = Result.objects.of_rounds().filter(questionnaire=before, round__organisation__is_demo=False)
    return found.order_by().values("round__organisation").distinct().count()


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
    versions = lock_versions(questionnaire)
    draft = next((version for version in versions if version.pk == questionnaire.pk), None)
    if draft is None or not draft.is_draft:
        raise PublishedError
    publication = Publication(draft)
    if as_seen is not None and as_seen != publication.seen:
        raise ChangedMeanwhileError
    if problems := publication.checked.problems:
        raise NotPublishableError([str(problem) for problem in problems])
    rows = QuerySet(Questionnaire)  # the one way round the guard
    frozen = {
        "status": Questionnaire.Status.PUBLISHED,
        "published_at": at or timezone.now(),
        "content_hash": publication.seen.content_hash,
        "same_questions": sameness(publication.outline, versions, reworded),
    }
    rows.filter(key=draft.key, status=Questionnaire.Status.PUBLISHED).update(status=Questionnaire.Status.RETIRED)
    rows.filter(pk=draft.pk).update(**frozen)
    for name, value in frozen.items():
        setattr(questionnaire, name, value)


@transaction.atomic
def retire(questionnaire: Questionnaire) -> None:
    """Take the current version back: no round can begin until another is published. NotCurrentError if it is not current."""
    locked = next((version for version in lock_versions(questionnaire) if version.pk == questionnaire.pk), None)
    if locked is None or not locked.is_current:
        raise NotCurrentError
    QuerySet(Questionnaire).filter(pk=locked.pk).update(status=Questionnaire.Status.RETIRED)
    questionnaire.status = Questionnaire.Status.RETIRED


def lock_versions(questionnaire: Questionnaire) -> list[Questionnaire]:
    """All versions of a questionnaire, locked until the transaction ends; who starts on one meanwhile does not wait."""
    rows = QuerySet(Questionnaire)
    same_key = rows.filter(key__in=rows.filter(pk=questionnaire.pk).values("key"))
    return list(same_key.order_by("pk").select_for_update(no_key=True))


def _links_to_others(draft: Questionnaire) -> Iterator[Problem]:
    """Prerequisites and rules that name a question of another questionnaire, which could still change."""
    own = Question.objects.filter(dimension__questionnaire=draft)
    needs = Prerequisite.objects.filter(question__dimension__questionnaire=draft).exclude(needed__in=own)
    for row in needs.select_related("question__dimension"):
        question = row.question
        place = Place(question.dimension.key, question.key, field="needs")
        message = gettext_noop("The question “%(key)s” needs a question of another questionnaire.")
        yield Problem(place, message, {"key": question.key})
    for row in draft.rules.exclude(first_question__in=own, second_question__in=own):
        message = gettext_noop("The consistency rule “%(key)s” names a question of another questionnaire.")
        yield Problem(Place(rule=row.key, field="when"), message, {"key": row.key})
