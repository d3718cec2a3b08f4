"""Joining a round: what one is told, what it begins, and that a link leads nobody where it should not."""

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.apps import apps
from django.core import mail
from django.core.signing import get_cookie_signer
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment.authoring.publication import publish
from assessment.models import Invitation, Question, Response, Round
from assessment.models.response import author_of
from assessment.privacy.erasing import erase
from assessment.rounds.closing import close
from assessment.rounds.inviting import invite, open_link, revoke_invitation
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.part_result import minutes_for
from assessment.rounds.starting import begin_again
from assessment.rounds.submitting import submit
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


def test_it_says_how_long_the_round_s_version_takes(client, questionnaire):
    newer = factories.draft()
    for dimension in newer.dimensions.filter(scored=True)[3:]:
        dimension.delete()
    questions = Question.objects.filter(dimension__questionnaire=newer, dimension__scored=True).count()
    publish(newer, at=timezone.now())
    of = begin_again(factories.organisation(), at=timezone.now())
    least, most = minutes_for(questions)
    assert (least, most) != (20, 25)
    text = client.get(link_to(of)[1]).content.decode()
    assert f"{questions} questions, {least} to {most} minutes." in text


def test_the_other_language_keeps_the_role_and_begins_nothing(client, of):
    """Also without a script: the buttons of the languages belong to the form."""
    _link, address = link_to(of)
    text = client.get(address).content.decode()
    assert re.findall(r'<button form="join" name="language" value="(\w+)"', text) == ["en", "fr"]
    page = client.post(address, {"role": "sales", "language": "fr"})
    assert (page.status_code, page["Content-Language"], page.cookies["language"].value) == (200, "fr", "fr")
    assert page.context["form"]["role"].value() == "sales"
    assert not page.context["form"].errors
    assert not Response.objects.exists()


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


def test_a_page_that_somebody_else_finds_filled_in_begins_their_own(client, of):
    _link, address = link_to(of)
    token = client.get(address).context["form"].initial["token"]
    first, second = (client.post(address, {"role": role, "token": token}) for role in ("sales", "hr"))
    assert first["Location"] != second["Location"]
    assert Response.objects.count() == 2


def test_a_page_of_one_round_begins_nothing_of_it_in_another(client, of):
    """Else one key would lead to both, and submitting or erasing one would reach the other."""
    _link, address = link_to(of)
    token = client.get(address).context["form"].initial["token"]
    client.post(address, {"role": "sales", "token": token})
    other = begin_again(factories.organisation(), at=factories.NOON)
    elsewhere = f"/join/{open_link(other, at=factories.NOON).token}/"
    assert client.post(elsewhere, {"role": "sales", "token": token}).status_code == 302
    hashes = list(Response.objects.values_list("key_hash", flat=True))
    assert len(set(hashes)) == len(hashes) == 2


def test_several_people_join_by_one_link(client, of):
    _link, address = link_to(of)
    for role in ("sales", "hr", "sales"):
        client.cookies.clear()
        client.post(address, {"role": role})
    assert Response.objects.count() == 3


# A browser is not a person --------------------------------------------------------------------------------------------
def way_back(begun):
    return begun["Location"].removesuffix("strategy/")


def offered(page):
    """The questionnaires that a page offers to go on with, by the text of their links."""
    return re.findall(r'<li><a href="(/r/[^"/]+/)">(.*?)</a>', page.content.decode())


def test_c03_a_second_colleague_in_the_same_browser_is_asked_and_gets_a_questionnaire_of_their_own(client, of):
    _link, address = link_to(of)
    first = way_back(client.post(address, {"role": "sales"}))
    page = client.get(address)
    assert page.status_code == 200  # nobody is led into the first one's answers
    text = page.content.decode()
    assert text.index("Go on with what was begun here") < text.index("Somebody else answers here")
    assert offered(page) == [(first, "Sales")]
    assert "0 of 36 questions answered" in text
    second = way_back(client.post(address, {"role": "hr"}))
    assert second != first
    assert [place for place, _role in offered(client.get(address))] == [second, first]


def test_what_was_submitted_is_offered_as_that_and_what_was_erased_is_not(client, of):
    _link, address = link_to(of)
    first, second = (way_back(client.post(address, {"role": role})) for role in ("sales", "hr"))
    submit(first.split("/")[2], at=timezone.now())
    text = client.get(address).content.decode()
    assert (text.count("· submitted"), text.count("questions answered")) == (1, 1)
    client.post(f"{second}erase/")
    assert offered(client.get(address)) == [(first, "Sales")]
    client.post(address, {"role": "hr"})
    assert second.split("/")[2] not in client.cookies["joined"].value  # what is gone is not remembered again


def test_what_was_begun_in_another_round_is_not_offered(client, of):
    other = begin_again(factories.organisation("Usines Bernard"), at=timezone.now())
    client.post(link_to(other)[1], {"role": "sales"})
    page = client.get(link_to(of)[1])
    assert offered(page) == []
    assert "Somebody else answers here" not in page.content.decode()


def test_whoever_started_the_round_in_this_browser_is_offered_that_as_well(client, questionnaire):
    begun = client.post("/start/", factories.START)
    response = Response.objects.get()
    _link, address = link_to(response.round)
    assert offered(client.get(address)) == [(way_back(begun), "Marketing")]


def test_a_browser_remembers_the_last_eight_and_a_cookie_of_before_is_still_read(client, of):
    _link, address = link_to(of)
    begun = [way_back(client.post(address, {"role": "sales"})) for _time in range(9)]
    assert [place for place, _role in offered(client.get(address))] == begun[:0:-1]
    client.cookies["joined"] = get_cookie_signer(salt="joined").sign(begun[0].split("/")[2])
    assert [place for place, _role in offered(client.get(address))] == begun[:1]


def test_the_page_asks_the_same_of_the_database_however_many_were_begun(client, of):
    _link, address = link_to(of)
    counts = []
    for times in (1, 4):
        for _time in range(times):
            client.post(address, {"role": "sales"})
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_another_s_personal_link_offers_nothing_that_was_begun_in_this_browser(client, of):
    invite(of, "open", ["anne@example.org", "bea@example.org"], at=timezone.now())
    anne, bea = (reverse("join", args=[made.token]) for made in of.invitations.order_by("email"))
    first = way_back(client.post(anne, {"role": "sales"}))
    assert client.get(anne)["Location"] == first
    page = client.get(bea)
    assert (page.status_code, offered(page)) == (200, [])
    second = way_back(client.post(bea, {"role": "hr"}))
    assert [client.get(address)["Location"] for address in (anne, bea)] == [first, second]  # both are remembered


# Somebody is signed in -------------------------------------------------------------------------------------------------
def test_where_somebody_is_signed_in_it_says_as_whom_and_asks_who_answers(client, of):
    client.force_login(factories.account("anne@example.org"))
    text = client.get(link_to(of)[1]).content.decode()
    assert "You are signed in as anne@example.org. Who answers?" in text
    assert re.findall(r'name="who" value="(\w+)"', text) == ["account", "other"]


@pytest.mark.parametrize(("who", "is_kept"), [(None, True), ("account", True), ("other", False)])
def test_somebody_else_answers_without_anything_of_the_account(client, of, who, is_kept):
    account = factories.account()
    client.force_login(account)
    client.post(link_to(of)[1], {"role": "sales"} | ({"who": who} if who else {}))
    assert Response.objects.get().user == (account if is_kept else None)


def test_who_is_neither_of_the_two_begins_nothing(client, of):
    client.force_login(factories.account())
    assert client.post(link_to(of)[1], {"role": "sales", "who": "boss"}).status_code == 422
    assert not Response.objects.exists()


def test_an_account_that_takes_part_is_offered_its_own_and_a_colleague_begins_beside_it(client, of):
    member = factories.account("anne@example.org", member_of=of.organisation, role="member")
    client.force_login(member)
    _link, address = link_to(of)
    own = client.post(reverse("answer_round", args=[of.organisation.slug, of.number]), {"role": "sales"})["Location"]
    page = client.get(address)
    assert offered(page) == [(own, "Sales")]
    assert "with the account anne@example.org" in page.content.decode()
    assert "I do, with this account" not in page.content.decode()
    second = way_back(client.post(address, {"role": "hr", "who": "other"}))
    assert offered(client.get(address)) == [(own, "Sales"), (second, "Human resources")]
    assert [response.user for response in Response.objects.order_by("role")] == [None, member]


def test_an_account_that_takes_part_by_an_address_we_do_not_know_is_told_so(client, of):
    client.force_login(factories.account("anne@example.org"))
    _link, address = link_to(of)
    begun = way_back(client.post(address, {"role": "sales"}))
    assert offered(client.get(address)) == [(begun, "Sales")]  # this browser knows it
    del client.cookies["joined"]
    page = client.get(address)
    assert offered(page) == []
    assert "this account takes part already" in page.content.decode()
    assert "Somebody else answers here" in page.content.decode()
    client.post(address, {"role": "hr"})  # as the account: once
    assert Response.objects.count() == 1


def test_a_colleague_answers_in_confidence_on_the_computer_of_an_owner_who_is_signed_in(client, of):
    owner = factories.account("owner@example.org", member_of=of.organisation)
    client.force_login(owner)
    _link, address = link_to(of, "anne@example.org")
    refused = client.post(address, {"role": "sales"}, follow=True).content.decode()
    assert "You are signed in as an owner" in refused
    assert "“Somebody else answers here”" in refused
    assert not Response.objects.exists()
    client.post(address, {"role": "sales", "who": "other"})
    response = Response.objects.get()
    assert (response.user, response.by_owner) == (None, False)
    assert response.author != author_of(owner, of.pk)


def as_signed_in(client, account):
    client.force_login(account)
    return {"role": "sales", "who": "other"}


def as_signed_out(client, account):
    client.logout()
    return {"role": "sales"}


@pytest.mark.parametrize("come", [as_signed_in, as_signed_out])
@pytest.mark.parametrize(
    ("invited", "is_known"), [("owner+2@example.org", True), ("opener@example.org", True), ("anne@example.org", False)]
)
def test_somebody_else_is_known_by_the_mailbox_alone_as_if_nobody_were_signed_in(client, of, come, invited, is_known):
    """An owner gains nothing by it: what counts as known is the same as after signing out."""
    owner = factories.account("owner@example.org", member_of=of.organisation)
    factories.submitted(of.organisation, email="opener@example.org", at=timezone.now())
    later = begin_again(of.organisation, at=timezone.now())
    link, address = link_to(later, invited)
    client.post(address, come(client, owner))
    response = later.responses.get()
    assert (response.by_owner, response.earlier_id) == (is_known, None)
    submit(link.response_key, at=timezone.now())
    assert later.responses.get().by_owner is is_known


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
    assert "Your link was sent to the address that was invited." in page.content.decode()
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


def test_the_signed_in_colleague_s_questionnaire_is_kept_with_their_account(client, of):
    colleague = factories.account()
    client.force_login(colleague)
    client.post(link_to(of)[1], {"role": "sales"})
    assert Response.objects.get().user == colleague


def answered_and_closed(client, of, address):
    """Whoever comes by that address answers and submits, and the round ends."""
    key = client.post(address, {"role": "sales"})["Location"].split("/")[2]
    factories.answer(Response.objects.with_key(key).first(), level(4))
    submit(key, at=timezone.now())
    of.closed_at = timezone.now()
    of.save()
    return begin_again(of.organisation, at=timezone.now())


def test_c03b_who_comes_by_a_link_for_all_is_not_shown_what_was_said_in_this_browser_last_time(client, of):
    again = answered_and_closed(client, of, link_to(of)[1])
    page = client.get(client.post(link_to(again)[1], {"role": "sales"})["Location"])
    assert "What you said last time" not in page.content.decode()
    assert Response.objects.get(round=again).previous is None


@pytest.mark.parametrize("mode", ["open", "confidential"])
@pytest.mark.parametrize(("then", "is_shown"), [("anne@example.org", True), ("bea@example.org", False)])
def test_who_is_invited_at_the_same_mailbox_sees_it_in_the_browser_of_last_time(client, of, mode, then, is_shown):
    def personal(of, email):
        return reverse("join", args=[invite(of, mode, [email], at=timezone.now())[0].token])

    again = answered_and_closed(client, of, personal(of, "anne@example.org"))
    client.post(link_to(begin_again(factories.organisation(), at=timezone.now()))[1], {"role": "hr"})  # in between
    page = client.get(client.post(personal(again, then), {"role": "sales"})["Location"])
    assert ("What you said last time" in page.content.decode()) is is_shown
    assert not re.search(r"<input[^>]*\schecked", page.content.decode())


@pytest.mark.parametrize(("who", "is_shown"), [("account", True), ("other", False)])
def test_an_account_sees_its_own_answers_of_last_time_and_somebody_else_does_not(client, of, who, is_shown):
    client.force_login(factories.account())
    again = answered_and_closed(client, of, link_to(of)[1])
    page = client.get(client.post(link_to(again)[1], {"role": "sales", "who": who})["Location"])
    assert ("What you said last time" in page.content.decode()) is is_shown


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
