"""Who belongs to an organisation: invitations that work once, roles, and an owner who always stays."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from assessment.models import Membership, PeopleInvitation, Response
from assessment.models.secret import hash_of
from assessment.organisations.people import (
    LastOwnerError,
    accept,
    change_role,
    invite_person,
    people_of,
    remove,
    revoke_person_invitation,
)
from assessment.rounds.inviting import wait_to_invite
from tests import factories
from tests.factories import NOON

OWNER, MEMBER, VIEWER = Membership.Role.OWNER, Membership.Role.MEMBER, Membership.Role.VIEWER
DAY = timedelta(days=1)
LAST = NOON + 14 * DAY - timedelta(microseconds=1)


@pytest.fixture
def organisation(db):
    return factories.organisation()


@pytest.fixture
def owner(organisation):
    return factories.account("owner@example.org", member_of=organisation).memberships.get()


def person(organisation, role=MEMBER):
    return factories.account(member_of=organisation, role=role).memberships.get()


def roles(organisation):
    return sorted(Membership.objects.filter(organisation=organisation).values_list("role", flat=True))


# Invitations ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", Membership.Role.values)
def test_an_invitation_makes_its_reader_what_it_says(organisation, owner, role):
    guest = factories.account()
    token = invite_person(organisation, role, at=NOON).token
    membership = accept(token, guest, at=NOON)
    assert (membership.organisation, membership.user, membership.role) == (organisation, guest, role)
    assert Membership.objects.count() == 2


def test_an_invitation_works_once(organisation, owner):
    token = invite_person(organisation, MEMBER, at=NOON).token
    assert accept(token, factories.account(), at=NOON)
    assert accept(token, factories.account(), at=NOON) is None
    assert roles(organisation) == ["member", "owner"]


def test_who_used_an_invitation_and_sends_the_form_again_is_led_to_what_they_have(organisation, owner):
    guest, token = factories.account(), invite_person(organisation, MEMBER, at=NOON).token
    assert accept(token, guest, at=NOON) == accept(token, guest, at=NOON)
    assert Membership.objects.filter(user=guest).count() == 1


@pytest.mark.parametrize(("at", "works"), [(NOON, True), (LAST, True), (NOON + 14 * DAY, False)])
def test_an_invitation_ends_after_fourteen_days(organisation, at, works):
    token = invite_person(organisation, MEMBER, at=NOON).token
    assert PeopleInvitation.objects.with_token(token, at=at).exists() is works
    assert (accept(token, factories.account(), at=at) is not None) is works


def test_a_revoked_invitation_brings_nobody_in(organisation):
    invitation = invite_person(organisation, MEMBER, at=NOON)
    revoke_person_invitation(organisation, invitation.pk, at=NOON)
    assert accept(invitation.token, factories.account(), at=NOON) is None
    assert not Membership.objects.exists()


def test_nobody_revokes_the_invitation_of_another_organisation(organisation):
    invitation = invite_person(organisation, MEMBER, at=NOON)
    revoke_person_invitation(factories.organisation("Other"), invitation.pk, at=NOON)
    assert PeopleInvitation.objects.open(at=NOON).get() == invitation


def test_what_is_stored_of_an_invitation_opens_nothing(organisation):
    invitation = invite_person(organisation, OWNER, at=NOON)
    assert invitation.token_hash == hash_of(invitation.token)
    for wrong in (invitation.seed, invitation.token_hash, str(invitation.pk), "", "\0", invitation.token[:-1]):
        assert accept(wrong, factories.account(), at=NOON) is None


def test_the_link_of_an_invitation_can_be_shown_again(organisation):
    token = invite_person(organisation, MEMBER, at=NOON).token
    assert PeopleInvitation.objects.get().token == token


def test_inviting_an_address_twice_is_one_invitation_as_the_last_says(organisation):
    first = invite_person(organisation, MEMBER, email="anne@example.org", at=NOON)
    again = invite_person(organisation, VIEWER, email="anne@example.org", at=NOON + DAY)
    assert (again.pk, again.token, again.expires_at) == (first.pk, first.token, NOON + 15 * DAY)
    assert PeopleInvitation.objects.get().role == VIEWER


def test_each_link_to_hand_over_is_one_of_its_own(organisation):
    assert invite_person(organisation, MEMBER, at=NOON).token != invite_person(organisation, MEMBER, at=NOON).token


@pytest.mark.parametrize("role", Membership.Role.values)
@pytest.mark.parametrize("invited_as", Membership.Role.values)
def test_who_belongs_already_may_do_more_afterwards_and_never_less(organisation, owner, role, invited_as):
    there = person(organisation, role)
    invitation = invite_person(organisation, invited_as, at=NOON)
    accept(invitation.token, there.user, at=NOON)
    there.refresh_from_db()
    invitation.refresh_from_db()
    more = Membership.Role(invited_as).rank > Membership.Role(role).rank
    assert there.role == (invited_as if more else role)
    assert (invitation.used_at is not None) is more  # else it is still there for somebody else


def test_one_invitation_taken_by_several_at_the_same_time_brings_in_one(lasting):
    organisation = factories.organisation()
    token = invite_person(organisation, MEMBER, at=NOON).token
    guests = [factories.account() for _ in range(4)]
    outcome = factories.at_the_same_time(*(partial(accept, token, guest, at=NOON) for guest in guests))
    assert sum(isinstance(one, Membership) for one in outcome) == 1
    assert outcome.count(None) == 3
    assert Membership.objects.count() == 1


def test_an_invitation_taken_twice_by_one_person_at_the_same_time_is_once(lasting):
    token, guest = invite_person(factories.organisation(), MEMBER, at=NOON).token, factories.account()
    outcome = factories.at_the_same_time(*[partial(accept, token, guest, at=NOON)] * 3)
    assert outcome == [Membership.objects.get()] * 3


def test_inviting_one_address_at_the_same_time_makes_one_invitation(lasting):
    organisation = factories.organisation()
    invite = partial(invite_person, organisation, MEMBER, email="anne@example.org", at=NOON)
    outcome = factories.at_the_same_time(*[invite] * 4)
    assert outcome == [PeopleInvitation.objects.get()] * 4


def test_accepting_while_the_inviter_is_removed_ends_one_way_or_the_other(lasting):
    organisation = factories.organisation()
    staying, going = person(organisation, OWNER), person(organisation, OWNER)
    tokens = [invite_person(organisation, MEMBER, by=going.user, at=NOON).token for _ in range(3)]
    outcome = factories.at_the_same_time(
        partial(remove, going, by=staying.user),
        *(partial(accept, token, factories.account(), at=NOON) for token in tokens),
    )
    assert outcome[0] is None
    assert not [one for one in outcome if isinstance(one, Exception)]
    joined = sum(isinstance(one, Membership) for one in outcome)
    assert Membership.objects.count() == 1 + joined


@pytest.mark.parametrize("same", ["organisation", "person"])
def test_so_many_are_invited_in_a_day_and_no_more(organisation, settings, same):
    settings.INVITATIONS_PER_DAY = 3
    people = [factories.account() for _ in range(4)]
    places = [factories.organisation() for _ in range(4)]
    asks = [(organisation, one) for one in people] if same == "organisation" else [(one, people[0]) for one in places]
    assert [wait_to_invite(*ask, at=NOON) for ask in asks] == [None, None, None, NOON + DAY]
    assert wait_to_invite(*asks[3], at=NOON + DAY) is None
    assert wait_to_invite(factories.organisation(), factories.account(), at=NOON) is None


# Roles, and an owner who stays ---------------------------------------------------------------------------------------
def test_an_owner_makes_others_owners_and_may_then_leave(organisation, owner):
    successor = person(organisation)
    change_role(successor, OWNER)
    remove(owner)
    assert roles(organisation) == ["owner"]


def test_the_last_owner_cannot_leave(organisation, owner):
    person(organisation, MEMBER)
    with pytest.raises(LastOwnerError):
        remove(owner)
    assert roles(organisation) == ["member", "owner"]


@pytest.mark.parametrize("role", [MEMBER, VIEWER])
def test_the_last_owner_cannot_become_less(organisation, owner, role):
    with pytest.raises(LastOwnerError):
        change_role(owner, role)
    owner.refresh_from_db()
    assert owner.role == OWNER


def test_the_last_owner_may_stay_what_they_are(organisation, owner):
    change_role(owner, OWNER)
    assert roles(organisation) == ["owner"]


def test_an_owner_of_another_organisation_is_no_successor(organisation, owner):
    person(factories.organisation("Other"), OWNER)
    with pytest.raises(LastOwnerError):
        remove(owner)


def test_an_account_with_an_organisation_cannot_be_deleted_before_it_left(organisation, owner):
    with pytest.raises(ProtectedError):
        owner.user.delete()
    assert roles(organisation) == ["owner"]


@pytest.mark.parametrize("verb", [remove, partial(change_role, role=VIEWER)])
def test_two_owners_who_go_at_the_same_time_leave_one(lasting, verb):
    organisation = factories.organisation()
    owners = [person(organisation, OWNER) for _ in range(3)]
    outcome = factories.at_the_same_time(*(partial(verb, one) for one in owners))
    assert outcome.count(None) == 2
    assert sum(isinstance(one, LastOwnerError) for one in outcome) == 1
    assert Membership.objects.owners().count() == 1


def test_two_owners_who_remove_each_other_at_the_same_time_leave_one(lasting):
    organisation = factories.organisation()
    one, other = person(organisation, OWNER), person(organisation, OWNER)
    outcome = factories.at_the_same_time(partial(remove, one, by=other.user), partial(remove, other, by=one.user))
    assert sum(isinstance(result, LastOwnerError) for result in outcome) == 1
    assert roles(organisation) == ["owner"]


def test_changing_somebody_who_was_removed_meanwhile_brings_nobody_back(organisation, owner):
    there = person(organisation)
    known = Membership.objects.get(pk=there.pk)
    remove(there)
    change_role(known, OWNER)
    remove(known)
    assert roles(organisation) == ["owner"]


@pytest.mark.parametrize("verb", [remove, partial(change_role, role=MEMBER)])
def test_an_owner_whom_another_takes_off_cannot_come_back_by_an_open_invitation(organisation, owner, verb):
    going = person(organisation, OWNER)
    known = invite_person(organisation, OWNER, email="anne@example.org", by=owner.user, at=NOON).token
    verb(going, by=owner.user)
    assert accept(known, factories.account(), at=NOON) is None
    assert accept(PeopleInvitation.objects.get().token, factories.account(), at=NOON).role == OWNER


def test_an_owner_who_leaves_by_themselves_leaves_the_invitations_as_they_are(organisation, owner):
    person(organisation, OWNER)
    token = invite_person(organisation, MEMBER, by=owner.user, at=NOON).token
    remove(owner)
    assert accept(token, factories.account(), at=NOON)


def test_removing_a_member_leaves_the_invitations_as_they_are(organisation, owner):
    there, token = person(organisation), invite_person(organisation, MEMBER, at=NOON).token
    remove(there, by=owner.user)
    assert accept(token, factories.account(), at=NOON)


@pytest.mark.parametrize("way", ["changed", "invited"])
def test_what_a_new_owner_has_submitted_counts_as_it_did(questionnaire, way):
    """Whatever a publication counted otherwise would tell whether they answered, and what."""
    organisation = factories.organisation()
    response, _key = factories.submitted(organisation)
    there = person(organisation)
    Response.objects.filter(pk=response.pk).update(user=there.user)
    if way == "changed":
        change_role(there, OWNER)
    else:
        accept(invite_person(organisation, OWNER, at=NOON).token, there.user, at=NOON)
    response.refresh_from_db()
    assert not response.by_owner


# Who is seen by whom -------------------------------------------------------------------------------------------------
def test_a_viewer_sees_roles_and_their_own_address_and_no_other(organisation, owner):
    viewer, member = person(organisation, VIEWER), person(organisation)
    seen = people_of(viewer)
    assert [(one.role, one.name, one.is_self) for one in seen] == [
        ("owner", None, False),
        ("viewer", viewer.name, True),
        ("member", None, False),
    ]
    for other in (owner, member):
        assert [one.name for one in people_of(other)] == [owner.name, viewer.name, member.name]


def test_the_only_owner_is_marked_and_one_of_two_is_not(organisation, owner):
    person(organisation)
    assert [one.is_last_owner for one in people_of(owner)] == [True, False]
    person(organisation, OWNER)
    assert not any(one.is_last_owner for one in people_of(owner))


def test_listing_people_is_one_query(organisation, owner):
    for more in (2, 6):
        for _ in range(more):
            person(organisation)
        with CaptureQueriesContext(connection) as queries:
            assert all(one.name for one in people_of(owner))
        assert len(queries) == 1


def test_an_inviter_without_an_account_is_nobody(organisation, owner):
    person(organisation, OWNER)
    invitation = invite_person(organisation, MEMBER, by=owner.user, at=NOON)
    assert PeopleInvitation.objects.get().inviter == owner.name
    remove(owner)
    owner.user.delete()
    invitation.refresh_from_db()
    assert invitation.inviter is None
