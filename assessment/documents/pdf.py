"""A report as a document to hand on: the whole one, and the one page for management. Tagged (PDF/UA-1), in one language."""

from collections.abc import Iterable
from typing import Any

from django.template.defaultfilters import capfirst
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assessment.charts.series import Band
from assessment.charts.style import PALETTE
from assessment.documents import drawings, typesetting
from assessment.documents.printed import (
    beside_peers,
    bounded,
    consistency,
    criteria,
    dimensions,
    earlier,
    published,
    views,
)
from assessment.models.secret import site_address
from assessment.report.parts import DimensionPart, Report, StepPart
from assessment.report.question import QuestionPart
from assessment.text.cleaning import isolated
from assessment.wording import barometer, effect, figures, joint, leads, moments, numbers, peers, place, sentences

Part = dict[str, Any]
MOST_IN_HEADER = 60


def report_pdf(report: Report) -> bytes:
    """The report in the active language."""
    return _typeset("report.typ", whole(report), report)


def summary_pdf(report: Report) -> bytes:
    """The report on one page for management, in the active language."""
    return _typeset("summary.typ", summary(report), report)


def _typeset(template: str, data: Part, report: Report) -> bytes:
    signs = typesetting.Printable()
    shown = signs.data(data)
    charts = {name: signs.shown(svg) for name, svg in drawings.svgs(report, ("rule",)).items()}
    if signs.missing:
        shown["boxes"] = ngettext(
            "%(count)s character of this document has no sign in its fonts; a box (□) stands in its place.",
            "%(count)s characters of this document have no sign in its fonts; a box (□) stands in their place.",
            len(signs.missing),
        ) % {"count": len(signs.missing)}
    return typesetting.pdf(template, shown, charts, at=int(report.subject.made_at.timestamp()))


def whole(report: Report) -> Part:
    """Everything the report's template lays out; a part of which the report has nothing is None."""
    told = _frame(report) | {
        "title": sentences.report_title(report),
        "kind": _("Report"),
        "first": _first(report),
        "plan": plan(report),
        "earlier": earlier(report),
        "views": views(report),
        "dimensions": dimensions(report),
        "criteria": criteria(report),
        "peers": beside_peers(report),
        "published": published(report),
        "consistency": consistency(report),
        "method": {"title": _("How this score is made"), "paragraphs": leads.method()},
    }
    written = [
        *([told["views"]] if told["views"] else ()),
        *(told["dimensions"]["parts"] if told["dimensions"] else ()),
    ]
    return told | {"left_out": bounded(written)}


def summary(report: Report) -> Part:
    """What the one page for management lays out."""
    told = {"title": sentences.one_page_title(report), "kind": _("The report on one page"), "plan": plan(report)}
    told["peers"] = " ".join(filter(None, (peers.peers(report), peers.peers_middle(report))))
    return _frame(report) | told


def name(report: Report) -> str:
    """The organisation's name on one line."""
    return " ".join(report.subject.organisation.split())


def _frame(report: Report) -> Part:
    """What both documents have: head and foot of their pages, the first screen, and what the report was made from."""
    product, short = _("Social media maturity"), name(report)
    if len(short) > MOST_IN_HEADER:
        short = short[: MOST_IN_HEADER - 1].rstrip() + "…"
    return {
        "language": get_language() or "en",
        "product": product,
        "header": short,
        "page": _("Page {number} of {total}"),
        "colours": PALETTE["light"],
        "boxes": None,
        "head": head(report),
        "gaps": _gaps(report),
        "bars": _bars(report),
        "colophon": colophon(report),
    }


def head(report: Report) -> Part:
    """The head of a report: whose it is, its level and score, and how sure they are."""
    return {
        "organisation": isolated(name(report)) if sentences.by_answers(report) else "",  # else the opening names it
        "facts": " · ".join(_facts(report)),
        "opening": sentences.opening(report),
        "meaning": str(report.level.description) if report.place.level else sentences.uncertainty(report),
        "demo": _("An example: the answers are invented.") if report.subject.is_demo else "",
        "erased": sentences.erased(report),
        "rule": figures.rule(report),
        "held": place.held(report),
        "place": place.place_in_full(report),
        "certainty": sentences.certainty(report),
        "narrowing": _narrowing(report),
    }


def _facts(report: Report) -> list[str]:
    facts = [_day(report)]
    if report.subject.round_number > 1:
        facts.append(_("round %(number)s") % {"number": report.subject.round_number})
    return facts


def _day(report: Report) -> str:
    return moments.day(report.subject.made_at)


def _narrowing(report: Report) -> Part | None:
    if not report.narrowing:
        return None
    return {"lead": _("To make the score more precise, answer first:"), "items": _named(report.narrowing)}


def _named(questions: Iterable[tuple[object, QuestionPart]]) -> list[Part]:
    """Questions, each with the title of its dimension."""
    return [{"text": str(question.text), "aside": str(title)} for title, question in questions]


def _gaps(report: Report) -> Part | None:
    """The gaps of the barometer as strips: 1 for closed, a half for partly, 0 for still open, None for not known."""
    found = report.gap_count
    if found is None:
        return None
    strips = [1.0] * found.closed + [0.5] * found.partly + [0.0] * found.open + [None] * found.unknown
    return {
        "title": barometer.gaps_title(report),
        "strips": strips,
        "legend": barometer.gap_legend(report),
        "left": barometer.gaps_left(report),
    }


def _bars(report: Report) -> Part:
    """Score and level of each dimension, with what is drawn of them: the score, what it could be and was, barometer, peers."""
    lines, bands = drawings.lines(report), _bands(report)
    ranges = any(part.range and part.range.low != part.range.high for part in report.dimensions)
    legend = [{"role": series.role, "text": series.label} for series in (*lines, *bands)]
    if ranges:
        legend.append({"role": "range", "text": _("Possible with the missing answers")})
    return {
        "title": place.ends(report) or leads.profile_lead(report),
        "head": [_("Dimension"), _("Score"), _("Level"), _("Possible"), _("Coverage")],
        "rows": [_bar(report, place) for place in range(len(report.dimensions))],
        "legend": legend,
        "beside": leads.beside(report),
    }


def _bar(report: Report, row: int) -> Part:
    part = report.dimensions[row]
    span = part.range and (float(part.range.low), float(part.range.high))
    return {
        "cells": [
            str(part.title),
            numbers.whole(part.score) if part.is_scored else sentences.state(part),
            str(part.level.number) if part.level else "–",
            _possible(part),
            numbers.percent(part.coverage),
        ],
        "lines": {line.role: line.values[row] for line in drawings.lines(report)},
        "bands": {band.role: band.spans[row] for band in _bands(report)},
        "range": span if span and span[0] < span[1] else None,
    }


def _bands(report: Report) -> tuple[Band, ...]:
    """What stands beneath each bar: the latest edition of the barometer, then the peers."""
    return (*drawings.bands(report)[-1:], *drawings.peers_band(report))


def _possible(part: DimensionPart) -> str:
    if part.range is None:
        return "–"
    low, high = numbers.whole(part.range.low), numbers.whole(part.range.high)
    return low if part.range.low == part.range.high else f"{low}–{high}"


def plan(report: Report) -> Part | None:
    """The next steps; None where the plan is not shown."""
    if not report.shows_plan:
        return None
    return {
        "title": _("Your next steps"),
        "lead": leads.plan_lead(report),
        "rule": sentences.plan(report),
        "moves": {
            "gaps": effect.effect_gaps(report),
            "items": list(map(capfirst, effect.effect_moves(report))),
            "first": list(map(capfirst, effect.first_moves(report))),
        },
        "to": _("Done when:"),
        "head": ["", _("What to do"), _("First move"), _("Usual owner"), _("Effort"), _("Gain")],
        "steps": [_step(step) for step in report.plan],
        "missing": _missing(report),
    }


def _missing(report: Report) -> Part | None:
    """The foundations below half that are not among the steps."""
    if not report.foundations:
        return None
    lead = _("Foundations not yet in place and not covered by these steps:")
    return {"lead": lead, "items": _named(report.foundations)}


def _step(step: StepPart) -> Part:
    return {
        "number": str(step.number),
        "dimension": str(step.dimension),
        "title": str(step.title or step.question.text),
        "question": str(step.question.text) if step.title else "",
        "to": str(step.to),
        "move": str(step.first_move or ""),
        "gain": numbers.gain(step.gain, step.decimals),
        "after": sentences.step(step),
        "effort": numbers.effort(step.effort),
        "told": figures.step_effort(step.effort),
        "owner": numbers.role(step.owner),
    }


def _first(report: Report) -> Part | None:
    """The one thing to do first, and what all steps together bring."""
    if not report.plan:
        return None
    return {"label": _("To do first"), "step": _step(report.plan[0]), "effect": effect.effect(report)}


def colophon(report: Report) -> Part:
    """What a document was made from, and where to read on; it names no secret address."""
    home, methodology = (site_address(reverse(view)) for view in ("home", "methodology"))
    return {
        "prepared": joint.prepared(report),
        "levels": joint.levels(report),
        "made": _("Report of %(day)s.") % {"day": _day(report)},
        "checking": leads.checking(report),
        "site": {"href": home, "text": home.partition("://")[2].rstrip("/")},
        "method": {"href": methodology, "text": _("How it is scored")},
        "sources": {"href": f"{methodology}#studies", "text": _("Editions, sources and how we read them")},
    }
