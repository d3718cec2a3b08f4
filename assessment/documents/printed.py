"""What is printed of a report: its texts in the reader's language, part by part, as plain data for the template."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessment.charts.style import PALETTE
from assessment.documents.printed_dimensions import consistency, dimensions, views
from assessment.documents.printed_evidence import bounded, evidence
from assessment.report.parts import Report, StepPart
from assessment.text.cleaning import isolated
from assessment.wording import figures, joint, leads, method, numbers, sentences

Part = dict[str, Any]
MOST_IN_HEADER = 60


def whole(report: Report, methodology: str | None) -> Part:
    """Everything the report's template lays out; a part of which the report has nothing is None."""
    told = _frame(report) | {
        "title": _("Report: %(name)s") % {"name": isolated(name(report))},
        "kind": _("Report"),
        "cover": cover(report),
        "profile": profile(report),
        "plan": plan(report),
        "dimensions": dimensions(report),
        "evidence": evidence(report),
        "views": views(report),
        "consistency": consistency(report),
        "earlier": earlier(report),
        "method": _method(report, methodology),
    }
    written = [
        *(told["dimensions"]["parts"] if told["dimensions"] else ()),
        *([told["views"]] if told["views"] else ()),
    ]
    return told | {"left_out": bounded(written)}


def summary(report: Report) -> Part:
    """What the one page for management lays out."""
    return _frame(report) | {
        "title": _("On one page: %(name)s") % {"name": isolated(name(report))},
        "kind": _("The report on one page"),
        "cover": cover(report),
        "profile": profile(report) | {"short": _scores(report)},
        "plan": _short_plan(report),
    }


def name(report: Report) -> str:
    """The organisation's name on one line."""
    return " ".join(report.subject.organisation.split())


def _frame(report: Report) -> Part:
    product, short = _("Social media maturity"), name(report)
    if len(short) > MOST_IN_HEADER:
        short = short[: MOST_IN_HEADER - 1].rstrip() + "…"
    return {
        "language": get_language() or "en",
        "product": product,
        "header": short,
        "page": _("Page {number} of {total}"),
        "colours": PALETTE["light"],
        "contents": _("In this report"),
        "boxes": None,
    }


def cover(report: Report) -> Part:
    """The head of a report: whose it is, its level and score, and how sure they are."""
    return {
        "organisation": isolated(name(report)),
        "facts": " · ".join(_facts(report)),
        "demo": _("This is an example: the organisation is invented, the report is real.")
        if report.subject.is_demo
        else "",
        "opening": sentences.opening(report),
        "basis": f"{joint.basis(report.joint)} {joint.levels(report)}".strip() if report.joint else "",
        "erased": sentences.erased(report),
        "level": _level(report),
        "rule": figures.rule(report),
        "held": sentences.held(report),
        "certainty": sentences.certainty(report),
        "narrowing": _narrowing(report),
    }


def _facts(report: Report) -> list[str]:
    facts = [date_format(timezone.localtime(report.subject.made_at), "DATE_FORMAT")]
    if report.subject.round_number > 1:
        facts.append(_("round %(number)s") % {"number": report.subject.round_number})
    return facts


def _level(report: Report) -> Part | None:
    """The level as it may be stated: alone, as those that are possible, or not at all."""
    label = {"label": _("Level"), "of": _("of 5")}
    if report.level and report.result.level_stated:
        told = {"numeral": str(report.level.number), "number": report.level.number, "name": str(report.level.name)}
        return label | told | {"description": str(report.level.description)}
    if not report.result.level_range:
        return None
    low, high = report.result.level_range
    told = {"numeral": str(low) if low == high else f"{low}–{high}", "number": None, "name": _("Not certain yet")}
    return label | told | {"description": sentences.uncertainty(report)}


def _narrowing(report: Report) -> Part | None:
    if not report.narrowing:
        return None
    items = [{"text": str(question.text), "aside": str(title)} for title, question in report.narrowing]
    return {"lead": _("The answers that would make it most certain:"), "items": items}


def profile(report: Report) -> Part:
    """The charts by dimension with their text alternatives, and the same numbers in a table."""
    return {
        "title": _("Your profile"),
        "lead": leads.profile_lead(report),
        "radar": figures.profile(report),
        "bars": figures.bars(report),
        "note": _(
            "The grey bands show the level at which we read the companies of each edition of the barometer. The barometer "
            "speaks in words, not scores: the bands are our editorial reading, and where an edition says nothing there "
            "is no band."
        )
        if report.editions
        else "",
        "table": _numbers(report),
    }


def _numbers(report: Report) -> Part:
    head = [_("Dimension"), _("Score"), _("Level"), _("Possible"), _("Coverage")]
    head += [_("Barometer %(edition)s") % {"edition": edition} for edition in report.editions]
    rows = []
    for part in report.dimensions:
        span = part.range
        possible = numbers.whole(span.low) if span else "–"
        if span and span.low != span.high:
            possible += f"–{numbers.whole(span.high)}"
        score = numbers.whole(part.score) if part.is_scored else sentences.state(part)
        row = [str(part.title), score, str(part.level.number) if part.level else "–", possible]
        row += [numbers.percent(part.coverage)]
        row += [_("level %(level)s") % {"level": item.level} if item.level else "–" for item in part.references]
        rows.append(row)
    return {"caption": _("Score, level and coverage by dimension"), "head": head, "rows": rows}


def _scores(report: Report) -> Part:
    """What fits beside the radar: score, level and what the score could be."""
    numbers = _numbers(report)
    return numbers | {"head": numbers["head"][:4], "rows": [row[:4] for row in numbers["rows"]]}


def plan(report: Report) -> Part | None:
    """The next steps; None where the plan is not shown."""
    if not report.shows_plan:
        return None
    return {
        "title": _("Your next steps"),
        "lead": leads.plan_lead(report),
        "rule": sentences.plan(report),
        "today": _("Today:"),
        "to": _("To reach:"),
        "move": _("First move:"),
        "steps": [_step(step) for step in report.plan],
    }


def _short_plan(report: Report) -> Part | None:
    """The next steps as one table: what to reach where, what it brings, how much work it is, who usually does it."""
    whole_plan = plan(report)
    if whole_plan is None:
        return None
    head = ["", _("Question"), _("To reach"), _("Gain"), _("Effort"), _("Usually done by")]
    rows = [
        [
            str(step.number),
            str(step.question.text),
            str(step.to),
            numbers.gain(step.gain, step.decimals),
            numbers.effort(step.effort),
            numbers.role(step.owner),
        ]
        for step in report.plan
    ]
    return whole_plan | {"table": {"head": head, "rows": rows}}


def _step(step: StepPart) -> Part:
    facts = [
        (_("Gain"), numbers.gain(step.gain, step.decimals), sentences.step(step)),
        (_("Effort"), numbers.effort(step.effort), ""),
        (_("Usually done by"), numbers.role(step.owner), ""),
    ]
    return {
        "dimension": str(step.dimension),
        "question": str(step.question.text),
        "today": sentences.answer(step.question),
        "to": str(step.to),
        "move": str(step.first_move or ""),
        "facts": [{"name": named, "value": value, "aside": aside} for named, value, aside in facts if value],
    }


def earlier(report: Report) -> Part | None:
    """How each dimension changed since the round before and since the first; None without an earlier round."""
    if report.before is None:
        return None
    head = [_("Dimension"), _("Last round"), _("Score"), _("Since last round")]
    rows = [
        [
            str(part.title),
            numbers.whole(part.before.before if part.before else None),
            numbers.whole(part.score),
            sentences.change(part),
        ]
        for part in report.dimensions
    ]
    if report.first:
        head.append(_("Since the first round"))
        for row, part in zip(rows, report.dimensions, strict=True):
            row.append(sentences.change_since_first(part))
    return {
        "title": _("Since the last round"),
        "lead": leads.before_lead(report),
        "table": {"caption": _("Change of each dimension’s score since earlier rounds"), "head": head, "rows": rows},
    }


def _method(report: Report, methodology: str | None) -> Part:
    """How the score is made, in three sentences, and where to check it."""
    return {
        "title": _("How this score is made"),
        "paragraphs": [*method.method(), method.checking(report)],
        "address": methodology or "",
        "href": methodology or "",
    }
