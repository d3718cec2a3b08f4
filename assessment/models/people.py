"""People: the addresses of an account (its tables are those of Django and allauth), and invitations to an organisation."""

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.models.organisation import Membership, Organisation
from assessment.models.secret import SecretLink, hash_of
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


class PeopleInvitationQuerySet(models.QuerySet):
    def mailed_to(self, emails: Iterable[str]):
        """Those that went to one of these addresses, which are in small letters."""
        return self.exclude(email="").alias(to=Lower("email")).filter(to__in=list(emails))

    def open(self, *, at: datetime):
        return self.filter(revoked_at=None, used_at=None, expires_at__gt=at)

    def with_token(self, token: str, *, at: datetime):
        found = self.open(at=at).filter(token_hash=hash_of(token))
        return found.select_related("organisation", "invited_by")


class PeopleInvitation(SecretLink):
    """A single-use link that makes whoever follows it, signed in, one of an organisation's people."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    role = models.CharField(pgettext_lazy("membership", "role"), max_length=6, choices=Membership.Role)
    # Where it was mailed to, in small letters; empty when it is handed over otherwise.
    email = models.EmailField(_("e-mail"), blank=True, default="")
    # Whom it names to its reader.
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    languages = models.CharField(
        max_length=20, default="fr,en", editable=False
    )  # of its mails, one text after the other

    objects = PeopleInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to an organisation")
        verbose_name_plural = _("invitations to organisations")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()}"

    @property
    def rank(self) -> int:
        return Membership.Role(self.role).rank

    @property
    def inviter(self) -> str | None:
        """Who invites; None when that account is there no more."""
        return (self.invited_by.email or self.invited_by.get_username()) if self.invited_by else None
