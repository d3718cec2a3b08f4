"""Who may do what: one function per verb, used by every view. Each returns what was asked for, or None for "not yours".

An address with a secret key or token is itself the permission; "does not exist" and "not yours" look the same.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from assessment.models import Action, Invitation, Membership, PeopleInvitation, Response, Result, Round, Share
from assessment.models.no_mail import NoMail
from assessment.models.prepared import Prepared
from assessment.models.secret import hash_of
from assessment.report.parts import WHOLE, Part

# Whoever holds a key -------------------------------------------------------------------------------------------------
NOBODY = 0  # the number of no account
_response = Prepared(lambda hashed: Response.objects.with_hashes([hashed]).to_answer()[:1])
_draft = Prepared(
    lambda hashed: Response.objects.with_hashes([hashed]).to_answer().drafts().select_for_update(of=("self",))[:1]
)
_reading = Prepared(lambda hashed, user: Response.objects.with_hashes([hashed]).with_membership_of(user)[:1])
_submitted = Prepared(
    lambda hashed, user: Response.objects.with_hashes([hashed]).submitted().with_result().with_membership_of(user)[:1]
)


def draft(key: str) -> Response | None:
    """The draft that the holder of a key may change; its row is locked until the transaction ends."""
    found = _draft.first(hash_of(key))
    return found if found and found.can_be_answered else None


def response(key: str) -> Response | None:
    """What the holder of a key comes back to: the draft if there is one, else what was submitted."""
    return _response.first(hash_of(key))


def reading(key: str, user) -> Response | None:
    """The same with what `parts_seen` asks of who holds the key."""
    return _reading.first(hash_of(key), user.pk or NOBODY)


def responses(keys: Iterable[str]) -> dict[str, Response]:
    """What the holder of several keys comes back to, by key and in their order, without what is gone."""
    return Response.objects.by_key(keys)


def submitted(key: str, user) -> Response | None:
    """The response whose report the holder of a key may read, with its result."""
    return _submitted.first(hash_of(key), user.pk or NOBODY)


def parts_seen(response: Response) -> frozenset[Part]:
    """What the holder of a key sees of their report.

    The plan is for who opened the round and for the organisation's people; other colleagues see their own score. Earlier
    rounds are for the organisation's people, and for who opened the round while nobody owns it.
    """
    hidden = set()
    if not (response.opens_round or response.is_member):
        hidden.add(Part.PLAN)
    if not (response.is_member or (response.opens_round and not response.is_owned)):
        hidden.add(Part.EARLIER)
    return WHOLE - hidden


def parts_to_share(response: Response) -> frozenset[Part]:
    """What a reading link of a response may show: whoever knows the key can make one, so no earlier round, ever.

    The plan is for who opened the round: a link shows no more than a colleague who made it sees themselves.
    """
    return WHOLE - {Part.EARLIER} if response.opens_round else WHOLE - {Part.EARLIER, Part.PLAN}


def parts_of_round_to_share(round_: Round) -> frozenset[Part]:
    """What a reading link of a round may show: in confidence people agreed to show notes to their organisation only."""
    return WHOLE - {Part.NOTES} if round_.is_confidential else WHOLE


class Shared(NamedTuple):
    """What a reading link shows: a result, the parts of its report, and whether a preview of the link tells the score."""

    result: Result
    shows: frozenset[Part]
    score_in_preview: bool


def shared(token: str, *, at: datetime) -> Shared | None:
    """The result that the holder of a reading link may read, and how much of its report."""
    found = Share.objects.with_token(token, at=at).first()
    if found is None:
        return None
    if found.response:
        return Shared(found.response.known_result, found.shows & parts_to_share(found.response), found.score_in_preview)
    result = Result.objects.of_rounds().with_report().filter(round=found.round_id).first()
    if result is None:
        return None
    return Shared(result, found.shows & parts_of_round_to_share(result.round), found.score_in_preview)


# Keeping and joining -------------------------------------------------------------------------------------------------
def opener(key: str) -> Response | None:
    """What the holder of a key comes back to, when it opened its round: the organisation is theirs to keep, or was."""
    found = response(key)
    return found if found and found.opens_round else None


def invitation(token: str) -> Invitation | None:
    """The invitation to a round that takes answers, behind a link that is not revoked."""
    found = Invitation.objects.with_token(token).first()
    if found is None or found.round.is_solo or not found.round.takes_answers():
        return None
    return None if NoMail.objects.is_ended(found.mailbox, found.round_id) else found


def people_invitation(token: str, *, at: datetime) -> PeopleInvitation | None:
    """The invitation to belong to an organisation, behind a link that is neither used, revoked nor too old."""
    return PeopleInvitation.objects.with_token(token, at=at).first()


# The organisation's people -------------------------------------------------------------------------------------------
def membership(user, slug: str, *, least: str = Membership.Role.VIEWER) -> Membership | None:
    """What somebody is in an organisation, when that is enough: viewers read, members also act, owners do everything."""
    return _memberships(user, slug, least).select_related("organisation").first()


def round_of(user, slug: str, number: int, *, least: str = Membership.Role.VIEWER) -> Round | None:
    """A round of an organisation to which somebody belongs as at least that; one query."""
    people = _memberships(user, slug, least)
    found = Round.objects.filter(number=number, organisation__in=people.values("organisation"))
    return found.select_related("organisation", "questionnaire").first()


def round_result(user, slug: str, number: int) -> Result | None:
    """The result of a round that the organisation's people may read: a solo round's, or the published joint one.

    `reader` is what the person who reads it is in the organisation, `is_last` whether no later round began,
    `is_newest` whether none of them is published.
    """
    if not user.is_authenticated:
        return None
    theirs = (
        Result.objects.of_rounds()
        .with_report()
        .filter(round__number=number, round__organisation__slug=slug, round__organisation__memberships__user=user)
    )
    later = Round.objects.filter(organisation=OuterRef("round__organisation"), number__gt=OuterRef("round__number"))
    published = later.filter(Q(publications__gt=0) | Q(mode=Round.Mode.SOLO, responses__state=Response.State.SUBMITTED))
    found = theirs.annotate(
        reader=F("round__organisation__memberships__role"), is_last=~Exists(later), is_newest=~Exists(published)
    )
    return found.first()


def managed(owner: Membership, number: int | None) -> Membership | None:
    """One of the people of the owner's organisation, by their number in the list."""
    found = Membership.objects.filter(organisation=owner.organisation_id, pk=number)
    return found.select_related("organisation", "user").first()


def open_invitation(owner: Membership, number: int | None, *, at: datetime) -> PeopleInvitation | None:
    """An open invitation to the owner's organisation, by its number in the list."""
    found = PeopleInvitation.objects.open(at=at).filter(organisation=owner.organisation_id, pk=number)
    return found.select_related("organisation").first()


def action(user, slug: str, number: int) -> Action | None:
    """An action of the plan that somebody may change: members and owners of its organisation."""
    people = _memberships(user, slug, Membership.Role.MEMBER)
    found = Action.objects.filter(pk=number, organisation__in=people.values("organisation"))
    return found.select_related("organisation", "made_in__questionnaire").first()


def may_act(membership: Membership) -> bool:
    """Whether somebody may take on steps and say how far they are; viewers only read."""
    return Membership.Role(membership.role).rank >= Membership.Role.MEMBER.rank


def reader_may_act(result: Result) -> bool:
    """The same of who reads the result of a round (`round_result`)."""
    return Membership.Role(result.reader).rank >= Membership.Role.MEMBER.rank


def may_start(membership: Membership) -> bool:
    """Whether somebody may open the next round: owners."""
    return membership.role == Membership.Role.OWNER


def _memberships(user, slug: str, least: str) -> QuerySet[Membership]:
    """What somebody is in an organisation, none when it is less than that or nobody is signed in."""
    if not user.is_authenticated:
        return Membership.objects.none()
    enough = [role for role in Membership.Role if role.rank >= Membership.Role(least).rank]
    return Membership.objects.filter(user=user, organisation__slug=slug, role__in=enough)
