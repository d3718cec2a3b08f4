"""Days and times of day as people read them: with the time zone they are in, which is the site's."""

import re
import unicodedata
from datetime import UTC, date, datetime
from functools import lru_cache

from babel.dates import get_timezone_location
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language, pgettext, to_locale
from django.utils.translation import gettext as _

FORMATS = {"time": "TIME_FORMAT", "datetime": "DATETIME_FORMAT"}


def zone() -> str:
    """The site's time zone as a sentence names it: Paris time, UTC."""
    place = _place(settings.TIME_ZONE, to_locale(get_language() or settings.LANGUAGE_CODE))
    if place.startswith(("UTC", "GMT")):  # no place on earth: its distance from UTC; the name of Etc/GMT-2 says +02
        return f"UTC{datetime.now(timezone.get_default_timezone()).tzname().removeprefix(place)}"
    if unicodedata.normalize("NFD", place)[0] in "AEIOU":
        return pgettext("before a vowel", "%(place)s time") % {"place": place}
    return _("%(place)s time") % {"place": place}


@lru_cache(maxsize=8)
def _place(name: str, locale: str) -> str:
    """The city of a time zone, also of one that is named by its country and city."""
    return get_timezone_location(name, locale=locale, return_city=True).rpartition("/")[2]


def day(of: date | None) -> str:
    """A day as a sentence tells it: 3 December 2026, in French 1er décembre 2026; of a moment, its day, of none nothing."""
    if not of:
        return ""
    return _told(timezone.localtime(of) if isinstance(of, datetime) else of, "DATE_FORMAT")


def _told(moment: date, form: str) -> str:
    """Django's form, but for the first of a French month, which has an ordinal number as no other day has."""
    told = date_format(moment, form)
    return re.sub(r"^1(?= )", "1er", told) if get_language() == "fr" else told


def day_and_zone(of: date) -> str:
    """A day that something ends or begins with, and whose it is: 3 December 2026 (Paris time); of a moment, its day."""
    return f"{day(of)} ({zone()})"


def moment_and_zone(moment: datetime, kind: str) -> str:
    """A `time` of day, or a day with it (`datetime`): 14:03 (Paris time)."""
    return f"{_told(timezone.localtime(moment), FORMATS[kind])} ({zone()})"


def moment_in_page(moment: datetime, kind: str) -> str:
    """The same for a page, whose script `moments.js` tells it in the reader's own zone."""
    told = moment_and_zone(moment, kind)
    return format_html('<time datetime="{}" data-moment="{}">{}</time>', in_utc(moment), kind, told)


def in_utc(moment: datetime) -> str:
    """A moment as scripts read it: 2026-11-29T13:03:00Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
