"""Organisations and the people who belong to them."""

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def new_slug(name: str) -> str:
    """An address that tells people where they are and that nobody can guess: the name and eight random characters."""
    return f"{slugify(name)[:60] or 'organisation'}-{secrets.token_hex(4)}"


class OrganisationQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(memberships__user=user) if user.is_authenticated else self.none()


class Organisation(models.Model):
    """A company or public body whose rounds are kept together; sector, size and market are keys of organisation.yaml."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    sector = models.CharField(_("sector"), max_length=64)
    size = models.CharField(_("size"), max_length=64)
    market = models.CharField(_("market"), max_length=64)
    is_demo = models.BooleanField(_("demonstration"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation", args=[self.slug])


class Membership(models.Model):
    """What a person may do in an organisation."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        MEMBER = "member", _("member")
        VIEWER = "viewer", _("viewer")

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(pgettext_lazy("membership", "role"), max_length=6, choices=Role)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()}"
