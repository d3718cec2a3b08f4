"""No more mail: the address that every invitation and reminder has, by hand and by one click of a mail program."""

import re
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.mailing.asking import invite_person
from assessment.models import Invitation, NoMail, PeopleInvitation, Response
from assessment.models.no_mail import mailbox_to_stop, stop_token
from assessment.models.secret import seal
from tests import factories
from tests.test_mailing import ask, delivered, of, owner, sent_to

__all__ = ["of", "owner"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def place(of, owner):
    """The address in an invitation that was sent."""
    ask(of, owner, "anne+work@example.org")
    (message,) = delivered().values()
    mail.outbox.clear()
    return re.search(r"http://testserver(/mail/stop/[^/]+/)", message.body)[1]


def without_tokens(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())


def test_who_looks_is_asked_and_nothing_is_changed(client, place):
    for page in (client.head(place), client.get(place)):
        assert page.status_code == 200
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in page["Cache-Control"]
    assert "anne@example.org" in page.content.decode()
    assert not NoMail.objects.exists()


def test_by_its_button_all_further_mails_to_the_mailbox_end_and_nobody_is_told(client, of, owner, place):
    people = reverse("people", args=[of.organisation.slug])
    invite = reverse("invite", args=[of.organisation.slug, of.number])
    client.force_login(owner)
    before = [without_tokens(client.get(page)) for page in (people, invite)]
    page = Client().post(place)
    assert page.status_code == 200
    assert "sends no more invitations" in page.content.decode()
    assert [without_tokens(client.get(page)) for page in (people, invite)] == before
    assert NoMail.objects.stops("anne@example.org")
    assert "anne" not in str(list(NoMail.objects.values()))
    fields = {"email": "anne@example.org", "by": owner, "languages": "en", "at": timezone.now()}
    invite_person(of.organisation, "member", **fields)
    assert delivered() == {}


def test_one_click_of_a_mail_program_needs_no_cookie_and_no_form_of_ours(place):
    program = Client(enforce_csrf_checks=True, headers={"user-agent": "a mail program"})
    for _time in range(2):
        page = program.post(place, {"List-Unsubscribe": "One-Click"})
        assert page.status_code == 200  # a redirect would not be followed
    assert NoMail.objects.count() == 1


def test_one_s_own_link_on_one_s_own_click_and_what_concerns_one_s_place_still_leave(client, of, owner, place):
    Client().post(place)
    client.post("/start/", factories.START | {"email": "anne@example.org"})
    assert sent_to() == ["anne@example.org"]
    anne = factories.account("anne@example.org", member_of=of.organisation, role="member")
    client.force_login(owner)
    client.post(reverse("people", args=[of.organisation.slug]), {"remove": anne.memberships.get().pk})
    assert sorted(delivered()) == ["anne@example.org"]


def test_the_invitation_still_opens(client, of, place):
    Client().post(place)
    assert client.get(reverse("join", args=[of.invitations.get().token])).status_code == 200


@pytest.mark.parametrize(
    "change", [lambda token: token[:-4], lambda token: token[:20] + "AAAA" + token[24:], str.lower]
)
def test_a_wrong_token_is_a_plain_404(client, place, change):
    token = place.split("/")[3]
    for page in (client.get(f"/mail/stop/{change(token)}/"), client.post(f"/mail/stop/{change(token)}/")):
        assert page.status_code == 404
    assert not NoMail.objects.exists()


@pytest.mark.parametrize("sealed", ["anne@example.org", "17", ""])
def test_nothing_else_that_the_site_seals_ends_mails(sealed):
    assert mailbox_to_stop(seal(sealed)) is None


def test_a_token_cannot_be_guessed():
    tokens = {stop_token("anne@example.org") for _time in range(5)}
    assert len(tokens) == 5
    assert {mailbox_to_stop(token) for token in tokens} == {"anne@example.org"}
    assert min(len(token) for token in tokens) * 6 >= 256


# Scanners ------------------------------------------------------------------------------------------------------------
class Links(HTMLParser):
    """The addresses that a page leads to."""

    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attrs):
        self.found |= {value for name, value in attrs if name in ("href", "src", "action") and value}


def links_of(page):
    parser = Links()
    parser.feed(page.content.decode() if page["Content-Type"].startswith("text/html") else "")
    return {link for link in parser.found if link.startswith("/")}


@pytest.mark.parametrize("kind", ["round", "people"])
def test_an_invitation_opened_by_a_scanner_stays_usable(of, owner, kind):
    """HEAD and GET of every link in the mail and in the pages behind it, cookies kept and not."""
    if kind == "round":
        ask(of, owner, "anne@example.org", languages="fr,en")
    else:
        fields = {"email": "anne@example.org", "by": owner, "languages": "fr,en", "at": timezone.now()}
        invite_person(of.organisation, "member", **fields)
    (message,) = delivered().values()
    mail.outbox.clear()
    links = set(re.findall(r"http://testserver(/\S+/)", message.body))
    assert len(links) >= 2
    for scanner in (Client(), Client(enforce_csrf_checks=True)):
        for link in links:
            scanner.head(link)
            for further in links_of(scanner.get(link)):
                scanner.head(further)
                scanner.get(further)
    assert (NoMail.objects.exists(), Response.objects.exists(), mail.outbox) == (False, False, [])
    anne = Client()
    if kind == "round":
        page = anne.post(reverse("join", args=[Invitation.objects.get().token]), {"role": "sales"})
        assert page["Location"].startswith("/r/")
    else:
        anne.force_login(factories.account("anne@example.org"))
        page = anne.post(reverse("invitation", args=[PeopleInvitation.objects.get().token]))
        assert page["Location"] == of.organisation.get_absolute_url()
