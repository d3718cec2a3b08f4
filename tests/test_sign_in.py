"""Nobody who only knows an address keeps its owner out, or learns of it; what happened is in the log and on record."""

import logging
import re
import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.accounts import sign_in as limits_of_sign_in
from assessment.accounts.sign_in import KNOWN
from assessment.models import SignIn
from assessment.models.limit import Limit
from assessment.privacy.erasing import erase_account
from assessment.privacy.purging import purge
from tests import factories
from tests.sampling import THOROUGH
from tests.server import ROOT
from tests.test_accounts import (
    ANNE,
    PASSWORD,
    activated,
    add_address,
    anne,
    app_code,
    mailed,
    sign_in,
    sign_up,
    text,
)
from tests.test_admin import boss

__all__ = ["anne", "boss"]
HOME, OFFICE, STRANGER = "198.51.100.7", "203.0.113.9", "192.0.2.66"
WRONG = "not this one"
RESET, CODE = "account_reset_password", "account_confirm_password_reset_code"
SENT = "account_email_verification_sent"


@pytest.fixture
def clock(monkeypatch):
    """The clocks of Django, allauth and the cache, put on by hand."""
    ahead = [timedelta()]
    now, seconds = timezone.now, time.time
    for name in ("django.utils.timezone.now", "django.core.cache.backends.db.tz_now"):
        monkeypatch.setattr(name, lambda: now() + ahead[0])
    monkeypatch.setattr(time, "time", lambda: seconds() + ahead[0].total_seconds())

    def put_on(**by):
        ahead[0] += timedelta(**by)

    return put_on


def at(network: str) -> Client:
    return Client(REMOTE_ADDR=network)


def fails(network: str, times: int = 1, email: str = ANNE) -> None:
    for _time in range(times):
        assert not is_in(sign_in(at(network), email, WRONG))


def is_in(page) -> bool:
    return page.status_code == 302 and page["Location"] == reverse("organisations")


def is_refused(page) -> bool:
    return "Too many wrong attempts from here. Nothing is lost: try again at" in text(page)


def known(network: str = HOME, email: str = ANNE) -> Client:
    """A browser that signed in once and signed out again."""
    browser = at(network)
    assert is_in(sign_in(browser, email))
    browser.post(reverse("account_logout"))
    return browser


# Who is let in -------------------------------------------------------------------------------------------------------
@pytest.mark.any_database
def test_a_stranger_who_knows_an_address_tries_everything_for_ten_minutes_and_keeps_nobody_out(anne, clock):
    """From a network of their own, from the owner's home and from many others; the owner comes in at the first try."""
    home = known(HOME)
    for moment in range(20 if THOROUGH else 8):
        clock(seconds=30 if THOROUGH else 75)
        for network in (STRANGER, HOME, f"10.9.{moment}.1"):
            fails(network, 3)
            stranger = at(network)
            sign_up(stranger, ANNE)
            stranger.post(reverse(SENT), {"action": "resend"})
            stranger.post(reverse(SENT), {"code": "AAAA-AAAA"})
            stranger.post(reverse(RESET), {"email": ANNE})
            stranger.post(reverse(CODE), {"code": "AAAA-AAAA"})
    assert is_refused(sign_in(at(STRANGER)))  # a right guess would come too late for them
    mails = [message.subject for message in mail.outbox if message.to == [ANNE]]
    assert mails.count("Your code to choose a new password") <= 3
    assert mails.count("You have an account already") <= 6
    assert is_in(sign_in(home))
    assert is_in(sign_in(at(OFFICE)))
    asks = at("203.0.113.10")
    assert asks.post(reverse(RESET), {"email": ANNE})["Location"] == reverse(CODE)
    code = re.search(r"\n(\w{4}-\w{4})\n", [m for m in mail.outbox if "new password" in m.subject][-1].body)[1]
    assert asks.post(reverse(CODE), {"code": code})["Location"] == reverse("account_complete_password_reset")
    asks.post(reverse("account_complete_password_reset"), {"password1": "another quiet sentence"})
    assert is_in(sign_in(asks, password="another quiet sentence"))


def test_wrong_passwords_are_limited_where_they_come_from_and_nowhere_else(anne, clock):
    fails(STRANGER, 5)
    assert is_refused(sign_in(at(STRANGER)))  # the right password, too late
    assert is_refused(sign_in(at(STRANGER), "Anne+letters@example.org"))  # one mailbox is one
    assert is_in(sign_in(at(OFFICE)))
    clock(minutes=5, seconds=1)
    assert is_in(sign_in(at(STRANGER)))


def test_who_is_refused_is_told_the_minute_from_which_on_it_works(anne):
    fails(STRANGER, 5)
    hour, minute = re.search(r"try again at (\d+):(\d+) \(", text(sign_in(at(STRANGER)))).groups()
    ends = limits_of_sign_in.PASSWORDS.ends_at(f"{ANNE} {STRANGER}")
    told = timezone.localtime(ends + timedelta(seconds=59))
    assert (int(hour), int(minute)) == (told.hour, told.minute)


def test_a_right_password_is_not_counted(anne):
    for _time in range(7):
        assert is_in(sign_in(at(HOME)))
    fails(HOME, 4)
    assert is_in(sign_in(at(HOME)))


def test_a_browser_that_signed_in_there_before_gets_in_from_a_network_that_failed(anne):
    factories.account("bob@example.org").set_password(PASSWORD)
    browser, other = known(HOME), at(HOME)
    fails(HOME, 5)
    assert is_refused(sign_in(other))
    assert is_in(sign_in(browser))
    browser.post(reverse("account_logout"))
    for _time in range(5):  # and has a limit of its own
        assert not is_refused(sign_in(browser, password=WRONG))
    assert is_refused(sign_in(browser))
    fails(HOME, 5, "bob@example.org")
    assert is_refused(sign_in(browser, "bob@example.org"))  # only at what it signed in at


def test_the_cookie_of_a_known_browser_is_signed_hidden_and_names_nobody(anne):
    browser = known()
    cookie = browser.cookies[KNOWN.name]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/accounts/")
    assert cookie["max-age"] == KNOWN.seconds
    assert "anne" not in cookie.value
    fails(HOME, 5)
    browser.cookies[KNOWN.name] = cookie.value.replace(":", "x:", 1)
    assert is_refused(sign_in(browser))


def test_a_network_may_fail_only_so_often_at_all_addresses_together(db, settings, monkeypatch):
    monkeypatch.setattr(limits_of_sign_in, "NETWORK", Limit("network", 12, timedelta(minutes=5)))
    for number in range(12):
        fails(STRANGER, email=f"person{number}@example.org")
    assert is_refused(sign_in(at(STRANGER), "nobody@example.org"))
    assert not is_refused(sign_in(at(OFFICE), "nobody@example.org"))


def test_an_address_tried_from_many_networks_is_slowed_and_its_owner_comes_in(anne, monkeypatch):
    monkeypatch.setattr(limits_of_sign_in, "ATTACKED", Limit("attacked", 6, timedelta(hours=1)))
    for number in range(6):
        fails(f"10.0.{number}.1")
    fails(STRANGER, 2)
    assert is_refused(sign_in(at(STRANGER)))
    assert is_in(sign_in(at(OFFICE)))
    fails(HOME)
    assert is_in(sign_in(at(HOME)))


def test_who_chose_a_new_password_gets_in_where_they_failed(anne):
    fails(OFFICE, 5)
    browser = at(OFFICE)
    browser.post(reverse(RESET), {"email": ANNE})
    browser.post(reverse(CODE), {"code": mailed()})
    browser.post(reverse("account_complete_password_reset"), {"password1": "another quiet sentence"})
    assert is_in(sign_in(browser, password="another quiet sentence"))


def test_ipv4_mapped_addresses_are_ipv4(anne, client, questionnaire, settings):
    settings.STARTS_PER_HOUR = 1
    for number in (1, 2):
        assert client.post("/start/", factories.START, REMOTE_ADDR=f"::ffff:9.9.9.{number}").status_code == 302
    assert client.post("/start/", factories.START, REMOTE_ADDR="9.9.9.1").status_code == 429
    fails("::ffff:9.9.9.1", 5)
    assert is_in(sign_in(at("::ffff:9.9.9.2")))
    assert is_refused(sign_in(at("9.9.9.1")))
    for number in range(21):  # a limit of allauth's own
        last = at("::ffff:9.9.9.3").post(reverse(RESET), {"email": f"person{number}@example.org"})
    assert last.status_code == 429
    assert at("::ffff:9.9.9.4").post(reverse(RESET), {"email": "person@example.org"}).status_code == 302


# The second step -----------------------------------------------------------------------------------------------------
@pytest.fixture
def key(anne):
    """The key of Anne's app, set up and confirmed."""
    browser = at(HOME)
    sign_in(browser)
    return activated(browser)[0]


def code(browser, typed: str):
    return browser.post(reverse("mfa_authenticate"), {"code": typed})


def to_the_second_step(network: str) -> Client:
    browser = at(network)
    assert sign_in(browser)["Location"] == reverse("mfa_authenticate")
    return browser


def test_who_knows_the_password_cannot_lock_the_second_step(key, clock):
    stranger = to_the_second_step(STRANGER)
    said = [text(code(stranger, "000000")) for _time in range(6)]
    assert ["Too many wrong attempts from here" in page for page in said] == [False] * 5 + [True]
    clock(seconds=60)
    owner = to_the_second_step(OFFICE)
    assert is_in(code(owner, app_code(key)))
    assert KNOWN.name in owner.cookies
    assert KNOWN.name not in stranger.cookies  # who has not passed both steps has not signed in


def test_codes_from_all_networks_are_limited_but_for_known_browsers_and_a_new_password(key, clock, monkeypatch, anne):
    monkeypatch.setattr(limits_of_sign_in, "CODES_OF_ACCOUNT", Limit("codes", 4, timedelta(hours=1)))
    clock(seconds=60)
    home = to_the_second_step(HOME)
    assert is_in(code(home, app_code(key)))
    home.post(reverse("account_logout"))
    for number in range(4):
        code(to_the_second_step(f"10.0.{number}.1"), "000000")
    clock(seconds=60)
    assert "tries many codes. Choose a new password" in text(code(to_the_second_step(OFFICE), app_code(key)))
    sign_in(home)
    assert is_in(code(home, app_code(key)))
    clock(seconds=60)
    anne.refresh_from_db()
    anne.set_password("another quiet sentence")
    anne.save()
    office = at(OFFICE)
    sign_in(office, password="another quiet sentence")
    assert is_in(code(office, app_code(key)))


# Mails ---------------------------------------------------------------------------------------------------------------
def test_a_reset_is_answered_as_always_and_mailed_once_in_five_minutes(anne, clock):
    for number in range(4):
        answer = at(f"10.0.0.{number}").post(reverse(RESET), {"email": ANNE})
        assert answer["Location"] == reverse(CODE)
    assert [message.to for message in mail.outbox] == [[ANNE]]
    clock(minutes=5, seconds=1)
    first = mailed()
    at(OFFICE).post(reverse(RESET), {"email": ANNE})
    assert len(mail.outbox) == 2
    assert mailed() != first


def test_the_code_that_a_stranger_had_mailed_works_for_the_owner_and_nobody_else(anne):
    factories.account("anne+other@example.org")
    EmailAddress.objects.filter(email="anne+other@example.org").update(verified=True)
    stranger, owner, other = at(STRANGER), at(OFFICE), at(STRANGER)
    for browser in (stranger, owner):
        browser.post(reverse(RESET), {"email": ANNE})
    (message,) = mail.outbox
    other.post(reverse(RESET), {"email": "anne+other@example.org"})
    assert mail.outbox[-1].to == ["anne+other@example.org"]
    assert mailed() not in message.body  # to some servers another person
    typed = re.search(r"\n(\w{4}-\w{4})\n", message.body)[1]
    assert owner.post(reverse(CODE), {"code": typed})["Location"] == reverse("account_complete_password_reset")
    for _time in range(3):
        stranger.post(reverse(CODE), {"code": "AAAA-AAAA"})
    assert stranger.post(reverse(CODE), {"code": typed})["Location"] == reverse("account_login")


def test_a_mail_that_did_not_leave_does_not_count(anne, monkeypatch):
    with monkeypatch.context() as away:
        away.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            at(OFFICE).post(reverse(RESET), {"email": ANNE})

        def refuse(*_arguments):
            raise ConnectionRefusedError

        away.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        at("10.0.0.1").post(reverse(RESET), {"email": "bob@example.org"})
    at("10.0.0.1").post(reverse(RESET), {"email": "bob@example.org"})
    assert mail.outbox[-1].to == ["bob@example.org"]


@pytest.mark.parametrize("steps", ["SSSS", "SRR", "SRSRS", "SSRR"])
def test_signing_up_again_and_again_mails_a_known_address_as_often_as_a_new_one(anne, steps):
    """At the same steps: the time that a mail takes would tell."""
    mailed_at = []
    for email in (ANNE, "nobody@example.org"):
        browser, seen = at(OFFICE), []
        for step in steps:
            before = len(mail.outbox)
            if step == "S":
                browser = at(OFFICE)
                page = sign_up(browser, email)
            else:
                page = browser.post(reverse(SENT), {"action": "resend"})
            assert page["Location"] == reverse(SENT)
            seen.append([message.to for message in mail.outbox[before:]] == [[email]])
        mailed_at.append(seen)
    assert mailed_at[0] == mailed_at[1]
    assert mailed_at[0].count(True) == 2


def test_codes_to_confirm_an_address_are_never_refused_and_mailed_twice_in_five_minutes(anne, clock):
    for number in range(4):  # somebody else began, and has several codes sent
        assert sign_up(at(f"10.0.0.{number}"), "new@example.org")["Location"] == reverse(SENT)
    assert len(mail.outbox) == 2
    sign_in(at(HOME))
    owner = at(HOME)
    sign_in(owner)
    assert add_address(owner, "new2@example.org") == reverse(SENT)
    assert mail.outbox[-1].to == ["new2@example.org"]


NEW = "new@example.org"


def typed_in(browser: Client, code: str):
    return browser.post(reverse(SENT), {"code": code})


@pytest.mark.parametrize("times", [1, 4])
def test_who_signs_up_first_with_an_address_that_is_not_theirs_keeps_its_owner_from_nothing(db, times, clock):
    for _time in range(times):
        sign_up(at(STRANGER), NEW)
        clock(minutes=5)
    owner, mine = at(HOME), "a quiet sentence of my own"
    owner.post(reverse("account_signup"), {"email": NEW, "password1": mine})
    assert "You have an account already" not in mail.outbox[-1].subject
    assert is_in(typed_in(owner, mailed()))
    assert is_in(sign_in(at(OFFICE), NEW, mine))
    assert not is_in(sign_in(at(STRANGER), NEW))


def test_a_stranger_without_end_keeps_nobody_from_an_address(db, clock):
    for _time in range(8):
        sign_up(at(STRANGER), NEW)
    clock(minutes=5)
    owner, mine = at(HOME), "a quiet sentence of my own"
    owner.post(reverse("account_signup"), {"email": NEW, "password1": mine})
    for _time in range(8):
        sign_up(at(STRANGER), NEW)
    assert is_in(typed_in(owner, mailed()))
    assert is_in(sign_in(at(OFFICE), NEW, mine))


def test_an_account_that_waits_for_its_code_is_let_in_by_no_password_and_costs_one_check(db, settings):
    settings.PASSWORD_HASHERS = ["tests.test_sign_in.Counting", "django.contrib.auth.hashers.MD5PasswordHasher"]
    for _time in range(4):
        sign_up(at(STRANGER), NEW)
    for password in (PASSWORD, WRONG):
        found = []
        assert hashes(lambda password=password, found=found: found.append(sign_in(at(OFFICE), NEW, password))) == 1
        assert "The address or the password is not right." in text(found[0])


def test_a_new_password_is_for_owners_and_for_no_account_that_waits(db, clock):
    """Else a stranger who chose its password came in between the owner's code and the owner's new password."""
    sign_up(at(STRANGER), NEW)
    clock(minutes=5)
    owner = at(HOME)
    owner.post(reverse(RESET), {"email": NEW})
    assert "code" not in mail.outbox[-1].body.lower()
    assert mail.outbox[-1].subject != "Your code to create an account"
    assert not is_in(sign_in(at(STRANGER), NEW))
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_an_account_in_use_is_the_owner_though_a_stranger_came_first(db, clock):
    """A superuser made after the stranger: their own password and a reset lead into theirs."""
    sign_up(at(STRANGER), NEW)
    chief = get_user_model().objects.create_superuser("chief", NEW, PASSWORD)
    owner = at(HOME)
    assert sign_in(owner, NEW)["Location"] == reverse(SENT)
    clock(minutes=5)
    owner.post(reverse(RESET), {"email": NEW})
    place = owner.post(reverse(CODE), {"code": mailed()})["Location"]
    owner.post(place, {"password1": "a quiet sentence of my own"})
    assert EmailAddress.objects.get(verified=True).user == chief
    assert is_in(sign_in(at(OFFICE), NEW, "a quiet sentence of my own"))


def test_the_password_of_before_an_address_was_proven_is_worth_nothing_once_the_code_is_typed_in(db, clock):
    """An administrator gave rights to an account that waits: who chose its password may be anybody."""
    sign_up(at(STRANGER), NEW)
    get_user_model().objects.update(is_staff=True)
    clock(minutes=5)
    owner = at(HOME)
    owner.post(reverse(RESET), {"email": NEW})
    place = owner.post(reverse(CODE), {"code": mailed()})["Location"]
    assert "The address or the password is not right." in text(sign_in(at(STRANGER), NEW))
    owner.post(place, {"password1": "a quiet sentence of my own"})
    assert sign_in(at(OFFICE), NEW, "a quiet sentence of my own").status_code == 302


def test_who_signs_up_after_a_reset_told_them_that_there_is_no_account_can_reset_at_once(db):
    owner = at(HOME)
    owner.post(reverse(RESET), {"email": NEW})
    sign_up(owner, NEW)
    assert is_in(typed_in(owner, mailed()))
    other = at(OFFICE)
    other.post(reverse(RESET), {"email": NEW})
    assert other.post(reverse(CODE), {"code": mailed()})["Location"] == reverse("account_complete_password_reset")


def test_the_first_who_confirms_an_address_has_it(db, clock):
    first, second = at(HOME), at(OFFICE)
    sign_up(first, NEW)
    sign_up(second, NEW)
    assert is_in(typed_in(second, mailed()))
    assert "belongs to another account" in text(typed_in(first, mailed()))
    clock(minutes=5)
    sign_up(at(STRANGER), NEW)
    assert mail.outbox[-1].subject == "You have an account already"


def test_an_address_that_a_stranger_waits_for_can_be_added_by_its_owner(anne, clock):
    sign_up(at(STRANGER), NEW)
    clock(minutes=5)
    owner = at(HOME)
    sign_in(owner)
    assert add_address(owner, NEW) == reverse(SENT)
    typed_in(owner, mailed())
    assert set(anne.emailaddress_set.filter(verified=True).values_list("email", flat=True)) == {ANNE, NEW}


def test_an_account_that_an_administrator_made_is_no_stranger_s(db, clock):
    factories.account(NEW, is_staff=True)
    get_user_model().objects.get(email=NEW).emailaddress_set.update(verified=False)
    sign_up(at(STRANGER), NEW)
    assert get_user_model().objects.filter(email=NEW).count() == 1
    assert mail.outbox[-1].subject == "You have an account already"


def test_what_an_administrator_confirms_for_somebody_who_only_waited_is_opened_by_no_password_of_before(boss, db):
    sign_up(at(STRANGER), NEW)
    address = EmailAddress.objects.get(email=NEW)
    chosen = {"action": "make_verified", "_selected_action": [address.pk]}
    boss.post(reverse("admin:account_emailaddress_changelist"), chosen)
    address.refresh_from_db()
    assert address.verified
    assert "The address or the password is not right." in text(sign_in(at(STRANGER), NEW))


def test_who_only_waits_keeps_an_administrator_from_no_account_for_its_owner(boss, db):
    sign_up(at(STRANGER), NEW)
    sent = {"email": NEW, "password1": PASSWORD, "password2": PASSWORD}
    assert boss.post(reverse("admin:auth_user_add"), sent).status_code == 302
    assert sign_in(at(HOME), NEW)["Location"] == reverse(SENT)


def test_a_reset_of_an_address_that_was_given_up_meanwhile_changes_nothing(anne, clock):
    EmailAddress.objects.create(user=anne, email="old@example.org", verified=True)
    reader = at(STRANGER)
    reader.post(reverse(RESET), {"email": "old@example.org"})
    code = mailed()
    EmailAddress.objects.filter(email="old@example.org").delete()
    assert reader.post(reverse(CODE), {"code": code}).status_code == 200
    assert is_in(sign_in(at(HOME)))


def test_a_name_of_an_account_that_confirmed_another_address_owns_nothing(anne, clock):
    """An administrator mistyped it: whoever reads that mailbox gets no code to this account."""
    get_user_model().objects.filter(pk=anne.pk).update(email="typo@example.org", last_login=timezone.now())
    at(STRANGER).post(reverse(RESET), {"email": "typo@example.org"})
    assert not re.search(r"[A-Z]{4}-[A-Z]{4}", mail.outbox[-1].body)
    assert is_in(sign_in(at(HOME)))


def test_capitals_sign_in_an_account_whose_address_waits(db):
    get_user_model().objects.create_superuser("chief", "chief@example.org", PASSWORD)
    owner = at(HOME)
    assert sign_in(owner, "Chief@Example.org")["Location"] == reverse(SENT)
    assert typed_in(owner, mailed()).status_code == 302
    assert EmailAddress.objects.get(verified=True).email == "chief@example.org"


@pytest.mark.parametrize("email", [ANNE, "nobody@example.org"])
def test_adding_an_address_leaves_as_many_mails_to_sign_up_with_a_known_one_as_with_another(anne, email):
    factories.account("eve@example.org")
    eve = at(OFFICE)
    sign_in(eve, "eve@example.org")
    browser = at(STRANGER)
    sign_up(browser, email)
    add_address(eve, email)
    before = len(mail.outbox)
    browser.post(reverse(SENT), {"action": "resend"})
    assert len(mail.outbox) == before + 1


# What the time tells -------------------------------------------------------------------------------------------------
class Counting(MD5PasswordHasher):
    """A hasher that counts its work, which takes nearly all of the time of a request."""

    algorithm = "counting"
    done = 0

    def encode(self, password, salt):
        Counting.done += 1
        return super().encode(password, salt)


def hashes(ask) -> int:
    before = Counting.done
    ask()
    return Counting.done - before


@pytest.mark.parametrize("action", ["sign up", "sign in", "reset", "refused"])
def test_the_work_of_hashing_does_not_tell_whether_there_is_an_account(anne, settings, action):
    settings.PASSWORD_HASHERS = ["tests.test_sign_in.Counting", "django.contrib.auth.hashers.MD5PasswordHasher"]
    anne.set_password(PASSWORD)
    anne.save()
    closed = factories.account("closed@example.org")
    get_user_model().objects.filter(pk=closed.pk).update(password="!unusable")
    found = {}
    for email in (ANNE, "closed@example.org", "nobody@example.org"):
        if action == "refused":
            fails(STRANGER, 5, email)
        ask = {
            "sign up": lambda email=email: sign_up(at(OFFICE), email),
            "sign in": lambda email=email: sign_in(at(OFFICE), email, WRONG),
            "reset": lambda email=email: at(OFFICE).post(reverse(RESET), {"email": email}),
            "refused": lambda email=email: sign_in(at(STRANGER), email, WRONG),
        }[action]
        found[email] = hashes(ask)
    assert set(found.values()) == {0 if action in ("reset", "refused") else 1}, found


# The record ----------------------------------------------------------------------------------------------------------
def on_record() -> list[str]:
    return list(SignIn.objects.order_by("pk").values_list("event", flat=True))


def test_sign_ins_failures_and_the_first_refusal_are_in_the_log_and_on_record(anne, caplog):
    caplog.set_level(logging.INFO, "assessment")
    fails(STRANGER, 8)
    assert is_in(sign_in(at(OFFICE)))
    lines = [record.getMessage() for record in caplog.records if record.name == "assessment.accounts.sign_in"]
    events = ["wrong-password"] * 5 + ["refused", "signed-in"]
    assert on_record() == events
    assert len(lines) == len(events)
    for line, event in zip(lines, events, strict=True):
        network = OFFICE if event == "signed-in" else STRANGER
        assert re.fullmatch(rf"Sign-in: {event}, address [0-9a-f]{{12}}, network {re.escape(network)}", line)
    stored = str(list(SignIn.objects.values()))
    assert not re.search(r"anne|192\.0\.2|203\.0", stored)
    assert len({*SignIn.objects.values_list("who", flat=True)}) == 1
    assert len({*SignIn.objects.values_list("network", flat=True)}) == 2
    assert SignIn.objects.get(event="signed-in").account == anne


def test_wrong_codes_are_on_record_under_their_account(key, anne):
    SignIn.objects.all().delete()
    code(to_the_second_step(STRANGER), "000000")
    assert [(row.event, row.account) for row in SignIn.objects.all()] == [("wrong-code", anne)]


def test_the_record_is_in_one_s_own_data_and_goes_with_the_account(anne):
    fails(STRANGER)
    fails(STRANGER, email="bob@example.org")
    browser = at(OFFICE)
    sign_in(browser)
    assert [row["event"] for row in browser.get(reverse("account_download")).json()["sign_ins"]] == [
        "signed-in",
        "wrong-password",
    ]
    page = text(browser.get(reverse("account_data")))
    assert "wrong password" in page
    assert "signed in" in page
    erase_account(anne, at=timezone.now())
    assert on_record() == ["wrong-password"]  # Bob's


def test_the_record_is_purged_after_thirty_days(anne):
    fails(STRANGER)
    now = timezone.now()
    for days, left in ((29, 1), (31, 0)):
        list(purge(at=now + timedelta(days=days)))
        assert SignIn.objects.count() == left


def test_superusers_read_the_record_and_find_an_address_by_its_fingerprint(anne, boss):
    fails(STRANGER)
    fails(STRANGER, email="bob@example.org")
    page = boss.get(reverse("admin:assessment_signin_changelist"), {"q": "Bob@example.org"})
    assert [row.event for row in page.context["cl"].result_list] == ["wrong-password"]
    assert boss.get(reverse("admin:assessment_signin_changelist"), {"event": "refused"}).status_code == 200
    assert boss.post(reverse("admin:assessment_signin_delete", args=[SignIn.objects.first().pk])).status_code == 403


# The administration --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["password_change", "password_change_done"])
def test_the_administration_has_no_page_of_its_own_to_change_a_password(boss, name):
    for ask in (boss.get, boss.post):
        answer = ask(reverse(f"admin:{name}"), {"old_password": "pass", "new_password1": PASSWORD})
        assert answer["Location"] == reverse("account_change_password")


# Addresses in mails and on pages -------------------------------------------------------------------------------------
def test_no_address_is_built_of_what_a_browser_says():
    """Nor would the name of a site be: allauth's is that of the request's host."""
    for path in [*ROOT.glob("assessment/**/*.py"), *ROOT.glob("templates/**/*.*")]:
        assert not re.search("build_absolute_uri|current_site", path.read_text(encoding="utf-8")), path


def test_neither_mails_nor_addresses_to_copy_are_made_of_what_a_browser_says(anne, questionnaire, settings):
    """With a name of the host that is allowed, and is not the site's."""
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.SITE_ADDRESS = "https://maturity.example.org"
    forged = Client(HTTP_HOST="localhost:6666")
    sign_up(forged, "new@example.org")
    sign_up(Client(HTTP_HOST="localhost:6666"), ANNE)
    for email in (ANNE, "nobody@example.org"):
        forged.post(reverse(RESET), {"email": email})
    owner = Client(HTTP_HOST="localhost:6666")
    sign_in(owner)
    owner.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "another quiet sentence"})
    _response, key = factories.submitted()
    forged.post(reverse("mail", args=[key]), {"email": "me@example.org"})
    assert len(mail.outbox) == 6
    for message in mail.outbox:
        assert "https://maturity.example.org/" in message.body
        assert ":6666" not in str(message.message())
    _draft, draft_key = factories.started()
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    owner.force_login(organisation.memberships.get().user)
    owner.post(reverse("people", args=[organisation.slug]), {"verb": "link", "role": "viewer", "link": ""})
    pages = [
        forged.get(reverse("respond", args=[draft_key])),
        forged.get(reverse("report", args=[key])),
        forged.post(reverse("sharing", args=[key]), factories.SHARE, follow=True),
        owner.get(reverse("people", args=[organisation.slug])),
    ]
    assert sum("https://maturity.example.org/" in page.content.decode() for page in pages) >= 2
    for page in pages:
        assert page.status_code == 200
        assert ":6666" not in page.content.decode()
