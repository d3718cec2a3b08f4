"""Inviting colleagues: how the round is held, the link for all, personal invitations, reminders, the last day."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from assessment.models import Invitation, Mail, Round
from assessment.models.mail import Mailing
from assessment.rounds.inviting import invite, revoke_invitation
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.starting import NotNowError, begin_again
from assessment.rounds.submitting import submit
from tests import factories
from tests.factories import level

pytestmark = pytest.mark.django_db


@pytest.fixture
def of(client, questionnaire):
    organisation = factories.organisation()
    client.force_login(factories.account(member_of=organisation))
    return begin_again(organisation, at=timezone.now())


def post(client, of, do, **fields):
    address = reverse("invite", args=[of.organisation.slug, of.number])
    page = client.post(address, {"do": do} | fields, follow=True)
    of.refresh_from_db()
    return page


def text_of(page):
    return " ".join(page.content.decode().split())


def test_before_choosing_one_reads_what_each_way_means(client, of, settings):
    settings.SMALLEST_GROUP = 5
    page = client.get(reverse("invite", args=[of.organisation.slug, of.number]))
    assert "at least 5 people whose answers no owner knows" in text_of(page)
    assert "checked" not in text_of(page).split("<main")[1]


def test_that_a_report_of_one_person_goes_is_said_only_where_there_is_one(client, of):
    told = "Reading links that you made of this round end"
    assert told not in text_of(client.get(reverse("invite", args=[of.organisation.slug, of.number])))
    answered = factories.submitted(factories.organisation())[0].round
    client.force_login(factories.account(member_of=answered.organisation))
    assert told in text_of(client.get(reverse("invite", args=[answered.organisation.slug, answered.number])))


def test_how_it_is_held_is_chosen_once(client, of):
    post(client, of, "mode", mode="confidential")
    assert of.mode == "confidential"
    assert "cannot be changed" in text_of(post(client, of, "mode", mode="open"))
    assert of.mode == "confidential"


@pytest.mark.parametrize("mode", ["", "solo", "public"])
def test_another_mode_is_none(client, of, mode):
    page = post(client, of, "mode", mode=mode)
    assert (page.status_code, of.mode) == (422, "solo")


def test_an_unknown_verb_changes_nothing(client, of):
    assert post(client, of, "nothing").status_code == 422


def test_an_open_round_has_one_link_and_a_text_to_paste(client, of):
    page = post(client, of, "mode", mode="open")
    link = Invitation.objects.get()
    address = f"http://testserver{reverse('join', args=[link.token])}"
    assert page.context["link"] == address
    assert page.content.decode().count(address) == 2  # alone, and in the text
    again = client.get(reverse("invite", args=[of.organisation.slug, of.number]))
    assert again.context["link"] == address


def test_a_renewed_link_ends_the_old_one(client, of):
    post(client, of, "mode", mode="open")
    old = Invitation.objects.get().token
    page = post(client, of, "renew")
    assert client.get(reverse("join", args=[old])).status_code == 404
    assert client.get(page.context["link"]).status_code == 200


def test_a_confidential_round_has_no_link_that_an_owner_sees(client, of):
    post(client, of, "mode", mode="confidential")
    page = post(client, of, "invite", emails="anne@example.org")
    assert page.context["link"] == ""
    invitation = Invitation.objects.get()
    assert invitation.token not in page.content.decode()
    factories.deliver()
    assert invitation.token in mail.outbox[0].body


def test_addresses_are_taken_as_they_are_pasted_and_each_once(client, of):
    post(client, of, "mode", mode="confidential")
    post(client, of, "invite", emails="Anne@Example.org, <bob@example.org>;\n carla@example.org anne@example.org")
    factories.deliver()
    assert sorted(sent.to[0] for sent in mail.outbox) == ["anne@example.org", "bob@example.org", "carla@example.org"]
    post(client, of, "invite", emails="bob@example.org dora@example.org")
    factories.deliver()
    assert [sent.to for sent in mail.outbox[3:]] == [["dora@example.org"]]


def test_a_wrong_address_invites_nobody_and_is_named(client, of):
    post(client, of, "mode", mode="confidential")
    page = post(client, of, "invite", emails="anne@example.org\nnot-an-address")
    assert page.status_code == 422
    assert "not-an-address" in text_of(page)
    assert "anne@example.org" in text_of(page)  # what was typed stays
    assert not Invitation.objects.exists()


def test_rubbish_beside_names_and_addresses_still_refuses_all(client, of):
    post(client, of, "mode", mode="confidential")
    page = post(client, of, "invite", emails="Dupont, Jean <jean@x.example>; Zoé <rubbish@>")
    assert page.status_code == 422
    assert "rubbish@. Nobody was invited yet" in text_of(page)
    assert not Invitation.objects.exists()


def test_the_list_of_a_mail_program_invites_exactly_those_in_it(client, of):
    post(client, of, "mode", mode="confidential")
    post(client, of, "invite", emails="Dupont, Jean <jean@x.example>; Martin, Zoé <zoe@x.example>")
    assert set(Invitation.objects.values_list("email", flat=True)) == {"jean@x.example", "zoe@x.example"}


def test_an_address_of_another_alphabet_is_invited_where_its_mail_goes(client, of):
    post(client, of, "mode", mode="confidential")
    post(client, of, "invite", emails="Jean <jean@bücher.example>")
    assert Invitation.objects.get().email == "jean@xn--bcher-kva.example"


def test_a_text_without_any_address_says_so(client, of):
    post(client, of, "mode", mode="confidential")
    page = post(client, of, "invite", emails="---")
    assert page.status_code == 422
    assert "no e-mail address in this text" in text_of(page)


def test_too_many_addresses_at_once_are_refused(client, of):
    post(client, of, "mode", mode="confidential")
    page = post(client, of, "invite", emails=" ".join(f"a{number}@example.org" for number in range(51)))
    assert (page.status_code, Invitation.objects.count()) == (422, 0)


def test_a_round_has_no_more_invitations_than_it_takes_people(client, of, settings):
    settings.JOINS_PER_ROUND = 2
    post(client, of, "mode", mode="confidential")
    page = post(client, of, "invite", emails="a@example.org b@example.org c@example.org")
    assert "at most 2 people" in text_of(page)
    assert not Invitation.objects.exists()


def test_reminders_go_to_those_who_have_not_submitted_and_tell_nothing_of_them(client, of):
    long_ago = timezone.now() - timedelta(days=3)
    made = invite(of, "confidential", ["a@example.org", "b@example.org", "c@example.org"], at=long_ago)
    invitations = {invitation.email: invitation for invitation in made}
    response, key = join(invitations["a@example.org"], Newcomer("hr"), at=long_ago)
    factories.answer(response, level(3))
    submit(key, at=long_ago)
    _begun, begun_key = join(invitations["b@example.org"], Newcomer("hr"), at=long_ago)
    page = post(client, of, "remind")
    told = "Reminders are being sent to those who have not answered"
    assert told in text_of(page)
    factories.deliver()
    sent = {message.to[0]: message.body for message in mail.outbox}
    assert set(sent) == {"b@example.org", "c@example.org"}
    assert reverse("respond", args=[begun_key]) in sent["b@example.org"]
    assert reverse("join", args=[invitations["c@example.org"].token]) in sent["c@example.org"]
    assert "No reminder is due" in text_of(post(client, of, "remind"))
    factories.deliver()
    assert len(mail.outbox) == 2


def test_the_page_of_a_confidential_round_does_not_tell_who_came(client, of):
    invitations = invite(of, "confidential", ["a@example.org", "b@example.org"], at=timezone.now())
    address = reverse("invite", args=[of.organisation.slug, of.number])
    before = client.get(address).content
    join(invitations[0], Newcomer("hr"), at=timezone.now())
    assert _without_tokens(client.get(address).content) == _without_tokens(before)


def _without_tokens(content):
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", content)


def test_an_ended_invitation_leads_nowhere_and_keeps_what_was_answered(client, of):
    first, second = invite(of, "confidential", ["a@example.org", "b@example.org"], at=timezone.now())
    _response, key = join(first, Newcomer("hr"), at=timezone.now())
    for invitation in (first, second):
        post(client, of, "revoke", number=invitation.pk)
    assert client.get(reverse("join", args=[second.token])).status_code == 404
    assert client.get(reverse("respond", args=[key])).status_code == 200


def test_once_five_are_invited_in_confidence_five_invitations_stand(client, of):
    """Else who alone could still answer would be told by whether enough have."""
    owner = factories.account(member_of=of.organisation)
    colleagues = [f"colleague{number}@example.org" for number in range(7)]
    made = invite(of, "confidential", [*colleagues, owner.email], at=timezone.now())
    ended = []
    for invitation in made[:6]:
        page = post(client, of, "revoke", number=invitation.pk)
        ended.append("At least 5 people who are not owners, invited since the last joint report" not in text_of(page))
    assert ended == [True, True, False, False, False, False]
    post(client, of, "revoke", number=made[-1].pk)  # an owner's answers are known, so it can go
    assert of.invitations.exclude(revoked_at=None).count() == 3
    (another,) = invite(of, "confidential", ["another@example.org"], at=timezone.now())
    post(client, of, "revoke", number=made[2].pk)
    assert set(of.invitations.filter(revoked_at=None)) == {*made[3:7], another}


@pytest.mark.parametrize("days", [0, 2])
def test_before_five_are_invited_a_slip_is_taken_back_within_a_day(client, of, days):
    """Later those who were invited first may have answered: ended then, they would leave one alone with the fifth answer."""
    made = invite(of, "confidential", [f"colleague{number}@example.org" for number in range(4)], at=timezone.now())
    of.invitations.update(created_at=timezone.now() - timedelta(days=days))
    for invitation in made[:3]:
        post(client, of, "revoke", number=invitation.pk)
    assert of.invitations.filter(revoked_at=None).count() == (1 if days == 0 else 4)


def test_who_ends_those_that_were_used_cannot_then_invite_one_alone(client, of):
    """A fifth who alone can answer would be told by whether enough have, however early the four before were ended."""
    colleagues = [f"colleague{number}@example.org" for number in range(4)]
    for days in (30, 20, 10):  # ended and made anew: a day after its last mail, and no slip a second time
        at = timezone.now() - timedelta(days=days)
        for invitation in invite(of, "confidential", colleagues, at=at):
            if days == 30:
                revoke_invitation(of, str(invitation.pk), at=at + timedelta(hours=20))
                continue
            with pytest.raises(NotNowError, match="still missing are 2"):
                revoke_invitation(of, str(invitation.pk), at=at + timedelta(hours=20))
    of.invitations.update(revoked_at=timezone.now())
    page = text_of(post(client, of, "invite", emails="eve@example.org"))
    assert "an answer could be traced to one person" in page
    assert "please invite at least 4 more people who are not owners" in page
    assert re.search(r"<textarea[^>]*>\s*eve@example.org</textarea>", page)  # nothing has to be typed again
    assert not of.invitations.filter(email="eve@example.org").exists()
    post(client, of, "invite", emails=" ".join(f"other{number}@example.org" for number in range(5)))
    assert of.invitations.filter(revoked_at=None).count() == 5


def test_who_is_part_of_a_publication_is_none_of_the_five_that_stand(client, of):
    made = invite(of, "confidential", [f"colleague{number}@example.org" for number in range(5)], at=timezone.now())
    Round.objects.filter(pk=of.pk).update(published_at=timezone.now(), publications=1)
    of.refresh_from_db()
    with pytest.raises(NotNowError):
        revoke_invitation(of, str(made[0].pk), at=timezone.now())
    later = invite(of, "confidential", [f"other{number}@example.org" for number in range(5)], at=timezone.now())
    revoke_invitation(of, str(made[0].pk), at=timezone.now())
    again = timezone.now() + timedelta(days=2)
    assert invite(of, "confidential", [made[0].email], at=again)  # which makes it none of those invited since
    for invitation in later:
        with pytest.raises(NotNowError):
            revoke_invitation(of, str(invitation.pk), at=again)
    invite(of, "confidential", ["sixth@example.org"], at=again)
    revoke_invitation(of, str(later[0].pk), at=again)


@pytest.mark.parametrize("has_answered", [True, False])
def test_a_reminder_that_waits_does_not_make_an_ended_invitation_anew_at_once(client, of, has_answered):
    """It waits for those alone who have not answered, so that who may be invited again would tell who has."""
    long_ago = timezone.now() - timedelta(hours=30)
    made = invite(of, "confidential", [f"colleague{number}@example.org" for number in range(6)], at=long_ago)
    reminded = Mailing.objects.create(
        kind=Mailing.Kind.REMINDER, organisation=of.organisation, round=of, asked_at=timezone.now(), size=1
    )
    if not has_answered:
        Mail.objects.create(mailing=reminded, invitation=made[0], recipient=made[0].email, next_try=timezone.now())
    of.invitations.update(reminded_at=timezone.now())
    revoke_invitation(of, str(made[0].pk), at=timezone.now())
    page = text_of(post(client, of, "invite", emails=made[0].email))
    assert "can be made again a day after its last mail" in page


@pytest.mark.parametrize(
    ("others", "told"),
    [(2, "people who are not owners: 2 are invited so far"), (1, "who are not owners: 1 is invited so far"), (5, "")],
)
def test_who_is_invited_and_does_not_count_is_said_before_one_waits_in_vain(client, of, others, told):
    owner = factories.account(member_of=of.organisation)
    emails = [owner.email, *(f"colleague{number}@example.org" for number in range(others))]
    page = text_of(post(client, of, "mode", mode="confidential"))
    assert "One of them is an owner" not in page
    page = text_of(post(client, of, "invite", emails=" ".join(emails)))
    assert "One of them is an owner. Owners answer without an invitation" in page
    assert told in page
    assert ("are invited so far" in page or "is invited so far" in page) == bool(told)


def test_a_last_day_in_the_past_is_refused_and_none_is_allowed(client, of):
    post(client, of, "mode", mode="open")
    page = post(client, of, "last-day", closes_on="2020-01-01")
    assert (page.status_code, of.closes_on) == (422, None)
    day = timezone.localdate() + timedelta(days=9)
    post(client, of, "last-day", closes_on=day.isoformat())
    assert of.closes_on == day
    post(client, of, "last-day", closes_on="")
    assert of.closes_on is None


def test_a_closed_round_invites_nobody(client, of):
    post(client, of, "mode", mode="open")
    Round.objects.filter(pk=of.pk).update(closed_at=timezone.now())
    page = post(client, of, "invite", emails="a@example.org")
    assert "closed" in text_of(page)
    assert not Invitation.objects.personal().exists()


def test_before_it_is_settled_how_the_round_is_held_nobody_is_invited(client, of):
    for do in ("invite", "renew", "remind"):
        page = post(client, of, do, emails="anne@example.org")
        assert page.status_code == 200
    assert (of.mode, Invitation.objects.count(), mail.outbox) == ("solo", 0, [])


def test_an_ended_invitation_is_not_mailed_again_within_a_day(client, of):
    post(client, of, "mode", mode="confidential")
    for _time in range(3):
        post(client, of, "invite", emails="anne@example.org")
        factories.deliver()
        post(client, of, "revoke", number=Invitation.objects.get().pk)
    assert len(mail.outbox) == 1


def test_invitations_are_limited_by_day(client, of, settings):
    settings.INVITATIONS_PER_DAY = 2
    post(client, of, "mode", mode="confidential")
    page = post(client, of, "invite", emails="a@example.org b@example.org c@example.org")
    assert "Too many people were invited today" in text_of(page)
    assert (Invitation.objects.count(), mail.outbox) == (0, [])


def test_renewing_the_link_of_a_closed_round_keeps_the_one_there_is(client, of):
    post(client, of, "mode", mode="open")
    Round.objects.filter(pk=of.pk).update(closed_at=timezone.now())
    post(client, of, "renew")
    assert Invitation.objects.filter(revoked_at=None).count() == 1


@pytest.mark.parametrize("people", [2, 20])
def test_queries_do_not_grow_with_invitations(client, of, django_assert_max_num_queries, people):
    invite(of, "confidential", [f"a{number}@example.org" for number in range(people)], at=timezone.now())
    with django_assert_max_num_queries(7):
        client.get(reverse("invite", args=[of.organisation.slug, of.number]))
