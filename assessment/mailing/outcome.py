"""What became of the mails that somebody asked for, as their page tells it: by name and reason, or without names."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from assessment.models import Mail, Mailing, Organisation, Round
from assessment.text.database import alphabetical

# For so long it is said that what was asked is being sent, whatever became of it: that one was done sooner than others would
# tell that it was left out.
SOON = timedelta(minutes=5)


@dataclass(frozen=True)
class Outcome:
    """`failed`, `unknown` and `put_off` by name, the last for now; `is_away`: the server takes nothing; `is_stuck`: no worker."""

    failed: Sequence[Mail]
    put_off: Sequence[Mail]
    unknown: Sequence[Mail]
    is_being_sent: bool
    is_away: bool
    is_stuck: bool
    some_failed: bool  # of the last reminders, and of invitations made anew


def outcome_of_round(round_: Round, *, at: datetime) -> Outcome:
    """Of the mails about a round; two queries."""
    rows = Mail.objects.filter(mailing__round=round_).exclude(state=Mail.State.SENT)
    rows = rows.select_related("mailing", "invitation").order_by(*alphabetical("recipient"))
    return _outcome(list(round_.mailings.order_by("asked_at")), list(rows), at=at)


def outcome_of_people(organisation: Organisation, *, at: datetime) -> Outcome:
    """Of the invitations to an organisation, and of what its people are told; one query."""
    counts = ~Q(state=Mail.State.SENT) | Q(mailing__asked_at__gt=at - SOON)
    rows = Mail.objects.of_people(organisation).filter(counts).select_related("mailing", "people_invitation")
    found = list(rows)
    return _outcome([row.mailing for row in found], found, at=at)


def _outcome(mailings: Sequence[Mailing], rows: Sequence[Mail], *, at: datetime) -> Outcome:
    told = [row for row in rows if row.mailing.is_named and not row.is_over]
    done = Counter(row.mailing_id for row in told if row.state in (Mail.State.FAILED, Mail.State.UNKNOWN))
    due = [row for row in rows if row.state == Mail.State.DUE]
    latest = {mailing.kind: mailing for mailing in mailings}
    return Outcome(
        failed=[row for row in told if row.is_failed],
        put_off=[row for row in told if row.state == Mail.State.DUE and row.reason == Mail.Reason.BUSY],
        unknown=[row for row in told if row.state == Mail.State.UNKNOWN],
        is_being_sent=any(row.asked_at > at - SOON and row.size > done[row.pk] for row in mailings),
        is_away=any(row.reason == Mail.Reason.SERVER for row in due),
        is_stuck=any(not row.attempts and row.next_try < at - SOON for row in due),
        some_failed=any(mailing.some_failed for mailing in latest.values()),
    )
