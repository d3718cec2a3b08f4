"""Mails and a server that is silent, slow, refuses one, refuses all, goes away and comes back."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessment.mailing import sending
from assessment.mailing.asking import invite_to_round, remind
from assessment.models import Mail, Mailing, Round
from assessment.privacy.erasing import erase
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.starting import begin_again
from assessment.rounds.submitting import submit
from tests import factories
from tests.joint_rounds import answered_by
from tests.mail_server import mail_server

pytestmark = pytest.mark.django_db
State, Reason = Mail.State, Mail.Reason


@pytest.fixture
def server(settings, monkeypatch):
    """A server that takes everything, until a test says otherwise; the worker waits half a second for each answer."""
    monkeypatch.setattr(sending, "TIMEOUT", 0.5)
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield running


@pytest.fixture
def owner(questionnaire):
    return factories.account("owner@example.org", member_of=factories.organisation())


@pytest.fixture
def of(owner):
    of = begin_again(owner.memberships.get().organisation, at=timezone.now())
    Round.objects.filter(pk=of.pk).update(mode="confidential")
    of.refresh_from_db()
    return of


def people(number):
    return [f"colleague{place:02}@example.org" for place in range(number)]


def ask(of, owner, emails):
    invite_to_round(of, emails, by=owner, languages="en", at=timezone.now())


def states():
    return dict(Mail.objects.values_list("recipient", "state"))


def reasons():
    return dict(Mail.objects.exclude(reason="").values_list("recipient", "reason"))


def later(**wait):
    """As if so much time had passed for what waits."""
    for mail in Mail.objects.filter(state=State.DUE):
        Mail.objects.filter(pk=mail.pk).update(next_try=mail.next_try - timedelta(**wait))


def page_of(client, of):
    return " ".join(client.get(reverse("invite", args=[of.organisation.slug, of.number])).content.decode().split())


def test_fifty_invitations_use_one_connection(server, of, owner):
    ask(of, owner, people(50))
    sending.deliver()
    assert sorted(server.recipients) == people(50)
    assert (server.connections, set(states().values())) == (1, {State.SENT})
    sending.deliver()
    assert (len(server.messages), server.connections) == (50, 1)  # nothing is due, so nobody connects


@pytest.mark.parametrize("trouble", ["silent", "slow", "away"])
def test_a_page_that_queues_mails_answers_without_touching_the_server(server, client, of, owner, trouble):
    server.answers = {"CONNECT": None} if trouble == "silent" else {}
    server.pause = 5 if trouble == "slow" else 0
    if trouble == "away":
        server.stop()
    client.force_login(owner)
    place = reverse("invite", args=[of.organisation.slug, of.number])
    began = time.monotonic()
    client.post(place, {"do": "invite", "emails": " ".join(people(50))})
    client.post(place, {"do": "remind"})
    assert time.monotonic() - began < 2
    assert (server.connections, Mail.objects.filter(state=State.DUE).count()) == (0, 50)


def test_a_slow_server_gets_every_mail(server, of, owner):
    server.pause = 0.1
    ask(of, owner, people(3))
    sending.deliver()
    assert (sorted(server.recipients), server.connections) == (people(3), 1)


@pytest.mark.parametrize(
    "trouble", ["silent", "refuses", "hangs up", "says 421", "away", "silent at MAIL", "hangs up at MAIL"]
)
def test_a_server_that_takes_nothing_is_not_asked_for_each_mail_and_all_wait(server, client, of, owner, trouble):
    if trouble == "away":
        server.stop()
    server.answers = {
        "silent": {"CONNECT": None},
        "refuses": {"MAIL": "550 not from you"},
        "hangs up": {"CONNECT": "cut"},
        "says 421": {"CONNECT": "421 later"},
        "silent at MAIL": {"MAIL": None},
        "hangs up at MAIL": {"MAIL": "cut"},
    }.get(trouble, {})
    ask(of, owner, people(50))
    began = time.monotonic()
    sending.deliver()
    assert time.monotonic() - began < 5
    assert server.connections <= 2
    assert set(states().values()) == {State.DUE}
    assert set(reasons().values()) == {Reason.SERVER}
    client.force_login(owner)
    shown = page_of(client, of)
    assert "The mail server is not accepting mails at the moment" in shown
    assert "being sent" not in shown
    sending.deliver()
    assert server.connections <= 2  # not before a minute
    server.answers = {}
    if trouble == "away":
        server.start()
    later(minutes=1)
    sending.deliver()
    assert sorted(server.recipients) == people(50)
    assert set(states().values()) == {State.SENT}


def test_what_a_server_does_not_take_for_a_day_has_failed_and_is_told(server, client, of, owner):
    server.stop()
    ask(of, owner, people(2))
    tries, waited = 0, []
    while State.DUE in states().values():
        before = timezone.now()
        sending.deliver()
        tries += 1
        if mail := Mail.objects.filter(state=State.DUE).first():
            waited.append(round((mail.next_try - before).total_seconds() / 60))
            later(days=1)
    assert tries == 9
    assert waited == sorted(waited)
    assert 23 * 60 < sum(waited) < 24 * 60
    assert reasons() == dict.fromkeys(people(2), Reason.SERVER)
    client.force_login(owner)
    shown = page_of(client, of)
    assert "2 invitations could not be sent" in shown
    assert "could not be reached for a day" in shown
    server.start()
    client.post(reverse("invite", args=[of.organisation.slug, of.number]), {"do": "again"})
    sending.deliver()
    assert sorted(server.recipients) == people(2)


@pytest.mark.parametrize("verb", ["RCPT", "."])
def test_one_address_that_is_refused_is_told_at_once_and_the_others_get_theirs(server, client, of, owner, verb):
    server.answers = {"RCPT colleague01@example.org": "550 no such user"} if verb == "RCPT" else {".": "554 no"}
    ask(of, owner, people(3))
    sending.deliver()
    refused = people(3) if verb == "." else ["colleague01@example.org"]
    assert {address for address, state in states().items() if state == State.FAILED} == set(refused)
    assert reasons() == dict.fromkeys(refused, Reason.REFUSED)
    assert server.connections == 1
    client.force_login(owner)
    shown = page_of(client, of)
    assert f"{len(refused)} invitation" in shown
    assert "colleague01@example.org<span" in shown
    assert "refuses this address" in shown


def test_fifty_long_addresses_that_are_refused_are_all_named_on_the_page(server, client, of, owner):
    server.answers = {"RCPT": "550 no"}
    emails = [f"{'a' * 32}{place:02}@{'b' * 20}.example" for place in range(50)]
    client.force_login(owner)
    place = reverse("invite", args=[of.organisation.slug, of.number])
    client.post(place, {"do": "invite", "emails": " ".join(emails)})
    sending.deliver()
    shown = page_of(client, of)
    assert "50 invitations could not be sent" in shown
    assert [email for email in emails if f"{email}<span" not in shown] == []


def test_one_refused_of_one_is_only_a_failure(server, client, of, owner):
    server.answers = {"RCPT": "550 no"}
    ask(of, owner, people(1))
    sending.deliver()
    client.force_login(owner)
    shown = page_of(client, of)
    assert "1 invitation could not be sent" in shown
    assert "being sent" not in shown


def test_an_address_that_is_put_off_waits_alone_and_is_named_while_it_does(server, client, of, owner):
    server.answers = {"RCPT colleague00@example.org": "450 greylisted"}
    ask(of, owner, people(2))
    sending.deliver()
    client.force_login(owner)
    listed = page_of(client, of).partition('id="put-off"')[2].partition("</div>")[0]
    assert ("colleague00@example.org" in listed, "colleague01@example.org" in listed) == (True, False)
    assert states() == {"colleague00@example.org": State.DUE, "colleague01@example.org": State.SENT}
    server.answers = {}
    later(minutes=1)
    sending.deliver()
    assert sorted(server.recipients) == people(2)


@pytest.mark.parametrize("left", [True, False])
def test_an_invitation_that_was_ended_is_made_again_at_once_only_if_its_mail_never_left(
    server, client, of, owner, left
):
    server.answers = {} if left else {"MAIL": "450 not now"}
    ask(of, owner, people(1))
    sending.deliver()
    server.answers = {}
    client.force_login(owner)
    place = reverse("invite", args=[of.organisation.slug, of.number])
    client.post(place, {"do": "revoke", "number": of.invitations.get().pk})
    told = client.post(place, {"do": "invite", "emails": people(1)[0], "languages": "en"}, follow=True).content.decode()
    assert ("can be made again a day after its last mail" in told) is left
    sending.deliver()
    assert server.recipients == people(1)


def test_that_no_reminder_is_due_is_told(client, of, owner):
    ask(of, owner, people(1))
    client.force_login(owner)
    place = reverse("invite", args=[of.organisation.slug, of.number])
    assert "No reminder is due" in client.post(place, {"do": "remind"}, follow=True).content.decode()
    of.invitations.update(created_at=timezone.now() - timedelta(days=2))
    assert "Reminders are being sent" in client.post(place, {"do": "remind"}, follow=True).content.decode()


def test_asked_again_only_what_was_not_sent_goes(server, of, owner):
    """C07: refused the first time, both go out the second time, and then none."""
    server.answers = {"RCPT colleague00@example.org": "550 no", "RCPT colleague01@example.org": "450 later"}
    ask(of, owner, people(3))
    sending.deliver()
    assert server.recipients == ["colleague02@example.org"]
    server.answers = {}
    ask(of, owner, people(3))
    sending.deliver()
    assert sorted(server.recipients) == people(3)
    ask(of, owner, people(3))
    sending.deliver()
    assert len(server.messages) == 3


def test_a_mail_that_was_cut_off_in_its_text_may_have_arrived_and_is_sent_again_only_when_asked(
    server, client, of, owner
):
    server.answers = {".": "cut"}
    ask(of, owner, people(3))
    sending.deliver()
    assert server.connections == 2  # a broken connection, a new one, and no third
    assert sorted(states().values()) == [State.DUE, State.UNKNOWN, State.UNKNOWN]
    server.answers = {}
    later(minutes=1)
    sending.deliver()
    assert len(server.messages) == 1
    client.force_login(owner)
    shown = page_of(client, of)
    assert "May have arrived" in shown
    unknown = Mail.objects.filter(state=State.UNKNOWN).first()
    page = reverse("invite", args=[of.organisation.slug, of.number])
    client.post(page, {"do": "again", "number": unknown.pk})
    sending.deliver()
    assert server.recipients[1:] == [unknown.recipient]
    assert sorted(states().values()) == [State.SENT, State.SENT, State.UNKNOWN]


def test_a_server_that_says_goodbye_between_two_mails_is_called_again(server, of, owner):
    taken = []

    def hang_up(moment):
        if moment == "taken":
            taken.append(1)
            server.answers = {"NOOP": "421 enough"} if len(taken) % 2 else {}

    server.at = hang_up
    ask(of, owner, people(4))
    sending.deliver()
    assert sorted(server.recipients) == people(4)
    assert server.connections == 3


def test_a_mail_that_cannot_be_written_keeps_no_other(server, of, owner, monkeypatch):
    plain = sending.letter

    def broken(mail, *, at):
        if mail.recipient == "colleague00@example.org":
            raise LookupError("something secret")
        return plain(mail, at=at)

    monkeypatch.setattr(sending, "letter", broken)
    ask(of, owner, people(2))
    sending.deliver()
    assert server.recipients == ["colleague01@example.org"]
    assert reasons() == {"colleague00@example.org": Reason.BROKEN}


# Reminders -----------------------------------------------------------------------------------------------------------
def reminded(of, owner):
    of.invitations.update(created_at=timezone.now() - timedelta(days=2))
    Mail.objects.all().delete()
    remind(of, by=owner, at=timezone.now())


def test_a_server_that_is_away_means_the_same_for_those_who_have_answered(server, of, owner):
    answered_by(of, 2)
    ask(of, owner, people(2))
    reminded(of, owner)
    server.stop()
    before = set(Mail.objects.values_list("recipient", "state"))
    assert len(before) == 4
    sending.deliver()
    assert set(Mail.objects.values_list("recipient", "state")) == before
    assert set(Mail.objects.values_list("attempts", "reason")) == {(1, Reason.SERVER)}
    server.start()
    later(minutes=1)
    sending.deliver()
    assert sorted(server.recipients) == people(2)
    assert not Mail.objects.exists()  # neither of those who were reminded nor of those who were left out


@pytest.mark.parametrize("does", ["nothing", "answers", "answers and erases"])
def test_sending_an_invitation_again_that_was_refused_does_not_tell_what_its_reader_did(
    server, client, of, owner, does
):
    server.answers = {"RCPT colleague00@example.org": "550 no"}
    ask(of, owner, people(1))
    sending.deliver()
    if does != "nothing":
        _response, key = join(of.invitations.get(), Newcomer("hr"), at=timezone.now())
        submitted = submit(key, at=timezone.now())
        if does == "answers and erases":
            erase(submitted, at=timezone.now())
    client.force_login(owner)
    place = reverse("invite", args=[of.organisation.slug, of.number])
    client.post(place, {"do": "again"})
    sending.deliver()
    assert "1 invitation could not be sent" in page_of(client, of)


@pytest.mark.parametrize("done", [True, False])
def test_a_server_that_refuses_the_sender_tells_nothing_of_whom_reminders_were_left_out(
    server, client, of, owner, done
):
    ask(of, owner, people(3))
    sending.deliver()
    reminded(of, owner)
    if done:
        for invitation in of.invitations.all():
            submit(join(invitation, Newcomer("hr"), at=timezone.now())[1], at=timezone.now())
    server.answers = {"MAIL": "451 later"}
    sending.deliver()
    Mailing.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    client.force_login(owner)
    shown = page_of(client, of)
    assert "not accepting mails" not in shown
    assert "Some reminders" not in shown


@pytest.mark.parametrize("number", [8, 2])
def test_that_one_reminder_was_refused_is_not_told_as_it_would_say_who_has_not_answered(
    server, client, of, owner, number
):
    ask(of, owner, people(number))
    reminded(of, owner)
    server.answers = {"RCPT colleague01@example.org": "550 no"}
    sending.deliver()
    assert len(server.messages) == number - 1
    client.force_login(owner)
    shown = page_of(client, of)
    assert "Some reminders" not in shown
    assert "could not be sent</h3>" not in shown
    assert "refuses this address" not in shown
    assert (Mail.objects.exists(), Mailing.objects.latest("pk").some_failed) == (False, False)


@pytest.mark.parametrize("done", [False, True])
def test_a_server_that_lets_one_reminder_down_does_not_tell_whether_it_was_tried(server, client, of, owner, done):
    ask(of, owner, people(1))
    sending.deliver()
    reminded(of, owner)
    if done:
        _response, key = join(of.invitations.get(), Newcomer("hr"), at=timezone.now())
        submit(key, at=timezone.now())
    Mailing.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    server.answers = {"MAIL": "450 not now"}
    sending.deliver()
    client.force_login(owner)
    shown = page_of(client, of)
    assert 'class="notice' not in shown
