"""Tags of the first page of the administration: drafts that wait, and what is going on, which is kept for five minutes."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import partial

from django import template
from django.core.cache import caches
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assessment.charts import counts
from assessment.charts.canvas import both_schemes
from assessment.charts.counts import shares
from assessment.results.activity import Activity, Reached, Waiting, activity, drafts_waiting
from assessment.wording import numbers

register = template.Library()  # which settings name, as it stands in no folder of tags
KEPT = 5 * 60  # seconds
MAY_SEE = ("assessment.view_result", "assessment.view_round")  # one of them: there are only numbers
MAY_READ = "assessment.view_questionnaire"


@dataclass(frozen=True)
class Dashboard:
    """The numbers, and two charts by their scheme, each as an address that holds its picture, with its words."""

    activity: Activity
    reached: list[tuple[Reached, str]]
    days: list[tuple[str, int]]
    pictures: dict[str, dict[str, str]]
    told: dict[str, str]


@register.simple_tag(takes_context=True)
def dashboard(context) -> Dashboard | None:
    """What is going on, for those who may see results or rounds; None for others."""
    if not any(map(context["request"].user.has_perm, MAY_SEE)):
        return None
    return caches["local"].get_or_set(f"dashboard:{get_language()}", partial(_made, timezone.now()), timeout=KEPT)


@register.simple_tag(takes_context=True)
def drafts(context) -> Waiting | None:
    """The drafts that wait, for those who write and publish; as they are now."""
    return drafts_waiting() if context["request"].user.has_perm(MAY_READ) else None


def _made(at: datetime) -> Dashboard:
    found = activity(at=at)
    reached = [(part, numbers.percent(Fraction(part.share) / 100)) for part in found.reached]
    days = [(date_format(day, "MONTH_DAY_FORMAT"), number) for day, number in found.days]
    return Dashboard(found, reached, days, _pictures(reached, days), _told(found, days))


def _pictures(reached: list, days: list) -> dict[str, dict[str, str]]:
    per_day = [number for _day, number in days]
    draws = {}
    if any(per_day):
        draws["days"] = partial(counts.days, [day for day, _number in days], per_day, shown=str(max(per_day)))
    if reached:
        titles, shown = [part.title for part, _text in reached], [text for _part, text in reached]
        draws["reached"] = partial(shares, titles, [part.share for part, _text in reached], shown)
    return both_schemes(draws)


def _told(found: Activity, days: list[tuple[str, int]]) -> dict[str, str]:
    """What each chart shows, in a sentence."""
    highest_day, highest = max(days, key=lambda pair: pair[1])
    span = {"number": found.answers, "first": days[0][0], "last": days[-1][0]}
    per_day = ngettext(
        "%(number)s answer from %(first)s to %(last)s.", "%(number)s answers from %(first)s to %(last)s.", found.answers
    )
    most = _("Most on %(day)s: %(number)s.") % {"day": highest_day, "number": highest}
    told = {"days": f"{per_day % span} {most}"}
    parts = [f"{part.title} {numbers.percent(Fraction(part.share) / 100)}" for part in found.reached]
    told["reached"] = _("Of those who began, answered in: %(parts)s.") % {"parts": ", ".join(parts)}
    return told
