"""Whose clock: a time of day and a day that something ends or begins with name their zone, on every page and in every mail."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dates import MONTHS

from assessment.mailing.asking import invite_person, invite_to_round, remind
from assessment.models import Round, Share
from assessment.organisations.people import invite_person as make_invitation
from assessment.rounds.inviting import choose_mode, invite, open_link, set_last_day
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.starting import begin_again
from assessment.rounds.submitting import submit
from assessment.views.limits import too_many
from assessment.wording.moments import day, day_and_zone, in_utc, moment_and_zone, moment_in_page, zone
from tests import factories

ROOT = Path(__file__).parent.parent
EVENING = datetime(2026, 11, 30, 4, 53, tzinfo=UTC)  # of the day before in Montréal
DAY = timedelta(days=1)
CLOCK = re.compile(r"\b\d\d:\d\d\b")


# The words -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "english", "french"),
    [
        ("Europe/Paris", "Paris time", "heure de Paris"),
        ("America/Montreal", "Toronto time", "heure de Toronto"),  # the same zone under the name it now has
        ("Europe/Athens", "Athens time", "heure d’Athènes"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time", "heure de Buenos Aires"),
        ("UTC", "UTC", "UTC"),
        ("Etc/UTC", "UTC", "UTC"),
        ("Etc/GMT-2", "UTC+02", "UTC+02"),
    ],
)
def test_a_zone_is_named_by_its_place_in_the_language_of_the_reader(name, english, french):
    with override_settings(TIME_ZONE=name):
        for language, named in (("en", english), ("fr", french)):
            with translation.override(language):
                assert zone() == named


@pytest.mark.parametrize(
    ("language", "time", "moment", "ends"),
    [
        ("en", "05:53 (Paris time)", "30 November 2026, 05:53 (Paris time)", "3 December 2026 (Paris time)"),
        (
            "fr",
            "05:53 (heure de Paris)",
            "30 novembre 2026, 05:53 (heure de Paris)",
            "3 décembre 2026 (heure de Paris)",
        ),
    ],
)
def test_times_and_days_have_one_shape_in_both_languages(language, time, moment, ends):
    with translation.override(language):
        assert moment_and_zone(EVENING, "time") == time
        assert moment_and_zone(EVENING, "datetime") == moment
        assert day_and_zone(date(2026, 12, 3)) == ends


@pytest.mark.parametrize(
    ("language", "first", "others"),
    [
        ("en", "1 December 2026", ["11 December 2026", "21 December 2026"]),
        ("fr", "1er décembre 2026", ["11 décembre 2026", "21 décembre 2026"]),
    ],
)
def test_the_first_of_a_french_month_has_its_ordinal_number(language, first, others):
    noon = datetime(2026, 12, 1, 11, tzinfo=UTC)
    with translation.override(language):
        assert day(date(2026, 12, 1)) == day(noon) == first
        assert day_and_zone(date(2026, 12, 1)).startswith(f"{first} (")
        assert moment_and_zone(noon, "datetime").startswith(f"{first}, 12:00 (")
        assert moment_and_zone(datetime(2026, 12, 3, 0, 1, tzinfo=UTC), "time").startswith("01:01 (")
        assert [day(date(2026, 12, number)) for number in (11, 21)] == others
        assert day(None) == ""


def test_every_page_tells_days_so():
    for path in (ROOT / "templates").rglob("*.*"):
        if "admin" not in path.parts:
            assert not re.search(r"\|\s*date\b", path.read_text(encoding="utf-8")), path


def test_both_are_those_of_the_zone_that_is_set():
    with override_settings(TIME_ZONE="America/Montreal"), translation.override("en"):
        assert moment_and_zone(EVENING, "datetime") == "29 November 2026, 23:53 (Toronto time)"
        assert day_and_zone(EVENING) == "29 November 2026 (Toronto time)"


def test_a_page_says_the_moment_for_its_script_beside_the_words():
    with translation.override("en"):
        made = '<time datetime="2026-11-30T04:53:00Z" data-moment="time">05:53 (Paris time)</time>'
        assert moment_in_page(EVENING, "time") == made
    assert in_utc(EVENING.astimezone(timezone.get_default_timezone())) == "2026-11-30T04:53:00Z"


def test_nothing_else_writes_a_time_of_day_or_a_last_day():
    last_days = r"(closes_on|expires_at|publishable_from|confidential_from|until)\s*\|\s*da(te|y)\b"
    for path in [*(ROOT / "templates").rglob("*.*"), *(ROOT / "assessment").rglob("*.py")]:
        if path.suffix not in (".html", ".txt", ".py") or path.name in ("moments.py", "formats.py"):
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(rf"DATETIME_FORMAT|TIME_FORMAT|time_format|\|\s*time\b|{last_days}", text), path


# Pages and mails -----------------------------------------------------------------------------------------------------
@pytest.fixture
def house(questionnaire):
    return factories.organisation()


@pytest.fixture
def owner(client, house):
    user = factories.account("owner@example.org", member_of=house)
    client.force_login(user)
    return user


def text_of(page):
    return " ".join(page.content.decode().split())


def days_to_come(text, language):
    """The days in a text that are not past, each with the words after it."""
    with translation.override(language):
        months = [str(MONTHS[number]) for number in range(1, 13)]
    found = re.findall(rf"\b(\d{{1,2}}) ({'|'.join(months)}) (\d{{4}})(.{{0,30}})", text)
    today = timezone.localdate()
    return [after for day, month, year, after in found if date(int(year), months.index(month) + 1, int(day)) > today]


def names_their_zone(text, language):
    """Whether there are days to come in it, and all of them say whose they are."""
    with translation.override(language):
        named = f" ({zone()})"
    after = days_to_come(text, language)
    return bool(after) and all(words.startswith(named) for words in after)


def round_with_last_day(house, mode):
    of = choose_mode(begin_again(house, at=timezone.now()), mode)
    set_last_day(of, timezone.localdate() + 20 * DAY)
    of.refresh_from_db()
    return of


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
@override_settings(TIME_ZONE="America/Montreal")
def test_every_last_day_on_a_page_says_whose_it_is(client, house, owner, language):
    of = round_with_last_day(house, Round.Mode.OPEN)
    link = open_link(of, at=timezone.now())
    invitation = make_invitation(house, "member", at=timezone.now())
    slug, number = house.slug, of.number
    for who, address in (
        (client, reverse("round", args=[slug, number])),
        (client, reverse("invite", args=[slug, number])),
        (Client(), reverse("join", args=[link.token])),
        (client, reverse("people", args=[slug])),
        (Client(), reverse("invitation", args=[invitation.token])),
    ):
        page = who.get(address, headers={"accept-language": language})
        assert page.status_code == 200
        assert names_their_zone(text_of(page), language), address


@pytest.mark.any_database
@pytest.mark.django_db
def test_both_ends_of_a_reading_link_are_told_by_one_clock(client, questionnaire):
    _response, key = factories.submitted()
    client.post(reverse("sharing", args=[key]), factories.SHARE)
    page = client.get(reverse("sharing", args=[key])).content.decode()
    (told,) = re.findall(r"<p>Made on (.*?)</p>", page)
    share = Share.objects.get()
    made, ends = (moment_in_page(moment, "datetime") for moment in (share.created_at, share.expires_at))
    assert told == f"{made}, ends on {ends}"


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_so_does_every_day_from_which_a_report_can_be_published(client, house, owner, language):
    def get(name, *number):
        return text_of(client.get(reverse(name, args=[house.slug, *number]), headers={"accept-language": language}))

    now, mode = timezone.now(), Round.Mode.CONFIDENTIAL
    factories.several(house, mode, [factories.level(2)] * 5, at=now - 2 * DAY)
    assert names_their_zone(get("start_next"), language)
    of = begin_again(house, at=now)
    assert names_their_zone(get("invite", of.number), language)
    for invitation in invite(of, mode, [f"colleague{number}@example.org" for number in range(5)], at=now):
        submit(join(invitation, Newcomer("sales"), at=now)[1], at=now)
    assert names_their_zone(get("round", of.number), language)
    client.post(reverse("close_round", args=[house.slug, of.number]), headers={"accept-language": language})
    page = get("round", of.number)
    assert len(days_to_come(page, language)) == 2  # the message and the page
    assert names_their_zone(page, language)


@pytest.mark.any_database
@pytest.mark.django_db
def test_so_does_every_last_day_in_a_mail_each_part_in_its_own_words(house, owner):
    of, now = round_with_last_day(house, Round.Mode.CONFIDENTIAL), timezone.now()
    invite_to_round(of, ["anne@example.org"], by=owner, languages="fr,en", at=now)
    invite_person(house, "member", email="zoe@example.org", by=owner, languages="fr,en", at=now)
    factories.deliver()
    of.invitations.update(created_at=now - 2 * DAY)
    remind(of, by=owner, at=now)
    factories.deliver()
    assert len(mail.outbox) == 3
    for message in mail.outbox:
        french, english = message.body.split("\n* * *\n")
        assert names_their_zone(french, "fr"), french
        assert names_their_zone(english, "en"), english


def test_the_form_of_a_last_day_says_when_it_ends(client, house, owner):
    of = round_with_last_day(house, Round.Mode.OPEN)
    page = client.get(reverse("invite", args=[house.slug, of.number]))
    assert "The day ends at midnight, Paris time." in text_of(page)


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_time_of_day_on_a_page_says_whose_it_is_and_which_moment(client, house, owner, settings, language):
    settings.INVITATIONS_PER_DAY, settings.WRONG_KEYS = 1, 1
    _response, key = factories.submitted(at=timezone.now())
    reader, wrong = {"accept-language": language}, "/r/wrong-wrong-wrong-wrong-wrong/"
    client.get(wrong)
    client.post(reverse("sharing", args=[key]), factories.SHARE | {"label": ""})
    invite_one = {"invite": "yes", "email": "anne@example.org", "role": "member"}
    client.post(reverse("people", args=[house.slug]), invite_one)
    for page in (
        client.get(reverse("sharing", args=[key]), headers=reader),
        client.get(reverse("account_data"), headers=reader),
        client.post(reverse("people", args=[house.slug]), invite_one | {"email": "zoe@example.org"}, headers=reader),
        client.get(wrong, headers=reader),
    ):
        text = text_of(page)
        with translation.override(language):
            told = rf'<time datetime="\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ" data-moment="(?:date)?time">[^<]*\({zone()}\)</time>'
        assert re.search(told, text)
        assert not CLOCK.search(re.sub(told, "", text))


@pytest.mark.parametrize(("hours", "told"), [(1, "05:53 (Paris time)"), (20, "1 December 2026, 00:53 (Paris time)")])
def test_who_waits_until_another_day_is_told_which(rf, hours, told):
    request = rf.get("/")
    request.user = AnonymousUser()
    until = {1: EVENING, 20: EVENING + 19 * timedelta(hours=1)}[hours]
    page = too_many(request, until=until, at=until - timedelta(hours=hours))
    assert f">{told}</time>" in page.content.decode()


@pytest.mark.any_database
def test_a_mail_about_an_account_says_whose_its_time_is(client, owner):
    fields = {"oldpassword": "pass", "password1": "a long one of mine", "password2": "a long one of mine"}
    client.post(reverse("account_change_password"), fields)
    (message,) = mail.outbox
    assert re.search(r"This was done on \d+ \w+ \d{4}, \d\d:\d\d \(Paris time\)\.", message.body)
