"""`manage.py purge`: what goes once its time is over, what stays, and what is said before."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as installed
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.models import ClaimLink, Count, Organisation, PeopleInvitation, Response, Result, Session, Share
from assessment.models.secret import new_key
from assessment.organisations.keeping import claim, claim_link
from assessment.organisations.people import invite_person
from assessment.organisations.sharing import revoke
from assessment.privacy import purging
from assessment.privacy import purging as purging_module
from assessment.privacy.purging import KINDS, purge
from assessment.rounds.closing import close
from assessment.rounds.inviting import invite
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.starting import begin_again
from assessment.rounds.submitting import correct, submit
from tests import factories
from tests.factories import NOON
from tests.joint_rounds import answered_by, begun

DAY = timedelta(days=1)


def gone(at, *, dry_run=False):
    """What went, without the kinds of which nothing did."""
    return {kind.name: kind.number for kind in purge(at=at, dry_run=dry_run) if kind.number}


def after(days):
    return NOON + days * DAY + timedelta(seconds=1)


def test_the_times_are_those_that_were_promised():
    assert (installed.DRAFT_DAYS, installed.LINK_DAYS, installed.UNUSED_ACCOUNT_DAYS) == (90, 90, 90)
    assert installed.UNCLAIMED_DAYS == 2 * 365


def test_nothing_goes_before_its_time(questionnaire):
    factories.started()
    factories.submitted()
    assert gone(after(90) - 2 * DAY) == {}
    assert Response.objects.count() == 2


def test_an_abandoned_draft_goes_with_its_organisation(questionnaire):
    factories.started()
    assert gone(after(90)) == {"abandoned drafts": 1, "organisations left empty": 1}
    assert not Organisation.objects.exists()


def test_a_draft_stays_as_long_after_its_last_answer(questionnaire):
    response, _key = factories.started()
    factories.answer(response, factories.level(3), at=NOON + 60 * DAY)
    assert gone(after(149)) == {}
    assert gone(after(150)) == {"abandoned drafts": 1, "organisations left empty": 1}


def test_the_draft_of_a_correction_goes_and_what_was_submitted_stays(questionnaire):
    _response, key = factories.submitted()
    correct(key, at=NOON + 30 * DAY)
    assert gone(after(119)) == {}
    assert gone(after(120)) == {"abandoned drafts": 1}
    assert Response.objects.get().state == "submitted"


@pytest.fixture
def joins(client, questionnaire):
    """A round with two invitations, and a way to follow one of them to the key of what was begun."""
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    of = begun(organisation)
    invite(of, "open", ["one@example.org", "two@example.org"], at=timezone.now())

    def follow(email):
        place = reverse("join", args=[of.invitations.get(email=email).token])
        begun_at = Client().post(place, {"role": "sales", "token": new_key()})
        where = begun_at.get("Location", "").split("/")
        return where[2] if where[1:2] == ["r"] else None

    return of, follow


def test_who_let_their_draft_lie_can_follow_their_invitation_again(joins):
    """Otherwise they would be locked out for ever, and reminded with an address that opens nothing."""
    of, follow = joins
    key = follow("one@example.org")
    Response.objects.update(started_at=timezone.now() - 91 * DAY)
    other = follow("two@example.org")
    assert key
    assert other
    assert follow("one@example.org") is None
    assert gone(timezone.now()) == {"abandoned drafts": 1}
    assert follow("two@example.org") is None
    assert follow("one@example.org") == key
    assert of.responses.count() == 2


def test_a_draft_of_a_confidential_round_which_has_no_time_goes_as_long_after_its_end(questionnaire):
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    of = begun(organisation)
    (invitation,) = invite(of, "confidential", ["one@example.org"], at=NOON)
    join(invitation, Newcomer("hr"), at=NOON + 10 * DAY)
    assert gone(after(1000)) == {}
    close(of, at=NOON + 20 * DAY)
    assert gone(after(109)) == {}
    assert gone(after(111))["abandoned drafts"] == 1


def test_the_invitation_of_an_abandoned_correction_stays_used(joins):
    _of, follow = joins
    key = follow("one@example.org")
    submit(key, at=NOON)
    correct(key, at=timezone.now() - 91 * DAY)
    Response.objects.update(started_at=timezone.now() - 91 * DAY)
    assert gone(timezone.now()) == {"abandoned drafts": 1}
    assert follow("one@example.org") is None


def test_submitted_answers_that_nobody_keeps_go_after_two_years(questionnaire):
    factories.submitted()
    assert gone(after(729)) == {}
    assert gone(after(730)) == {"submitted responses that nobody keeps": 1, "organisations left empty": 1}
    assert not Result.objects.exists()


def test_what_somebody_keeps_stays_for_ever(questionnaire):
    response, _key = factories.submitted()
    claim(response, factories.account())
    assert gone(after(10_000)) == {}
    assert Result.objects.exists()


def test_an_empty_organisation_stays_while_somebody_belongs_to_it(questionnaire):
    factories.account(member_of=factories.organisation())
    factories.organisation("Nobody’s")
    assert gone(NOON) == {"organisations left empty": 1}
    assert Organisation.objects.get().memberships.exists()


def test_counted_attempts_go_once_they_are_over_and_hold_no_network_address(client, db):
    client.post("/accounts/password/reset/", {"email": "me@example.org"}, REMOTE_ADDR="192.0.2.7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM assessment_counters")
        keys = [key for (key,) in cursor.fetchall()]
    assert keys
    assert not any("192.0.2.7" in key for key in keys)
    said = gone(timezone.now() + DAY, dry_run=True)
    assert said == gone(timezone.now() + DAY)
    assert said["counted attempts that ended"] == len(keys)


def test_demonstrations_stay(questionnaire):
    factories.submitted(factories.organisation(is_demo=True))
    factories.started(factories.organisation(is_demo=True))
    factories.organisation(is_demo=True)
    assert gone(after(10_000)) == {}


@pytest.mark.parametrize("end", ["expired", "revoked"])
def test_an_ended_reading_link_goes(questionnaire, end):
    response, _key = factories.submitted()
    claim(response, factories.account())
    link, _token = factories.reading_link(response, days=10, at=NOON)
    if end == "revoked":
        revoke(response.shares, str(link.pk), at=NOON + 10 * DAY)
        Share.objects.update(expires_at=NOON + 5000 * DAY)
    assert gone(after(99)) == {}
    assert gone(after(100)) == {"ended reading links": 1}
    assert not Share.objects.exists()


def test_an_ended_claim_link_goes(questionnaire):
    response, _key = factories.submitted()
    claim_link(response, at=NOON)
    assert gone(after(91)) == {}
    assert gone(after(92)) == {"ended links to keep an organisation": 1}
    assert not ClaimLink.objects.exists()


@pytest.mark.parametrize(("end", "days"), [("expires_at", 14), ("used_at", 3), ("revoked_at", 3)])
def test_an_ended_invitation_to_an_organisation_goes(questionnaire, end, days):
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    invitation = invite_person(organisation, "member", at=NOON)
    setattr(invitation, end, NOON + days * DAY)
    invitation.save()
    assert gone(after(89 + days)) == {}
    assert gone(after(90 + days)) == {"ended invitations to organisations": 1}
    assert not PeopleInvitation.objects.exists()


def test_revoked_invitations_to_a_round_go_alike_once_a_later_round_began(questionnaire):
    """Those that were used and those that were not: who vanished from the list would say it."""
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    of = begun(organisation)
    answered_by(of, 5)
    invite(of, "confidential", ["never@example.org"], at=NOON)
    of.invitations.update(revoked_at=NOON)
    assert gone(after(90)) == {}
    assert close(of, at=NOON).invited == 6
    begin_again(organisation, at=NOON + DAY)
    assert gone(after(90)) == {"revoked invitations to rounds": 6}
    assert of.results.get(response=None).invited == 6


def test_marks_of_publications_go_after_300_days(questionnaire):
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    of = begun(organisation)
    answered_by(of, 5)
    close(of, at=NOON)
    assert gone(after(299)) == {}
    assert gone(after(300)) == {"marks of publications": 10}  # of the owner's account and address


def test_sessions_and_counters_go_once_they_are_over(client, db):
    client.force_login(factories.account())
    Count.objects.wait_until("knock", "x", most=1, within=timedelta(hours=1), at=NOON)
    assert gone(NOON + timedelta(minutes=59)) == {}
    assert gone(NOON + timedelta(minutes=61)) == {"expired counters of limits": 1}
    assert not Count.objects.exists()
    assert gone(timezone.now() + 15 * DAY) == {"expired sessions": 1}
    assert not Session.objects.exists()


@pytest.mark.parametrize("use", ["never", "confirmed", "signed in", "staff", "member"])
def test_an_account_that_was_never_used_goes(questionnaire, use):
    organisation = factories.organisation() if use == "member" else None
    user = factories.account(member_of=organisation, is_staff=use == "staff")
    signed_in = NOON if use == "signed in" else None
    get_user_model().objects.filter(pk=user.pk).update(date_joined=NOON, last_login=signed_in)
    if use != "confirmed":
        EmailAddress.objects.update(verified=False)
    assert gone(after(89)) == {}
    assert gone(after(90)) == ({"accounts never confirmed nor used": 1} if use == "never" else {})
    assert get_user_model().objects.exists() is (use != "never")


def test_everything_is_said_before_and_nothing_is_changed_by_saying_it(questionnaire):
    response, _key = factories.submitted()
    factories.reading_link(response, days=1, at=NOON)
    claim_link(response, at=NOON)
    factories.started()
    before = {kind.name: kind.due(after(1000)).model.objects.count() for kind in KINDS}
    said = gone(after(1000), dry_run=True)
    assert {kind.name: kind.due(after(1000)).model.objects.count() for kind in KINDS} == before
    assert said == gone(after(1000))
    assert said == {
        "ended reading links": 1,
        "ended links to keep an organisation": 1,
        "abandoned drafts": 1,
        "submitted responses that nobody keeps": 1,
        "organisations left empty": 2,
    }
    assert gone(after(1000)) == {}


def test_it_works_in_batches(questionnaire, monkeypatch):
    monkeypatch.setattr(purging, "BATCH", 2)
    for _number in range(5):
        factories.started()
    assert gone(after(90)) == {"abandoned drafts": 5, "organisations left empty": 5}


def test_an_installation_may_keep_drafts_longer(questionnaire, settings):
    settings.DRAFT_DAYS = 200
    factories.started()
    assert gone(after(199)) == {}
    assert gone(after(200)) != {}


def test_the_command_prints_the_same_numbers_before_and_while_it_does_it(questionnaire, capsys):
    factories.started()
    call_command("purge", "--dry-run")
    said = capsys.readouterr().out.splitlines()
    assert Response.objects.exists() is True
    call_command("purge")
    done = capsys.readouterr().out.splitlines()
    assert said[:-1] == done[:-1]
    assert (said[-1], done[-1]) == ("Nothing was changed.", "Done.")


def test_what_is_claimed_meanwhile_stays(questionnaire, monkeypatch):
    """Between the count and the lock somebody makes the organisation theirs."""
    response, _key = factories.submitted()
    lock_organisation = purging_module._hold

    def claim_first(kind, at, batch):
        if kind.name == "submitted responses that nobody keeps":
            claim(response, user)
        lock_organisation(kind, at, batch)

    user = factories.account()
    monkeypatch.setattr(purging, "_hold", claim_first)
    assert gone(after(730)) == {}
    assert Result.objects.exists()
