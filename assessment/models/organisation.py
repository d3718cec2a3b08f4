"""Organisations and the people who belong to them."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.text.cleaning import isolated
from assessment.text.comparing import slug


def new_slug(name: str) -> str:
    """An address that tells people where they are and that nobody can guess: the name and eight random characters."""
    return f"{slug(name)[:60].strip('-_') or 'organisation'}-{secrets.token_hex(4)}"


# The version of what one agrees to (templates/assessment/_agreement.html): raised when that changes, everybody is asked anew.
WORDING = 1
AGREEMENT = ("contributes_since", "agreed_at", "agreed_wording")


class OrganisationQuerySet(models.QuerySet):
    def agreed(self):
        """Real ones that agreed to count in the live barometer, in whichever wording."""
        return self.filter(is_demo=False, contributes_since__isnull=False)

    def contributing(self):
        """Those that agreed to count in the live barometer in its present wording; no demonstrations."""
        return self.agreed().filter(agreed_wording=WORDING)


class Organisation(models.Model):
    """A company or public body whose rounds are kept together; sector, size and market are keys of organisation.yaml."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    sector = models.CharField(_("sector"), max_length=64)
    size = models.CharField(_("size"), max_length=64)
    market = models.CharField(_("market"), max_length=64)
    is_demo = models.BooleanField(_("demonstration"), default=False)
    # Consent to count, without its name, in the live barometer: since when without a break, None while it is not given; when
    # the wording was agreed to last, and which it was: 0 is that of before there were versions.
    contributes_since = models.DateTimeField(_("contributes to the barometer since"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("agreed to the wording on"), null=True, blank=True, editable=False)
    agreed_wording = models.PositiveSmallIntegerField(
        _("version of the wording"), default=0, db_default=0, editable=False
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    former_owners = models.JSONField(default=list, blank=True, editable=False)  # fingerprints of their mailboxes

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return isolated(self.name)

    def get_absolute_url(self) -> str:
        return reverse("organisation", args=[self.slug])

    def agree(self, agrees: bool, *, at: datetime) -> None:
        """Say whether it counts in the live barometer, in the present wording; the caller saves `AGREEMENT`. Twice is once."""
        if not agrees:
            self.contributes_since, self.agreed_at, self.agreed_wording = None, None, 0
        elif not self.contributes:
            self.contributes_since, self.agreed_at, self.agreed_wording = self.contributes_since or at, at, WORDING

    @property
    def contributes(self) -> bool:
        """Whether it agreed to count in the present wording."""
        return self.contributes_since is not None and self.agreed_wording == WORDING

    @property
    def is_asked_anew(self) -> bool:
        """Whether it agreed to an earlier wording: it does not count until it agrees to the present one."""
        return self.contributes_since is not None and self.agreed_wording != WORDING


class MembershipQuerySet(models.QuerySet):
    def owners(self):
        return self.filter(role=Membership.Role.OWNER)

    def is_owner(self, organisation_id: int, user_id: int | None) -> bool:
        """Whether this account owns the organisation."""
        return user_id is not None and self.owners().filter(user=user_id, organisation=organisation_id).exists()


class Membership(models.Model):
    """What a person may do in an organisation."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        MEMBER = "member", _("member")
        VIEWER = "viewer", _("viewer")

        @property
        def rank(self) -> int:
            """Higher may do more."""
            roles = Membership.Role
            return {roles.OWNER: 2, roles.MEMBER: 1, roles.VIEWER: 0}[self]

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    # Protected: an account goes only after its memberships, whose verbs see to it that an owner stays.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(pgettext_lazy("membership", "role"), max_length=6, choices=Role)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()}"

    @property
    def rank(self) -> int:
        return Membership.Role(self.role).rank

    @property
    def is_owner(self) -> bool:
        return self.role == self.Role.OWNER

    @property
    def name(self) -> str:
        """What the others know this person by."""
        return self.user.email or self.user.get_username()


def lock_organisation(organisation_id: int) -> bool:
    """Lock an organisation until the transaction ends; False when it was deleted meanwhile."""
    return Organisation.objects.select_for_update(no_key=True).filter(pk=organisation_id).first() is not None
