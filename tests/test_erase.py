"""Erasing one's answers by their address: what is said before, and that it is done."""

import pytest
from django.urls import reverse

from assessment.models import Organisation, Response, Result
from assessment.models.joint import close
from assessment.models.share import share
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
    _row, token = share(response, days=90, at=NOON)
    assert "You answered this round alone" in said(client, key)
    client.post(reverse("erase", args=[key]))
    assert client.get(reverse("report", args=[key])).status_code == 404
    assert client.get(reverse("shared", args=[token])).status_code == 404
    client.force_login(owner)
    report = client.get(reverse("round", args=[organisation.slug, 1]))
    assert report.status_code == 200
    data = client.get(reverse("round_data", args=[organisation.slug, 1])).json()
    assert (data["responses"], data["result"]["score"]) == (None, 50)


def test_after_publication_the_joint_report_stays(client, questionnaire):
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    of = begun(organisation)
    (_one, key), *_others = answered_by(of, 4)
    close(of, at=NOON)
    assert "The joint report of this round is published" in said(client, key)
    client.post(reverse("erase", args=[key]))
    assert Result.objects.get(response=None).answers_erased


def test_the_way_back_leads_to_it(client, questionnaire):
    _response, key = factories.started()
    assert reverse("erase", args=[key]) in client.get(reverse("respond", args=[key])).content.decode()


def test_looking_erases_nothing(client, questionnaire):
    _response, key = factories.submitted()
    before = list(Response.objects.values())
    said(client, key)
    assert list(Response.objects.values()) == before
