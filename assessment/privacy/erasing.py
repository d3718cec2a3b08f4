"""What people may have erased: their answers, their account, the organisation they own. It cannot be taken back.

Lock order: an organisation before its responses, a response before its round, a round before its invitations.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from assessment.accounts.made import leave_record
from assessment.models.answer import Answer
from assessment.models.mail import Mail
from assessment.models.no_mail import NoMail
from assessment.models.organisation import Membership, Organisation
from assessment.models.people import PeopleInvitation, addresses_of
from assessment.models.response import Response, responses_of
from assessment.models.result import Result
from assessment.models.round import Round
from assessment.models.secret import hash_of, new_key
from assessment.models.session import Session
from assessment.models.share import ClaimLink, Share
from assessment.models.sign_in import SignIn
from assessment.organisations.people import LastOwnerError
from assessment.rounds.known import remember_opener
from assessment.rounds.spacing import remember_owner
from assessment.text.database import alphabetical


class Remains(StrEnum):
    """What is left of a response once it is erased."""

    NOTHING = "nothing"
    RESULT = "result"  # of a round that its author answered alone, for the others of the organisation
    JOINT = "joint"  # the published result of a round that several people answered


# One person's answers ------------------------------------------------------------------------------------------------
def remains(response: Response) -> Remains:
    """What erasing this response would leave, as things are."""
    versions = Response.objects.filter(key_hash=response.key_hash).exclude(state=Response.State.DRAFT)
    if versions.filter(batch__lte=response.round.publications).exists():
        return Remains.JOINT
    others = Membership.objects.filter(organisation=response.round.organisation_id)
    if response.user_id:
        others = others.exclude(user=response.user_id)
    if response.round.is_solo and versions.submitted().exists() and others.exists():
        return Remains.RESULT
    return Remains.NOTHING


@transaction.atomic
def erase(response: Response, *, at: datetime) -> Remains:
    """Erase what somebody answered, in all its versions; what others rest on stays without the answers behind it.

    An organisation that nobody keeps goes with its last response.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).filter(pk=response.round.organisation_id).first()
    same_key = Response.objects.filter(key_hash=response.key_hash)
    versions = list(same_key.select_for_update().draft_first())  # the order of `submit` and `correct`
    if organisation is None or not versions:
        return Remains.NOTHING  # erased meanwhile
    round_ = Round.objects.lock().get(pk=response.round_id)
    for version in versions:
        version.round = round_
    left = remains(versions[-1])
    for version in versions:
        remember_opener(version)
    shell = next((row for row in versions if _stays(row, left)), None)
    _silence_invitation(round_, response.key_hash)
    same_key.exclude(pk=shell.pk if shell else None).delete()
    if shell:
        _empty(shell, at=at)
        own = Result.objects.filter(response=shell)
        own.update(answers_erased=True) if left == Remains.RESULT else own.delete()
    if left == Remains.JOINT:
        round_.results.filter(response=None).update(answers_erased=True)
    elif not organisation.memberships.exists() and not _responses(organisation).exists():
        organisation.delete()
    return left


def _stays(version: Response, left: Remains) -> bool:
    """Whether the row stays as an empty shell: a published count or a result rests on it."""
    is_current = version.state == Response.State.SUBMITTED
    return is_current and (left == Remains.RESULT or (left == Remains.JOINT and version.is_published))


def _empty(shell: Response, *, at: datetime) -> None:
    """Take from a response all that is its author's, and its address."""
    for model in (Answer, Share, ClaimLink):
        model.objects.filter(response=shell).delete()
    Response.objects.filter(previous=shell).update(previous=None)
    shell.key_hash, shell.role, shell.email = hash_of(new_key()), "other", ""
    shell.author, shell.previous_sealed, shell.user, shell.previous = "", "", None, None
    shell.shares_notes, shell.mails_sent, shell.erased_at = False, 0, shell.round.moment(at)
    shell.save()


def _silence_invitation(round_: Round, key_hash: str) -> None:
    """End the invitation that this response came of. It stays in the owner's list: one that vanished would name its reader."""
    for invitation in round_.invitations.personal():
        if invitation.response_hash == key_hash:
            NoMail.objects.stop(invitation.mailbox, round_.pk)


def _responses(organisation: Organisation):
    return Response.objects.filter(round__organisation=organisation, erased_at=None)


# An account ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Leaving:
    """What a person leaves behind: organisations of theirs alone, and those that they have to give an owner first."""

    alone: Collection[Organisation]
    ownerless: Collection[Organisation]


def leaving(user: AbstractBaseUser) -> Leaving:
    """What stands in the way of erasing an account; two queries."""
    theirs = list(_memberships(user))
    others = Membership.objects.filter(organisation__in=[row.organisation_id for row in theirs]).exclude(
        user_id=user.pk
    )
    people, owned = set(), set()
    for other in others:
        people.add(other.organisation_id)
        owned |= {other.organisation_id} if other.role == Membership.Role.OWNER else set()
    return Leaving(
        [row.organisation for row in theirs if row.organisation_id not in people],
        [
            row.organisation
            for row in theirs
            if row.role == Membership.Role.OWNER and row.organisation_id in people - owned
        ],
    )


def _memberships(user: AbstractBaseUser):
    found = Membership.objects.filter(user_id=user.pk).select_related("organisation")
    return found.order_by(*alphabetical("organisation__name"), "organisation_id")


@transaction.atomic
def erase_account(user: AbstractBaseUser, *, at: datetime, with_organisations: bool = False) -> None:
    """Erase an account with its answers and sessions, and with the organisations of which its holder is the only person.

    LastOwnerError, and nothing is changed, while others would be left without an owner, or when such organisations
    are not to go with it.
    """
    own = responses_of(user)
    concerned = {*_memberships(user).values_list("organisation", flat=True)}
    concerned |= {*own.values_list("round__organisation", flat=True)}
    list(Organisation.objects.filter(pk__in=concerned).order_by("pk").select_for_update(no_key=True))
    behind = leaving(user)
    if behind.ownerless or (behind.alone and not with_organisations):
        raise LastOwnerError
    for organisation in behind.alone:
        organisation.delete()
    theirs = Membership.objects.filter(user_id=user.pk)
    for membership in theirs.select_related("user"):
        remember_owner(membership)
    theirs.delete()
    for response in {row.key_hash: row for row in own.select_related("round")}.values():
        erase(response, at=at)
    PeopleInvitation.objects.mailed_to(addresses_of(user)).delete()
    Mail.objects.to(addresses_of(user)).delete()
    SignIn.objects.about(user).delete()
    leave_record(user)
    about_them = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(user), object_id=str(user.pk))
    about_them.update(object_repr=f"#{user.pk}")  # what the administration did with their account was under their name
    Session.objects.filter(account=user.pk).delete()
    user.delete()


# An organisation -----------------------------------------------------------------------------------------------------
@transaction.atomic
def delete_organisation(organisation: Organisation) -> None:
    """Delete an organisation with everything in it: rounds, answers, results, actions, invitations, memberships."""
    locked = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation.pk).first()
    if locked is None:
        return
    within = Response.objects.filter(round__organisation=locked)
    list(within.draft_first().select_for_update(of=("self",)).values_list("pk", flat=True))
    list(Round.objects.filter(organisation=locked).order_by("pk").select_for_update().values_list("pk", flat=True))
    locked.delete()
