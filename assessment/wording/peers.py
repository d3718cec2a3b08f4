"""The sentences about peers: who they are, how many of them stand at one's level or above, and where one stands among them."""

from django.template.defaultfilters import capfirst
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.report.parts import Report
from assessment.report.peers import Peers, Third
from assessment.report.place import HIGHEST

ALL = 100  # percent
THIRDS = {
    Third.UPPER: gettext_lazy("Your score is among their upper third."),
    Third.MIDDLE: gettext_lazy("Your score is in the middle of theirs."),
    Third.LOWER: gettext_lazy("Your score is among their lower third."),
}


def peers(report: Report) -> str:
    """How many peers stand at the own level or above, and where one stands among them; empty without any. At most 60 words.

    Where no level is stated alone, the score may lie anywhere between two ends: neither is set beside theirs.
    """
    found = report.peers
    if found is None:
        return ""
    own = report.place.level
    third = found.third(report.place.score) if own else None
    told = (peers_invented(found), _own(own), _shares(found, own), str(THIRDS[third]) if third else "")
    return " ".join(filter(None, told))


def peers_invented(peers: Peers) -> str:
    """That no organisation stands behind them; empty where some do."""
    return _("Invented figures, for the demonstration.") if peers.invented else ""


def _own(level: int | None) -> str:
    return "" if level is None else _("You are at level %(level)s.") % {"level": level}


def _shares(peers: Peers, own: int | None) -> str:
    """The share from a level on. Rounded to nothing it may still be some, rounded to all it may be fewer: said in words then."""
    level = peers.compared_level(own)
    share, whom = peers.at_least(level), peers_named(peers)
    if share is None:
        told = _("%(whom)s have answered so far; their levels differ too much for a share to be told.")
        return capfirst(told % {"whom": whom})
    where = _("at level %(level)s") if level == HIGHEST else _("at level %(level)s or above")
    if share == 0:
        told = _("Of %(whom)s, few or none are %(where)s.")
    elif share == ALL:
        told = _("Of %(whom)s, most or all are %(where)s.")
    else:
        told = _("Of %(whom)s, some %(share)s%% are %(where)s.")
    return told % {"whom": whom, "share": share, "where": where % {"level": level}}


def peers_named(peers: Peers) -> str:
    """How many they are, and who: "about 140 organisations (trade and transport, 10 to 249 people)"."""
    number = number_format(peers.n, force_grouping=True)
    if not peers.of:
        return _("about %(number)s organisations of all sectors and sizes") % {"number": number}
    whom = ", ".join(map(str, peers.of))
    return _("about %(number)s organisations (%(whom)s)") % {"number": number, "whom": whom[:1].lower() + whom[1:]}


def peers_basis(peers: Peers) -> str:
    """Where the figures come from, and how exact they are."""
    return _(
        "From the live barometer of %(year)s: self-assessments of volunteers, numbers rounded to five and shares to %(step)s%%."
    ) % {"year": peers.year, "step": peers.step}


def peers_ends(ends: tuple[int, int] | None) -> str:
    """The two ends of what their middle half reaches."""
    return "–" if ends is None else f"{ends[0]}–{ends[1]}"


def peers_middle(report: Report) -> str:
    """What the middle half of the peers reach in each dimension, in one sentence; empty below twenty."""
    if report.peers is None or not report.peers.middle:
        return ""
    middle = ((part.title, report.peers.middle.get(part.key)) for part in report.dimensions)
    told = [f"{title}\u00a0{peers_ends(ends)}" for title, ends in middle if ends]
    return _("Middle half of your peers, in points: %(middle)s.") % {"middle": ", ".join(told)}
