"""Sessions, each with the account that it lets in: so those of one account are found without reading all of them.

The table and the store that Django reads and writes it by (`SESSION_ENGINE`), as Django means them to be extended.
"""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _


class Session(AbstractBaseSession):
    """What a browser is remembered by; `account` is None until somebody has signed in."""

    # Not a foreign key: a request that is under way while its account is erased ends as any whose session is gone.
    account = models.BigIntegerField(_("account"), null=True, db_index=True)

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()  # nobody looks after them by hand

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        return SessionStore


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        session.account = account_in(data)
        return session


def account_in(data: dict[str, Any]) -> int | None:
    """The account that a session's data lets in."""
    return int(data[SESSION_KEY]) if SESSION_KEY in data else None
