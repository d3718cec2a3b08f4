"""The sentences about peers: who they are, how many of them stand at one's level or above, and where one stands among them."""

from django.template.defaultfilters import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.report.parts import Report
from assessment.report.peers import Peers, Third

THIRDS = {
    Third.UPPER: gettext_lazy("Your score is among their upper third."),
    Third.MIDDLE: gettext_lazy("Your score is in the middle of theirs."),
    Third.LOWER: gettext_lazy("Your score is among their lower third."),
}


def peers(report: Report) -> str:
    """How many peers stand at the own level or above, and where one stands among them; empty without any. At most 60 words."""
    found = report.peers
    if found is None:
        return ""
    third = found.third(report.result.score)
    told = (peers_invented(found), _shares(found, report.result.level), str(THIRDS[third]) if third else "")
    return " ".join(filter(None, told))


def peers_invented(peers: Peers) -> str:
    """That no organisation stands behind them; empty where some do."""
    return _("Invented figures, for the demonstration.") if peers.invented else ""


def _shares(peers: Peers, own: int | None) -> str:
    level = peers.compared_level(own)
    share = peers.at_least(level)
    named = {"whom": peers_named(peers), "level": level, "share": share}
    if share is None:
        return capfirst(
            _("%(whom)s have answered so far; their levels differ too much for a share to be told.") % named
        )
    return _("Of %(whom)s, some %(share)s%% are at level %(level)s or above.") % named


def peers_named(peers: Peers) -> str:
    """How many they are, and who: "about 140 organisations (trade and transport, 10 to 249 people)"."""
    if not peers.of:
        return _("about %(number)s organisations of all sectors and sizes") % {"number": peers.n}
    whom = ", ".join(map(str, peers.of))
    return _("about %(number)s organisations (%(whom)s)") % {"number": peers.n, "whom": whom[:1].lower() + whom[1:]}


def peers_basis(peers: Peers) -> str:
    """Where the figures come from, and how exact they are."""
    return _(
        "From the live barometer of %(year)s: self-assessments of volunteers, numbers rounded to five and shares to %(step)s%%."
    ) % {"year": peers.year, "step": peers.step}


def peers_ends(ends: tuple[int, int] | None) -> str:
    """The two ends of what their middle half reaches."""
    return "–" if ends is None else f"{ends[0]}–{ends[1]}"
