"""What an organisation's home shows: its plan, its rounds, where each stands, and the one thing to do next. Values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assessment import scoring
from assessment.report.trend import ActionPart, OpenStep

MOST_SHOWN = 5  # actions or steps of the plan
AGAIN_AFTER = timedelta(days=330)  # about a year after the last round it is time for the next


class RoundState(StrEnum):
    """What a round is at a moment. Ended: its last day has passed, and it is still to be closed."""

    UNDER_WAY = "under-way"
    ENDED = "ended"
    CLOSED = "closed"
    PUBLISHED = "published"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class RoundPart:
    """One round in a list: how many were invited (None where people come by a link) and answered, and its published result.

    Of a confidential round `answered` is None, and `enough` says whether at least `floor` had answered when the day began.
    """

    number: int
    mode: str
    opened_at: datetime
    state: RoundState
    invited: int | None
    answered: int | None
    values: scoring.Result | None
    enough: bool = False
    floor: int = 1

    @property
    def is_under_way(self) -> bool:
        """Whether it waits for somebody: for answers, or to be closed."""
        return self.state in (RoundState.UNDER_WAY, RoundState.ENDED, RoundState.REOPENED)


@dataclass(frozen=True, slots=True)
class OrganisationPart:
    """One organisation in a list, with its newest published round and its last one."""

    name: str
    slug: str
    newest: RoundPart | None
    last: RoundPart | None


@dataclass(frozen=True, slots=True)
class NextThing:
    """The one thing to do next: `go-on` or `read` with the round it is about, or `start` the first or the next one."""

    what: str
    round: RoundPart | None = None


def next_thing(rounds: Sequence[RoundPart], *, at: datetime) -> NextThing:
    """What to do next, by the rounds of an organisation, newest first.

    A round under way comes first; a report is read until it is time for the next round.
    """
    if not rounds:
        return NextThing("start")
    waiting = next((part for part in rounds if part.is_under_way), None)
    if waiting:
        return NextThing("go-on", waiting)
    published = next((part for part in rounds if part.values), None)
    if published is None or at - rounds[0].opened_at > AGAIN_AFTER:
        return NextThing("start", rounds[0])
    return NextThing("read", published)


@dataclass(frozen=True, slots=True)
class PlanPart:
    """The open actions, the most urgent first, and the steps of the newest report that nobody has taken on."""

    actions: tuple[ActionPart, ...]
    steps: tuple[OpenStep, ...]

    @property
    def overdue(self) -> int:
        return sum(action.is_overdue for action in self.actions)

    @property
    def first_actions(self) -> tuple[ActionPart, ...]:
        return self.actions[:MOST_SHOWN]

    @property
    def first_steps(self) -> tuple[OpenStep, ...]:
        return self.steps[:MOST_SHOWN]


def plan_part(actions: Sequence[ActionPart], steps: Sequence[OpenStep]) -> PlanPart:
    """The plan as the home shows it."""
    return PlanPart(tuple(action for action in actions if action.is_open), tuple(steps))
