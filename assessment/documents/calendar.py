"""The plan as an iCalendar file (RFC 5545): an event of a whole day for each action that has a due date."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessment.documents.cells import clean
from assessment.report.trend import ActionPart
from assessment.wording import trend


def plan_ics(name: str, actions: Iterable[ActionPart], address: str, *, at: datetime) -> bytes | None:
    """The due dates of an organisation's plan in the active language, made at `at`; None where no action has one.

    `name` is the organisation's, `address` that of its plan's page. An action keeps its UID, so that a calendar that takes the
    file again changes its event instead of making another; one that was given up is cancelled.
    """
    from icalendar import Calendar  # late: pages are served without it

    dated = [action for action in actions if action.due]
    if not dated:
        return None
    calendar = Calendar()
    calendar.add("prodid", f"-//{_('Social media maturity')}//{get_language()}//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", clean(_("Plan: %(name)s") % {"name": " ".join(name.split())}))
    for action in dated:
        calendar.add_component(_event(action, address, at))
    return calendar.to_ical()


def _event(action: ActionPart, address: str, at: datetime):
    from icalendar import Event

    event = Event()
    event.add("uid", f"action-{action.number}@{urlsplit(address).hostname}")
    event.add("dtstamp", at)
    event.add("dtstart", action.due)
    event.add("summary", clean(trend.action_name(action)))
    event.add("description", clean("\n".join(_told(action, address))))
    event.add("categories", [clean(str(action.dimension or _("an action of your own")))])
    event.add("status", "CANCELLED" if action.state == "dropped" else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # a day on which something is due is not a busy one
    event.add("url", address)
    return event


def _told(action: ActionPart, address: str) -> Iterable[str]:
    """What an event says, a line for each."""
    for title, said in (
        (_("First move"), action.first_move),
        (_("Owner"), action.who),
        (_("State"), _state(action)),
        (_("Question"), action.question),
        (_("Done when"), action.to),
        (_("Plan"), address),
    ):
        if said:
            yield f"{title}{_(': ')}{said}"


def _state(action: ActionPart) -> str:
    """How far an action is, and that its goal is reached; that its day has passed a calendar shows by itself."""
    state = trend.state(action)
    return f"{state}, {trend.standing_out(action)}" if action.is_to_finish else state
