"""Back to the page that asked for an account: where it leads, for how long, and what is never led to."""

import time

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.organisations.people import invite_person
from assessment.views import onward
from tests import factories


@pytest.fixture
def place(db):
    """The address of an invitation."""
    return reverse("invitation", args=[invite_person(factories.organisation(), "viewer", at=timezone.now()).token])


def led_to(client):
    return client.get(reverse("account_continue"))["Location"]


def test_the_browser_keeps_the_way_for_an_hour_where_no_script_and_no_other_page_sees_it(client, place):
    client.get(place)
    cookie = client.cookies[onward.COOKIE]
    assert (cookie["max-age"], cookie["path"]) == (3600, reverse("account_continue"))
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_it_leads_back_once_and_then_to_the_organisations(client, place):
    client.get(place)
    client.force_login(factories.account())
    assert [led_to(client), led_to(client)] == [place, reverse("organisations")]


def test_the_last_page_that_asked_counts(client, place):
    other = reverse("invitation", args=[invite_person(factories.organisation(), "viewer", at=timezone.now()).token])
    client.get(place)
    client.get(other)
    client.force_login(factories.account())
    assert led_to(client) == other


def test_who_is_signed_in_leaves_nothing_in_the_browser(client, place):
    client.force_login(factories.account())
    client.get(place)
    assert onward.COOKIE not in client.cookies


def test_who_is_not_signed_in_is_asked_first_and_the_way_is_not_forgotten(client, place):
    client.get(place)
    asked = client.get(reverse("account_continue"))
    assert asked["Location"] == f"{reverse('account_login')}?next={reverse('account_continue')}"
    client.force_login(factories.account())
    assert led_to(client) == place


@pytest.mark.parametrize(
    "place",
    ["https://evil.example/invitation/x/", "//evil.example/invitation/x/", "/accounts/logout/", "/r/x/erase/", "x", ""],
)
def test_it_never_leads_elsewhere_even_if_the_cookie_says_so(client, db, place):
    client.force_login(factories.account())
    client.cookies[onward.COOKIE] = signing.get_cookie_signer(salt=onward.COOKIE).sign(place)
    assert led_to(client) == reverse("organisations")


def test_a_forged_way_leads_nowhere(client, place):
    client.force_login(factories.account())
    client.cookies[onward.COOKIE] = place
    assert led_to(client) == reverse("organisations")


@pytest.mark.parametrize(("age", "works"), [(3590, True), (3610, False)])
def test_a_way_is_too_old_after_an_hour(client, place, age, works):
    class Earlier(signing.TimestampSigner):
        def timestamp(self):
            return signing.b62_encode(int(time.time()) - age)

    client.force_login(factories.account())
    signer = signing.get_cookie_signer(salt=onward.COOKIE)
    client.cookies[onward.COOKIE] = Earlier(key=signer.key, salt=signer.salt).sign(place)
    assert led_to(client) == (place if works else reverse("organisations"))


def test_looking_changes_nothing_in_the_database(client, place, django_assert_num_queries):
    visitor = Client()
    visitor.get(place)
    visitor.force_login(factories.account())
    with django_assert_num_queries(2):  # the session and the account are read
        assert led_to(visitor) == place
