"""What a browser remembers of questionnaires, and "Forget on this computer"."""

import pytest
from django.core.signing import get_cookie_signer
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.accounts.cookies import BETWEEN, JOINED, MOST, STARTED
from assessment.models import Response
from assessment.models.secret import derived_key, new_key
from assessment.organisations.people import invite_person
from assessment.rounds.inviting import open_link
from assessment.rounds.starting import begin_again
from tests import factories

PATHS = {"started": "/", "joined": "/join/", "onward": "/accounts/continue/"}
SAYS = "This computer has forgotten what was begun on it."


@pytest.fixture
def shared(client, questionnaire):
    """A browser in which somebody started, somebody joined, and somebody is on the way to sign in; its addresses."""
    started = client.post("/start/", factories.START)["Location"].removesuffix("strategy/")
    link = open_link(begin_again(factories.organisation(), at=timezone.now()), at=timezone.now())
    joined = client.post(reverse("join", args=[link.token]), {"role": "hr"})["Location"].removesuffix("strategy/")
    client.get(reverse("invitation", args=[invite_person(factories.organisation(), "viewer", at=timezone.now()).token]))
    assert {name: client.cookies[name]["path"] for name in PATHS} == PATHS
    return {"started": started, "joined": joined, "link": reverse("join", args=[link.token])}


def test_forgetting_deletes_each_cookie_where_it_lies_and_what_waits_in_the_browser(client, shared):
    page = client.post("/forget/")
    assert {name: (page.cookies[name].value, page.cookies[name]["path"]) for name in PATHS} == {
        name: ("", path) for name, path in PATHS.items()
    }
    assert all(page.cookies[name]["max-age"] == 0 for name in PATHS)
    assert page["Clear-Site-Data"] == '"storage"'
    assert page["Location"] == "/"


def test_then_nothing_is_offered_any_more_and_every_address_still_works(client, shared):
    assert shared["started"] in client.get("/").content.decode()
    assert shared["joined"] in client.get(shared["link"]).content.decode()
    told = client.post("/forget/", follow=True).content.decode()
    assert SAYS in told
    assert "the link to each questionnaire still opens it" in told
    assert "still signed in" not in told
    for name in PATHS:
        del client.cookies[name]  # as a browser does with what is over
    assert "/r/" not in client.get("/").content.decode() + client.get(shared["link"]).content.decode()
    assert [client.get(shared[name]).status_code for name in ("started", "joined")] == [200, 200]
    assert Response.objects.count() == 2


def test_who_only_looks_forgets_nothing(client, shared):
    for look in (client.get, client.head):
        page = look("/forget/")
        assert (page["Location"], page.cookies.keys() & PATHS.keys()) == ("/", set())
        assert "Clear-Site-Data" not in page
    assert shared["started"] in client.get("/").content.decode()


def test_who_is_signed_in_stays_so_and_is_told(client, shared):
    client.force_login(factories.account("anne@example.org"))
    told = client.post("/forget/", follow=True).content.decode()
    assert SAYS in told
    assert "You are still signed in as anne@example.org" in told
    assert client.get(reverse("account")).status_code == 200


def test_it_is_offered_wherever_something_that_was_begun_here_is_and_on_the_way_back(client, shared):
    for place in ("/", shared["link"], shared["started"], shared["joined"]):
        assert 'action="/forget/"' in client.get(place).content.decode(), place
    fresh = Client()
    for place in ("/", shared["link"]):
        assert 'action="/forget/"' not in fresh.get(place).content.decode(), place


def test_no_key_holds_what_stands_between_two_of_them():
    assert not any(BETWEEN in key for key in [*(new_key() for _time in range(100)), derived_key("own", 1)])


@pytest.mark.parametrize("keys", [STARTED, JOINED])
def test_a_cookie_holds_so_many_keys_the_newest_first_and_each_once(rf, keys):
    def sent(cookie):
        request = rf.get("/")
        request.COOKIES[keys.name] = cookie
        return request

    assert keys.read(sent(get_cookie_signer(salt=keys.name).sign("one"))) == ["one"]  # a cookie of before
    page = HttpResponse()
    keys.add(page, "two", ["one", "two", *(str(number) for number in range(9))])
    request = sent(page.cookies[keys.name].value)
    assert keys.read(request) == ["two", "one", *(str(number) for number in range(MOST - 2))]
    page = HttpResponse()
    keys.remove(request, page, "three")
    assert not page.cookies
    keys.remove(request, page, "one")
    assert keys.read(sent(page.cookies[keys.name].value)) == ["two", *(str(number) for number in range(MOST - 2))]
