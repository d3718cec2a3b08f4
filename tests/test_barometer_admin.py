"""The editions of the live barometer in the administration: sealed and waiting to five, and closing one, on record."""

from datetime import timedelta
from random import Random

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from assessment.accounts.groups import make_groups
from assessment.barometer.nightly import night
from assessment.models import Candidate, Counted, Edition, LabelSum
from tests.barometer_rows import take_part
from tests.test_groups import client_of

pytestmark = [pytest.mark.usefixtures("questionnaire"), pytest.mark.any_database]
DAY = timedelta(days=1)


@pytest.fixture
def edition():
    """One of this year: twelve sealed, seven waiting."""
    at = timezone.now()
    made = at.replace(month=3, day=1)
    take_part(12, made=made)
    take_part(7, made=made, sector="health")
    night(at=made + 20 * DAY, random=Random(1))
    return Edition.objects.get()


def page(client, edition, name="change"):
    return client.get(reverse(f"admin:assessment_edition_{name}", args=[edition.pk])).content.decode()


def press(client, edition):
    return client.post(reverse("admin:assessment_edition_close", args=[edition.pk]), follow=True).content.decode()


def test_how_many_are_sealed_by_label_and_wait_is_told_to_five(boss, edition, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: edition_time(edition))
    text = page(boss, edition)
    assert "<p>Trade and transport, 1 to 9 people and Businesses (B2B): 10</p>" in text
    assert ">12<" not in text
    assert ">5<" in text  # seven
    assert ">10<" in boss.get(reverse("admin:assessment_edition_changelist")).content.decode()


def edition_time(edition):
    return timezone.datetime(edition.year, 3, 21, 12, tzinfo=timezone.get_default_timezone())


def test_it_is_not_closed_before_its_year_is_over(boss, edition):
    assert "Close the edition" in page(boss, edition)
    assert "for good" in page(boss, edition, "close")
    assert "cannot be closed before its year is over" in press(boss, edition)
    assert LabelSum.objects.exists()
    assert not LogEntry.objects.exists()


def test_closing_keeps_what_was_published_and_is_on_record(boss, edition):
    Edition.objects.update(year=edition.year - 1)
    cells = edition.cells
    assert "The edition is closed" in press(boss, edition)
    edition.refresh_from_db()
    assert (edition.is_closed, edition.cells) == (True, cells)
    assert not LabelSum.objects.exists()
    assert not Counted.objects.exists()
    (entry,) = LogEntry.objects.all()
    assert (entry.object_id, "closed for good" in entry.change_message) == (str(edition.pk), True)
    assert "Close the edition" not in page(boss, edition)
    press(boss, edition)
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("group", "sees", "closes"), [("analyst", 200, 403), ("publisher", 200, 200), ("support", 403, 403)]
)
def test_analysts_see_editions_and_publishers_close_them(client, edition, group, sees, closes):
    make_groups()
    client_of(client, group)
    addresses = [reverse(f"admin:assessment_edition_{name}", args=[edition.pk]) for name in ("change", "close")]
    assert [client.get(address).status_code for address in addresses] == [sees, closes]
    assert client.post(addresses[1]).status_code == (302 if closes == 200 else 403)


def test_an_invented_edition_is_not_closed(boss):
    edition = Edition.objects.create(year=2026, invented=True, is_closed=True)
    assert "nothing to close" in page(boss, edition, "close")
    assert "Close the edition" not in page(boss, edition)


@pytest.mark.parametrize("row", [Counted, Candidate])
def test_deleting_an_organisation_tells_nobody_whether_it_was_counted_or_was_to_be(boss, edition, row):
    """Neither the page nor the entry, which has a date and a name."""
    organisation = row.objects.first().organisation
    address = reverse("admin:assessment_organisation_delete", args=[organisation.pk])
    name = row._meta.verbose_name_plural
    counts = dict(boss.get(address).context["model_count"])
    assert name not in counts
    assert counts["results"] == 1
    boss.post(address, {"post": "yes"})
    entry = LogEntry.objects.get(object_id=str(organisation.pk))
    assert "results" in entry.change_message
    assert str(name) not in entry.change_message
