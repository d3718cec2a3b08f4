"""The page of an organisation's people, and the page of an invitation."""

import re
from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment.models import Membership, PeopleInvitation
from assessment.organisations.people import invite_person, revoke_person_invitation
from tests import factories

ROLES = Membership.Role.values


class Refusing(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages):
        raise SMTPException("not today")


@pytest.fixture
def organisation(db):
    return factories.organisation()


@pytest.fixture
def owner(client, organisation):
    """The only owner, signed in."""
    user = factories.account("owner@example.org", member_of=organisation)
    client.force_login(user)
    return user.memberships.get()


def person(organisation, role="member", name=None):
    return factories.account(name, member_of=organisation, role=role).memberships.get()


def visit(organisation, role):
    """A client of somebody who is that in the organisation."""
    client = Client()
    client.force_login(person(organisation, role).user)
    return client


def get(client, organisation):
    return client.get(reverse("people", args=[organisation.slug]))


def post(client, organisation, **fields):
    return client.post(reverse("people", args=[organisation.slug]), fields, follow=True)


def text(page):
    return page.content.decode()


def invited(organisation, **fields):
    return invite_person(organisation, **{"role": "member", "at": timezone.now()} | fields)


def roles(organisation):
    return sorted(Membership.objects.filter(organisation=organisation).values_list("role", flat=True))


# Who may do what -----------------------------------------------------------------------------------------------------
def wishes(organisation):
    """Every button an owner has, pressed on real rows."""
    there, invitation = person(organisation), invited(organisation, email="open@example.org")
    return [
        {"invite": "yes", "email": "new@example.org", "role": "member"},
        {"link": "yes", "role": "member"},
        {"change": there.pk, "role": "owner"},
        {"remove": there.pk},
        {"revoke": invitation.pk},
        {"send": invitation.pk},
    ]


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_only_owners_invite_change_and_remove(organisation, owner, role):
    visitor = visit(organisation, role)
    for wish in wishes(organisation):
        before = roles(organisation), list(PeopleInvitation.objects.values())
        assert post(visitor, organisation, **wish).status_code == 404, wish
        assert (roles(organisation), list(PeopleInvitation.objects.values())) == before, wish
    assert mail.outbox == []


def test_an_owner_of_another_organisation_reaches_nothing(organisation, owner):
    other = factories.organisation("Other")
    visitor = visit(other, "owner")
    asked = wishes(organisation)
    before = roles(organisation), list(PeopleInvitation.objects.values())
    for wish in asked:
        assert post(visitor, organisation, **wish).status_code == 404, wish
    for wish in asked[2:]:  # the numbers of this organisation at the address of their own
        assert post(visitor, other, **wish).status_code == 200, wish
    assert (roles(organisation), list(PeopleInvitation.objects.values())) == before
    assert mail.outbox == []


@pytest.mark.parametrize("role", ROLES)
def test_addresses_of_others_are_for_owners_and_members(organisation, owner, role):
    other = person(organisation, "viewer", "anne@example.org")
    visitor = visit(organisation, role)
    shown = text(get(visitor, organisation))
    assert (other.name in shown) is (owner.name in shown) is (role != "viewer")
    assert shown.count("A colleague") == (2 if role == "viewer" else 0)
    assert "(you)" in shown


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_open_invitations_are_for_owners(organisation, owner, client, role):
    invitation = invited(organisation, email="open@example.org")
    shown = text(get(visit(organisation, role), organisation))
    for secret in (invitation.token, "open@example.org", "Open invitations", 'name="role"'):
        assert secret not in shown
        assert secret in text(get(client, organisation))


def test_the_organisation_leads_to_its_people(client, organisation, owner):
    assert reverse("people", args=[organisation.slug]) in text(client.get(organisation.get_absolute_url()))


# Inviting ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ROLES)
def test_an_invitation_is_mailed_and_what_it_says_comes_true(client, organisation, owner, role):
    page = post(client, organisation, invite="yes", email="Anne@Example.org", role=role)
    assert "being sent to anne@example.org" in text(page)
    assert mail.outbox == []
    factories.deliver()
    (sent,) = mail.outbox
    assert sent.to == ["anne@example.org"]
    assert "owner@example.org invites you" in sent.body
    assert "Maison Dupont" in sent.body
    place = re.search(r"http://testserver(/invitation/\S+/)", sent.body).group(1)
    guest = Client()
    guest.force_login(factories.account("anne@example.org"))
    shown = text(guest.get(place))
    assert "owner@example.org invites you" in shown
    assert guest.post(place)["Location"] == organisation.get_absolute_url()
    assert Membership.objects.get(user__username="anne@example.org").role == role


def test_a_link_to_hand_over_is_listed_and_can_be_copied_again(client, organisation, owner):
    post(client, organisation, link="yes", role="viewer")
    invitation = PeopleInvitation.objects.get()
    assert (invitation.role, invitation.email, mail.outbox) == ("viewer", "", [])
    for _time in range(2):
        shown = text(get(client, organisation))
        assert f"http://testserver/invitation/{invitation.token}/" in shown
        assert "data-copy" in shown


def test_what_is_typed_as_an_address_is_not_used_for_a_link(client, organisation, owner):
    post(client, organisation, link="yes", role="member", email="no address")
    assert PeopleInvitation.objects.get().email == ""


@pytest.mark.parametrize("email", ["", "no address", "a@b", "x" * 300 + "@example.org", "a@example.org, b@example.org"])
def test_an_address_that_cannot_be_one_is_shown_again_with_what_is_wrong(client, organisation, owner, email):
    page = post(client, organisation, invite="yes", email=email, role="viewer")
    assert page.status_code == 422
    assert "Nothing you typed is lost" in text(page)
    assert page.context["form"]["email"].value() == email
    assert '<option value="viewer" selected' in text(page)
    assert not PeopleInvitation.objects.exists()


@pytest.mark.parametrize("role", ["", "king", None])
def test_a_role_that_is_none_invites_nobody(client, organisation, owner, role):
    fields = {"invite": "yes", "email": "anne@example.org"} | ({} if role is None else {"role": role})
    assert post(client, organisation, **fields).status_code == 422
    assert not PeopleInvitation.objects.exists()


def test_who_belongs_already_is_not_invited_again(client, organisation, owner):
    person(organisation, "viewer", "anne@example.org")
    page = post(client, organisation, invite="yes", email="ANNE@example.org", role="member")
    assert page.status_code == 422
    assert "belongs to the organisation already" in text(page)
    assert mail.outbox == []


def test_a_mail_server_that_refuses_keeps_the_invitation(client, organisation, owner, settings):
    settings.EMAIL_BACKEND = "tests.test_people_pages.Refusing"
    page = post(client, organisation, invite="yes", email="anne@example.org", role="member")
    assert "being sent" in text(page)
    factories.deliver()
    page = get(client, organisation)
    assert "The mail server is not accepting mails at the moment" in text(page)
    assert "being sent" not in text(page)
    assert PeopleInvitation.objects.get().token in text(page)


def test_an_invitation_can_be_sent_again_and_lasts_from_then_on(client, organisation, owner):
    old = invited(organisation, email="anne@example.org", at=timezone.now() - timedelta(days=13))
    post(client, organisation, send=old.pk)
    factories.deliver()
    assert old.token in mail.outbox[0].body
    assert PeopleInvitation.objects.get().expires_at > timezone.now() + timedelta(days=13)


def test_a_link_to_hand_over_is_sent_to_nobody(client, organisation, owner):
    post(client, organisation, send=invited(organisation).pk)
    assert mail.outbox == []


def test_so_many_invitations_a_day_and_no_more(client, organisation, owner, settings):
    settings.INVITATIONS_PER_DAY = 2
    for number in range(2):
        post(client, organisation, invite="yes", email=f"anne{number}@example.org", role="member")
    page = post(client, organisation, invite="yes", email="late@example.org", role="member")
    assert page.status_code == 429
    assert "You can try again from" in text(page)
    assert 'value="late@example.org"' in text(page)
    page = post(client, organisation, send=PeopleInvitation.objects.first().pk)
    assert "being sent" in text(page)  # what was not sent yet is sent once
    factories.deliver()
    page = post(client, organisation, send=PeopleInvitation.objects.first().pk)
    assert "You can try again from" in text(page)
    assert (len(mail.outbox), PeopleInvitation.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("page", "chosen", "hellos"),
    [
        ("fr", "", ["Bonjour", "Hello"]),
        ("en", "", ["Hello", "Bonjour"]),
        ("fr", "en", ["Hello"]),
        ("en", "fr", ["Bonjour"]),
    ],
)
def test_the_mail_speaks_the_language_chosen_or_both(client, organisation, owner, page, chosen, hellos):
    client.cookies["language"] = page
    post(client, organisation, invite="yes", email="anne@example.org", role="member", languages=chosen)
    factories.deliver()
    (sent,) = mail.outbox
    assert re.findall("Bonjour|Hello", sent.body) == hellos
    subjects = {"Bonjour": "Invitation", "Hello": "You are invited"}
    assert [part.split("\xa0")[0].split(":")[0] for part in sent.subject.split(" / ")] == [
        subjects[hello] for hello in hellos
    ]


def test_revoking_ends_an_invitation_and_no_other(client, organisation, owner):
    ended, kept = invited(organisation), invited(organisation)
    page = post(client, organisation, revoke=ended.pk)
    assert "no longer works" in text(page)
    assert ended.token not in text(page)
    assert kept.token in text(page)
    assert client.get(reverse("invitation", args=[ended.token])).status_code == 404


# Changing, removing, leaving -----------------------------------------------------------------------------------------
def test_an_owner_changes_what_others_may_do(client, organisation, owner):
    there = person(organisation)
    page = post(client, organisation, change=there.pk, role="viewer")
    assert "is now: viewer" in text(page)
    assert roles(organisation) == ["owner", "viewer"]


def test_an_owner_removes_somebody_who_then_reads_no_more(client, organisation, owner):
    there = person(organisation)
    removed = Client()
    removed.force_login(there.user)
    assert get(removed, organisation).status_code == 200
    page = post(client, organisation, remove=there.pk)
    assert "no longer belongs" in text(page)
    assert get(removed, organisation).status_code == 404


def test_an_owner_is_told_that_links_changed_when_another_is_taken_off(client, organisation, owner):
    open_one = invited(organisation)
    page = post(client, organisation, remove=person(organisation, "owner").pk)
    assert "were replaced" in text(page)
    assert open_one.token not in text(page)
    assert "were replaced" not in text(post(client, organisation, remove=person(organisation).pk))


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_everybody_can_leave(organisation, owner, role):
    visitor = visit(organisation, role)
    page = post(visitor, organisation, leave="yes")
    assert page.redirect_chain == [(reverse("organisations"), 302)]
    assert "You no longer belong to Maison Dupont." in text(page)
    assert roles(organisation) == ["owner"]


@pytest.mark.parametrize("way", ["leave", "remove", "change"])
def test_the_last_owner_is_told_what_to_do_first(client, organisation, owner, way):
    person(organisation)
    shown = text(get(client, organisation))
    assert "You are the only owner" in shown
    assert 'name="leave"' not in shown
    page = post(client, organisation, **{way: owner.pk, "role": "member"})
    assert "Make somebody else an owner first" in text(page)
    assert roles(organisation) == ["member", "owner"]


@pytest.mark.parametrize("way", ["leave", "remove"])
def test_an_owner_leaves_after_naming_another(client, organisation, owner, way):
    there = person(organisation)
    post(client, organisation, change=there.pk, role="owner")
    page = post(client, organisation, **{way: owner.pk})
    assert page.redirect_chain == [(reverse("organisations"), 302)]
    assert Membership.objects.get() == there


def test_an_owner_who_makes_themselves_less_sees_the_page_as_that(client, organisation, owner):
    person(organisation, "owner", "anne@example.org")
    page = post(client, organisation, change=owner.pk, role="viewer")
    assert page.status_code == 200
    assert "Invite somebody" not in text(page)
    assert "anne@example.org" not in text(page)


ODD = ["", "0", "-1", "x", "1.5", "9" * 18, "9" * 19, "9" * 400, "\0", "' OR 1=1", "é"]


@pytest.mark.parametrize("number", ODD)
@pytest.mark.parametrize("verb", ["change", "remove", "revoke", "send"])
def test_a_number_that_is_none_changes_nothing(client, organisation, owner, verb, number):
    person(organisation)
    invited(organisation, email="anne@example.org")
    before = roles(organisation), list(PeopleInvitation.objects.values())
    assert post(client, organisation, **{verb: number, "role": "viewer"}).status_code == 200
    assert (roles(organisation), list(PeopleInvitation.objects.values())) == before


@pytest.mark.parametrize("role", ["", "king", "\0"])
def test_a_role_that_is_none_changes_nothing(client, organisation, owner, role):
    there = person(organisation)
    post(client, organisation, change=there.pk, role=role)
    assert roles(organisation) == ["member", "owner"]


def test_hostile_names_are_shown_as_text(client, organisation, owner):
    organisation.name = "<script>alert(1)</script>"
    organisation.save()
    place = reverse("invitation", args=[invited(organisation, by=owner.user).token])
    for page in (get(client, organisation), client.get(place), Client().get(place)):
        assert "<script>alert" not in text(page)
        assert "&lt;script&gt;alert" in text(page)


def test_queries_do_not_grow_with_people_or_invitations(client, organisation, owner):
    counts = []
    for more in (2, 8):
        for number in range(more):
            person(organisation)
            invited(organisation, email=f"anne{more}-{number}@example.org", by=owner.user)
        with CaptureQueriesContext(connection) as queries:
            get(client, organisation)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


# The page of an invitation -------------------------------------------------------------------------------------------
def test_it_says_who_invites_to_what_as_what(client, organisation, owner):
    place = reverse("invitation", args=[invited(organisation, role="viewer", by=owner.user).token])
    shown = text(Client().get(place))
    assert "owner@example.org invites you" in shown
    assert "Maison Dupont" in shown
    assert "Your role: viewer." in shown


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(client, organisation):
    place = reverse("invitation", args=[invited(organisation).token])
    onward = reverse("account_continue")
    assert f"{reverse('account_login')}?next={onward}" in text(client.get(place))
    assert client.post(place)["Location"] == f"{reverse('account_login')}?next={onward}"
    assert not Membership.objects.exists()
    client.force_login(factories.account())
    assert client.get(onward)["Location"] == place


def test_looking_at_an_invitation_uses_nothing_up(client, organisation):
    invitation = invited(organisation)
    client.force_login(factories.account())
    place = reverse("invitation", args=[invitation.token])
    for _time in range(3):
        assert client.get(place).status_code == client.head(place).status_code == 200
    assert not Membership.objects.exists()
    assert "You belong to Maison Dupont." in text(client.post(place, follow=True))


def test_used_revoked_expired_and_wrong_ones_are_the_same_plain_404(client, organisation, owner):
    used, revoked = invited(organisation), invited(organisation)
    expired = invited(organisation, at=timezone.now() - timedelta(days=15))
    revoke_person_invitation(organisation, revoked.pk, at=timezone.now())
    guest = Client()
    guest.force_login(factories.account())
    guest.post(reverse("invitation", args=[used.token]))
    late = Client()
    late.force_login(factories.account())
    pages = set()
    for token in (used.token, revoked.token, expired.token, "wrong"):
        place = reverse("invitation", args=[token])
        for page in (Client().get(place), late.get(place)):
            assert page.status_code == 404
            without = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text(page).replace(place, ""))
            pages.add(without)
        assert Client().post(place).status_code == late.post(place).status_code == 404
    assert len(pages) == 2  # signed in or not
    assert roles(organisation) == ["member", "owner"]


def test_an_owner_who_looks_at_their_own_link_does_not_use_it_up(client, organisation, owner):
    place = reverse("invitation", args=[invited(organisation).token])
    assert "You belong to this organisation already." in text(client.get(place))
    client.post(place)
    assert Client().get(place).status_code == 200
    assert roles(organisation) == ["owner"]


def test_a_viewer_who_is_invited_as_member_becomes_one(organisation, owner):
    visitor = visit(organisation, "viewer")
    place = reverse("invitation", args=[invited(organisation, role="member").token])
    assert "Accept the invitation" in text(visitor.get(place))
    visitor.post(place)
    assert roles(organisation) == ["member", "owner"]
