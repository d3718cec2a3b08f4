"""Erasing one's answers by their address: what is said before, and that it is done."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessment.models import ClaimLink, Organisation, Response, Result
from assessment.organisations.keeping import claim_link
from assessment.rounds.closing import close
from assessment.rounds.inviting import invite
from tests import factories
from tests.factories import NOON
from tests.joint_rounds import answered_by, begun


def said(client, key):
    page = client.get(reverse("erase", args=[key]))
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize("make", [factories.started, factories.submitted])
def test_a_guest_erases_everything(client, questionnaire, make):
    _response, key = make()
    assert "the result made of your answers goes with them" in said(client, key)
    assert Response.objects.exists()
    page = client.post(reverse("erase", args=[key]), follow=True)
    assert "Your answers are erased" in page.content.decode()
    assert not Organisation.objects.exists()
    assert client.get(reverse("respond", args=[key])).status_code == 404
    assert client.post(reverse("erase", args=[key])).status_code == 404


def test_one_may_erase_in_an_organisation_that_somebody_keeps(client, questionnaire):
    organisation = factories.organisation()
    owner = factories.account(member_of=organisation)
    response, key = factories.submitted(organisation)
    _row, token = factories.reading_link(response, days=90, at=NOON)
    assert "You answered this round alone" in said(client, key)
    client.post(reverse("erase", args=[key]))
    assert client.get(reverse("report", args=[key])).status_code == 404
    assert client.get(reverse("shared", args=[token])).status_code == 404
    client.force_login(owner)
    report = client.get(reverse("round", args=[organisation.slug, 1]))
    assert report.status_code == 200
    data = client.get(reverse("round_document", args=[organisation.slug, 1, "report.json"])).json()
    assert (data["responses"], data["result"]["score"]) == (None, 50)


def test_the_link_to_keep_goes_with_the_answers(client, questionnaire):
    """A result that stays for others must not stay tied to the mail that its author was sent."""
    response, key = factories.submitted(email="start@example.org")
    link = claim_link(response, at=NOON)
    factories.account(member_of=response.round.organisation)
    client.post(reverse("erase", args=[key]))
    assert Result.objects.get().answers_erased  # the emptied response stays with it
    assert not ClaimLink.objects.filter(pk=link.pk).exists()


def test_after_publication_the_joint_report_stays(client, questionnaire):
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    of = begun(organisation)
    (_one, key), *_others = answered_by(of, 5)
    close(of, at=NOON)
    assert "The joint report of this round is published" in said(client, key)
    client.post(reverse("erase", args=[key]))
    assert Result.objects.get(response=None).answers_erased


def test_the_way_back_leads_to_it(client, questionnaire):
    _response, key = factories.started()
    assert reverse("erase", args=[key]) in client.get(reverse("respond", args=[key])).content.decode()


def test_it_says_that_the_address_stays_in_the_list_of_those_invited(client, questionnaire):
    organisation = factories.organisation()
    (_response, key), *_others = answered_by(begun(organisation), 2)
    assert "your address stays in the owner’s list" in said(client, key)
    assert "your address stays in the owner’s list" not in said(client, factories.submitted()[1])


def test_the_owner_s_page_and_what_inviting_says_do_not_tell_who_erased(client, questionnaire, mailoutbox):
    """As for a colleague whose answers are still there: listed, ended and invited again, and mailed no more than they are.

    One who has not answered is mailed.
    """
    organisation = factories.organisation()
    client.force_login(factories.account(member_of=organisation))
    of = begun(organisation)
    (_one, key), *_others = answered_by(of, 4)
    invite(of, "confidential", ["silent@example.org"], at=timezone.now())
    invite(of, "confidential", [f"more{number}@example.org" for number in range(3)], at=timezone.now())  # five stay
    place = reverse("invite", args=[organisation.slug, of.number])
    of.invitations.update(created_at=timezone.now() - timedelta(days=2))  # so long ago that mailing again is allowed

    def shown(do=None, **fields):
        page = client.post(place, {"do": do, **fields}, follow=True) if do else client.get(place)
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.content.decode())

    before = shown()
    client.post(reverse("erase", args=[key]))
    mailoutbox.clear()
    client.get("/")  # shows what the erasing said
    assert shown() == before
    erased, other, silent = "colleague1@example.org", "colleague2@example.org", "silent@example.org"
    assert shown("invite", emails=erased) == shown("invite", emails=other)
    for invitation in of.invitations.filter(email__in=[erased, other, silent]):
        shown("revoke", number=str(invitation.pk))
    said_of = [
        re.findall('<div class="notice.*?</div>', shown("invite", emails=to), re.DOTALL)
        for to in (erased, other, silent)
    ]
    assert said_of[0] == said_of[1] == said_of[2] != []
    factories.deliver()
    assert [sent.to for sent in mailoutbox] == [[silent]]


def test_looking_erases_nothing(client, questionnaire):
    _response, key = factories.submitted()
    before = list(Response.objects.values())
    said(client, key)
    assert list(Response.objects.values()) == before
