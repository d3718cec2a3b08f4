"""The sentences of a report: a part of it in, a sentence in the reader's language out."""

from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment import scoring
from assessment.report.barometer import HALF
from assessment.report.evidence import Published, Reference
from assessment.report.parts import DimensionPart, Report, StepPart, Voice
from assessment.report.question import Given, QuestionPart
from assessment.scoring.comparison import DimensionChange
from assessment.scoring.levels import shown
from assessment.text.cleaning import isolated
from assessment.wording.barometer import SECOND_HAND, answers, confidence
from assessment.wording.numbers import decimal, listed, percent, points, whole
from assessment.wording.place import place


def opening(report: Report) -> str:
    """The one sentence the report begins with; where it rests on one person's answers only, it says so, not how a name is."""
    if report.is_provisional:
        return f"{report_title(report)}. {place(report)}"
    if report.subject.voice != Voice.ORGANISATION:
        return _by_one(report)
    name = isolated(report.subject.organisation)
    if report.result.score is None:
        if report.missing:
            return _("There is no overall score for %(name)s yet: too few questions are answered in %(titles)s.") % {
                "name": name,
                "titles": listed(part.title for part in report.missing),
            }
        return _("There is no overall score for %(name)s: fewer than three dimensions apply to it.") % {"name": name}
    values = _verdict(report) | {"name": name}
    if report.result.level_stated:
        return _("%(name)s is at level %(level)s of 5, “%(title)s”, with %(score)s points out of 100.") % values
    return (
        _(
            "%(name)s is somewhere between level %(low)s and level %(high)s: its score of %(score)s out of 100 rests on only "
            "part of the answers."
        )
        % values
    )


def _by_one(report: Report) -> str:
    values = _verdict(report) | {"by": by_answers(report)}
    if report.result.score is None:
        if report.missing:
            values["titles"] = listed(part.title for part in report.missing)
            return _("%(by)s, there is no overall score yet: too few questions are answered in %(titles)s.") % values
        return _("%(by)s, there is no overall score: fewer than three dimensions apply.") % values
    if report.result.level_stated:
        return _("%(by)s, the level is %(level)s of 5, “%(title)s”, with %(score)s points out of 100.") % values
    return (
        _(
            "%(by)s, the level is somewhere between %(low)s and %(high)s: the score of %(score)s out of 100 rests on only "
            "part of the questions."
        )
        % values
    )


def _verdict(report: Report) -> dict[str, object]:
    low, high = report.result.level_range or (None, None)
    level = report.level
    return {
        "score": whole(report.result.score),
        "level": level and level.number,
        "title": level and level.name,
        "low": low,
        "high": high,
    }


def by_answers(report: Report) -> str:
    """By whose answers a report speaks, at the head of a sentence; empty where it speaks for the organisation."""
    told = {Voice.YOURS: _("By your answers"), Voice.ONE_PERSON: _("By one person’s answers")}
    return told.get(report.subject.voice, "")


def report_title(report: Report) -> str:
    """What the page and the document of a report are called."""
    provisional = {
        Voice.ORGANISATION: _("Provisional report: %(name)s"),
        Voice.YOURS: _("Provisional report by your answers: %(name)s"),
    }
    told = {
        Voice.ORGANISATION: _("Report: %(name)s"),
        Voice.YOURS: _("Report by your answers: %(name)s"),
        Voice.ONE_PERSON: _("Report by one person’s answers: %(name)s"),
    }
    titles = provisional if report.is_provisional else told
    return titles[report.subject.voice] % {"name": _name(report)}


def one_page_title(report: Report) -> str:
    """What the one page for management is called."""
    told = {
        Voice.ORGANISATION: _("On one page: %(name)s"),
        Voice.YOURS: _("On one page, by your answers: %(name)s"),
        Voice.ONE_PERSON: _("On one page, by one person’s answers: %(name)s"),
    }
    return told[report.subject.voice] % {"name": _name(report)}


def _name(report: Report) -> str:
    return isolated(" ".join(report.subject.organisation.split()))


def erased(report: Report) -> str:
    """That answers behind the result were deleted; empty when none were."""
    if not report.subject.answers_erased:
        return ""
    return _(
        "Answers erased: someone had their answers deleted. The result stays as it was made; it can no longer be computed "
        "again."
    )


def certainty(report: Report) -> str:
    """How many answers the score rests on, and what it could still be."""
    given, asked = report.answered
    span = report.result.range
    if span is None:
        return _("No question applies to this organisation.")
    if span.low == span.high and report.result.score is None:
        return _("All applicable questions are answered.")
    if span.low == span.high:
        return _("Complete score: %(given)s answers out of %(asked)s.") % {"given": given, "asked": asked}
    return ngettext(
        "%(given)s of %(asked)s question has a score. Depending on the missing answers, the score lies between "
        "%(low)s and %(high)s.",
        "%(given)s of %(asked)s questions have a score. Depending on the missing answers, the score lies between "
        "%(low)s and %(high)s.",
        asked,
    ) % {"given": given, "asked": asked, "low": whole(span.low), "high": whole(span.high)}


def uncertainty(report: Report) -> str:
    """Why no level is stated alone."""
    if report.result.score is not None:
        return _("Too many answers are missing to name one level.")
    if report.missing:
        return _("No level is stated before there is an overall score. This is what the answers given leave possible.")
    return _("With fewer than three dimensions there is no overall score, and so no level is stated.")


def figure(pair: tuple[bool, Published]) -> str:
    """What was published, and whether it is so here too."""
    chosen, published = pair
    values = {"percent": number_format(published.percent.normalize()), "label": published.label}
    if chosen:
        return _("%(percent)s%% %(label)s. So do you.") % values
    return _("%(percent)s%% %(label)s. You do not.") % values


def source(published: Published) -> str:
    """Where a published figure comes from: publisher, year, sample and population, and whether a vendor published it."""
    parts = [published.publisher, str(published.year or _("undated")), str(published.population)]
    if published.sample:
        parts.append(answers(published.sample, published.approximate))
    if published.vendor:
        parts.append(_("published by a vendor"))
    if published.confidence == SECOND_HAND:
        parts.append(confidence(SECOND_HAND))
    return ", ".join(parts)


def state(part: DimensionPart | QuestionPart) -> str:
    """Why there is no score; empty when there is one."""
    return {
        scoring.DimensionState.NOT_APPLICABLE: _("not applicable"),
        scoring.DimensionState.NOT_ENOUGH: _("not enough answers"),
        scoring.QuestionState.NO_SCORE: _("no answer"),
    }.get(part.state, "")


def worth(question: QuestionPart) -> str:
    """The points of a question, or why it has none; where only its level is shown, which statement of how many it is."""
    if question.place:
        place, count = question.place
        return (_("%(place)s of %(count)s") % {"place": place, "count": count}).replace(" ", "\u00a0")
    return state(question) if question.score is None else points(question.score)


def answer(part: QuestionPart) -> str:
    """What was answered, in words; of several people, the statements between which their mean lies, and its points.

    Where only its level is shown, the statement alone.
    """
    if part.state == scoring.QuestionState.NOT_APPLICABLE:
        return _("Not applicable")
    if part.place:
        return _("“%(text)s”, on the whole") % {"text": part.nearest}
    if part.nearest is not None:
        told = {"points": points(part.score), "text": part.nearest}
        if part.between is None:
            return _("Average answer: “%(text)s” (%(points)s)") % told
        told |= dict(zip(("below", "above"), part.between, strict=True))
        return _("Average answer: between “%(below)s” and “%(above)s” (%(points)s)") % told
    return given(part.given)


def given(said: Given | None) -> str:
    """What one person answered to a question, in words."""
    if said is None or said.state == "empty":
        return _("No answer")
    if said.state == scoring.AnswerState.UNKNOWN:
        return _("I don’t know")
    if said.state == scoring.AnswerState.NOT_APPLICABLE:
        return _("Not applicable")
    return listed(said.texts)


def dimension(part: DimensionPart) -> str:
    """One sentence that says what matters in a dimension."""
    if part.state == scoring.DimensionState.NOT_APPLICABLE:
        return _("This dimension does not apply to the organisation and counts neither for nor against it.")
    if part.state == scoring.DimensionState.NOT_ENOUGH:
        return _("Fewer than half of these questions, by weight, have an answer: that is too little for a score.")
    if not part.questions:  # the report does not show them
        return ""
    if part.score == 100:
        return _("Every answer here is at the top.")
    told = {"brake": brake(part), "strength": strength(part)}
    if not part.weak:
        if not part.strong:
            return _("No weak point in this dimension, and no strong one.")
        return _("No weak point in this dimension. Strong: %(strength)s.") % told
    if part.strong:
        return _("Held back by %(brake)s. Strong: %(strength)s.") % told
    return _("Held back by %(brake)s. %(share)s") % (told | {"share": _weak_share(part)})


def _weak_share(part: DimensionPart) -> str:
    """How much of a dimension rests on answers below half of the points."""
    scored = [question for question in part.questions if question.score is not None]
    weak = sum(question.weight for question in scored if question.score < HALF)
    share = Fraction(weak, sum(question.weight for question in scored))
    if share == 1:
        return _("Every answer here is weak.")
    if share == Fraction(1, 2):
        return _("Half of this dimension rests on weak answers.")
    return _("%(share)s of this dimension rests on weak answers.") % {"share": percent(share)}


def brake(part: DimensionPart) -> str:
    """The answer that holds a dimension back most; empty where none is weak."""
    return _said(part.weak[0]) if part.weak else ""


def strength(part: DimensionPart) -> str:
    """The answer in which a dimension is strongest; empty where none is strong."""
    return _said(part.strong[0]) if part.strong else ""


def _said(question: QuestionPart) -> str:
    """An answer as a statement; with its question where it says nothing without it."""
    text = question.nearest or (listed(question.given.texts) if question.given else "")
    if question.is_statement or not text:
        return _("“%(text)s”") % {"text": text or question.text}
    return _("“%(question)s” (%(text)s)") % {"question": question.text, "text": text}


def reference(item: Reference) -> str:
    """An edition of the barometer and the level we read from it."""
    if item.level is None:
        return _("Barometer %(edition)s: no finding.") % {"edition": item.edition}
    return _("Barometer %(edition)s: level %(level)s, our editorial reading.") % {
        "edition": item.edition,
        "level": item.level,
    }


def plan(report: Report) -> str:
    """What the plan is, in one sentence."""
    if not report.plan:
        scored = [part for part in report.dimensions if part.is_scored]
        if scored and all(part.score == 100 for part in scored):
            return _("There is no next step to propose: every answer is at the top.")
        return _("There is no next step to propose yet: answer more questions first.")
    if report.result.plan_on_mean:
        return _(
            "Each gain is the effect of this one step on the mean of the dimensions that have a score, as there is no "
            "overall score yet."
        )
    return _("The weakest dimensions come first. Each gain is the effect of this one step alone on the overall score.")


def change(part: DimensionPart) -> str:
    """How a dimension changed since the round before."""
    return moved(part.before)


def change_since_first(part: DimensionPart) -> str:
    """How a dimension changed since the organisation's first round."""
    return moved(part.first)


def moved(change: DimensionChange | None) -> str:
    """A change of a dimension's score, with its sign; what it rests on where the questionnaire changed."""
    if change is None or change.change is None:
        return _("no comparison")
    moved_by = shown(change.after) - shown(change.before)  # of the whole scores that stand beside it
    text = f"+{moved_by}" if moved_by > 0 else str(moved_by).replace("-", "−")
    return shared(text, change.shared, by_level=change.by_level) if change.broken else text


def shared(change: str, count: int, *, by_level: bool) -> str:
    """A change with what it rests on, where two versions share only some questions: their points, or their levels."""
    told = {"change": change, "count": count}
    if by_level:
        return (
            ngettext(
                "%(change)s, by the level of the one question both versions share",
                "%(change)s, by the levels of the %(count)s questions both versions share",
                count,
            )
            % told
        )
    return (
        ngettext(
            "%(change)s, on the one question both versions share",
            "%(change)s, on the %(count)s questions both versions share",
            count,
        )
        % told
    )


def step(item: StepPart) -> str:
    """The score that a step would lead to."""
    return _("score %(score)s afterwards") % {"score": decimal(item.score_after, item.decimals)}
