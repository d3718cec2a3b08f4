"""The sentences about where a result stands: its level, what holds it, how far the next one is, strongest and weakest."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.report.parts import DimensionPart, Report
from assessment.report.place import HIGHEST, Near, Place, begins
from assessment.scoring.levels import shown
from assessment.wording.numbers import listed, whole


def place(report: Report) -> str:
    """Level, name, score and how far the next level is, or what is possible, in one sentence."""
    found = report.place
    if found.level is None:
        return _possible(found)
    told = {"level": found.level, "name": report.level.name, "score": whole(found.score)}
    if not distance(report):
        return _("Level %(level)s, %(name)s: %(score)s out of 100.") % told
    told["distance"] = distance(report)
    return _("Level %(level)s, %(name)s: %(score)s out of 100, %(distance)s.") % told


def title(report: Report) -> str:
    """The name of the level; where none is stated alone, the levels that are possible."""
    found = report.place
    if found.level is not None:
        return str(report.level.name)
    if found.possible is None:
        return _("No level")
    low, high = found.possible
    if low == high:
        return _("No level yet")
    return _("Level %(low)s to %(high)s") % {"low": low, "high": high}


def _possible(found: Place) -> str:
    if found.possible is None:
        return _("No level: no question applies.")
    low, high = found.possible
    told = {"low": low, "high": high, "least": whole(found.range.low), "most": whole(found.range.high)}
    if told["least"] == told["most"]:
        return _("No level yet. The answers given point to level %(low)s: a score of %(least)s.") % told
    if low == high:
        return _("No level yet. The answers given point to level %(low)s: a score from %(least)s to %(most)s.") % told
    return _("Level %(low)s to %(high)s: the score lies between %(least)s and %(most)s.") % told


def place_in_full(report: Report) -> str:
    """The place with what lies near, what else the next level takes, or what is missing for a level."""
    return " ".join(filter(None, (place(report), near(report), condition(report), missing(report))))


def distance(report: Report) -> str:
    """How many points are missing to the next level, or that the score is that of a higher one; empty at 5 and without one."""
    found = report.place
    if found.is_held:
        return _("a score of level %(by_score)s, held at %(level)s") % {
            "by_score": found.by_score,
            "level": found.level,
        }
    if found.points is None:
        return ""
    told = {"points": found.points, "level": found.next_level}
    return (
        ngettext("%(points)s more point to level %(level)s", "%(points)s more points to level %(level)s", found.points)
        % told
    )


def distance_short(report: Report) -> str:
    """The distance in as few words as fit under the dot on a phone; empty where there is none."""
    found = report.place
    if found.is_held:
        return _("held at %(level)s") % {"level": found.level}
    if found.points is None:
        return ""
    told = {"points": found.points, "level": found.next_level}
    return ngettext("%(points)s point to level %(level)s", "%(points)s points to level %(level)s", found.points) % told


def held_at(report: Report) -> str:
    """By which dimensions the level is held, without a full stop; empty when it is not."""
    found = report.place
    if not found.is_held:
        return ""
    return ngettext(
        "Held at level %(level)s by %(titles)s", "Held at level %(level)s by %(titles)s", len(found.held_by)
    ) % {"level": found.level, "titles": listed(found.held_by)}


def held(report: Report) -> str:
    """Why the level is lower than the score alone would give, and what leads on; empty when it is not."""
    found = report.place
    if not found.is_held:
        return ""
    lowest = min(lift.level for lift in found.lifts)
    first = _("%(held)s, still at level %(lowest)s.") % {"held": held_at(report), "lowest": lowest}
    told = {"titles": listed(lift.title for lift in found.lifts), "to": found.level, "next": found.next_level}
    onward = ngettext(
        "Once %(titles)s reaches level %(to)s, the whole is at level %(next)s.",
        "Once %(titles)s reach level %(to)s, the whole is at level %(next)s.",
        len(found.lifts),
    )
    return f"{first} {onward % told}"


def held_further(report: Report) -> str:
    """What follows where the sentence begins by what the level is held; empty when it is not."""
    return held(report).removeprefix(held_at(report))


def near(report: Report) -> str:
    """That the score lies near a threshold; empty where it does not."""
    found = report.place
    if found.near is None:
        return ""
    if found.near == Near.BELOW:
        return _("Just below level %(level)s.") % {"level": found.near_level}
    return _("Only just at level %(level)s.") % {"level": found.near_level}


def condition(report: Report) -> str:
    """What the next level takes beside points: no dimension may lie too low; empty where none does, and where one holds it."""
    found = report.place
    if found.is_held or not found.lifts:
        return ""
    told = {"next": found.next_level, "to": found.level, "titles": listed(lift.title for lift in found.lifts)}
    return (
        ngettext(
            "Level %(next)s also takes level %(to)s in %(titles)s.",
            "Level %(next)s also takes level %(to)s in %(titles)s.",
            len(found.lifts),
        )
        % told
    )


def missing(report: Report) -> str:
    """What is missing for a level; empty where one is stated."""
    found = report.place
    if found.level is not None or found.possible is None:
        return ""
    if report.is_provisional:
        return bounds(report)
    if found.missing:
        return _("Too few answers in %(titles)s.") % {"titles": listed(found.missing)}
    if found.score is None:
        return _("Fewer than three dimensions apply.")
    return ngettext("%(missing)s question has no score.", "%(missing)s questions have no score.", found.unanswered) % {
        "missing": found.unanswered
    }


def bounds(report: Report) -> str:
    """Between what the score of a provisional report lies, and how that is known; empty where no question applies."""
    found = report.place
    if found.possible is None:
        return ""
    given, asked = report.answered
    low, high = found.possible
    told = {"given": given, "asked": asked, "low": low, "high": high}
    told |= {"least": whole(found.range.low), "most": whole(found.range.high)}
    if given == asked:
        return _("Each of the %(asked)s questions that apply has a score.") % told
    text = (
        _(
            "%(given)s of %(asked)s questions have a score. With the lowest answer to all others the whole would be at "
            "%(least)s, level %(low)s; with the highest at %(most)s, level %(high)s."
        )
        % told
    )
    stated = ((found.range.low, low), (found.range.high, high))
    if any(level < HIGHEST and shown(score) >= begins(level + 1) for score, level in stated):
        text += " " + _("Where a level is lower than its score alone would give, the weakest dimensions hold it.")
    return text


def ends(report: Report) -> str:
    """The strongest and the weakest dimension, all of them where several are shown alike; empty without a score."""
    strongest, weakest = report.strongest, report.weakest
    if not strongest:
        return ""
    if strongest == weakest:
        if len(strongest) == 1:
            return _("Only %(title)s has a score.") % {"title": strongest[0].title}
        return _("All your dimensions with a score stand at %(most)s.") % {"most": whole(strongest[0].score)}
    most = ngettext("Strongest: %(titles)s.", "Strongest: %(titles)s.", len(strongest))
    least = ngettext("Weakest: %(titles)s.", "Weakest: %(titles)s.", len(weakest))
    return " ".join(
        text % {"titles": listed(part.title for part in parts)} for text, parts in ((most, strongest), (least, weakest))
    )


def both_ends(report: Report) -> list[tuple[str, DimensionPart]]:
    """The strongest and the weakest dimension, each with what it is called beside its bar; the first where several are alike."""
    ends = [(_("Strongest: %(title)s"), report.strongest), (_("Weakest: %(title)s"), report.weakest)]
    return [(text % {"title": parts[0].title}, parts[0]) for text, parts in ends if parts]
