"""What is counted about attempts to sign in or up; Django's cache writes it, and forgets it only when it runs full."""

from datetime import datetime

from django.conf import settings
from django.db import connection


def forget_attempts(*, before: datetime) -> int:
    """Delete the counts that ended before a moment, and with them the network addresses they name; how many they were."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    with connection.cursor() as cursor:
        ends = connection.ops.adapt_datetimefield_value(before)
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [ends])  # noqa: S608 -- a name of the settings
        return cursor.rowcount
