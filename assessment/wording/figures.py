"""The text alternatives of a report's charts, written from the same numbers."""

from django.utils.translation import gettext as _

from assessment.report.parts import DimensionPart, Report
from assessment.wording import place
from assessment.wording.numbers import effort, gain, points, whole
from assessment.wording.sentences import state, worth


def provisional(report: Report) -> str:
    """What stands over each chart of a provisional report."""
    given, asked = report.answered
    return _("Provisional: %(given)s of %(asked)s questions have a score") % {"given": given, "asked": asked}


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
    """The text alternative of the steps over the 0 to 100 rule: the level, whether it is held, the score and its range."""
    return " ".join(filter(None, (_level(report), _scale(report))))


def _level(report: Report) -> str:
    """The level that stands on its step, with what holds it; empty where none is stated."""
    found = report.place
    if found.level is None:
        return ""
    told = _("Level %(level)s of 5, %(name)s.") % {"level": found.level, "name": report.level.name}
    return f"{told} {place.held_at(report)}." if found.is_held else told


def _scale(report: Report) -> str:
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


def questions(part: DimensionPart) -> str:
    """The text alternative of a dimension's question profile: every question with its points, and how views differ."""
    parts = []
    for question in part.questions:
        told = {"question": question.text, "points": worth(question)}
        text = _("“%(question)s” %(points)s") % told
        if question.spread:
            low, high = map(points, question.spread)
            text += _(" (answers from %(low)s to %(high)s)") % {"low": low, "high": high}
        parts.append(text + (_(", views differ") if question.views_differ else ""))
    told = {"title": part.title, "parts": _("; ").join(parts)}
    if part.levels_only:
        return (
            _("Level of each question of the dimension %(title)s: which statement, counted from the least. %(parts)s.")
            % told
        )
    return _("Points of each question of the dimension %(title)s, from 0 to 100. %(parts)s.") % told


def gains(report: Report) -> str:
    """The text alternative of the chart of gains: every step with its gain and effort, and how to read them."""
    parts = []
    for item in report.plan:
        named = item.title or item.question.text
        told = {"number": item.number, "question": named, "gain": gain(item.gain, item.decimals)}
        text = _("%(number)s: “%(question)s” %(gain)s") % told
        parts.append(text + (_(", effort: %(effort)s") % {"effort": effort(item.effort)} if item.effort else ""))
    return _("Gain of each next step. %(parts)s. %(note)s") % {"parts": _("; ").join(parts), "note": gains_note(report)}


def gains_note(report: Report) -> str:
    """How the gains of a plan are to be read; they add up, as the score is linear in the points of the questions."""
    if report.result.plan_on_mean:
        return _("Points that each step adds to the mean of the dimensions that have a score.")
    return _("Points that each step adds to the overall score.")


def step_effort(key: str) -> str:
    """The effort of a step where no heading says what it is; empty where none is known."""
    return _("Effort: %(effort)s") % {"effort": effort(key)} if key else ""
