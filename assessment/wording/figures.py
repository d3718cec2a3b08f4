"""The text alternatives of a report's charts, written from the same numbers."""

from django.utils.translation import gettext as _

from assessment.report import Report
from assessment.wording.numbers import whole
from assessment.wording.sentences import state


def profile(report: Report) -> str:
    """The text alternative of the charts by dimension, written from the same numbers."""
    parts = [
        _("%(title)s: %(score)s") % {"title": part.title, "score": whole(part.score) if part.is_scored else state(part)}
        for part in report.dimensions
    ]
    sentences = [_("Score by dimension, from 0 to 100. %(parts)s.") % {"parts": _("; ").join(parts)}]
    for edition in report.editions:
        found = [
            _("%(title)s: level %(level)s") % {"title": part.title, "level": item.level}
            for part in report.dimensions
            for item in part.references
            if item.edition == edition and item.level
        ]
        if found:
            told = {"edition": edition, "parts": _("; ").join(found)}
            sentences.append(_("Barometer %(edition)s, our reading: %(parts)s.") % told)
    if report.before:
        was = [
            _("%(title)s: %(score)s") % {"title": part.title, "score": whole(part.before.before)}
            for part in report.dimensions
            if part.before and part.before.before is not None
        ]
        if was:
            sentences.append(_("Earlier round: %(parts)s.") % {"parts": _("; ").join(was)})
    return " ".join(sentences)


def bars(report: Report) -> str:
    """The text alternative of the bars: each score with what it could still be."""
    parts = [
        _("%(title)s: %(score)s, possible from %(low)s to %(high)s")
        % {
            "title": part.title,
            "score": whole(part.score) if part.is_scored else state(part),
            "low": whole(part.range.low),
            "high": whole(part.range.high),
        }
        if part.range
        else _("%(title)s: %(score)s") % {"title": part.title, "score": state(part)}
        for part in report.dimensions
    ]
    return _("Score and possible range by dimension, from 0 to 100. %(parts)s.") % {"parts": _("; ").join(parts)}


def rule(report: Report) -> str:
    """The text alternative of the 0 to 100 rule."""
    if report.result.range is None:
        return _("No score.")
    values = {
        "score": whole(report.result.score),
        "low": whole(report.result.range.low),
        "high": whole(report.result.range.high),
    }
    if report.result.score is None:
        return _("From 0 to 100: the score could be anything from %(low)s to %(high)s.") % values
    return _("From 0 to 100: score %(score)s, possible from %(low)s to %(high)s.") % values
