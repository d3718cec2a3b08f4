"""What a publisher says of a version after its publication: of which questions in other words only the wording changed.

No score and no stored result hangs on it: only trends and comparisons ask what is the same (see `sameness`).
"""

from collections.abc import Collection
from functools import cached_property

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessment.authoring.publication import lock_versions
from assessment.authoring.sameness import markable, same_between, sameness
from assessment.models.outline import outline
from assessment.models.questionnaire import Questionnaire


class OtherMarksError(Exception):
    """The marks are not those that the publisher has seen."""

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed: somebody else has put this right meanwhile. Please look again."))


class Rewording:
    """A published version beside the one published before it, and the questions in other words that may mean the same."""

    def __init__(self, version: Questionnaire, versions: Collection[Questionnaire]) -> None:
        published = [row for row in versions if not row.is_draft]
        self.line = sorted(published, key=lambda row: (row.published_at, row.pk))
        self.place = next(place for place, row in enumerate(self.line) if row.pk == version.pk)
        self.version = self.line[self.place]
        self.before = self.line[self.place - 1] if self.place else None

    @cached_property
    def markable(self) -> list[str]:
        """The keys of the questions of which a publisher may say it, in their order."""
        return markable(outline(self.before), outline(self.version)) if self.before else []

    @cached_property
    def marked(self) -> list[str]:
        """Those of which it is said now."""
        return self._marked(self.place)

    def _marked(self, place: int) -> list[str]:
        before, after = self.line[place - 1], self.line[place]
        same = same_between(before, after)
        return [key for key in markable(outline(before), outline(after)) if key in same]

    def put_right(self, marked: Collection[str]) -> list[tuple[Questionnaire, dict[str, list[str]]]]:
        """The version and those published after it that change, each with what then asks the same as in earlier ones.

        Only what is said of the questions whose mark changes is found anew: all else stays as it is recorded.
        """
        turned = set(self.marked) ^ (set(marked) & set(self.markable))
        changed = []
        for place in range(self.place, len(self.line)) if turned else ():
            row, earlier = self.line[place], self.line[:place]
            marks = self._marked(place) if place != self.place else marked
            found = sameness(outline(row), earlier, marks)
            same = {
                str(older.version): sorted(
                    (same_between(older, row) - turned) | (set(found[str(older.version)]) & turned)
                )
                for older in earlier
            }
            if same != row.same_questions:
                row.same_questions = same  # the next versions look at it
                changed.append((row, same))
        return changed


def rewording_of(version: Questionnaire) -> Rewording:
    """As it is stored now; the version is published, or was."""
    return Rewording(version, list(Questionnaire.objects.filter(key=version.key)))


@transaction.atomic
def put_right(version: Questionnaire, marked: Collection[str], *, as_seen: Collection[str]) -> list[Questionnaire]:
    """Say of these questions, and no others, that only the wording changed; returns the versions for which that changes trends.

    Questions that cannot mean the same are passed over. Raises OtherMarksError when other questions than `as_seen` are marked.
    """
    rewording = Rewording(version, lock_versions(version))
    if set(rewording.marked) != set(as_seen):
        raise OtherMarksError
    changed = rewording.put_right(marked)
    for row, same in changed:
        QuerySet(Questionnaire).filter(pk=row.pk).update(same_questions=same)  # past the guard, and nothing else
    return [row for row, _same in changed]
