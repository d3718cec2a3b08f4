"""Mails of the queue: what is asked and stored, what they say, to whom they do not go, and what is told of them."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessment.mailing.asking import MOST_A_DAY, TooManyError, invite_person, invite_to_round, remind
from assessment.mailing.letters import name_in_mail
from assessment.models import Count, Invitation, Mail, Mailing, Membership, NoMail, Organisation, Round
from assessment.models.mail import LEASE
from assessment.privacy.erasing import erase, erase_account
from assessment.privacy.purging import purge
from assessment.rounds.inviting import invite, revoke_invitation
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.starting import NotNowError, begin_again
from assessment.rounds.submitting import submit
from tests import factories

pytestmark = pytest.mark.django_db
State = Mail.State
DAY = timedelta(days=1)


@pytest.fixture
def owner(questionnaire):
    return factories.account("owner@example.org", member_of=factories.organisation())


@pytest.fixture
def of(owner):
    return confidential(owner)


def confidential(owner):
    of = begin_again(owner.memberships.get().organisation, at=timezone.now())
    Round.objects.filter(pk=of.pk).update(mode="confidential")
    of.refresh_from_db()
    return of


def ask(of, owner, *emails, languages="en", at=None):
    return invite_to_round(of, emails, by=owner, languages=languages, at=at or timezone.now())


def sent_to():
    return sorted(message.to[0] for message in mail.outbox)


def delivered():
    """What leaves now, by recipient."""
    mail.outbox.clear()
    factories.deliver()
    return {message.to[0]: message for message in mail.outbox}


def long_ago(of):
    of.invitations.update(created_at=timezone.now() - 2 * DAY)


# What they say -------------------------------------------------------------------------------------------------------
def test_an_invitation_says_who_asks_for_what_how_long_until_when_and_how_to_stop(of, owner):
    Round.objects.filter(pk=of.pk).update(closes_on="2031-05-04")
    ask(of, owner, "anne@example.org")
    message = delivered()["anne@example.org"]
    assert message.subject == "Maison Dupont asks how you use social media"
    token = Invitation.objects.get().token
    for part in (
        "owner@example.org asks for your view on how Maison Dupont uses social media.",
        "It takes 20 to 25 minutes;",
        "until 4 May 2031",
        f"http://testserver{reverse('join', args=[token])}",
        "http://testserver/mail/stop/",
        "confidential",
    ):
        assert part in message.body
    assert message.body.count("http") == 2


@pytest.mark.parametrize("kind", ["round", "reminder", "people"])
def test_headers_say_who_asks_that_a_machine_wrote_and_how_to_end_it_with_one_click(of, owner, kind):
    if kind == "people":
        organisation = of.organisation
        fields = {"email": "anne@example.org", "by": owner, "languages": "fr,en", "at": timezone.now()}
        invite_person(organisation, "member", **fields)
    else:
        ask(of, owner, "anne@example.org")
    if kind == "reminder":
        delivered()
        long_ago(of)
        remind(of, by=owner, at=timezone.now())
    message = delivered()["anne@example.org"].message()
    assert message["Reply-To"] == "owner@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (address,) = re.findall(r"^<http://testserver(/mail/stop/[\w-]+/)>$", message["List-Unsubscribe"])
    assert address in message.get_payload(decode=True).decode()
    assert re.search(rb"^List-Unsubscribe: (\r\n )?<\S+>\r$", message.as_bytes(linesep="\r\n"), re.MULTILINE)


def test_only_an_address_that_is_confirmed_is_named(of, owner):
    owner.emailaddress_set.update(verified=False)
    ask(of, owner, "anne@example.org")
    message = delivered()["anne@example.org"]
    assert message.reply_to == []
    assert "A colleague asks for your view" in message.body
    assert "owner@" not in message.body


@pytest.mark.parametrize("host", ["testserver", "evil.example"])
def test_addresses_come_from_the_setting_and_not_from_what_a_browser_says(client, of, owner, settings, host):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_ADDRESS = "https://maturity.example.org"
    client.force_login(owner)
    place = reverse("invite", args=[of.organisation.slug, of.number])
    client.post(place, {"do": "invite", "emails": "anne@example.org"}, headers={"host": host})
    client.post("/start/", factories.START | {"email": "guest@example.org"}, headers={"host": host})
    signed_out = Client()
    signed_out.post("/accounts/signup/", {"email": "owner@example.org", "password1": "a long one of mine"})
    signed_out.post("/accounts/password/reset/", {"email": "nobody@example.org"}, headers={"host": host})
    factories.deliver()
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        assert set(re.findall(r"https?://[^/\s]+", message.body)) == {"https://maturity.example.org"}, message.body


@pytest.mark.parametrize(
    ("languages", "subject", "hellos"),
    [
        ("en", "Maison Dupont asks", ["Hello"]),
        ("fr", "Maison Dupont\xa0: votre avis", ["Bonjour"]),
        ("fr,en", "Maison Dupont\xa0: votre avis", ["Bonjour", "Hello"]),
        ("en,fr", "Maison Dupont asks", ["Hello", "Bonjour"]),
    ],
)
def test_a_mail_is_in_the_language_asked_for_or_in_both(of, owner, languages, subject, hellos):
    ask(of, owner, "anne@example.org", languages=languages)
    long_ago(of)
    for _time in ("invitation", "reminder"):
        message = delivered()["anne@example.org"]
        assert re.findall("Bonjour|Hello", message.body) == hellos
        assert len(message.subject.split(" / ")) == len(hellos)
        assert ("see below" in message.body or "voir plus bas" in message.body) is (len(hellos) == 2)
        remind(of, by=owner, at=timezone.now())
    assert subject in Mail.objects.model._meta.verbose_name or subject  # the last one was the invitation's
    assert message.subject.startswith(("Reminder", "Rappel", subject[:6]))


@pytest.mark.parametrize(
    "name",
    [
        "You won 1000 EUR: claim at https://evil.example/win",
        "evil.example/win",
        "Go to www.evil",
        "win@evil.example",
        "evil\uff0eexample",
        "evil\u3002example/x",
        "http://10.0.0.1",
        "10.0.0.1/win",
        "x" * 81,
    ],
)
def test_a_name_that_holds_a_link_an_address_or_more_than_a_name_is_left_out(of, owner, name):
    Organisation.objects.filter(pk=of.organisation_id).update(name=name)
    ask(of, owner, "anne@example.org", languages="fr,en")
    fields = {"email": "bob@example.org", "by": owner, "languages": "fr,en", "at": timezone.now()}
    invite_person(Organisation.objects.get(), "member", **fields)
    found = delivered()
    assert len(found) == 2
    for message in found.values():
        assert name not in message.body + message.subject
        assert "evil" not in message.body + message.subject
    assert "how your organisation uses social media" in found["anne@example.org"].body


@pytest.mark.parametrize(
    "name", ["Maison Dupont", "L’Atelier d'Élise & Fils", "Dupont S.A.S.", "Mode 2.0", "A/B Conseil", "Saint-Gobain 3D"]
)
def test_a_mere_name_is_told(name):
    assert name_in_mail(Organisation(name=name)) == name


def test_a_name_of_several_lines_breaks_no_header(of, owner):
    Organisation.objects.filter(pk=of.organisation_id).update(name="Maison\r\nBcc: victim")
    ask(of, owner, "anne@example.org")
    assert delivered()["anne@example.org"].subject == "Maison Bcc: victim asks how you use social media"


# What is stored ------------------------------------------------------------------------------------------------------
def test_neither_bodies_nor_secrets_are_stored(of, owner):
    ask(of, owner, "anne@example.org")
    message = delivered()["anne@example.org"]
    secrets = re.findall(r"/(?:join|stop)/([^/]+)/", message.body)
    assert len(secrets) == 2
    stored = str([list(model.objects.values()) for model in (Mail, Mailing, DBTaskResult, NoMail, Invitation)])
    assert "anne@example.org" in stored
    assert [secret for secret in secrets if secret in stored] == []
    assert "asks for your view" not in stored


def scene(owner, *, answered):
    """A round to which three were invited; the first has answered, erased that, begun, or done nothing."""
    of = confidential(owner)
    ask(of, owner, *(f"colleague{number}-{of.pk}@example.org" for number in range(3)))
    factories.deliver()
    long_ago(of)
    first = of.invitations.get(email=f"colleague0-{of.pk}@example.org")
    if answered != "nothing":
        response, key = join(first, Newcomer("sales"), at=timezone.now())
        if answered != "begun":
            factories.answer(response, factories.level(3))
            response = submit(key, at=timezone.now())
        if answered == "erased":
            erase(response, at=timezone.now())
    return of, first


@pytest.mark.parametrize("deed", ["remind", "again", "revoke"])
def test_what_an_owner_s_request_does_and_stores_never_tells_who_has_answered(questionnaire, deed):
    found = []
    for number, answered in enumerate(["nothing", "begun", "answered", "erased"]):
        owner = factories.account(f"owner{number}@example.org", member_of=factories.organisation())
        of, first = scene(owner, answered=answered)
        client = Client()
        client.force_login(owner)
        place = reverse("invite", args=[of.organisation.slug, of.number])
        if deed != "remind":  # five others, so that it may be ended
            invite(of, of.mode, [f"other{place}@example.org" for place in range(5)], at=timezone.now())
        if deed == "again":
            revoke_invitation(of, str(first.pk), at=timezone.now())
        mail.outbox.clear()
        fields = {
            "remind": {"do": "remind"},
            "again": {"do": "invite", "emails": first.email},
            "revoke": {"do": "revoke", "number": first.pk},
        }[deed]
        with CaptureQueriesContext(connection) as queries:
            page = client.post(place, fields, follow=True)
        assert mail.outbox == []
        mails = Mail.objects.filter(mailing__round=of).values_list("state", "reason", "attempts", "mailing__kind")
        before = sorted(mails)
        factories.deliver()
        told = [str(message) for message in page.context["messages"]]
        after = sorted(mails), sorted(of.mailings.values_list("kind", "size", "some_failed"))
        found.append((len(queries), told, before, after, page.status_code))
        assert (of.invitations.get(pk=first.pk).revoked_at is not None) == (deed == "revoke")
    assert found[0] == found[1] == found[2] == found[3]


def test_a_reminder_goes_to_those_alone_who_have_neither_answered_nor_erased_nor_stopped(of, owner):
    emails = [f"{name}@example.org" for name in ("silent", "begun", "done", "erased", "stopped")]
    ask(of, owner, *emails)
    assert sorted(delivered()) == sorted(emails)
    long_ago(of)
    for name in ("begun", "done", "erased"):
        response, key = join(of.invitations.get(email=f"{name}@example.org"), Newcomer("hr"), at=timezone.now())
        if name != "begun":
            response = submit(key, at=timezone.now())
        if name == "erased":
            erase(response, at=timezone.now())
    NoMail.objects.stop("stopped@example.org")
    remind(of, by=owner, at=timezone.now())
    found = delivered()
    assert sorted(found) == ["begun@example.org", "silent@example.org"]
    begun = of.invitations.get(email="begun@example.org")
    assert reverse("respond", args=[begun.response_key]) in found["begun@example.org"].body


def test_what_was_revoked_before_it_was_sent_does_not_leave(of, owner):
    ask(of, owner, "anne@example.org", "bob@example.org")
    revoke_invitation(of, str(of.invitations.get(email="bob@example.org").pk), at=timezone.now())
    assert list(delivered()) == ["anne@example.org"]


def test_a_round_that_was_closed_before_is_told(client, of, owner):
    ask(of, owner, "anne@example.org")
    Round.objects.filter(pk=of.pk).update(closed_at=timezone.now())
    assert delivered() == {}
    assert Mail.objects.get().reason == "ended"


# Limits --------------------------------------------------------------------------------------------------------------
def test_a_limit_counts_only_who_is_new(of, owner, settings):
    """A3: the same paste again uses nothing up."""
    settings.INVITATIONS_PER_DAY = 4
    emails = [f"colleague{number}@example.org" for number in range(3)]
    assert ask(of, owner, *emails)
    factories.deliver()
    for _time in range(3):
        assert not ask(of, owner, *emails)
    assert ask(of, owner, *emails, "new@example.org")
    with pytest.raises(NotNowError, match="Too many"):
        ask(of, owner, "late@example.org")
    assert not ask(of, owner, *emails)
    assert of.invitations.count() == 4


def test_a_paste_over_the_limit_invites_nobody_and_uses_nothing_up(of, owner, settings):
    settings.INVITATIONS_PER_DAY = 3
    with pytest.raises(NotNowError, match="Too many"):
        ask(of, owner, *(f"colleague{number}@example.org" for number in range(4)))
    assert [model.objects.count() for model in (Invitation, Mailing, Count)] == [0, 0, 0]
    ask(of, owner, "one@example.org")
    with pytest.raises(NotNowError, match="Too many"):
        ask(of, owner, *(f"colleague{number}@example.org" for number in range(3)))
    assert ask(of, owner, "two@example.org", "three@example.org")


def test_of_two_limits_the_one_that_is_not_reached_counts_nothing(of, owner, settings):
    """The organisation may have invited enough, and its owner still invite for another one."""
    settings.INVITATIONS_PER_DAY = 2
    other = factories.account("other@example.org", member_of=of.organisation)
    ask(of, owner, "one@example.org", "two@example.org")
    before = sorted(Count.objects.values_list("who", "number"))
    with pytest.raises(NotNowError):
        ask(of, other, "three@example.org")
    assert sorted(Count.objects.values_list("who", "number")) == before


def test_inviting_a_person_again_before_it_was_sent_is_one_mail_and_counts_once(of, owner, settings):
    settings.INVITATIONS_PER_DAY = 1
    fields = {"email": "anne@example.org", "by": owner, "languages": "en"}
    for _time in range(3):
        invite_person(of.organisation, "member", **fields, at=timezone.now())
    factories.deliver()
    assert sent_to() == ["anne@example.org"]
    with pytest.raises(TooManyError):
        invite_person(of.organisation, "member", **fields, at=timezone.now())


def test_one_mailbox_is_sent_a_few_a_day_whoever_asks_and_more_is_told(questionnaire, client):
    rounds = []
    assert MOST_A_DAY == 5
    for number in range(MOST_A_DAY + 1):
        owner = factories.account(f"owner{number}@example.org", member_of=factories.organisation())
        rounds.append((confidential(owner), owner))
        ask(rounds[-1][0], owner, f"Victim+{number}@example.org".lower())
    assert len(delivered()) == MOST_A_DAY
    assert Mail.objects.get(state=State.FAILED).reason == "many"
    of, owner = rounds[-1]
    client.force_login(owner)
    place = reverse("invite", args=[of.organisation.slug, of.number])
    assert "sent enough mails today" in client.get(place).content.decode()
    client.post(place, {"do": "again"})
    assert delivered() == {}
    Count.objects.update(until=timezone.now() - DAY)
    client.post(place, {"do": "again"})
    assert len(delivered()) == 1


# Roles ---------------------------------------------------------------------------------------------------------------
def press(client, organisation, **fields):
    return client.post(reverse("people", args=[organisation.slug]), fields, follow=True)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"change": True, "role": "owner"}, ["now: owner", "désormais\xa0: propriétaire", "/organisations/"]),
        ({"change": True, "role": "viewer"}, ["now: viewer", "désormais\xa0: lecteur"]),
        ({"remove": True}, ["no longer belong", "ne faites plus partie"]),
    ],
)
def test_who_is_made_an_owner_changed_or_removed_is_told(client, of, owner, fields, says):
    anne = factories.account("anne@example.org", member_of=of.organisation, role="member")
    client.force_login(owner)
    number = anne.memberships.get().pk
    press(client, of.organisation, **{name: number if value is True else value for name, value in fields.items()})
    message = delivered()["anne@example.org"]
    for part in [*says, "owner@example.org"]:
        assert part in message.body
    assert message.reply_to == ["owner@example.org"]
    assert "Maison Dupont" in message.subject


def test_who_changes_or_leaves_by_themselves_is_told_nothing(client, of, owner):
    factories.account("other@example.org", member_of=of.organisation)
    client.force_login(owner)
    press(client, of.organisation, change=owner.memberships.get().pk, role="member")
    press(client, of.organisation, leave="yes")
    assert not Mail.objects.exists()


def test_what_the_administration_changes_is_told_without_naming_who(boss, of, owner):
    anne = factories.account("anne@example.org", member_of=of.organisation, role="member")
    bob = factories.account("bob@example.org", member_of=of.organisation, role="member")
    rows = list(of.organisation.memberships.order_by("pk"))
    form = {
        "name": of.organisation.name,
        "sector": of.organisation.sector,
        "size": of.organisation.size,
        "market": of.organisation.market,
        "memberships-TOTAL_FORMS": len(rows),
        "memberships-INITIAL_FORMS": len(rows),
        "invitations-TOTAL_FORMS": 0,
        "invitations-INITIAL_FORMS": 0,
    }
    for place, row in enumerate(rows):
        form |= {f"memberships-{place}-{name}": getattr(row, name) for name in ("id", "role")}
        form |= {f"memberships-{place}-user": row.user_id, f"memberships-{place}-organisation": of.organisation_id}
        form |= {f"memberships-{place}-role": "owner"} if row.user_id == anne.pk else {}
        form |= {f"memberships-{place}-DELETE": "on"} if row.user_id == bob.pk else {}
    page = boss.post(reverse("admin:assessment_organisation_change", args=[of.organisation_id]), form)
    assert page.status_code == 302
    found = delivered()
    assert sorted(found) == ["anne@example.org", "bob@example.org"]
    for message in found.values():
        assert "the administration of the site" in message.body
        assert "boss@" not in message.body
        assert message.reply_to == []
    assert Membership.objects.get(user=anne).role == "owner"


# What is told --------------------------------------------------------------------------------------------------------
def test_what_a_dead_worker_had_in_hand_is_told_after_a_while_and_not_sooner(client, of, owner):
    ask(of, owner, "anne@example.org")
    Mail.objects.claim("another worker", at=timezone.now())
    assert delivered() == {}
    assert Mail.objects.get().state == State.SENDING  # it may live
    Mail.objects.update(claimed_at=timezone.now() - LEASE - timedelta(seconds=1))
    assert delivered() == {}
    assert Mail.objects.get().state == State.UNKNOWN
    client.force_login(owner)
    shown = client.get(reverse("invite", args=[of.organisation.slug, of.number])).content.decode()
    assert "May have arrived" in shown


def test_a_worker_that_was_taken_for_dead_changes_nothing_any_more(of, owner):
    ask(of, owner, "anne@example.org")
    slow = Mail.objects.claim("slow", at=timezone.now() - 2 * LEASE) or Mail.objects.claim("slow", at=timezone.now())
    Mail.objects.update(claimed_at=timezone.now() - 2 * LEASE)
    Mail.objects.take_over(at=timezone.now())
    slow.settle(State.SENT)
    assert Mail.objects.get().state == State.UNKNOWN


def test_mails_that_nobody_sends_are_told(client, of, owner):
    ask(of, owner, "anne@example.org")
    client.force_login(owner)
    place = reverse("invite", args=[of.organisation.slug, of.number])
    assert "Mails are being sent" in client.get(place).content.decode()
    Mail.objects.update(next_try=timezone.now() - timedelta(minutes=6))
    assert "nothing sends them at the moment" in client.get(place).content.decode()


def test_that_a_mail_was_left_out_is_not_told_by_its_being_done_sooner(client, of, owner):
    NoMail.objects.stop("anne@example.org")
    ask(of, owner, "anne@example.org")
    client.force_login(owner)
    place = reverse("invite", args=[of.organisation.slug, of.number])
    before = client.get(place).content.decode()
    assert delivered() == {}
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert token.sub("", client.get(place).content.decode()) == token.sub("", before)


@pytest.mark.parametrize("role", ["owner", "other"])
def test_only_the_mails_of_one_s_own_round_are_sent_again(client, of, owner, role):
    ask(of, owner, "anne@example.org")
    factories.deliver()
    Mail.objects.update(state=State.UNKNOWN)
    stranger = factories.account("stranger@example.org", member_of=factories.organisation())
    theirs = confidential(stranger)
    client.force_login(owner if role == "owner" else stranger)
    asked = of if role == "owner" else theirs
    place = reverse("invite", args=[asked.organisation.slug, asked.number])
    client.post(place, {"do": "again", "number": Mail.objects.get().pk})
    assert len(delivered()) == (1 if role == "owner" else 0)


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30, "\0"])
def test_a_number_that_is_none_sends_nothing_again(client, of, owner, number):
    ask(of, owner, "anne@example.org")
    factories.deliver()
    Mail.objects.update(state=State.UNKNOWN)
    client.force_login(owner)
    place = reverse("invite", args=[of.organisation.slug, of.number])
    assert client.post(place, {"do": "again", "number": number}).status_code == 302
    assert delivered() == {}


def test_erasing_an_account_takes_its_mails_along(of, owner):
    anne = factories.account("anne@example.org", member_of=of.organisation, role="member")
    ask(of, owner, "anne@example.org", "bob@example.org")
    erase_account(anne, at=timezone.now())
    assert list(Mail.objects.values_list("recipient", flat=True)) == ["bob@example.org"]


def test_what_was_asked_goes_after_thirty_days_and_tasks_after_one(of, owner):
    now = timezone.now()
    ask(of, owner, "anne@example.org")
    factories.deliver()
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=now)
    gone = {kind.name: kind.number for kind in purge(at=now + timedelta(hours=23)) if kind.number}
    assert not {"mailings with what became of their mails", "tasks that are done"} & gone.keys()
    gone = {kind.name: kind.number for kind in purge(at=now + timedelta(days=1, minutes=1))}
    assert gone["tasks that are done"] == 1
    assert Mail.objects.get().state == State.SENT
    gone = {kind.name: kind.number for kind in purge(at=now + timedelta(days=30, minutes=1))}
    assert gone["mailings with what became of their mails"] == 1
    assert not Mail.objects.exists()


def test_whoever_runs_the_site_sees_what_waits_without_names(of, owner, capsys):
    ask(of, owner, "anne@example.org", "bob@example.org")
    Mail.objects.filter(recipient="bob@example.org").update(state=State.FAILED, reason="refused")
    Mail.objects.filter(recipient="anne@example.org").update(next_try=timezone.now() - timedelta(minutes=2))
    call_command("mails")
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert {"1 due", "0 sending", "0 sent", "1 failed", "0 unknown", "1 failed: refused"} <= set(lines)
    assert lines[-1].startswith("The oldest has been due for 12")
    assert "example.org" not in str(lines)


def test_two_workers_at_once_send_each_mail_once(lasting, settings, monkeypatch):
    owner = factories.account("owner@example.org", member_of=factories.organisation())
    of = confidential(owner)
    emails = [f"colleague{number:02}@example.org" for number in range(20)]
    ask(of, owner, *emails)
    found = factories.at_the_same_time(factories.deliver, factories.deliver, factories.deliver)
    assert found == [None, None, None]
    assert sent_to() == emails
    assert set(Mail.objects.values_list("state", flat=True)) == {State.SENT}


def test_asked_twice_at_once_each_is_invited_and_mailed_once(lasting):
    owner = factories.account("owner@example.org", member_of=factories.organisation())
    of = confidential(owner)
    emails = [f"colleague{number}@example.org" for number in range(5)]
    factories.at_the_same_time(*[lambda: ask(of, owner, *emails)] * 3)
    factories.deliver()
    assert sent_to() == emails
