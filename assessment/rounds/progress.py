"""Progress of a round (invited, joined, answered, missing) and of one person's answers. Never who, nothing of what they said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, Q
from django.utils import timezone

from assessment.content.structure import DimensionContent, QuestionContent
from assessment.models.answer import Answer, SavedAnswer
from assessment.models.response import Response
from assessment.models.round import Round
from assessment.rounds.closing import responses_missing
from assessment.rounds.spacing import publishable_from, waits
from assessment.rounds.starting import own_key
from assessment.scoring.dimensions import ENOUGH_COVERAGE


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """A round in numbers of people, as its people may know them before its report.

    `invited` is None where people come by one link: nobody knows how many have it. Of a confidential round `joined`,
    `answered` and `missing` are None, and `enough` says whether at least `smallest_group` people whose answers no owner knows
    had answered when the day began. `publishable_from` is the first day for its joint report while that is to come; `waits`,
    whether it was closed before.
    """

    invited: int | None
    joined: int | None
    answered: int | None
    missing: int | None
    enough: bool
    smallest_group: int
    publishable_from: date | None
    waits: bool
    may_answer: bool
    mine: Response | None
    my_key: str | None

    @property
    def is_ready(self) -> bool:
        """Whether closing it today publishes a joint report, as far as its people may know."""
        return self.enough and self.publishable_from is None


def unfinished(round_: Round) -> int:
    """How many have begun an open round and not submitted; of a round held otherwise that is told nobody, so 0."""
    return round_.responses.unfinished().count() if round_.mode == Round.Mode.OPEN else 0


def round_progress(round_: Round, user: AbstractBaseUser) -> RoundProgress:
    """How far a round is, and the response of whoever asks; its key is None when it was begun before signing in."""
    live = [Response.State.DRAFT, Response.State.SUBMITTED]
    key = own_key(user, round_)
    mine = Response.objects.with_key(key).first() if key else None
    return RoundProgress(
        invited=None
        if round_.mode == Round.Mode.OPEN and round_.invitations.links().exists()
        else round_.invitations.personal().count(),
        smallest_group=round_.smallest_group,
        publishable_from=None if round_.is_solo else publishable_from(round_, on=timezone.localdate()),
        waits=waits(round_),
        may_answer=key is not None,
        mine=mine or Response.objects.written_by(user, round_).filter(state__in=live).first(),
        my_key=key if mine else None,
        **(_as_of_midnight(round_) if round_.is_confidential else _counts(round_)),
    )


def _as_of_midnight(round_: Round) -> dict:
    """What is told of a confidential round until it is closed."""
    return {"joined": None, "answered": None, "missing": None, "enough": round_.tells_enough(on=timezone.localdate())}


def _counts(round_: Round) -> dict:
    """How many people came and answered; who erased what is published has answered, too."""
    live = [Response.State.DRAFT, Response.State.SUBMITTED]
    corrections = Q(state=Response.State.DRAFT, key_hash__in=round_.responses.submitted().values("key_hash"))
    people = round_.responses.filter(state__in=live).exclude(corrections)
    counts = people.aggregate(joined=Count("pk"), answered=Count("pk", filter=Q(state=Response.State.SUBMITTED)))
    submitted = list(round_.responses.counted().only("round", "key_hash", "batch", "by_owner", "opens_round"))
    needed = responses_missing(round_, submitted, fewest=1)
    return counts | {"missing": needed, "enough": not needed}


@dataclass(frozen=True, slots=True)
class DimensionProgress:
    """One dimension: `answered` counts choices, "not applicable" and "I don't know"; `open` are the questions left."""

    content: DimensionContent
    excluded: bool
    first: int  # the number of its first question, as numbers run through all dimensions
    total: int
    answered: int
    open: tuple[QuestionContent, ...]
    unknown: tuple[QuestionContent, ...]
    states: Mapping[str, str]  # of its questions, by key

    @property
    def coverage(self) -> Fraction | None:
        """The share of the applicable weight that has an answer, 0 to 1; None when nothing applies."""
        weights: dict[str, Decimal] = {}
        for question in self.content.questions:
            state = self.states[question.key]
            weights[state] = weights.get(state, Decimal(0)) + (question.weight or 0)
        applicable = sum(weights.values()) - weights.get(Answer.State.NOT_APPLICABLE, Decimal(0))
        return Fraction(weights.get(Answer.State.ANSWERED, Decimal(0))) / Fraction(applicable) if applicable else None

    @property
    def has_score(self) -> bool:
        """Whether the answers suffice for a score, or none is needed."""
        coverage = self.coverage
        return coverage is None or coverage >= ENOUGH_COVERAGE

    @property
    def uncertain(self) -> int:
        return 0 if self.excluded else len(self.open) + len(self.unknown)

    @property
    def is_done(self) -> bool:
        return self.excluded or self.answered == self.total

    @property
    def percent(self) -> int:
        return 100 if self.excluded else self.answered * 100 // max(self.total, 1)


@dataclass(frozen=True, slots=True)
class Progress:
    """A whole response, dimension by dimension."""

    dimensions: tuple[DimensionProgress, ...]

    def part(self, key: str) -> DimensionProgress:
        """The dimension with this key; KeyError if there is none."""
        return {part.content.key: part for part in self.dimensions}[key]

    @property
    def counts(self) -> list[tuple[int, bool]]:
        """How many questions of each dimension are answered, and whether it is left out: all that shows beside its name."""
        return [(part.answered, part.excluded) for part in self.dimensions]

    @property
    def scored(self) -> list[DimensionProgress]:
        return [part for part in self.dimensions if part.content.scored]

    @property
    def next(self) -> DimensionProgress | None:
        """Where to go on: the first scored dimension with something left, else the optional one, else None."""
        return next((part for part in [*self.scored, *self.dimensions] if not part.is_done), None)

    @property
    def answered(self) -> int:
        return sum(part.answered for part in self.scored if not part.excluded)

    @property
    def total(self) -> int:
        return sum(part.total for part in self.scored if not part.excluded)

    @property
    def left(self) -> int:
        """How many questions that count have no answer."""
        return self.total - self.answered

    @property
    def missing_for_half(self) -> int:
        """How many more answers make half of the questions that count; 0 from there on."""
        return max(0, (self.total + 1) // 2 - self.answered)

    @property
    def percent(self) -> int:
        """100 only when every question that counts has an answer."""
        return self.answered * 100 // self.total if self.total else 100

    @property
    def uncertain(self) -> int:
        """How many questions that count have no answer, or "I don't know"."""
        return sum(part.uncertain for part in self.scored)

    @property
    def has_begun(self) -> bool:
        return any(part.answered or part.excluded for part in self.dimensions)

    @property
    def without_score(self) -> list[DimensionProgress]:
        """The dimensions that would have too few answers for a score."""
        return [part for part in self.scored if not part.excluded and not part.has_score]


def progress(response: Response, answers: Mapping[str, SavedAnswer]) -> Progress:
    """The progress of a response with these answers, by question key."""
    left_out, content = response.round.excluded, response.outline.content
    first = content.first_numbers(left_out)
    return Progress(
        tuple(_dimension(part, answers, part.key in left_out, first[part.key]) for part in content.dimensions)
    )


def _dimension(
    content: DimensionContent, answers: Mapping[str, SavedAnswer], excluded: bool, first: int
) -> DimensionProgress:
    states = {
        question.key: answers[question.key].state if question.key in answers else Answer.State.EMPTY
        for question in content.questions
    }
    left = tuple(question for question in content.questions if states[question.key] == Answer.State.EMPTY)
    return DimensionProgress(
        content=content,
        excluded=excluded,
        first=first,
        total=len(content.questions),
        answered=len(content.questions) - len(left),
        open=left,
        unknown=tuple(question for question in content.questions if states[question.key] == Answer.State.UNKNOWN),
        states=states,
    )
