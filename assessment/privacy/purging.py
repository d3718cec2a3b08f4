"""What goes by itself once its time is over: one kind of row at a time, in batches, or only counted.

Demonstration organisations stay. Nothing that somebody keeps, uses or saves meanwhile goes: each batch is locked and
looked at again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessment.models.answer import Answer
from assessment.models.limit import Count
from assessment.models.mail import Mailing
from assessment.models.marks import OpenerMark, PublicationMark
from assessment.models.organisation import Membership, Organisation
from assessment.models.people import PeopleInvitation
from assessment.models.response import Response
from assessment.models.round import Invitation, Round
from assessment.models.session import Session
from assessment.models.share import ClaimLink, Share
from assessment.models.sign_in import KEPT, SignIn
from assessment.rounds.known import SAME_PERSON

BATCH = 200
MAILS_KEPT = timedelta(days=30)  # what was asked to be mailed, and which of it failed


@dataclass(frozen=True)
class Kind:
    """One kind of row: its name in the plural, and the rows whose time is over at a time."""

    name: str
    due: Callable[[datetime], QuerySet]


@dataclass(frozen=True)
class Gone:
    """How many rows of a kind went, or would go."""

    name: str
    number: int


def purge(*, at: datetime, dry_run: bool = False) -> Iterator[Gone]:
    """Delete what has been kept for long enough at that time, kind by kind; with `dry_run` only count it."""
    for kind in KINDS:
        yield Gone(kind.name, kind.due(at).count() if dry_run else _delete(kind, at))
    yield Gone(ATTEMPTS, count_attempts(before=at) if dry_run else forget_attempts(before=at))


def _delete(kind: Kind, at: datetime) -> int:
    """The rows of a kind that are due, deleted a batch at a time; those that somebody took up meanwhile are left."""
    done, last = 0, None
    while True:
        rows = kind.due(at).order_by("pk")
        batch = list((rows if last is None else rows.filter(pk__gt=last)).values_list("pk", flat=True)[:BATCH])
        if not batch:
            return done
        last = batch[-1]
        with transaction.atomic():
            _hold(kind, at, batch)
            still = list(kind.due(at).filter(pk__in=batch).values_list("pk", flat=True))
            kind.due(at).model.objects.filter(pk__in=still).delete()
        done += len(still)


def _hold(kind: Kind, at: datetime, batch: list) -> None:
    """Lock these rows, and before them the organisations of responses: somebody may be claiming one just now."""
    model = kind.due(at).model
    if model is Response:
        rounds = Organisation.objects.filter(rounds__responses__in=batch)
        found = Organisation.objects.filter(pk__in=rounds.values("pk").order_by())
        list(found.order_by("pk").select_for_update().values_list("pk", flat=True))
    list(model.objects.filter(pk__in=batch).order_by("pk").select_for_update().values_list("pk", flat=True))


# What is due ---------------------------------------------------------------------------------------------------------
def _drafts(at: datetime) -> QuerySet:
    """Drafts to which nothing was added since; in a confidential round, which stores no times, since it ended."""
    limit = at - timedelta(days=settings.DRAFT_DAYS)
    changed = Answer.objects.filter(response=OuterRef("pk"), saved_at__gte=limit)
    in_time = Response.objects.drafts().filter(started_at__lt=limit, round__organisation__is_demo=False)
    ended = Q(round__closed_at__lt=limit) | Q(round__closes_on__lt=timezone.localdate(limit))
    return in_time.exclude(Exists(changed)).filter(~Q(round__mode=Round.Mode.CONFIDENTIAL) | ended)


def _unclaimed(at: datetime) -> QuerySet:
    """What was submitted, with earlier versions, in organisations that nobody keeps."""
    limit = at - timedelta(days=settings.UNCLAIMED_DAYS)
    people = Membership.objects.filter(organisation=OuterRef("round__organisation"))
    found = Response.objects.filter(submitted_at__lt=limit, round__organisation__is_demo=False)
    return found.exclude(Exists(people))


def _organisations(at: datetime) -> QuerySet:
    """Organisations that nobody keeps and that have no response, or none but those that go now."""
    stays = Response.objects.filter(round__organisation=OuterRef("pk"))
    for going in (_drafts(at), _unclaimed(at)):
        stays = stays.exclude(pk__in=going.values("pk").order_by())
    return Organisation.objects.filter(is_demo=False, memberships=None).exclude(Exists(stays))


def _over(at: datetime) -> datetime:
    """What ended before then goes."""
    return at - timedelta(days=settings.LINK_DAYS)


def _shares(at: datetime) -> QuerySet:
    return Share.objects.filter(Q(expires_at__lt=_over(at)) | Q(revoked_at__lt=_over(at)))


def _claim_links(at: datetime) -> QuerySet:
    return ClaimLink.objects.filter(Q(expires_at__lt=_over(at)) | Q(revoked_at__lt=_over(at)))


def _people_invitations(at: datetime) -> QuerySet:
    over = _over(at)
    return PeopleInvitation.objects.filter(Q(expires_at__lt=over) | Q(revoked_at__lt=over) | Q(used_at__lt=over))


def _invitations(at: datetime) -> QuerySet:
    """Revoked links for all, and revoked personal invitations, used or not, once a later round keeps theirs closed."""
    later = Round.objects.filter(organisation=OuterRef("round__organisation"), number__gt=OuterRef("round__number"))
    return Invitation.objects.filter(revoked_at__lt=_over(at)).filter(Q(email="") | Exists(later))


def _openers(at: datetime) -> QuerySet:
    return OpenerMark.objects.filter(submitted_at__lt=at - SAME_PERSON)


def _marks(at: datetime) -> QuerySet:
    return PublicationMark.objects.filter(published_at__lt=at - SAME_PERSON)


def _mailings(at: datetime) -> QuerySet:
    return Mailing.objects.filter(asked_at__lt=at - MAILS_KEPT)


def _tasks(at: datetime) -> QuerySet:
    """Tasks that are done, and those a worker died with: what they were about has rows of its own."""
    over = at - timedelta(days=1)
    return DBTaskResult.objects.filter(Q(finished_at__lt=over) | Q(started_at__lt=over))


def _sessions(at: datetime) -> QuerySet:
    return Session.objects.filter(expire_date__lt=at)


def _sign_ins(at: datetime) -> QuerySet:
    return SignIn.objects.filter(at__lt=at - KEPT)


def _counts(at: datetime) -> QuerySet:
    return Count.objects.filter(until__lt=at)


def _accounts(at: datetime) -> QuerySet:
    """Accounts whose address was never confirmed and that nobody ever used."""
    limit = at - timedelta(days=settings.UNUSED_ACCOUNT_DAYS)
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    unused = get_user_model().objects.filter(last_login=None, date_joined__lt=limit, is_staff=False)
    return unused.filter(memberships=None).exclude(Exists(confirmed))


def forget_attempts(*, before: datetime) -> int:
    """Delete the counts that ended before a moment; how many they were."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_ended()}", _at(before))  # noqa: S608 -- a name of the settings
        return cursor.rowcount


def count_attempts(*, before: datetime) -> int:
    """How many counts ended before a moment."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {_ended()}", _at(before))  # noqa: S608 -- a name of the settings
        return cursor.fetchone()[0]


def _ended() -> str:
    return connection.ops.quote_name(settings.CACHES["default"]["LOCATION"]) + " WHERE expires < %s"


def _at(before: datetime) -> list:
    return [connection.ops.adapt_datetimefield_value(before)]


ATTEMPTS = "counted attempts that ended"  # to sign in or up: Django's cache holds them, no model
# Links before what they lead to: a link that goes with its response is not counted twice.
KINDS = (
    Kind("ended reading links", _shares),
    Kind("ended links to keep an organisation", _claim_links),
    Kind("ended invitations to organisations", _people_invitations),
    Kind("revoked invitations to rounds", _invitations),
    Kind("abandoned drafts", _drafts),
    Kind("submitted responses that nobody keeps", _unclaimed),
    Kind("organisations left empty", _organisations),
    Kind("mailings with what became of their mails", _mailings),
    Kind("tasks that are done", _tasks),
    Kind("expired sessions", _sessions),
    Kind("sign-ins on record", _sign_ins),
    Kind("expired counters of limits", _counts),
    Kind("accounts never confirmed nor used", _accounts),
    Kind("marks of publications", _marks),
    Kind("marks of who opened a round", _openers),
)
