"""Saving answers: each change on the revision that it is based on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assessment.models.response import Answer, Response


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
    """What became of a change: the answer as it now is, and whether the change lost to a newer one."""

    answer: Answer
    conflict: bool = False


def save_answers(
    response: Response, changes: Iterable[Change], stored: Mapping[str, Answer], *, at: datetime
) -> dict[str, Saved]:
    """Store changes on a response whose row the caller has locked; `stored` are its answers by key, read under the lock.

    The same change twice is one; a change based on an older revision than the stored one is not made but reported. A page
    that was opened before there was an answer, and gives none, has nothing to say about it.
    """
    outcome: dict[str, Saved] = {}
    written: list[Answer] = []
    for change in changes:
        nothing = Change(change.question, Answer.State.EMPTY, (), "", "", 0)
        answer = stored.get(change.question) or _answer(response, nothing, 0, at)
        if change != nothing and change.content != answer.content:
            if change.revision not in (None, answer.revision):
                outcome[change.question] = Saved(answer, conflict=True)
                continue
            answer = _answer(response, change, answer.revision + 1, at)
            written.append(answer)
        outcome[change.question] = Saved(answer)
    if written:
        Answer.objects.bulk_create(
            written,
            update_conflicts=True,
            unique_fields=["response", "question"],
            update_fields=["state", "choices", "note", "evidence", "revision", "saved_at"],
        )
    return outcome


def _answer(response: Response, change: Change, revision: int, at: datetime) -> Answer:
    return Answer(
        response=response,
        question_id=response.outline.question_ids[change.question],
        state=change.state,
        choices=list(change.choices),
        note=change.note,
        evidence=change.evidence,
        revision=revision,
        saved_at=response.round.moment(at),
    )
