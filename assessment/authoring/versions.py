"""The life of a version: a draft made of a published one, and what publishing a draft would change, for whom."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.authoring.loading import both, write_content
from assessment.authoring.sameness import markable, means_the_same, shared
from assessment.content.differences import NO_TEXT, Section, differences, name_of
from assessment.content.remarks import Place
from assessment.content.structure import Text
from assessment.models.choice import ConsistencyRule
from assessment.models.content import Dimension, Question, Questionnaire
from assessment.models.outline import Outline, outline
from assessment.models.response import Response
from assessment.models.result import Result
from assessment.models.round import Round
from assessment.scoring.comparison import breaks, same_whole


class DraftExistsError(Exception):
    """There are drafts of this questionnaire that whoever asked for another has not seen."""

    def __init__(self) -> None:
        super().__init__(_("Nothing was copied: there is a draft of this questionnaire already."))


class NothingToCopyError(Exception):
    """Only what was published once is copied; a draft can be changed itself."""

    def __init__(self) -> None:
        super().__init__(_("This is a draft: you can change it itself, a copy is made of a published version."))


@transaction.atomic
def new_version(source: Questionnaire, *, beside: Collection[int] = ()) -> Questionnaire:
    """A draft with all that a published or retired version holds, under the next number; keys and links stay.

    `beside` are the drafts of the same key that may stand beside it. Raises DraftExistsError when there is another, and
    NothingToCopyError when the source is itself a draft.
    """
    if source.is_draft:
        raise NothingToCopyError
    same_key = Questionnaire.objects.filter(key=source.key)
    list(same_key.order_by("pk").select_for_update(no_key=True))  # whoever asks for one at the same time waits here
    versions = list(same_key.all())  # asked again: the one before may have made a row
    if any(version.is_draft and version.pk not in beside for version in versions):
        raise DraftExistsError
    content = outline(source).content
    draft = Questionnaire.objects.create(
        key=source.key,
        version=max(version.version for version in versions) + 1,
        **both("title", content.title),
        **both("instruction", content.instruction),
    )
    write_content(draft, content)
    return draft


def drafts_beside(questionnaire: Questionnaire) -> list[Questionnaire]:
    """The drafts of the same key."""
    found = Questionnaire.objects.filter(key=questionnaire.key, status=Questionnaire.Status.DRAFT)
    return list(found.order_by("version"))


# What changes --------------------------------------------------------------------------------------------------------
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


def what_changes(draft: Questionnaire, *, reworded: Collection[str] = ()) -> Changes:
    """What publishing a draft would change; trends by the rule of the methodology, with the questions marked so far."""
    before, new = Questionnaire.objects.newest(draft.key), outline(draft)
    if before is None or before.pk == draft.pk:
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


# Where it is edited --------------------------------------------------------------------------------------------------
def rows_of(questionnaire: Questionnaire) -> dict[Place, tuple[type, int]]:
    """The model and the number of the row behind each place of a questionnaire; three queries."""
    found: dict[Place, tuple[type, int]] = {Place(): (Questionnaire, questionnaire.pk)}
    for key, pk in questionnaire.dimensions.values_list("key", "pk"):
        found[Place(key)] = (Dimension, pk)
    asked = Question.objects.filter(dimension__questionnaire=questionnaire)
    for dimension, key, pk in asked.values_list("dimension__key", "key", "pk"):
        found[Place(dimension, key)] = (Question, pk)
    for key, pk in questionnaire.rules.values_list("key", "pk"):
        found[Place(rule=key)] = (ConsistencyRule, pk)
    return found
