"""The sentences about what improvements would bring."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.report.parts import Report
from assessment.report.picture import across
from assessment.wording.numbers import listed, whole
from assessment.wording.sentences import state
from assessment.wording.trend import level


def supposed(today: Report, then: Report) -> str:
    """What the improvements chosen would give: score and level, beside today's."""
    was, would = today.result.score, then.result.score
    if was is None or would is None:
        return _("There is no overall score yet: you see what each dimension would gain.")
    if was == would:
        return _("Choose at least one improvement to see what it would bring.")
    told = _("With these improvements the score would rise from %(was)s to %(would)s.") % {
        "was": whole(was),
        "would": whole(would),
    }
    return f"{told} {_level(today, then)}"


def _level(today: Report, then: Report) -> str:
    if not (today.result.level_stated and then.result.level_stated):
        return _("Too many answers are missing to name one level.")
    if then.level.number > today.level.number:
        return _("The level would rise from %(was)s to %(would)s, “%(name)s”.") % {
            "was": today.level.number,
            "would": then.level.number,
            "name": then.level.name,
        }
    told = {"level": then.level.number, "name": then.level.name, "titles": listed(then.held_by)}
    if then.held_by:
        return (
            ngettext(
                "The level would stay at %(level)s, “%(name)s”: %(titles)s would hold it there.",
                "The level would stay at %(level)s, “%(name)s”: %(titles)s would hold it there together.",
                len(then.held_by),
            )
            % told
        )
    return _("The level would stay at %(level)s, “%(name)s”.") % told


def supposed_profile(today: Report, then: Report) -> str:
    """The text alternative of the profile that improvements would give."""
    parts = [
        _("%(title)s: %(then)s, today %(was)s")
        % {"title": part.title, "then": whole(part.score), "was": whole(before.score)}
        for part, before in zip(then.dimensions, today.dimensions, strict=True)
    ]
    return _("Score by dimension with these improvements, from 0 to 100. %(parts)s.") % {"parts": _("; ").join(parts)}


def whole_then(report: Report) -> dict[str, str]:
    """The level and the score of a report, as short as they stand beside others."""
    return {"level": level(report.result), "score": whole(report.result.score)}


def dimensions_then(today: Report, then: Report) -> list[dict[str, str | bool | None]]:
    """Each dimension today and with the improvements: its score, or why there is none, how far its bar reaches (of its width),
    and whether it moved.
    """
    return [
        {
            "key": after.key,
            "title": str(after.title),
            "state": state(before),
            "today": whole(before.score),
            "then": whole(after.score),
            "reached": across(before.score or 0),
            "reaches": across(after.score or 0),
            "moved": before.score != after.score,
        }
        for before, after in zip(today.dimensions, then.dimensions, strict=True)
    ]
