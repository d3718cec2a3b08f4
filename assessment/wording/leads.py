"""The sentence each part of a report opens with: what matters there for this organisation, by rules on its values.

And those that say how a score is made, and where it can be checked.
"""

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from assessment import scoring
from assessment.report import place
from assessment.report.parts import DimensionPart, Earlier, Report, Voice
from assessment.scoring.comparison import DimensionChange
from assessment.scoring.levels import shown
from assessment.wording.effect import effect
from assessment.wording.moments import day
from assessment.wording.numbers import in_words, listed, percent, whole
from assessment.wording.trend import difference, people

CLOSE = 10  # points: dimensions no farther apart than this stand close together
SHARED_LEVEL = 3  # from this level on practices are shared in the organisation (see the questionnaire's levels)


def profile_lead(report: Report) -> str:
    """How far the dimensions lie apart, and how their levels compare with the newest edition of the barometer."""
    scored = [part for part in report.dimensions if part.is_scored]
    if not scored:
        return _("No dimension has enough answers for a score yet.")
    return f"{_apart(scored)} {beside(report)}".strip()


def _apart(scored: Sequence[DimensionPart]) -> str:
    """The strongest and the weakest, all of them where several stand alike."""
    strongest, weakest = place.ends(scored)
    most, least = max(part.score for part in scored), min(part.score for part in scored)
    values = {"strong": _titles(strongest), "most": whole(most), "weak": _titles(weakest), "least": whole(least)}
    if strongest == weakest:
        return _("All your dimensions with a score stand at %(most)s.") % values
    if most - least <= CLOSE:
        return _("Your dimensions stand close together, from %(least)s (%(weak)s) to %(most)s (%(strong)s).") % values
    return _("You are strongest in %(strong)s (%(most)s) and weakest in %(weak)s (%(least)s).") % values


def beside(report: Report) -> str:
    """The dimensions above, at and below the level we read from the newest edition that says something of any of them."""
    for edition in reversed(report.editions):
        levels = [
            (part, item.level) for part in report.dimensions for item in part.references if item.edition == edition
        ]
        known = [(part, part.level.number - level) for part, level in levels if level and part.level]
        if known:
            said = [
                _("ahead in %(titles)s") % {"titles": _titles(part for part, ahead in known if ahead > 0)},
                _("at the same level in %(titles)s") % {"titles": _titles(part for part, ahead in known if ahead == 0)},
                _("behind in %(titles)s") % {"titles": _titles(part for part, ahead in known if ahead < 0)},
            ]
            there = [any(ahead > 0 for _p, ahead in known), any(not ahead for _p, ahead in known)]
            there.append(any(ahead < 0 for _p, ahead in known))
            told = pgettext("between comparisons", "; ").join(
                text for text, is_there in zip(said, there, strict=True) if is_there
            )
            return _("Compared with our reading of the %(edition)s barometer, you are %(told)s.") % {
                "edition": edition,
                "told": told,
            }
    return ""


def _titles(parts) -> str:
    return listed(part.title for part in parts)


def plan_lead(report: Report) -> str:
    """Where the steps lie, how much effort they take, why in this order, and what all together do to score and level."""
    if not report.plan:
        return ""
    where = list(dict.fromkeys(str(item.dimension) for item in report.plan))
    small, steps = sum(item.effort == "S" for item in report.plan), len(report.plan)
    told = {"titles": listed(where), "steps": in_words(steps), "small": in_words(small)}
    if small == steps:
        start = ngettext(
            "%(titles)s: one low-effort step.",
            "%(titles)s: %(steps)s low-effort steps.",
            steps,
        )
    elif small:
        start = ngettext(
            "%(titles)s: %(steps)s steps, %(small)s of which takes little effort.",
            "%(titles)s: %(steps)s steps, %(small)s of which take little effort.",
            small,
        )
    else:
        start = ngettext("%(titles)s: one step.", "%(titles)s: %(steps)s steps.", steps)
    order = _("The weakest dimensions come first and, in each, what the rest builds on.") if steps > 1 else ""
    return " ".join(filter(None, [start % told, order, effect(report)]))


def dimensions_lead(report: Report) -> str:
    """How many dimensions rest on shared practices, and which are to be built up."""
    scored = [part for part in report.dimensions if part.is_scored]
    if not scored:
        return ""
    built = [part for part in scored if part.level.number >= SHARED_LEVEL]
    rest = [part for part in scored if part.level.number < SHARED_LEVEL]
    too_few = sum(part.state == scoring.DimensionState.NOT_ENOUGH for part in report.dimensions)
    if not rest:
        every = _("Every dimension reaches level %(level)s.")
        if too_few:
            every = ngettext(
                "The one dimension with a score is at level %(level)s.",
                "Every dimension with a score reaches level %(level)s.",
                len(scored),
            )
        return every % {"level": min(part.level.number for part in built)}
    values = {"built": len(built), "count": len(scored) + too_few, "titles": _titles(rest)}
    if not built:
        return _(
            "No dimension has reached level 3 yet, from which on practices are shared in part of the organisation."
        )
    return (
        ngettext(
            "%(built)s of %(count)s dimensions reaches level 3. To build up: %(titles)s.",
            "%(built)s of %(count)s dimensions reach level 3. To build up: %(titles)s.",
            len(built),
        )
        % values
    )


def before_lead(report: Report) -> str:
    """What moved since the round before."""
    earlier = report.before
    if earlier is None:
        return ""
    told = {"number": earlier.round_number, "date": day(earlier.made_at)}
    moves = [change for change in earlier.changes if change.change is not None]
    if not moves:
        return _("Round %(number)s (%(date)s) has no dimension that can be compared with this one.") % told
    return " ".join(filter(None, [_whole(report, told), _moves(report, moves), answered_by(report), restated(report)]))


def before_title(report: Report) -> str:
    """The heading of what is new: how the whole changed, where that can be said."""
    earlier, score = report.before, report.result.score
    if earlier is None or score is None or earlier.result.score is None or not earlier.whole_comparable:
        return _("Since the last round")
    moved = shown(score) - shown(earlier.result.score)
    if not moved:
        return _("Since the last round: the same score")
    if moved > 0:
        text = ngettext(
            "Since the last round: %(count)s point more", "Since the last round: %(count)s points more", moved
        )
    else:
        text = ngettext(
            "Since the last round: %(count)s point less", "Since the last round: %(count)s points less", -moved
        )
    return text % {"count": abs(moved)}


def whole_change(report: Report) -> str:
    """How the whole changed since the round before, with its sign; or that there is no comparison."""
    return _whole_change(report, report.before)


def whole_change_since_first(report: Report) -> str:
    """How the whole changed since the organisation's first round."""
    return _whole_change(report, report.first)


def _whole_change(report: Report, earlier: Earlier | None) -> str:
    if earlier is None:
        return ""
    was, now = earlier.result.score, report.result.score
    if was is None or now is None or not earlier.whole_comparable:
        return _("no comparison")
    return difference(Fraction(shown(now) - shown(was)))  # of the whole scores that stand beside it


def answered_by(report: Report) -> str:
    """That other people may have answered in the round before; empty where both are of one person for the organisation."""
    earlier = report.before
    if earlier is None:
        return ""
    subject = report.subject
    if subject.voice != Voice.ORGANISATION:
        return ngettext(
            "Here one person’s answers stand beside those of %(count)s person in round %(number)s: part of a change can "
            "come from that.",
            "Here one person’s answers stand beside those of %(count)s people in round %(number)s: part of a change can "
            "come from that.",
            earlier.responses,
        ) % {"count": earlier.responses, "number": earlier.round_number}
    mode, responses = (report.joint.mode, report.joint.responses) if report.joint else (scoring.Mode.SOLO, 1)
    return people((earlier.round_number, earlier.mode, earlier.responses), (subject.round_number, mode, responses))


def restated(report: Report) -> str:
    """Why scores of the round before differ from those shown then; empty where none does."""
    earlier = report.before
    if earlier is None:
        return ""
    then = {part.key: part.score for part in earlier.result.dimensions}
    titles = {part.key: part.title for part in report.dimensions}
    told = [
        _("%(title)s %(now)s (then %(was)s)")
        % {"title": titles[change.key], "now": whole(change.before), "was": whole(then[change.key])}
        for change in earlier.changes
        if change.broken and change.before is not None and then.get(change.key) is not None
        if shown(change.before) != shown(then[change.key])
    ]
    if not told:
        return ""
    return _(
        "Where the questionnaire changed, scores are compared on the questions that both versions share, so the earlier "
        "ones differ from those shown then: %(scores)s."
    ) % {"scores": listed(told)}


def _whole(report: Report, told: dict) -> str:
    was, now = report.before.result.score, report.result.score
    if was is None or now is None:
        return _("Since round %(number)s (%(date)s) there is no change of the overall score to state.") % told
    if not report.before.whole_comparable:
        return (
            _("Since round %(number)s (%(date)s) the questionnaire changed, so that no change of the whole is stated.")
            % told
        )
    told = told | {"was": whole(was), "now": whole(now)}
    if shown(was) == shown(now):
        return _("The score stands at %(now)s as in round %(number)s (%(date)s).") % told
    if now > was:
        return _("The score rose from %(was)s to %(now)s since round %(number)s (%(date)s).") % told
    return _("The score fell from %(was)s to %(now)s since round %(number)s (%(date)s).") % told


def _moves(report: Report, moves: Sequence[DimensionChange]) -> str:
    titles = {part.key: part.title for part in report.dimensions}
    most, least = max(moves, key=lambda move: move.change), min(moves, key=lambda move: move.change)
    told = []
    if most.change > 0:
        told.append(_("Risen most: %(title)s.") % {"title": titles[most.key]})
    if least.change < 0:
        told.append(_("Fallen most: %(title)s.") % {"title": titles[least.key]})
    return " ".join(told) or _("No dimension moved.")


def consistency_lead(report: Report) -> str:
    """How many answers contradict each other, and that this is a talking point."""
    return ngettext(
        "%(count)s pair of answers contradicts itself: talk about it. This changes no score.",
        "%(count)s pairs of answers contradict each other: talk about them. This changes no score.",
        len(report.contradictions),
    ) % {"count": len(report.contradictions)}


def method() -> list[str]:
    """How a score is made, in three sentences."""
    return [
        _("A question’s score is the points of the statement chosen, from 0 to 100."),
        _(
            "A dimension’s score is the mean of its questions by their weight, and the overall score is the mean of the "
            "dimensions by theirs; what does not apply is left out, and what nobody could answer widens the range."
        ),
        _("The level is read off the score, and the weakest dimensions hold it back."),
    ]


def covered(part: DimensionPart) -> str:
    """How much of a dimension is answered; empty where nothing of it applies."""
    if part.coverage is None:
        return ""
    if part.coverage == 1:
        return _("Every question is answered")
    return _("%(share)s of the weight has an answer") % {"share": percent(part.coverage)}


def asked(part: DimensionPart) -> str:
    """What the table of a dimension's questions holds."""
    told = {"title": part.title}
    if part.levels_only:
        return _("Questions of %(title)s with answer, level and weight") % told
    return _("Questions of %(title)s with answer, points and weight") % told


def formula(part: DimensionPart) -> str:
    """How the questions of a dimension make its score."""
    if part.levels_only:
        return _(
            "The score is made of the means of all answers by weight. Of each question only the level is shown, so the score "
            "cannot be worked out from this table."
        )
    return _("Score = sum of points × weight, divided by the sum of the weights of the questions that have points.")


def checking(report: Report) -> str:
    """By which questionnaire the report was made, and where every number can be checked."""
    version = _("Questionnaire version %(version)s.") % {"version": report.version}
    if not report.has_data:
        told = _("The rules of the score are on the Methodology page.")
    elif report.levels_only:
        told = _(
            "Level and score can be checked from the dimensions in the result as data (JSON), which holds no scores of "
            "questions; the rules are on the Methodology page."
        )
    else:
        told = _(
            "Every number can be checked by hand from the result as data (JSON); the rules are on the Methodology page."
        )
    return f"{version} {told}"
