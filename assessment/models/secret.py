"""Secrets in addresses: keys and tokens that only whoever has the address knows; what is stored is their fingerprint."""

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

SEALED = 24  # characters: a number of a row; what is longer is sealed as it is


def new_key() -> str:
    """A secret for an address: 160 random bits."""
    return secrets.token_urlsafe(20)


def hash_of(key: str) -> str:
    """What is stored of a secret; secrets are long and random, so a plain hash cannot be reversed."""
    return hashlib.sha256(key.encode()).hexdigest()


def derived_key(purpose: str, *parts) -> str:
    """A secret (160 bits) that this installation can work out again and that nobody can guess without its SECRET_KEY."""
    told = " ".join(str(part) for part in parts)
    return salted_hmac(f"assessment.{purpose}", told, algorithm="sha256").hexdigest()[:40]


def site_address(path: str) -> str:
    """The whole address of a page, to be carried away: of the site's own setting, never of what a browser says (`Host`)."""
    return f"{settings.SITE_ADDRESS}{path}"


def random_id() -> int:
    """A primary key that tells nothing of when its row was made, or after which other: 62 random bits."""
    return secrets.randbits(62)


def seal(text: str) -> str:
    """A short text that only this installation reads again: each seal looks different, and tells neither length nor time."""
    return _cipher().encrypt_at_time(text.ljust(SEALED).encode(), 0).decode()


def unseal(sealed: str) -> str | None:
    """What was sealed; None when nothing was, or under another SECRET_KEY."""
    try:
        return _cipher().decrypt(sealed.encode()).decode().rstrip() if sealed else None
    except InvalidToken:
        return None


def _cipher() -> Fernet:
    key = salted_hmac("assessment.seal", "", secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))


def numbered(links: models.QuerySet, number: str) -> models.QuerySet:
    """The one of these links that a form names by its number in the list; none when that is no number."""
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    return links.filter(pk=int(number)) if is_number else links.none()


class SecretLink(models.Model):
    """A link that can be shown again to whoever made it: its token is worked out from a random seed and SECRET_KEY."""

    seed = models.CharField(max_length=40, default=new_key, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def token(self) -> str:
        """The secret part of the address; another SECRET_KEY than at the link's making gives one that opens nothing."""
        return derived_key(self._meta.model_name, self.seed)

    def renew(self) -> None:
        """Give the link another token, so that the address it had opens nothing any more; the caller saves."""
        self.seed = new_key()
        self.token_hash = hash_of(self.token)
