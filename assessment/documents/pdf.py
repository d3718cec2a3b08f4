"""A report as a document to hand on: the whole one, and the one page for management. Tagged (PDF/UA-1), in one language."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assessment.charts.style import PALETTE
from assessment.documents import drawings, tables, typesetting
from assessment.documents.cells import Column, Table, count, read, score
from assessment.documents.printed import bounded, consistency, dimensions, evidence, views
from assessment.report.parts import DimensionPart, Report, StepPart
from assessment.report.question import QuestionPart
from assessment.text.cleaning import isolated
from assessment.wording import barometer, effect, figures, joint, leads, numbers, place, sentences

Part = dict[str, Any]
CHARTS = {"report.typ": ("rule", "radar", "bars"), "summary.typ": ("rule", "radar")}
MOST_IN_HEADER = 60
SHORT = ("dimension", "score", "level", "possible")  # columns that fit beside the radar


def report_pdf(report: Report) -> bytes:
    """The report in the active language."""
    return _typeset("report.typ", whole(report), report)


def summary_pdf(report: Report) -> bytes:
    """The report on one page for management, in the active language."""
    return _typeset("summary.typ", summary(report), report)


def _typeset(template: str, data: Part, report: Report) -> bytes:
    signs = typesetting.Printable()
    shown = signs.data(data)
    charts = {name: signs.shown(svg) for name, svg in drawings.svgs(report, CHARTS[template]).items()}
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
        "cover": cover(report),
        "profile": profile(report),
        "plan": plan(report),
        "dimensions": dimensions(report),
        "evidence": evidence(report),
        "views": views(report),
        "consistency": consistency(report),
        "earlier": earlier(report),
        "method": _method(report),
    }
    written = [
        *(told["dimensions"]["parts"] if told["dimensions"] else ()),
        *([told["views"]] if told["views"] else ()),
    ]
    return told | {"left_out": bounded(written)}


def summary(report: Report) -> Part:
    """What the one page for management lays out."""
    return _frame(report) | {
        "title": sentences.one_page_title(report),
        "kind": _("The report on one page"),
        "cover": cover(report),
        "profile": profile(report) | {"short": _printed(_numbers(report).only(*SHORT))},
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
        "place": place.place_in_full(report),
        "held": place.held(report),
        "gaps": barometer.gaps(report),
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
    lead = ngettext(
        "Answering this would narrow the range most:",
        "Answering these would narrow the range most:",
        len(report.narrowing),
    )
    return {"lead": lead, "items": _named(report.narrowing)}


def _named(questions: Iterable[tuple[object, QuestionPart]]) -> list[Part]:
    """Questions, each with the title of its dimension."""
    return [{"text": str(question.text), "aside": str(title)} for title, question in questions]


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
        "caption": _("Score, level and coverage by dimension"),
        "table": _printed(_numbers(report)),
    }


def _numbers(report: Report) -> Table:
    """What the charts of the profile show; their words for a level, as a number alone would look like a score."""
    level = _("level %(level)s")
    editions = (
        Column(
            _("Barometer %(edition)s") % {"edition": edition},
            lambda part, place=place: level % {"level": found} if (found := part.references[place].level) else None,
        )
        for place, edition in enumerate(report.editions)
    )
    possible = Column(_("Possible"), _possible, key="possible")
    return tables.dimensions(report).only("dimension", "score", "level", possible, "coverage", *editions)


def _possible(part: DimensionPart) -> str | None:
    if part.range is None:
        return None
    low, high = numbers.whole(part.range.low), numbers.whole(part.range.high)
    return low if part.range.low == part.range.high else f"{low}–{high}"


def _printed(table: Table) -> Part:
    return {"head": table.heads, "rows": [list(map(read, row)) for row in table.rows()]}


def plan(report: Report) -> Part | None:
    """The next steps; None where the plan is not shown."""
    if not report.shows_plan:
        return None
    return {
        "title": _("Your next steps"),
        "lead": leads.plan_lead(report),
        "rule": sentences.plan(report),
        "moves": {"gaps": effect.effect_gaps(report), "items": effect.effect_moves(report)},
        "today": _("Today:"),
        "to": _("Done when:"),
        "move": _("First move:"),
        "steps": [_step(step) for step in report.plan],
        "missing": _missing(report),
    }


def _missing(report: Report) -> Part | None:
    """The foundations below half that are not among the steps."""
    if not report.foundations:
        return None
    lead = _("Foundations not yet in place and not covered by these steps:")
    return {"lead": lead, "items": _named(report.foundations)}


def _short_plan(report: Report) -> Part | None:
    """The next steps as one table: what to reach where, what it brings, how much work it is, who usually does it."""
    told = plan(report)
    if told is None:
        return None
    number = Column("", lambda step: count(step.number))
    title = Column(_("What to do"), lambda step: str(step.title or step.question.text), tables.TEXT)
    return told | {"table": _printed(tables.plan(report).only(number, title, "statement", "gain", "effort", "who"))}


def _step(step: StepPart) -> Part:
    facts = [
        (_("Gain"), numbers.gain(step.gain, step.decimals), sentences.step(step)),
        (_("Effort"), numbers.effort(step.effort), ""),
        (_("Usual owner"), numbers.role(step.owner), ""),
    ]
    return {
        "dimension": str(step.dimension),
        "title": str(step.title or step.question.text),
        "question": str(step.question.text) if step.title else "",
        "today": sentences.answer(step.question),
        "to": str(step.to),
        "move": str(step.first_move or ""),
        "facts": [{"name": named, "value": value, "aside": aside} for named, value, aside in facts if value],
    }


def earlier(report: Report) -> Part | None:
    """How each dimension changed since the round before and since the first; None without an earlier round."""
    if report.before is None:
        return None
    now = Column(_("Score"), lambda part: score(part.score))
    changes = tables.dimensions(report).only("dimension", "last", now, "since_last", "since_first")
    overall = [_("Overall"), numbers.whole(report.before.result.score), numbers.whole(report.result.score)]
    overall += [leads.whole_change(report), *([leads.whole_change_since_first(report)] if report.first else [])]
    table = _printed(changes)
    return {
        "title": _("Since the last round"),
        "lead": leads.before_lead(report),
        "table": table | {"rows": [*table["rows"], overall]},
    }


def _method(report: Report) -> Part:
    """How the score is made, in three sentences, and where to check it."""
    return {"title": _("How this score is made"), "paragraphs": [*leads.method(), leads.checking(report)]}
