"""Saving answers: each change on the revision that it is based on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assessment.models.answer import NO_ANSWER, Answer, SavedAnswer
from assessment.models.response import Response


@dataclass(frozen=True)
class Change:
    """What somebody wants an answer to be; `revision` is the one it was based on, None when the sender keeps no count."""

    question: str
    state: str
    choices: tuple[str, ...]
    note: str
    evidence: str
    revision: int | None

    @property
    def content(self) -> tuple:
        return self.state, list(self.choices), self.note, self.evidence


@dataclass(frozen=True)
class Saved:
    """What became of a change: the answer as it now is (`NO_ANSWER` where there is none), and whether a newer one won."""

    answer: SavedAnswer
    conflict: bool = False


def save_answers(
    response: Response, changes: Iterable[Change], stored: Mapping[str, SavedAnswer], *, at: datetime
) -> dict[str, Saved]:
    """Store changes on a response whose row the caller has locked; `stored` are its answers by key, read under the lock.

    The same change twice is one; a change based on an older revision than the stored one is not made but reported. A page
    that was opened before there was an answer, and gives none, has nothing to say about it.
    """
    outcome: dict[str, Saved] = {}
    written: dict[int, SavedAnswer] = {}
    numbers = response.outline.question_ids
    for change in changes:
        answer = stored.get(change.question, NO_ANSWER)
        nothing_new = change.content == answer.content or (change.revision == 0 and change.content == NO_ANSWER.content)
        is_late = not nothing_new and change.revision not in (None, answer.revision)
        if not nothing_new and not is_late:
            answer = SavedAnswer(change.state, change.choices, change.note, change.evidence, answer.revision + 1)
            written[numbers[change.question]] = answer
        outcome[change.question] = Saved(answer, conflict=is_late)
    if written:
        Answer.objects.store(response.pk, written, at=response.round.moment(at))
    return outcome
