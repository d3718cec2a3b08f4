"""What people typed, as a page shows it in the middle of its own words."""

from django import template
from django.contrib.auth.models import AbstractBaseUser
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessment.models.secret import derived_key
from assessment.text.cleaning import isolated
from assessment.text.links import readable

register = template.Library()


@register.filter
def fingerprint(account: AbstractBaseUser) -> str:
    """What tells the script that keeps what was typed whose it is, and nobody else anything."""
    return derived_key("typed", account.pk)[:16]


register.filter("isolated", isolated)
register.filter("readable", readable)


@register.filter
def bdi(name: str) -> SafeString:
    """A name as an element of its own direction, so that one from right to left turns nothing around it (HTML)."""
    return format_html("<bdi>{}</bdi>", name) if name else SafeString("")
