"""Keeping the results: who may make an organisation theirs, by which way, and what everybody else is told."""

import re
from datetime import timedelta
from functools import partial
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.signing import get_cookie_signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment.models import ClaimLink, Membership, Organisation, Response
from assessment.models.secret import hash_of
from assessment.organisations.keeping import claim, claim_by_link, claim_link, claimed_by
from assessment.rounds.submitting import correct
from tests import factories
from tests.factories import NOON

DAY = timedelta(days=1)


class Refusing(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages):
        raise SMTPException("not today")


@pytest.fixture
def report(questionnaire):
    return factories.submitted(email="start@example.org")


def remember(client, key):
    """Make this the browser in which a questionnaire was started."""
    client.cookies["started"] = get_cookie_signer(salt="started").sign(key)


def sign_in(client, **fields):
    user = factories.account(**fields)
    client.force_login(user)
    return user


def page(client, key):
    return client.get(reverse("keep", args=[key]))


def press(client, key, data=None, **more):
    return client.post(reverse("keep", args=[key]), data, **more)


def text(answer):
    return answer.content.decode()


def mailed(number=-1):
    """The address in a mail."""
    return re.search(r"http://testserver(/keep/\S+/)", mail.outbox[number].body).group(1)


# In the browser that started -----------------------------------------------------------------------------------------
def test_who_started_and_signs_in_keeps_the_organisation(client, report):
    response, key = report
    remember(client, key)
    user = sign_in(client)
    assert 'method="post"' in text(page(client, key))
    answer = press(client, key, follow=True)
    organisation = response.round.organisation
    assert answer.redirect_chain == [(reverse("organisation", args=[organisation.slug]), 302)]
    assert "are kept" in text(answer)
    assert Membership.objects.get().user == user
    assert Membership.objects.get().role == "owner"
    response.refresh_from_db()
    assert response.user == user


def test_who_keeps_is_asked_whether_to_count_in_the_live_barometer(client, report):
    """Nothing is ticked before; without a tick the organisation does not count."""
    remember(client, report[1])
    assert "live barometer?" not in text(page(client, report[1]))
    sign_in(client)
    shown = text(page(client, report[1]))
    assert "live barometer?" in shown
    assert "checked" not in re.search(r'<input type="checkbox" name="contributes"[^>]*>', shown)[0]
    press(client, report[1])
    assert Organisation.objects.get().contributes_since is None


def test_a_tick_counts_it_from_now_on(client, report):
    remember(client, report[1])
    press(client, report[1], data={"contributes": "on"})
    assert Organisation.objects.get().contributes_since is None  # nobody is signed in
    sign_in(client)
    press(client, report[1], data={"contributes": "on"})
    organisation = Organisation.objects.get()
    assert organisation.contributes
    assert organisation.agreed_at == organisation.contributes_since is not None


def test_a_tick_of_who_does_not_keep_it_changes_nothing(client, report):
    remember(client, report[1])
    factories.account(member_of=report[0].round.organisation)
    sign_in(client)
    press(client, report[1], data={"contributes": "on"})
    assert Organisation.objects.get().contributes_since is None


def test_the_real_start_is_remembered(client, questionnaire):
    place = client.post(reverse("start"), factories.START)["Location"]
    key = place.split("/")[2]
    sign_in(client)
    assert press(client, key).status_code == 302
    assert Membership.objects.count() == 1


def test_each_of_what_was_started_in_this_browser_can_be_kept_and_is_named_before(client, questionnaire):
    begun = [client.post("/start/", factories.START | {"name": name})["Location"] for name in ("Bernard", "Petit")]
    for place, name in zip(begun, ("Bernard", "Petit"), strict=True):
        key = place.split("/")[2]
        shown = text(page(client, key))
        assert f"These are the results of <bdi>{name}</bdi>. Keep them only if you answered" in shown
    sign_in(client)
    for place in begun:
        press(client, place.split("/")[2])
    assert Membership.objects.count() == 2


def test_who_signs_in_on_a_way_that_somebody_else_began_sees_whose_results_they_are(client, report):
    """A colleague of the same browser, within the hour: nothing is kept by coming here, and both names are told."""
    remember(client, report[1])
    page(client, report[1])
    client.force_login(factories.account("bea@example.org"))
    shown = text(client.get(reverse("account_continue"), follow=True))
    assert "These are the results of <bdi>Maison Dupont</bdi>" in shown
    assert "signed in as bea@example.org" in shown
    assert not Membership.objects.exists()


def test_it_says_who_reads_the_report_afterwards(client, report):
    remember(client, report[1])
    shown = text(page(client, report[1]))
    assert "Its owner reads this report" in shown
    assert "notes and links" in shown


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(client, report):
    key = report[1]
    remember(client, key)
    onward = reverse("account_continue")
    shown = text(page(client, key))
    assert f"{reverse('account_login')}?next={onward}" in shown
    assert f"{reverse('account_signup')}?next={onward}" in shown
    assert press(client, key)["Location"] == f"{reverse('account_login')}?next={onward}"
    assert not Membership.objects.exists()
    sign_in(client)
    assert client.get(onward)["Location"] == reverse("keep", args=[key])


def test_who_signs_up_from_the_page_comes_back_to_it_and_keeps_the_organisation(client, report):
    key = report[1]
    remember(client, key)
    page(client, key)
    onward = reverse("account_continue")
    fields = {"email": "anne@example.org", "password1": "a long enough one", "next": onward}
    confirm = client.post(f"{reverse('account_signup')}?next={onward}", fields)["Location"]
    code = re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", mail.outbox[-1].body, re.MULTILINE).group(1)
    assert client.post(confirm, {"code": code})["Location"] == onward
    assert client.get(onward)["Location"] == reverse("keep", args=[key])
    assert "signed in as anne@example.org" in text(page(client, key))
    press(client, key)
    assert Membership.objects.get().user.email == "anne@example.org"


def test_looking_at_the_page_keeps_nothing(client, report):
    remember(client, report[1])
    sign_in(client)
    page(client, report[1])
    assert not Membership.objects.exists()
    assert not ClaimLink.objects.exists()
    assert mail.outbox == []


def test_keeping_twice_is_once_and_leads_to_the_organisation(client, report):
    remember(client, report[1])
    sign_in(client)
    assert press(client, report[1])["Location"] == press(client, report[1])["Location"]
    assert Membership.objects.count() == 1
    shown = text(page(client, report[1]))
    assert "Go to the organisation" in shown
    assert 'action="/r/' not in shown


def test_answers_under_correction_become_theirs_as_well(client, report):
    response, key = report
    draft = correct(key, at=NOON)
    remember(client, key)
    user = sign_in(client)
    press(client, key)
    assert set(Response.objects.filter(user=user)) == {response, draft}


def test_an_unfinished_questionnaire_can_be_kept(client, questionnaire):
    _draft, key = factories.started()
    remember(client, key)
    sign_in(client)
    press(client, key)
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("forged", ["{key}", "{key}:x:y", "", "\0", "{other}"])
def test_a_forged_cookie_keeps_nothing(client, report, forged):
    _other, other_key = factories.started()
    client.cookies["started"] = forged.format(key=report[1], other=get_cookie_signer(salt="started").sign(other_key))
    sign_in(client)
    press(client, report[1])
    assert not Membership.objects.exists()


# In any other browser ------------------------------------------------------------------------------------------------
def test_knowing_the_address_is_not_enough(client, report):
    sign_in(client)
    shown = text(page(client, report[1]))
    assert "so knowing it is not enough" in shown
    press(client, report[1])
    assert not Membership.objects.exists()


def test_a_link_is_mailed_to_the_address_given_at_the_start_which_is_not_named(client, report):
    shown = text(page(client, report[1])) + text(press(client, report[1], follow=True))
    assert "was sent to the address given at the start" in shown
    assert "start@example.org" not in shown
    (sent,) = mail.outbox
    assert sent.to == ["start@example.org"]
    assert "Maison Dupont" not in sent.body + sent.subject  # a guest typed it, and the address may be a stranger's
    assert report[1] not in sent.body


def test_nobody_chooses_where_the_link_goes(client, report):
    client.post(reverse("keep", args=[report[1]]), {"email": "thief@example.org", "mail": "thief@example.org"})
    assert [sent.to for sent in mail.outbox] == [["start@example.org"]]


def test_without_an_address_there_is_no_link_to_send(client, questionnaire):
    _response, key = factories.submitted()
    shown = text(page(client, key))
    assert "No e-mail address was given at the start" in shown
    assert "Send the link" not in shown
    press(client, key)
    assert mail.outbox == []
    assert not ClaimLink.objects.exists()


def test_so_many_links_are_mailed_and_no_more(client, report, settings):
    settings.MAILS_PER_RESPONSE = 2
    for _time in range(3):
        answer = press(client, report[1], follow=True)
    assert len(mail.outbox) == 2
    assert "no other is sent" in text(answer)
    assert claimed_by(mailed().split("/")[2], at=timezone.now())


def test_links_count_as_mails_of_their_network(client, report, settings):
    settings.MAILS_PER_HOUR = 1
    press(client, report[1])
    assert press(client, report[1]).status_code == 429
    assert len(mail.outbox) == 1
    assert claimed_by(mailed().split("/")[2], at=timezone.now())  # the link that was sent still works


def test_one_address_gets_a_few_links_a_day_whoever_asks(client, questionnaire):
    keys = [factories.submitted(email="start@example.org")[1] for _number in range(5)]
    for number, key in enumerate(keys):
        answer = press(client, key, follow=True, REMOTE_ADDR=f"192.0.2.{number}")
    assert len(mail.outbox) == 3
    assert "no other is sent" in text(answer)
    assert "start@example.org" not in text(answer)


def test_a_mail_server_that_refuses_loses_nothing(client, report, settings):
    settings.EMAIL_BACKEND = "tests.test_keep.Refusing"
    answer = press(client, report[1], follow=True)
    assert answer.status_code == 200
    assert "Nothing is lost" in text(answer)
    remember(client, report[1])
    sign_in(client)
    press(client, report[1])
    assert Membership.objects.count() == 1


def test_the_mail_speaks_the_language_of_the_page(client, report):
    client.cookies["language"] = "fr"
    press(client, report[1])
    assert "Bonjour" in mail.outbox[0].body


# The mailed link -----------------------------------------------------------------------------------------------------
@pytest.fixture
def link(report):
    return reverse("keep_by_link", args=[claim_link(report[0], at=timezone.now()).token])


def test_the_mailed_link_keeps_the_organisation_in_any_browser(client, report):
    press(client, report[1])
    other = Client()
    user = sign_in(other)
    assert other.get(mailed()).status_code == 200
    answer = other.post(mailed(), follow=True)
    assert "are kept" in text(answer)
    assert Membership.objects.get().user == user


def test_the_page_of_the_link_names_no_key(client, report, link):
    assert "/r/" not in text(client.get(link))


def test_looking_at_a_link_uses_nothing_up(client, link):
    sign_in(client)
    for _time in range(3):
        assert client.get(link).status_code == client.head(link).status_code == 200
    assert client.post(link).status_code == 302
    assert Membership.objects.count() == 1


def test_who_follows_a_link_unsigned_is_led_to_sign_in_and_back(client, link):
    onward = reverse("account_continue")
    assert f"{reverse('account_login')}?next={onward}" in text(client.get(link))
    assert client.post(link)["Location"] == f"{reverse('account_login')}?next={onward}"
    assert not Membership.objects.exists()
    sign_in(client)
    assert client.get(onward)["Location"] == link


def test_a_link_works_once_and_then_looks_like_a_wrong_one(client, link):
    user = sign_in(client)
    place = client.post(link)["Location"]
    assert client.post(link)["Location"] == place  # the same button pressed twice
    assert client.get(link).status_code == 404
    other = Client()
    sign_in(other)
    assert other.get(link).status_code == other.post(link).status_code == 404
    assert Membership.objects.get().user == user


def test_a_used_link_claims_nothing_even_if_nobody_owned_the_organisation_again(report):
    token, user = claim_link(report[0], at=NOON).token, factories.account()
    kept = claim_by_link(token, user, at=NOON)
    assert claim_by_link(token, user, at=NOON) == kept
    assert ClaimLink.objects.get().revoked_at == NOON
    Membership.objects.all().delete()
    assert claimed_by(token, at=NOON) is None
    assert claim_by_link(token, user, at=NOON) is claim_by_link(token, factories.account(), at=NOON) is None
    assert not Membership.objects.exists()


def test_a_link_ends_after_two_days(report):
    token, user = claim_link(report[0], at=NOON).token, factories.account()
    assert claimed_by(token, at=NOON + 2 * DAY - timedelta(microseconds=1)) == report[0]
    assert claimed_by(token, at=NOON + 2 * DAY) is None
    assert claim_by_link(token, user, at=NOON + 2 * DAY) is None
    assert not Membership.objects.exists()


def test_a_new_link_ends_the_one_before(client, report, link):
    press(client, report[1])
    assert client.get(link).status_code == 404
    assert client.get(mailed()).status_code == 200


def test_a_link_outlives_a_correction(client, report, link):
    client.post(reverse("correct", args=[report[1]]))
    client.post(reverse("review", args=[report[1]]))
    assert client.get(link).status_code == 200


def test_what_is_stored_of_a_link_opens_nothing(report):
    row = claim_link(report[0], at=NOON)
    assert row.token_hash == hash_of(row.token)
    for wrong in (row.seed, row.token_hash, str(row.pk), "", "\0"):
        assert claimed_by(wrong, at=NOON) is None


# An organisation that is kept ----------------------------------------------------------------------------------------
@pytest.fixture
def kept(report):
    return factories.account("owner@example.org", member_of=report[0].round.organisation)


@pytest.mark.parametrize("began_here", [True, False])
def test_who_comes_too_late_is_told_and_gets_nothing(client, report, kept, began_here):
    if began_here:
        remember(client, report[1])
    sign_in(client)
    shown = text(page(client, report[1]))
    assert "ask an owner to invite you" in shown
    assert "owner@example.org" not in shown
    answer = press(client, report[1], follow=True)
    assert answer.redirect_chain == [(reverse("keep", args=[report[1]]), 302)]
    assert Membership.objects.get().user == kept
    assert mail.outbox == []


def test_a_link_to_an_organisation_that_is_kept_looks_like_a_wrong_one(client, report, link, kept):
    sign_in(client)
    assert client.get(link).status_code == client.post(link).status_code == 404
    assert claim_link(report[0], at=NOON) is None


def test_an_owner_who_follows_it_is_led_to_their_organisation(client, report, kept):
    client.force_login(kept)
    assert report[0].round.organisation.get_absolute_url() in text(page(client, report[1]))


def test_a_colleague_s_own_report_offers_nothing_to_keep(client, report):
    response, key = report
    Response.objects.filter(pk=response.pk).update(opens_round=False)
    remember(client, key)
    sign_in(client)
    assert page(client, key).status_code == press(client, key).status_code == 404
    assert reverse("keep", args=[key]) not in text(client.get(reverse("report", args=[key])))


def test_the_report_offers_it_until_somebody_keeps_it(client, report):
    own, offer = reverse("report", args=[report[1]]), reverse("keep", args=[report[1]])
    assert offer in text(client.get(own))
    factories.account(member_of=report[0].round.organisation)
    assert offer not in text(client.get(own))


def test_a_reading_link_offers_nothing_to_keep(client, report):
    client.post(reverse("sharing", args=[report[1]]), factories.SHARE)
    token = re.search(r"/shared/([\w-]+)/", text(client.get(reverse("sharing", args=[report[1]])))).group(1)
    assert "/keep/" not in text(client.get(reverse("shared", args=[token])))


# At the same time ----------------------------------------------------------------------------------------------------
def test_of_several_who_keep_at_the_same_time_one_wins(lasting):
    response, _key = factories.submitted()
    token = claim_link(response, at=NOON).token
    people = [factories.account() for _ in range(4)]
    ways = [partial(claim, response, one) for one in people[:2]]
    ways += [partial(claim_by_link, token, one, at=NOON) for one in people[2:]]
    outcome = factories.at_the_same_time(*ways)
    assert sum(isinstance(one, Membership) for one in outcome) == 1
    assert outcome.count(None) == 3
    assert Membership.objects.owners().count() == Membership.objects.count() == 1


def test_one_person_who_keeps_twice_at_the_same_time_does_so_once(lasting):
    response, _key = factories.submitted()
    outcome = factories.at_the_same_time(*[partial(claim, response, factories.account())] * 3)
    assert outcome == [Membership.objects.get()] * 3


def test_links_asked_for_at_the_same_time_leave_one(lasting):
    response, _key = factories.submitted()
    outcome = factories.at_the_same_time(*[partial(claim_link, response, at=NOON)] * 4)
    assert not [one for one in outcome if not isinstance(one, ClaimLink)]
    assert sum(claimed_by(one.token, at=NOON) is not None for one in outcome) == 1


def test_the_page_asks_little(client, report):
    remember(client, report[1])
    sign_in(client)
    with CaptureQueriesContext(connection) as queries:
        page(client, report[1])
    assert len(queries) <= 4
