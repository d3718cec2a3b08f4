"""What the privacy page promises is what the settings and the code do."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assessment.accounts import adapter, sign_in
from assessment.accounts.cookies import JOINED, STARTED
from assessment.accounts.sign_in import KNOWN
from assessment.models.limit import Limit
from assessment.models.sign_in import KEPT
from assessment.organisations.people import invite_person
from assessment.privacy.purging import ATTEMPTS, KINDS
from assessment.views import limits, onward
from tests import factories


def text_of(client, **headers):
    page = client.get("/privacy/", headers=headers)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("DRAFT_DAYS", "answers you have not submitted, 17 days after your last change"),
        ("UNCLAIMED_DAYS", "that nobody keeps with an account, after 17 days"),
        ("LINK_DAYS", "links to keep it, 17 days after their end"),
        ("UNUSED_ACCOUNT_DAYS", "that nobody ever used, after 17 days"),
        ("SMALLEST_GROUP", "all of at least 17 people"),
    ],
)
def test_the_times_and_numbers_are_those_of_the_settings(client, db, settings, setting, sentence):
    assert sentence not in text_of(client)
    setattr(settings, setting, 17)
    assert sentence in text_of(client)


def cookies(client):
    """The table of cookies: how long each lasts, by name."""
    rows = re.findall(
        r'<code class="text-reset">(\w+)</code></th><td>.*?</td><td>(.*?)</td>',
        client.get("/privacy/").content.decode(),
    )
    assert rows
    return dict(rows)


def test_every_cookie_is_named_with_its_time(client, db, settings):
    day = 24 * 3600
    assert onward.REMEMBERED == 3600
    assert cookies(client) == {
        settings.LANGUAGE_COOKIE_NAME: "one year",
        settings.CSRF_COOKIE_NAME: "one year",
        STARTED.name: f"{STARTED.seconds // day} days after the last one was started",
        JOINED.name: f"{JOINED.seconds // day} days after the last one was begun",
        onward.COOKIE: "one hour",
        KNOWN.name: f"{KNOWN.seconds // day} days after the last sign-in",
        settings.SESSION_COOKIE_NAME: f"{settings.SESSION_COOKIE_AGE // day} days",
        "messages": "until that page is shown",
    }


def test_a_story_sets_no_cookie_that_is_not_named(client, questionnaire):
    owner = factories.account("owner@example.org", member_of=factories.organisation())
    client.get("/start/")
    client.post("/start/", factories.START | {"email": "me@example.org"})
    client.post("/language/", {"language": "fr", "next": "/"})
    invitation = invite_person(owner.memberships.get().organisation, "viewer", at=timezone.now())
    client.get(reverse("invitation", args=[invitation.token]))
    assert onward.COOKIE in client.cookies
    client.force_login(owner)
    client.post(reverse("organisation_delete", args=[owner.memberships.get().organisation.slug]), {"confirm": "x"})
    assert set(client.cookies) <= set(cookies(client))


def test_what_is_counted_lasts_a_day_at_most():
    rooms = [vars(room).values() for room in (adapter, limits, sign_in)]
    found = [limit for values in rooms for limit in values if isinstance(limit, Limit)]
    assert len(found) >= 12
    assert max(limit.within.total_seconds() for limit in found) <= 24 * 3600


def test_everything_that_purge_deletes_is_told(client, db):
    """One sentence for each kind; a new kind has to be written into the page, and here."""
    told = {
        "ended reading links": "reading links",
        "ended links to keep an organisation": "links to keep it",
        "ended invitations to organisations": "invitations to an organisation",
        "revoked invitations to rounds": "invitations to a round that were taken back",
        "abandoned drafts": "answers you have not submitted",
        "submitted responses that nobody keeps": "answers you have submitted, in an organisation that nobody keeps",
        "organisations left empty": "and then the organisation",
        "mailings with what became of their mails": "what was asked to be mailed, with which mails failed, after 30 days",
        "tasks that are done": "tasks that are done",
        "sign-ins on record": f"the record of sign-ins, after {KEPT.days} days",
        "expired sessions": "sessions, tasks that are done and counters",
        "expired counters of limits": "counters of attempts",
        ATTEMPTS: "counters of attempts",
        "accounts never confirmed nor used": "accounts whose address was never confirmed",
        "marks of publications": "They are deleted after these 300 days",
        "marks of who opened a round": "and of who opened a round and erased that",
    }
    assert set(told) == {ATTEMPTS, *(kind.name for kind in KINDS)}
    text = text_of(client)
    for sentence in told.values():
        assert sentence in text


def test_who_is_signed_in_is_led_to_their_data(client, db):
    addresses = [reverse("account_data"), reverse("account_delete")]
    before = client.get("/privacy/").content.decode()
    client.force_login(factories.account())
    after = client.get("/privacy/").content.decode()
    assert [address in before for address in addresses] == [False, False]
    assert [address in after for address in addresses] == [True, True]


def test_the_page_no_longer_says_that_something_is_missing(client, db):
    text = text_of(client)
    for outdated in ("not automatic yet", "cannot yet claim", "cannot sign up yourself", "we intend"):
        assert outdated not in text


def test_the_methodology_says_the_rules_of_confidential_rounds(client, questionnaire, settings):
    settings.SMALLEST_GROUP = 5
    text = re.sub(r"\s+", " ", client.get("/methodology/").content.decode())
    for rule in (
        "What owners answer counts in the means, but towards no smallest number",
        "changes only if at least 5 new people answered it",
        "How each role sees a question, by its level as well, is shown with the first publication only",
        "For each question it shows the level and whether views differ, no number",
        "What is published can no longer be corrected",
    ):
        assert rule in text
    assert "cannot invite colleagues on this site yet" not in text
