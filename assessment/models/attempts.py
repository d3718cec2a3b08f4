"""What is counted about attempts to sign in or up; Django's cache writes it, and forgets it only when it runs full."""

from datetime import datetime

from django.conf import settings
from django.db import connection

from assessment.models.secret import derived_key


def key_of(key: str, prefix: str, version: int) -> str:
    """The name under which the cache keeps a count: it holds a network address, which is not stored as it is."""
    return derived_key("attempt", prefix, version, key)


def forget_attempts(*, before: datetime) -> int:
    """Delete the counts that ended before a moment; how many they were."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_ended()}", _at(before))  # noqa: S608 -- a name of the settings
        return cursor.rowcount


def count_attempts(*, before: datetime) -> int:
    """How many counts ended before a moment."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {_ended()}", _at(before))  # noqa: S608 -- a name of the settings
        return cursor.fetchone()[0]


def _ended() -> str:
    return connection.ops.quote_name(settings.CACHES["default"]["LOCATION"]) + " WHERE expires < %s"


def _at(before: datetime) -> list:
    return [connection.ops.adapt_datetimefield_value(before)]
