"""The addresses and mailboxes of an account; its tables are those of Django and allauth."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser

from assessment.text.addresses import cleaned, mailbox


def addresses_of(account: AbstractBaseUser) -> set[str]:
    """The addresses that an account has confirmed, in small letters, as invitations hold them."""
    found = EmailAddress.objects.filter(user_id=account.pk, verified=True)
    return {cleaned(address).lower() for address in found.values_list("email", flat=True)}


def mailboxes_of(account: AbstractBaseUser, *, confirmed: bool = True) -> set[str]:
    """The mailboxes of an account's addresses, for comparing; with `confirmed` only those it has confirmed."""
    found = EmailAddress.objects.filter(user_id=account.pk)
    addresses = set((found.filter(verified=True) if confirmed else found).values_list("email", flat=True))
    if not confirmed and account.email:
        addresses.add(account.email)
    return {mailbox(address) for address in addresses}
