"""How often one network address may start, have mails sent and try wrong addresses; what a refusal says."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from assessment.models import Count, Response
from assessment.views.limits import Limit
from tests import factories
from tests.factories import NOON

WRONG = "wrong-wrong-wrong-wrong-wrong"


def is_a_refusal(page, within):
    assert page.status_code == 429
    assert 0 < int(page["Retry-After"]) <= within
    text = page.content.decode()
    assert "Please wait a little" in text
    assert "Wait until" in text
    return True


def test_starting_too_often_is_refused_and_says_when_to_try_again(client, questionnaire, settings):
    settings.STARTS_PER_HOUR = 2
    for _time in range(2):
        assert client.post("/start/", factories.START).status_code == 302
    assert is_a_refusal(client.post("/start/", factories.START), within=3600)
    assert Response.objects.count() == 2


def test_the_form_sent_again_by_mistake_leads_on_although_the_limit_is_reached(client, questionnaire, settings):
    settings.STARTS_PER_HOUR = 1
    token = client.get("/start/").context["form"]["token"].value()
    first = client.post("/start/", factories.START | {"token": token})
    again = client.post("/start/", factories.START | {"token": token})
    assert (first.status_code, again.status_code) == (302, 302)
    assert Response.objects.count() == 1


def test_a_form_with_an_error_does_not_count(client, questionnaire, settings):
    settings.STARTS_PER_HOUR = 1
    for _time in range(3):
        assert client.post("/start/", factories.START | {"name": ""}).status_code == 422
    assert client.post("/start/", factories.START).status_code == 302


def test_another_network_address_may_still_start(client, questionnaire, settings):
    settings.STARTS_PER_HOUR = 1
    client.post("/start/", factories.START)
    assert client.post("/start/", factories.START).status_code == 429
    assert client.post("/start/", factories.START, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_all_addresses_of_one_ipv6_network_count_as_one(client, questionnaire, settings):
    settings.STARTS_PER_HOUR = 1
    client.post("/start/", factories.START, REMOTE_ADDR="2001:db8:0:1::1")
    assert client.post("/start/", factories.START, REMOTE_ADDR="2001:db8:0:1::2").status_code == 429
    assert client.post("/start/", factories.START, REMOTE_ADDR="2001:db8:0:2::1").status_code == 302


def test_after_an_hour_one_may_start_again(client, questionnaire, settings):
    settings.STARTS_PER_HOUR = 1
    client.post("/start/", factories.START)
    Count.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert client.post("/start/", factories.START).status_code == 302


def test_having_links_mailed_too_often_is_refused(client, questionnaire, settings):
    settings.MAILS_PER_HOUR = 1
    _response, key = factories.started()
    address = reverse("mail", args=[key])
    assert client.post(address, {"email": "me@example.org"}).status_code == 302
    assert is_a_refusal(client.post(address, {"email": "me@example.org"}), within=3600)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("name", ["respond", "report", "review", "erase", "shared", "join"])
def test_trying_many_wrong_addresses_is_refused(client, questionnaire, settings, name):
    settings.WRONG_KEYS = 2
    address = reverse(name, args=[WRONG])
    assert [client.get(address).status_code for _time in range(2)] == [404, 404]
    assert is_a_refusal(client.get(address), within=600)
    assert is_a_refusal(client.get(reverse("respond", args=["another-wrong-one"])), within=600)


def test_a_refusal_is_not_stored_nor_indexed(client, questionnaire, settings):
    settings.WRONG_KEYS = 0
    client.get(reverse("respond", args=[WRONG]))
    page = client.get(reverse("respond", args=[WRONG]))
    assert page.status_code == 429
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"


def test_a_right_address_opens_although_others_of_the_network_tried_wrong_ones(client, questionnaire, settings):
    settings.WRONG_KEYS = 1
    _response, key = factories.submitted()
    for _time in range(3):
        client.get(reverse("respond", args=[WRONG]))
    assert client.get(reverse("respond", args=[WRONG])).status_code == 429
    for name in ("respond", "report"):
        assert client.get(reverse(name, args=[key])).status_code == 200


def test_a_page_that_is_not_secret_may_be_missed_as_often_as_one_likes(client, questionnaire, settings):
    settings.WRONG_KEYS = 1
    client.force_login(factories.account())
    address = reverse("organisation", args=["no-such-organisation"])
    assert [client.get(address).status_code for _time in range(4)] == [404] * 4


def test_a_limit_may_be_a_number_and_counts_each_for_itself(db):
    limit = Limit("knock", 1, timedelta(minutes=1))
    assert limit.reached_by("one", at=NOON) is None
    assert limit.reached_by("other", at=NOON) is None
    assert limit.reached_by("one", at=NOON) == NOON + timedelta(minutes=1)
    assert limit.reached_by("one", at=NOON + timedelta(minutes=1)) is None


def test_no_network_address_is_stored(client, questionnaire):
    client.post("/start/", factories.START, REMOTE_ADDR="192.0.2.7")
    assert [len(row.who) for row in Count.objects.all()] == [40]
    assert "192.0.2.7" not in str(list(Count.objects.values()))


def test_what_an_installation_starts_with_is_enough_for_people(settings):
    assert (settings.STARTS_PER_HOUR, settings.MAILS_PER_HOUR, settings.WRONG_KEYS) == (60, 30, 60)


def test_several_are_counted_all_or_none(db):
    def count(number, at=NOON):
        return Count.objects.wait_until("invitations", "me", most=5, within=timedelta(hours=1), at=at, number=number)

    over = NOON + timedelta(hours=1)
    assert count(6) == over  # never allowed at once, and nothing is counted
    assert not Count.objects.exists()
    assert [count(3), count(3), count(2), count(1)] == [None, over, None, over]
    end = over + timedelta(hours=1)
    assert [count(6, at=over), count(5, at=over), count(1, at=over)] == [end, None, end]
