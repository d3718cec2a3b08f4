"""What is going on, in numbers: how many begin, how far they get, when they answer. Nobody's name, no demonstration."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import TruncDate
from django.utils import timezone

from assessment.models.answer import Answer
from assessment.models.questionnaire import Dimension, Questionnaire
from assessment.models.response import Response
from assessment.models.round import Round

DAYS, REACHED_DAYS = 30, 90
MOST_RESPONSES, MOST_DRAFTS = 2000, 20
REAL = {"round__organisation__is_demo": False}


@dataclass(frozen=True, slots=True)
class Reached:
    """Of the responses that were asked a dimension's questions, how many answered at least one of them."""

    title: str
    answered: int
    asked: int

    @property
    def share(self) -> float:
        """In percent; 0 where nobody was asked."""
        return 100 * self.answered / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class Activity:
    """The numbers of one moment."""

    rounds: int  # begun since the first of the month
    submissions: int
    begun: int  # responses that `reached` rests on
    reached: list[Reached]
    days: list[tuple[date, int]]

    @property
    def answers(self) -> int:
        return sum(number for _day, number in self.days)


def activity(*, at: datetime) -> Activity:
    """What is going on at a moment: seven queries, each of them over a bounded time."""
    today = timezone.localdate(at)
    month = timezone.make_aware(datetime(today.year, today.month, 1))
    rounds = Round.objects.filter(opened_at__gte=month, opened_at__lte=at, organisation__is_demo=False)
    submitted = Response.objects.submitted().filter(submitted_at__gte=month, submitted_at__lte=at, **REAL)
    submitted = submitted.exclude(round__mode=Round.Mode.CONFIDENTIAL)
    begun, reached = _reached(at)
    return Activity(rounds.count(), submitted.count(), begun, reached, _days(today))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Versions that are written and not published: the newest, and how many there are besides."""

    newest: list[Questionnaire]
    others: int


def drafts_waiting() -> Waiting:
    rows = Questionnaire.objects.filter(status=Questionnaire.Status.DRAFT).order_by("-pk")
    newest = list(rows[:MOST_DRAFTS])
    return Waiting(newest, rows.count() - len(newest))


def _reached(at: datetime) -> tuple[int, list[Reached]]:
    """How far the newest responses of the last 90 days got; a correction stands for what it replaced, once submitted."""
    since = at - timedelta(days=REACHED_DAYS)
    recent = (
        Response.objects.exclude(state=Response.State.REPLACED)
        .filter(started_at__gte=since, started_at__lte=at, erased_at=None, **REAL)
        .exclude(round__mode=Round.Mode.CONFIDENTIAL)
    )
    submitted = Response.objects.filter(key_hash=OuterRef("key_hash"), state=Response.State.SUBMITTED)
    recent = recent.exclude(Exists(submitted), state=Response.State.DRAFT)
    newest = recent.order_by("-started_at", "-pk")[:MOST_RESPONSES]
    left_out = dict(newest.values_list("pk", "round__excluded"))
    given = Answer.objects.filter(response__in=list(left_out)).exclude(state=Answer.State.EMPTY)
    answered = defaultdict(set)
    for response, dimension in given.order_by().values_list("response", "question__dimension__key").distinct():
        answered[dimension].add(response)
    current = Questionnaire.objects.current()
    dimensions = Dimension.objects.filter(questionnaire=current, scored=True) if current else []
    reached = []
    for dimension in dimensions:
        asked = {pk for pk, keys in left_out.items() if dimension.key not in keys}
        reached.append(Reached(dimension.title, len(asked & answered[dimension.key]), len(asked)))
    return len(left_out), reached


def _days(today: date) -> list[tuple[date, int]]:
    """How many answers were last saved on each of the last 30 days, today among them; confidential ones have no day."""
    first = today - timedelta(days=DAYS - 1)
    since = timezone.make_aware(datetime(first.year, first.month, first.day))
    answers = Answer.objects.filter(saved_at__gte=since, response__round__organisation__is_demo=False)
    answers = answers.exclude(response__round__mode=Round.Mode.CONFIDENTIAL)
    rows = answers.exclude(state=Answer.State.EMPTY).order_by().annotate(day=TruncDate("saved_at"))
    numbers = dict(rows.values("day").annotate(number=Count("pk")).values_list("day", "number"))
    days = (first + timedelta(days=number) for number in range(DAYS))
    return [(day, numbers.get(day, 0)) for day in days]
