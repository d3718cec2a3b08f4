"""The page where the holder of a report makes, sees and ends its reading links."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.models import Answer, Response, Share
from tests import factories
from tests.factories import SHARE


@pytest.fixture
def report(questionnaire):
    return factories.submitted()


def get(client, key):
    return client.get(reverse("sharing", args=[key]))


def make(client, key, **said):
    """A new link, by the page's form, and its token."""
    page = client.post(reverse("sharing", args=[key]), SHARE | said, follow=True)
    assert page.redirect_chain == [(reverse("sharing", args=[key]), 302)]
    return re.search(r"http://testserver/shared/([\w-]+)/", page.content.decode()).group(1)


def test_it_makes_a_link_that_works_for_as_long_as_one_chose(client, report):
    before = timezone.now()
    token = make(client, report[1], days="30")
    assert client.get(reverse("shared", args=[token])).status_code == 200
    row = Share.objects.get()
    assert row.response == report[0]
    assert before + timedelta(days=30) <= row.expires_at <= timezone.now() + timedelta(days=30)


def test_a_link_is_shown_once_and_never_again(client, report):
    token = make(client, report[1])
    assert token not in get(client, report[1]).content.decode()


def test_each_link_has_a_secret_of_its_own(client, report):
    tokens = {make(client, report[1]) for _ in range(5)}
    assert len(tokens) == 5
    assert report[1] not in tokens


def test_links_in_force_are_listed_and_the_others_are_not(client, report):
    now = timezone.now()
    for days in (90, 30, -1):
        factories.reading_link(report[0], days=days, at=now)
    other, _key = factories.submitted()
    factories.reading_link(other, days=90, at=now)
    shown = get(client, report[1])
    assert len(shown.context["shares"]) == 2
    assert shown.content.decode().count('name="revoke"') == 2


def test_ending_one_link_leaves_the_others(client, report):
    first, second = make(client, report[1]), make(client, report[1])
    number = Share.objects.order_by("pk").first().pk
    page = client.post(reverse("sharing", args=[report[1]]), {"revoke": number}, follow=True)
    assert "no longer works" in page.content.decode()
    assert client.get(reverse("shared", args=[first])).status_code == 404
    assert client.get(reverse("shared", args=[second])).status_code == 200


def test_ending_a_link_twice_is_once(client, report):
    make(client, report[1])
    number = Share.objects.get().pk
    client.post(reverse("sharing", args=[report[1]]), {"revoke": number})
    ended = Share.objects.get().revoked_at
    client.post(reverse("sharing", args=[report[1]]), {"revoke": number})
    assert Share.objects.get().revoked_at == ended


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 18, "9" * 400, "1.0", "٣", "\0", " ", "' OR 1=1"])
def test_a_number_that_is_none_ends_nothing_and_makes_nothing(client, report, number):
    make(client, report[1])
    assert client.post(reverse("sharing", args=[report[1]]), {"revoke": number}).status_code in (302, 422)
    assert Share.objects.get().revoked_at is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"revoke": ""},
        {"days": "90", "parts": "everything"},
        {"days": "1000"},
        {"days": "-1"},
        {"days": "90", "label": "x" * 81},
    ],
)
def test_a_form_that_says_something_else_makes_no_link_and_says_so(client, report, wrong):
    page = client.post(reverse("sharing", args=[report[1]]), wrong)
    assert page.status_code == 422
    assert page.context["form"].errors
    assert not Share.objects.exists()


def test_what_one_proposes_leaves_out_notes(client, report):
    form = get(client, report[1]).context["form"]
    assert form["parts"].value() == ["plan", "answers", "barometer", "views"]
    assert "notes" in dict(form.fields["parts"].choices)
    assert form["days"].value() == 90


def test_the_time_that_an_installation_proposes_can_be_chosen(client, report, settings):
    settings.SHARE_DAYS = 45
    assert get(client, report[1]).context["form"]["days"].value() == 45
    make(client, report[1], days="45")


def test_the_list_says_for_whom_a_link_is_and_what_it_shows(client, report):
    make(client, report[1], label="  The board <1>  ", parts=["plan"])
    text = get(client, report[1]).content.decode()
    assert "The board &lt;1&gt;" in text
    assert [parts for _share, parts in get(client, report[1]).context["shares"]] == [
        ["The next steps, with today’s answer to each"]
    ]


def test_a_colleague_is_not_offered_what_they_do_not_see_themselves(client, report):
    Response.objects.filter(pk=report[0].pk).update(opens_round=False)
    assert "plan" not in dict(get(client, report[1]).context["form"].fields["parts"].choices)
    page = client.post(reverse("sharing", args=[report[1]]), SHARE)
    assert page.status_code == 422
    assert not Share.objects.exists()


def test_reading_the_page_makes_no_link(client, report):
    get(client, report[1])
    assert not Share.objects.exists()


def test_a_draft_has_nothing_to_share(client, questionnaire):
    _draft, key = factories.started()
    assert get(client, key).status_code == 404
    assert client.post(reverse("sharing", args=[key]), SHARE).status_code == 404
    assert not Share.objects.exists()


def test_while_answers_are_corrected_the_submitted_report_can_be_shared(client, report):
    client.post(reverse("correct", args=[report[1]]))
    token = make(client, report[1])
    assert Share.objects.get().response == report[0]
    client.post(reverse("review", args=[report[1]]))
    assert client.get(reverse("shared", args=[token])).status_code == 200
    assert len(get(client, report[1]).context["shares"]) == 1


# The links of a round -------------------------------------------------------------------------------------------------
@pytest.fixture
def owned(client, questionnaire):
    """An organisation with an owner who is signed in, and its first round, answered by three in the open."""
    organisation = factories.organisation()
    client.force_login(factories.account(member_of=organisation))
    return factories.several(organisation, "open", [factories.level(number) for number in (1, 3, 5)])


def make_for(client, of, **said):
    page = client.post(reverse("round_sharing", args=[of.organisation.slug, of.number]), SHARE | said, follow=True)
    return re.search(r"http://testserver/shared/([\w-]+)/", page.content.decode()).group(1)


def test_an_owner_shares_the_joint_report(client, owned):
    token = make_for(client, owned)
    guest = Client()
    report = guest.get(reverse("shared", args=[token])).context["report"]
    assert report.joint.responses == 3
    assert report.result.score == 50
    assert report.differing
    assert Share.objects.get().round == owned


def test_a_shared_joint_report_can_be_had_as_data(client, owned):
    token = make_for(client, owned)
    data = Client().get(reverse("shared_document", args=[token, "report.json"])).json()
    assert data["responses"] is None
    assert data["result"]["score"] == 50


def test_notes_of_colleagues_are_shared_only_when_ticked(client, owned):
    Answer.objects.filter(question__key="strategy-document").update(note="between ourselves")
    for parts, shown in ((SHARE["parts"], False), ([*SHARE["parts"], "notes"], True)):
        text = Client().get(reverse("shared", args=[make_for(client, owned, parts=parts)])).content.decode()
        assert ("between ourselves" in text) is shown


def test_earlier_rounds_are_shared_only_when_ticked(client, owned):
    later = factories.several(owned.organisation, "open", [factories.level(4)] * 2)
    for parts, shown in ((SHARE["parts"], False), ([*SHARE["parts"], "earlier"], True)):
        token = make_for(client, later, parts=parts)
        report = Client().get(reverse("shared", args=[token])).context["report"]
        assert (report.before is not None) is shown


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_only_owners_share_a_round(client, owned, role):
    client.force_login(factories.account(member_of=owned.organisation, role=role))
    address = reverse("round_sharing", args=[owned.organisation.slug, owned.number])
    assert (client.get(address).status_code, client.post(address, SHARE).status_code) == (404, 404)
    assert not Share.objects.exists()


def test_a_round_without_a_report_has_nothing_to_share_but_links_to_end(client, owned):
    of = factories.several(owned.organisation, "open", [factories.level(1)] * 2, close_it=False)
    row, _token = factories.reading_link(of, at=timezone.now())
    address = reverse("round_sharing", args=[of.organisation.slug, of.number])
    page = client.get(address)
    assert page.context["form"] is None
    assert "There is no report to share yet" in page.content.decode()
    assert client.post(address, SHARE).status_code == 422
    client.post(address, {"revoke": row.pk})
    assert not Share.objects.filter(revoked_at=None).exists()


def test_there_are_only_so_many_links_of_one_report(client, report, monkeypatch):
    monkeypatch.setattr("assessment.views.sharing.MOST", 1)
    make(client, report[1])
    page = client.post(reverse("sharing", args=[report[1]]), SHARE)
    assert page.status_code == 422
    assert "End one that is no longer needed first" in page.content.decode()
    assert Share.objects.count() == 1


def test_an_owner_sees_and_ends_the_links_that_the_guest_made_of_a_solo_round(client, report):
    organisation = report[0].round.organisation
    token = make(client, report[1], label="Made by the guest")
    client.force_login(factories.account(member_of=organisation))
    address = reverse("round_sharing", args=[organisation.slug, 1])
    assert "Made by the guest" in client.get(address).content.decode()
    client.post(address, {"revoke": Share.objects.get().pk})
    assert Client().get(reverse("shared", args=[token])).status_code == 404


def test_an_owner_neither_sees_nor_ends_the_links_of_colleagues_in_a_joint_round(client, owned):
    response = owned.responses.submitted().first()
    row, token = factories.reading_link(response, at=timezone.now())
    address = reverse("round_sharing", args=[owned.organisation.slug, owned.number])
    assert client.get(address).context["shares"] == []
    client.post(address, {"revoke": row.pk})
    assert Client().get(reverse("shared", args=[token])).status_code == 200
