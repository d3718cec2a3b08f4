"""What makes an account: an address that is its own. Accounts that are made without the pages, for the demonstration."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q


@transaction.atomic
def make_account(email: str, password: str, **rights: bool) -> AbstractBaseUser:
    """An account with this password and address, made or brought up to date; the address counts as confirmed."""
    account, _made = get_user_model().objects.get_or_create(username=email, defaults={"email": email, **rights})
    account.email = email
    account.set_password(password)
    account.save()
    confirm(account)
    return account


def confirm(account: AbstractBaseUser) -> None:
    """State that an account's address is its own."""
    EmailAddress.objects.update_or_create(
        user=account, email=account.email, defaults={"verified": True, "primary": True}
    )


WAITING = 5  # accounts that wait at once for one address to be confirmed: each is one more password to check


def is_taken(email: str, *, but: AbstractBaseUser | None = None) -> bool:
    """Whether an address is an account's own: confirmed, or that of one in use. Anybody can type an address in, so that an
    account which only waits for its code takes it from nobody; `WAITING` of them do, and a new password gets into one.
    """
    others = get_user_model().objects.exclude(pk=but and but.pk)
    if EmailAddress.objects.filter(email=email.lower(), verified=True, user__in=others).exists():
        return True
    waiting = others.filter(email__iexact=email)
    in_use = waiting.filter(Q(is_staff=True) | Q(last_login__isnull=False) | Q(memberships__isnull=False))
    return in_use.exists() or waiting.count() >= WAITING


@transaction.atomic
def renew_second_factor(account: AbstractBaseUser) -> list[str]:
    """Give an account a second factor that only its new recovery codes pass: these."""
    Authenticator.objects.filter(user_id=account.pk).delete()
    TOTP.activate(account, generate_totp_secret())
    return RecoveryCodes.activate(account).get_unused_codes()


GONE = "erased-administrator"  # the name under which the record of changes keeps what erased accounts did


def leave_record(account: AbstractBaseUser) -> None:
    """Leave what an account did in the record of changes, no more under its name: the record outlives its author."""
    done = LogEntry.objects.filter(user_id=account.pk)
    if done.exists():
        # Staff, so that no purge takes it for an unused account; not active, without a password: nobody gets in by it.
        gone, made = get_user_model().objects.get_or_create(
            username=GONE, defaults={"is_staff": True, "is_active": False}
        )
        if made:
            gone.set_unusable_password()
            gone.save(update_fields=["password"])
        done.update(user=gone)
