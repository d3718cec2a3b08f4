"""The plan as it is carried out: taking on a next step, and saying what became of it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from assessment import scoring
from assessment.models.action import Action
from assessment.models.round import Round


@dataclass(frozen=True)
class Agreed:
    """What people agree on about an action: who sees to it, until when, and what they note."""

    who: str = ""
    due: date | None = None
    note: str = ""


def take_on(round_: Round, step: scoring.Step, agreed: Agreed, *, at: datetime) -> Action:
    """The action that a next step of a round's result became; the same step twice is one, as it was first agreed."""
    found, _made = Action.objects.get_or_create(
        made_in=round_,
        question=step.question,
        to=step.to,
        defaults={
            "organisation_id": round_.organisation_id,
            "who": agreed.who,
            "due": agreed.due,
            "note": agreed.note,
            "made_at": at,
        },
    )
    return found


@transaction.atomic
def change(action: Action, state: str, agreed: Agreed, *, at: datetime) -> Action:
    """Say how far an action is and what was agreed; when it was done stays as it was first said, until it is taken back."""
    locked = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    locked.state, locked.who, locked.due, locked.note = state, agreed.who, agreed.due, agreed.note
    locked.done_at = (locked.done_at or at) if state == Action.State.DONE else None
    locked.save(update_fields=["state", "who", "due", "note", "done_at"])
    return locked
