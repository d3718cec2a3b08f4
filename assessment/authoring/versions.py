"""The life of a version: a draft made of a published one, and the drafts beside it."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.authoring.loading import both, write_content
from assessment.models.outline import outline
from assessment.models.questionnaire import Questionnaire


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
