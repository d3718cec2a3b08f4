"""Joining a round: what one is told, what it begins, and that a link leads nobody where it should not."""

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.apps import apps
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from assessment.models import Invitation, Response, Round
from assessment.models.erasing import erase
from assessment.models.joining import Newcomer, invite, join, open_link, revoke_invitation
from assessment.models.joint import close
from assessment.models.result import submit
from assessment.models.starting import begin_again
from tests import factories
from tests.factories import level

pytestmark = pytest.mark.django_db


@pytest.fixture
def of(questionnaire):
    return begin_again(factories.organisation(), at=timezone.now())


def link_to(of, email=""):
    made = invite(of, "confidential", [email], at=timezone.now())[0] if email else open_link(of, at=timezone.now())
    return made, reverse("join", args=[made.token])


def test_the_open_round_says_who_will_see_what(client, of):
    text = client.get(link_to(of)[1]).content.decode()
    assert "This round is open" in text
    assert "This round is confidential" not in text


def test_the_confidential_round_says_who_will_see_what(client, of, settings):
    settings.SMALLEST_GROUP = 6
    text = client.get(link_to(of, "a@example.org")[1]).content.decode()
    assert "This round is confidential" in text
    assert "at least 6 people" in text


def test_it_begins_a_questionnaire_of_ones_own(client, of):
    _link, address = link_to(of)
    page = client.post(address, {"role": "sales"})
    response = Response.objects.get()
    assert (response.round, response.role, response.opens_round, response.user) == (of, "sales", False, None)
    assert page["Location"].endswith("/strategy/")


def test_a_role_must_be_chosen(client, of):
    page = client.post(link_to(of)[1], {"role": "boss"})
    assert page.status_code == 422
    assert not Response.objects.exists()


def test_the_same_form_twice_begins_once(client, of):
    _link, address = link_to(of)
    token = client.get(address).context["form"].initial["token"]
    first = client.post(address, {"role": "sales", "token": token})
    client.cookies.clear()  # the second was sent before the answer to the first
    second = client.post(address, {"role": "sales", "token": token})
    assert first["Location"] == second["Location"]
    assert Response.objects.count() == 1


def test_several_people_join_by_one_link(client, of):
    _link, address = link_to(of)
    for role in ("sales", "hr", "sales"):
        client.cookies.clear()
        client.post(address, {"role": role})
    assert Response.objects.count() == 3


def test_the_browser_that_joined_is_led_back(client, of):
    _link, address = link_to(of)
    begun = client.post(address, {"role": "sales"})["Location"]
    assert client.get(address)["Location"] == begun.removesuffix("strategy/")


def test_a_personal_link_works_once_and_the_way_back_is_mailed(client, of):
    link, address = link_to(of, "anne@example.org")
    begun = client.post(address, {"role": "sales"})["Location"].removesuffix("strategy/")
    assert begun in mail.outbox[0].body
    assert mail.outbox[0].to == ["anne@example.org"]
    assert client.get(address)["Location"] == begun
    assert join(link, Newcomer("sales"), at=timezone.now()) is None


@pytest.mark.parametrize("mode", ["open", "confidential"])
def test_a_used_personal_link_says_so_and_mails_the_way_back_to_the_invited_address(client, of, mode):
    (link,) = invite(of, mode, ["anne@example.org"], at=timezone.now())
    address = reverse("join", args=[link.token])
    begun = client.post(address, {"role": "sales"})["Location"].removesuffix("strategy/")
    client.cookies.clear()
    for _look in range(3):
        page = client.get(address)
        client.head(address)
        assert page.status_code == 200
        assert "This link was used already" in page.content.decode()
        assert "anne" not in page.content.decode()
        assert begun not in page.content.decode()
    assert len(mail.outbox) == 1  # of the beginning
    page = client.post(address, {"send": "way-back"}, follow=True)
    assert "The way back was sent to the address that was invited." in page.content.decode()
    assert page.redirect_chain == [(address, 302)]  # it leads nobody in by itself
    assert (mail.outbox[1].to, begun in mail.outbox[1].body) == (["anne@example.org"], True)


def test_the_way_back_of_a_used_link_is_mailed_a_few_times_at_most(client, of, settings):
    settings.MAILS_PER_RESPONSE = 3
    _link, address = link_to(of, "anne@example.org")
    client.post(address, {"role": "sales"})
    client.cookies.clear()
    for _press in range(4):
        page = client.post(address, {"send": "way-back"}, follow=True)
    assert len(mail.outbox) == 3
    assert "not sent again" in page.content.decode()


def test_a_way_back_that_cannot_be_mailed_is_told(client, of, monkeypatch):
    _link, address = link_to(of, "anne@example.org")
    client.post(address, {"role": "sales"})
    client.cookies.clear()
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refused)
    page = client.post(address, {"send": "way-back"}, follow=True)
    assert "could not be sent" in page.content.decode()


def refused(*args, **kwargs):
    raise SMTPServerDisconnected("gone")


def test_asking_for_the_way_back_stores_nothing_but_how_often(client, of):
    """In confidence neither the owner nor a dump may tell who asked, or when."""
    _link, address = link_to(of, "anne@example.org")
    client.post(address, {"role": "sales"})
    client.cookies.clear()
    before = everything()
    client.get(address)
    assert everything() == before
    client.post(address, {"send": "way-back"})
    after = everything()
    assert {name for name in after if after[name] != before[name]} == {"Response"}
    assert [row | {"mails_sent": 1} for row in after["Response"]] == before["Response"]


def everything():
    """All rows of the product, by model."""
    models = apps.get_app_config("assessment").get_models()
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def ended_by_its_owner(link):
    revoke_invitation(link.round, str(link.pk), at=timezone.now())


def ended_by_erasing(link):
    erase(Response.objects.get(), at=timezone.now())


def ended_with_the_round(link):
    close(link.round, at=timezone.now())


@pytest.mark.parametrize("end", [ended_by_its_owner, ended_by_erasing, ended_with_the_round])
def test_a_used_link_that_was_ended_is_a_plain_404(client, of, end):
    link, address = link_to(of, "anne@example.org")
    client.post(address, {"role": "sales"})
    client.cookies.clear()
    link = Invitation.objects.select_related("round__organisation").get(pk=link.pk)
    end(link)
    assert client.get(address).status_code == 404
    assert client.post(address, {"send": "way-back"}).status_code == 404
    assert len(mail.outbox) == 1


def test_a_double_click_on_begin_begins_once_leads_in_and_mails_once(client, of):
    _link, address = link_to(of, "anne@example.org")
    token = client.get(address).context["form"].initial["token"]
    first = client.post(address, {"role": "sales", "token": token})
    client.cookies.clear()  # the second was sent before the answer to the first
    second = client.post(address, {"role": "sales", "token": token})
    assert first["Location"] == second["Location"]
    assert (Response.objects.count(), len(mail.outbox)) == (1, 1)


def test_a_used_personal_link_lets_nobody_else_in_by_sending_its_form(client, of):
    _link, address = link_to(of, "anne@example.org")
    begun = client.post(address, {"role": "sales"})["Location"]
    client.cookies.clear()
    token = client.get(link_to(of, "bea@example.org")[1]).context["form"].initial["token"]
    page = client.post(address, {"role": "sales", "token": token}, follow=True)
    assert "This link was used already" in page.content.decode()
    assert begun not in page.content.decode()
    assert Response.objects.count() == 1


@pytest.mark.parametrize("email", ["", "anne@example.org"])
def test_a_scanner_that_follows_everything_uses_nothing_up(client, of, email):
    """Mail servers open each link of a mail, and the links of that page, before whoever it is for does."""
    _link, address = link_to(of, email)
    before = everything()
    client.head(address)
    page = client.get(address)
    for found in set(re.findall(r'(?:href|src|action)="(/[^"#]*)"', page.content.decode())) - {"/accounts/logout/"}:
        client.head(found)
        client.get(found)
    client.options(address)
    assert everything() == before
    client.cookies.clear()
    assert client.post(address, {"role": "sales"})["Location"].endswith("/strategy/")


def test_joins_by_a_link_are_limited_by_network(client, of, settings):
    settings.JOINS_PER_HOUR = 2
    _link, address = link_to(of)
    for _join in range(2):
        client.cookies.clear()
        token = client.get(address).context["form"].initial["token"]
        begun = client.post(address, {"role": "sales", "token": token})
    client.cookies.clear()
    again = client.post(address, {"role": "sales", "token": token})  # a double click is no third
    assert again["Location"] == begun["Location"]
    client.cookies.clear()
    refusal = client.post(address, {"role": "sales"})
    assert (refusal.status_code, "Wait until" in refusal.content.decode()) == (429, True)
    assert client.post(address, {"role": "sales"}, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert Response.objects.count() == 3


def test_personal_invitations_are_not_limited_by_network(client, of, settings):
    settings.JOINS_PER_HOUR = 0
    assert client.post(link_to(of, "anne@example.org")[1], {"role": "sales"}).status_code == 302


def test_in_a_confidential_round_a_browser_that_colleagues_share_shows_nobody_another_s_answers(client, of):
    _link, address = link_to(of, "anne@example.org")
    key = client.post(address, {"role": "sales"})["Location"].split("/")[2]
    factories.answer(Response.objects.with_key(key).first(), level(4))
    submit(key, at=timezone.now())
    of.closed_at = timezone.now()
    of.save()
    again = begin_again(of.organisation, at=timezone.now())
    client.post(link_to(again, "bea@example.org")[1], {"role": "sales"})
    assert Response.objects.get(round=again).previous is None


def test_looking_at_a_personal_link_does_not_use_it(client, of):
    _link, address = link_to(of, "anne@example.org")
    for _visit in range(3):
        assert client.get(address).status_code == 200


def test_a_full_round_says_so(client, of, settings):
    settings.JOINS_PER_ROUND = 1
    _link, address = link_to(of)
    client.post(address, {"role": "sales"})
    client.cookies.clear()
    page = client.post(address, {"role": "hr"}, follow=True)
    assert "This round is full" in page.content.decode()
    assert Response.objects.count() == 1


def test_drafts_of_before_do_not_fill_an_open_round_for_good(client, of, settings):
    """A9: whoever has the link began a questionnaire as often as it takes, and nobody else came in any more."""
    settings.JOINS_PER_ROUND = 2
    link, address = link_to(of)
    for _draft in range(2):
        join(link, Newcomer("hr"), at=timezone.now())
    assert "This round is full" in client.post(address, {"role": "hr"}, follow=True).content.decode()
    Response.objects.update(started_at=timezone.now() - timedelta(days=2))
    key = client.post(address, {"role": "sales"})["Location"].split("/")[2]
    submit(key, at=timezone.now())
    client.cookies.clear()
    Response.objects.update(started_at=timezone.now() - timedelta(days=2))
    assert client.post(address, {"role": "sales"}).status_code == 302  # one place was left
    client.cookies.clear()
    page = client.post(address, {"role": "sales"}, follow=True)
    assert "This round is full" in page.content.decode()  # what was submitted keeps its place


def test_the_signed_in_colleague_s_questionnaire_is_kept_with_her_account(client, of):
    colleague = factories.account()
    client.force_login(colleague)
    client.post(link_to(of)[1], {"role": "sales"})
    assert Response.objects.get().user == colleague


def test_the_browser_of_last_time_shows_her_own_answers_again(client, of):
    begun = client.post(link_to(of)[1], {"role": "sales"})["Location"]
    key = begun.split("/")[2]
    factories.answer(Response.objects.with_key(key).first(), level(4))
    submit(key, at=timezone.now())
    of.closed_at = timezone.now()
    of.save()
    again = begin_again(of.organisation, at=timezone.now())
    page = client.get(client.post(link_to(again)[1], {"role": "sales"})["Location"])
    assert "What you said last time" in page.content.decode()
    assert not re.search(r"<input[^>]*\schecked", page.content.decode())


def test_what_was_answered_for_another_organisation_is_not_shown(client, of):
    key = client.post(link_to(of)[1], {"role": "sales"})["Location"].split("/")[2]
    factories.answer(Response.objects.with_key(key).first(), level(4))
    submit(key, at=timezone.now())
    elsewhere = begin_again(factories.organisation("Usines Bernard"), at=timezone.now())
    client.post(link_to(elsewhere)[1], {"role": "sales"})
    assert Response.objects.get(round=elsewhere).previous is None


def test_a_colleague_s_own_report_shows_neither_the_plan_nor_earlier_rounds(client, of):
    factories.account(member_of=of.organisation)
    key = client.post(link_to(of)[1], {"role": "sales"})["Location"].split("/")[2]
    factories.answer(Response.objects.with_key(key).first(), level(2))
    client.post(reverse("review", args=[key]))
    report = client.get(reverse("report", args=[key])).context["report"]
    assert (report.shows_plan, report.before, report.joint) == (False, None, None)


@pytest.mark.parametrize("agrees", [True, False])
def test_notes_of_a_confidential_round_are_shown_only_if_their_author_agrees(client, of, agrees):
    owner = factories.account(member_of=of.organisation)
    links = invite(of, "confidential", [f"a{number}@example.org" for number in range(5)], at=timezone.now())
    for link in links:
        response, key = join(link, Newcomer("sales"), at=timezone.now())
        factories.answer(response, level(2))
        noted = response.answers.first()
        noted.note = "Nobody reads <it>"
        noted.save()
        client.post(reverse("review", args=[key]), {"shares_notes": "on"} if agrees else {})
    client.force_login(owner)
    client.post(reverse("close_round", args=[of.organisation.slug, of.number]))
    text = client.get(of.get_absolute_url()).content.decode()
    assert text.count("Nobody reads &lt;it&gt;") == (5 if agrees else 0)
    assert "(Sales)" not in text


def test_a_personal_link_leads_nobody_to_a_colleague_s_answers(client, of):
    """Two colleagues share a browser: each personal link leads to its own questionnaire."""
    first = client.post(link_to(of, "anne@example.org")[1], {"role": "sales"})["Location"]
    second = link_to(of, "bea@example.org")[1]
    assert client.get(second).status_code == 200
    assert client.post(second, {"role": "hr"})["Location"] != first


def test_a_solo_round_lets_nobody_in(client, of):
    link, address = link_to(of)
    Round.objects.filter(pk=of.pk).update(mode="solo")
    assert client.get(address).status_code == 404
    assert join(link, Newcomer("hr"), at=timezone.now()) is None


def test_nobody_takes_part_twice_by_being_invited_and_answering_as_a_member(client, of):
    member = factories.account("anne@example.org", member_of=of.organisation, role="member")
    _link, address = link_to(of, "anne@example.org")
    client.force_login(member)
    answer = reverse("answer_round", args=[of.organisation.slug, of.number])
    client.post(answer, {"role": "sales"})
    client.post(address, {"role": "sales"}, follow=True)
    assert Response.objects.count() == 1


def test_nor_by_answering_as_a_member_after_the_invitation(client, of):
    member = factories.account("anne@example.org", member_of=of.organisation, role="member")
    begun = client.post(link_to(of, "anne@example.org")[1], {"role": "sales"})
    client.force_login(member)
    page = client.post(reverse("answer_round", args=[of.organisation.slug, of.number]), {"role": "sales"})
    assert page["Location"].split("/")[2] == begun["Location"].split("/")[2]  # back to what the invitation led to
    assert Response.objects.count() == 1


def test_the_response_does_not_store_where_its_author_was_invited(client, of):
    client.post(link_to(of, "anne@example.org")[1], {"role": "sales"})
    assert Response.objects.get().email == ""
