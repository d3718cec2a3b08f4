"""What makes an account: an address that is its own. Accounts that are made without the pages, for the demonstration."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet


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
        user=account, email=account.email.lower(), defaults={"verified": True, "primary": True}
    )


def owners(email: str) -> QuerySet:
    """The accounts that an address belongs to: the one that confirmed it or, before anybody did, those that are in use or
    that an administrator made, unless they have confirmed another one.

    Anybody can sign up with any address: an account that only waits for its code owns nothing, is let in by no password,
    and keeps nobody from the address.
    """
    accounts = get_user_model().objects.order_by("pk")
    confirmed = EmailAddress.objects.filter(email=email.lower(), verified=True)
    if confirmed.exists():
        return accounts.filter(pk__in=confirmed.values("user"))
    named = accounts.filter(email__iexact=email)
    on_record = LogEntry.objects.filter(
        content_type__app_label="auth",
        content_type__model="user",
        action_flag=ADDITION,
        object_id__in=[str(pk) for pk in named.values_list("pk", flat=True)],
    )
    made = [int(pk) for pk in on_record.values_list("object_id", flat=True)]
    in_use = Q(is_staff=True) | Q(last_login__isnull=False) | Q(memberships__isnull=False)
    with_another = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    return named.exclude(Exists(with_another)).filter(in_use | Q(pk__in=made)).distinct()


def is_taken(email: str, *, but: AbstractBaseUser | None = None) -> bool:
    """Whether an address belongs to an account, other than this one."""
    return owners(email).exclude(pk=but and but.pk).exists()


@transaction.atomic
def prove(account: AbstractBaseUser, email: str) -> None:
    """Before an address is confirmed for somebody, forget the password and second factor that another may have set."""
    if not EmailAddress.objects.filter(user_id=account.pk, email=email.lower(), verified=True).exists():
        account.set_unusable_password()
        account.save(update_fields=["password"])
        Authenticator.objects.filter(user_id=account.pk).delete()


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
