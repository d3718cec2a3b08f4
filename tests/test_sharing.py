"""The page where the holder of a report makes, sees and ends its reading links."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessment.models import Share
from assessment.models.share import share
from tests import factories


@pytest.fixture
def report(questionnaire):
    return factories.submitted()


def get(client, key):
    return client.get(reverse("sharing", args=[key]))


def make(client, key):
    """A new link, by the page's button, and its token."""
    page = client.post(reverse("sharing", args=[key]), follow=True)
    assert page.redirect_chain == [(reverse("sharing", args=[key]), 302)]
    return re.search(r"http://testserver/shared/([\w-]+)/", page.content.decode()).group(1)


def test_it_makes_a_link_that_works_for_as_long_as_it_says(client, report, settings):
    settings.SHARE_DAYS = 30
    before = timezone.now()
    token = make(client, report[1])
    assert client.get(reverse("shared", args=[token])).status_code == 200
    row = Share.objects.get()
    assert row.response == report[0]
    assert before + timedelta(days=30) <= row.expires_at <= timezone.now() + timedelta(days=30)
    assert "30 days" in get(client, report[1]).content.decode()


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
        share(report[0], days=days, at=now)
    other, _key = factories.submitted()
    share(other, days=90, at=now)
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
    assert client.post(reverse("sharing", args=[report[1]]), {"revoke": number}).status_code == 302
    assert Share.objects.get().revoked_at is None


def test_an_empty_number_makes_no_link(client, report):
    client.post(reverse("sharing", args=[report[1]]), {"revoke": ""})
    assert not Share.objects.exists()


def test_reading_the_page_makes_no_link(client, report):
    get(client, report[1])
    assert not Share.objects.exists()


def test_a_draft_has_nothing_to_share(client, questionnaire):
    _draft, key = factories.started()
    assert get(client, key).status_code == 404
    assert client.post(reverse("sharing", args=[key])).status_code == 404
    assert not Share.objects.exists()


def test_while_answers_are_corrected_the_submitted_report_can_be_shared(client, report):
    client.post(reverse("correct", args=[report[1]]))
    token = make(client, report[1])
    assert Share.objects.get().response == report[0]
    client.post(reverse("review", args=[report[1]]))
    assert client.get(reverse("shared", args=[token])).status_code == 200
    assert len(get(client, report[1]).context["shares"]) == 1


def test_it_says_what_a_link_shows(client, report):
    assert "neither your notes nor your links" in get(client, report[1]).content.decode()
