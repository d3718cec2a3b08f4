"""The sentences about a result beside the barometer: what an edition is, where one stands on its points, what has no figure."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from assessment.report.barometer import CriterionPart, EditionPart, Standing
from assessment.report.evidence import Statement
from assessment.report.parts import ComparisonPart, Report
from assessment.wording.numbers import fact, listed, points

SECOND_HAND = "second-hand"
MOST_NAMED = 4
STANDINGS = {
    Standing.REACHED: pgettext_lazy("a point of the barometer", "Reached"),
    Standing.NOT_YET: pgettext_lazy("a point of the barometer", "Not yet"),
    Standing.PARTLY: pgettext_lazy("a point of the barometer", "Partly reached"),
    Standing.UNKNOWN: gettext_lazy("Too few answers"),
    Standing.NOT_APPLICABLE: gettext_lazy("Does not apply"),
    Standing.NOT_ASKED: "",
    Standing.NOT_SHOWN: "",
}
OF_GAPS = STANDINGS | {
    Standing.REACHED: pgettext_lazy("a gap", "Closed"),
    Standing.PARTLY: pgettext_lazy("a gap", "Partly closed"),
    Standing.NOT_YET: pgettext_lazy("a gap", "Still open"),
}
UNSCORED = {
    Standing.NOT_ASKED: gettext_lazy("No question asks about this, so there is nothing to set beside it."),
    Standing.NOT_SHOWN: "",
    Standing.NOT_APPLICABLE: gettext_lazy("The questions about this do not apply to you."),
}
KINDS = {
    "gap": gettext_lazy("Gap named"),
    "progress": gettext_lazy("Progress seen"),
    "practice": gettext_lazy("Practice described"),
    "outlook": pgettext_lazy("what is expected", "Outlook"),
    "context": gettext_lazy("Context"),
}
CONFIDENCES = {
    "primary": gettext_lazy("taken from the article we started from"),
    "read": gettext_lazy("read in the page named"),
    SECOND_HAND: gettext_lazy("quoted by another page"),
    "author": gettext_lazy("said by the article itself, not by the study"),
}


def gaps(report: Report) -> str:
    """How many of the gaps that the barometer named are closed, of those that apply, and where all are, what that leaves open;
    empty where nothing may be said of them.
    """
    found = report.gap_count
    if found is None:
        return ""
    named = ngettext("the gap named by the barometer", "the %(count)s gaps named by the barometer", found.applicable)
    closed = found.closed
    told = ngettext("Of %(gaps)s, %(closed)s is closed.", "Of %(gaps)s, %(closed)s are closed.", closed)
    told = told if closed else _("Of %(gaps)s, none is closed.")
    return f"{told % {'gaps': named % {'count': found.applicable}, 'closed': closed}} {half(report)}".strip()


def barometer(report: Report) -> str:
    """What matters most beside the barometer: how many gaps are closed, and which are not; names at most four of each."""
    left = (_left(report, standing) for standing in (Standing.NOT_YET, Standing.PARTLY, Standing.UNKNOWN))
    return " ".join(filter(None, [gaps(report), contradicted(report), *left]))


def _left(report: Report, standing: Standing) -> str:
    """The gaps that stand so, the weakest first; empty without any."""
    parts = sorted((part for part in report.gaps if part.standing == standing), key=_weakness)
    if not parts:
        return ""
    count = len({str(part.criterion.title) for part in parts})
    told = {
        Standing.NOT_YET: ngettext("Still open: %(names)s.", "Still open: %(names)s.", count),
        Standing.PARTLY: ngettext("Partly closed: %(names)s.", "Partly closed: %(names)s.", count),
        Standing.UNKNOWN: _("Too few answers to tell: %(names)s."),
    }
    return told[standing] % {"names": _named(parts)}


def contradicted(report: Report) -> str:
    """How many of the closed gaps rest on an answer that another one contradicts; empty where none does."""
    count = report.contradicted_gaps
    told = ngettext(
        "%(count)s of the closed gaps rests on an answer that another answer contradicts.",
        "%(count)s of the closed gaps rest on answers that other answers contradict.",
        count,
    )
    return told % {"count": count} if count else ""


def half(report: Report) -> str:
    """Why every gap may be closed and a dimension still be the weakest; empty unless both are so."""
    found, weakest = report.gap_count, report.weakest
    if found is None or found.closed < found.applicable or not weakest or weakest[0].score == 100:
        return ""
    return _("Half the points are enough to close a gap; a dimension’s score counts all of them.")


def _weakness(part: CriterionPart) -> Fraction:
    """What the points are told by, the weakest first."""
    return part.weakest.score if part.weakest else Fraction()


def measure(report: Report) -> str:
    """What is meant by a gap that is closed, partly closed or still open; empty where nothing is said of one."""
    if not gaps(report):
        return ""
    if report.levels_only:
        return _(
            "A gap is closed when each question about it that has a level is half-way up or higher, still open when none "
            "is, and partly closed otherwise; too few answers when more than half of their weight has none. The barometer "
            "speaks of companies in words; the questions and their levels are ours."
        )
    return _(
        "A gap is closed when each question about it that has a score has 50 points or more, still open when none has, "
        "and partly closed otherwise; too few answers when more than half of their weight has none. The barometer speaks of "
        "companies in words; the questions and their points are ours."
    )


def _named(parts: Sequence[CriterionPart]) -> str:
    """Each point once, though both editions may make it; of more than four the first three, and how many others there are."""
    titles = list(dict.fromkeys(str(part.criterion.title) for part in parts))
    if len(titles) > MOST_NAMED:
        named = titles[: MOST_NAMED - 1]
        return _("%(names)s and %(count)s more") % {"names": ", ".join(named), "count": len(titles) - len(named)}
    return listed(titles)


def stands(part: CriterionPart) -> str:
    """Where the organisation stands on one point, in a word or two; of a gap it is said otherwise than of progress."""
    told = standing(part.standing, is_gap=part.is_gap)
    if not part.is_contradicted:
        return told
    contradicted = pgettext("a gap", "%(closed)s, contradicted") if part.is_gap else _("%(closed)s, contradicted")
    return contradicted % {"closed": told}


def standing(at: Standing, *, is_gap: bool) -> str:
    """A standing in a word or two."""
    return str((OF_GAPS if is_gap else STANDINGS)[at])


def gaps_title(report: Report) -> str:
    """How many gaps are closed, of those that apply, as a heading; empty where nothing may be said of them."""
    found = report.gap_count
    if found is None:
        return ""
    told = {"closed": found.closed, "count": found.applicable}
    title = ngettext("%(closed)s of %(count)s gaps closed", "%(closed)s of %(count)s gaps closed", found.closed) % told
    doubted = report.contradicted_gaps
    if not doubted:
        return title
    caveat = ngettext(
        "%(title)s, %(doubted)s of them contradicted", "%(title)s, %(doubted)s of them contradicted", doubted
    )
    return caveat % {"title": title, "doubted": doubted}


def gap_legend(report: Report) -> list[str]:
    """How many gaps stand where, those of which there is none left out: closed, partly closed, still open, not known."""
    return [told for _standing, told in gap_signs(report)]


def gap_signs(report: Report) -> list[tuple[Standing, str]]:
    """The same, each with the standing that its sign shows."""
    found = report.gap_count
    if found is None:
        return []
    told = (
        (Standing.REACHED, found.closed, ngettext("%(count)s closed", "%(count)s closed", found.closed)),
        (Standing.PARTLY, found.partly, ngettext("%(count)s partly closed", "%(count)s partly closed", found.partly)),
        (Standing.NOT_YET, found.open, ngettext("%(count)s still open", "%(count)s still open", found.open)),
        (
            Standing.UNKNOWN,
            found.unknown,
            ngettext("%(count)s with too few answers", "%(count)s with too few answers", found.unknown),
        ),
    )
    return [(at, text % {"count": count}) for at, count, text in told if count]


def gaps_left(report: Report) -> str:
    """What follows the headline: gaps contradicted, then those still open, else partly closed, else why none is left.

    Empty where nothing may be said.
    """
    found = report.gap_count
    if found is None:
        return ""
    left = Standing.NOT_YET if found.open else Standing.PARTLY if found.partly else Standing.UNKNOWN
    return " ".join(filter(None, [contradicted(report), _left(report, left), half(report)]))


def criterion(part: CriterionPart) -> str:
    """Where the organisation stands on one point; empty where its answers may not be seen."""
    if (told := UNSCORED.get(part.standing)) is not None:
        return str(told)
    if not part.scored:
        return _("No answer yet on this.")
    return " ".join(filter(None, [_reached(part), _doubt(part)]))


def _doubt(part: CriterionPart) -> str:
    return _("An answer on this contradicts another one.") if part.is_contradicted else ""


def shortfall(part: CriterionPart) -> str:
    """What keeps a point from being reached: its weakest question, or from being sure: a contradiction; empty where nothing
    does, or its answers may not be seen.
    """
    if part.standing == Standing.REACHED or not part.scored:
        return _doubt(part)
    return _weakest(part)


def _weakest(part: CriterionPart) -> str:
    weakest = part.weakest
    told = {"question": weakest.text, "points": points(weakest.score), "statement": weakest.nearest}
    if weakest.place:
        return _("Weakest: “%(question)s” (“%(statement)s”).") % told
    return _("Weakest: “%(question)s” (%(points)s out of 100).") % told


def _reached(part: CriterionPart) -> str:
    """What the questions about a point say of it: their points, or where they stand when only levels are shown."""
    told = _by_level(part) if part.weakest.place else _by_points(part)
    if part.open:
        open_ones = ngettext("One question has no answer.", "%(count)s questions have no answer.", len(part.open))
        told.append(open_ones % {"count": len(part.open)})
    return " ".join(told)


def _counted(part: CriterionPart) -> str:
    """The questions about a point that have a score, as they stand after an article; whether there are others."""
    if part.open:
        told = ngettext(
            "only question about this that was answered",
            "%(count)s questions about this that were answered",
            len(part.scored),
        )
    else:
        told = ngettext("one question about this", "%(count)s questions about this", len(part.scored))
    return told % {"count": len(part.scored)}


def _by_level(part: CriterionPart) -> list[str]:
    reached = len(part.reached)
    values = {"questions": _counted(part), "reached": reached}
    if len(part.scored) == 1:
        return [_("On the %(questions)s: “%(statement)s”.") % (values | {"statement": part.weakest.nearest})]
    if reached == len(part.scored):
        return [_("Each of the %(questions)s is half-way up or higher.") % values]
    if reached:
        told = ngettext(
            "Of the %(questions)s, only one is half-way up or higher.",
            "Of the %(questions)s, %(reached)s are half-way up or higher.",
            reached,
        )
    else:
        told = _("None of the %(questions)s is half-way up.")
    return [told % values, _weakest(part)]


def _by_points(part: CriterionPart) -> list[str]:
    count, reached = len(part.scored), len(part.reached)
    values = {"questions": _counted(part), "reached": reached, "points": points(part.weakest.score)}
    if count == 1:
        told = _("The %(questions)s scores %(points)s out of 100.")
    elif reached == count:
        told = _("Each of the %(questions)s reaches 50 points.")
    elif reached:
        told = ngettext(
            "Of the %(questions)s, only one reaches 50 points.",
            "Of the %(questions)s, %(reached)s reach 50 points.",
            reached,
        )
    else:
        told = _("None of the %(questions)s reaches 50 points.")
    sentences = [told % values]
    if count > 1 and part.standing != Standing.REACHED:
        sentences.append(_weakest(part))
    return sentences


def standings(are_gaps: bool) -> list[str]:
    """What where one stands is called on a gap, or on another point: from reached to what does not apply."""
    said = OF_GAPS if are_gaps else STANDINGS
    return [str(said[standing]) for standing in Standing if said[standing]]


def standing_shares(shares: Sequence[int | None], are_gaps: bool) -> list[tuple[str, int | None]]:
    """The shares on a point, each after what standing there is called."""
    return list(zip(standings(are_gaps), shares, strict=True))


def labels(of: Mapping[str, str]) -> str:
    """Whom a cell of the live barometer holds, by its labels: "Trade and transport, 10 to 249 people"."""
    return ", ".join(fact(key, "group" if facet == "sector" else facet) for facet, key in of.items())


def kind(part: CriterionPart) -> str:
    """What the edition says of companies with a point."""
    return str(KINDS.get(part.criterion.kind, ""))


def edition(part: EditionPart) -> str:
    """What an edition of the barometer is: who published it, who answered and when, and that a vendor is among them."""
    study = part.study
    values = {"publisher": study.publisher, "period": study.period}
    who = str(study.population)
    if study.sample:
        who = _("%(population)s (%(answers)s)") % {"population": who, "answers": answers(study.sample)}
    sentences = [
        _("%(period)s. Who answered: %(who)s. Published by %(publisher)s.") % (values | {"who": who}),
    ]
    if study.vendor:
        sentences.append(_("A vendor is among the publishers: it sells what the study is about."))
    known = dict.fromkeys(confidence(item.criterion.confidence) for item in part.criteria)
    sentences.append(_("Source: %(known)s.") % {"known": listed(known)})
    return " ".join(sentences)


def answers(number: int, approximate: bool = False) -> str:
    """How many answers a study rests on."""
    told = ngettext("%(number)s answer", "%(number)s answers", number) % {"number": number_format(number)}
    return _("about %(answers)s") % {"answers": told} if approximate else told


def confidence(key: str) -> str:
    """How we know a finding."""
    return str(CONFIDENCES.get(key, ""))


def statement(item: Statement) -> str:
    """What an edition published in figures on a point, in the words of its finding; marked when second-hand."""
    return _("The same edition published this figure on it: %(text)s") % {"text": figure(item)}


def figure(item: Statement) -> str:
    """A published figure in the words of its finding alone; marked when second-hand."""
    told = {"text": item.text}
    return _("%(text)s Quoted by another page.") % told if item.confidence == SECOND_HAND else str(item.text)


def of_figures() -> str:
    """What the figures beside the points are, once for all of them."""
    return _("Small print beneath a finding: figures that the same edition published on it. Elsewhere we know of none.")


def unpublished(part: ComparisonPart) -> str:
    """Of which answers nothing was published; empty where each has its figure."""
    if not part.figures:
        return _("No published figure on this question.")
    if not part.without:
        return ""
    return _("No published figure on: %(names)s.") % {"names": listed(part.without)}


def without_figure(report: Report) -> str:
    """Of which questions and answers nothing was published, said once for all; empty where each has its figure."""
    names = []
    for part in report.comparisons:
        names += part.without if part.figures else [_("“%(text)s”") % {"text": part.question}]
    return _("No published figure on: %(names)s.") % {"names": listed(names)} if names else ""
