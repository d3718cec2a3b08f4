"""The sentences about what the steps of a plan do together: to score and level, to the gaps and the other points."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessment.report.barometer import Standing
from assessment.report.effect import CriterionMove, PlanEffect
from assessment.report.parts import Report
from assessment.scoring.levels import shown
from assessment.wording.barometer import MOST_NAMED, standing
from assessment.wording.numbers import listed, rounded, whole

ALL = {
    1: gettext_lazy("This one step"),
    2: gettext_lazy("Both steps"),
    3: gettext_lazy("All three steps"),
    4: gettext_lazy("All four steps"),
    5: gettext_lazy("All five steps"),
}
FIRST = {
    1: gettext_lazy("The first step alone suffices for level %(level)s."),
    2: gettext_lazy("The first two steps suffice for level %(level)s."),
    3: gettext_lazy("The first three steps suffice for level %(level)s."),
    4: gettext_lazy("The first four steps suffice for level %(level)s."),
}


def effect(report: Report) -> str:
    """What all steps do to score and level, and whether fewer suffice; empty without a plan or an overall score."""
    return " ".join(filter(None, [together(report), enough(report), _rounding(report)]))


def _rounding(report: Report) -> str:
    """That gains in whole points are rounded, where they do not make the differences told; empty where they do."""
    found = report.effect
    if not together(report) or any(step.decimals for step in report.plan):
        return ""
    before, after = shown(found.before.score), shown(found.after.score)
    told = [(step.gain, shown(step.score_after)) for step in report.plan]
    alone = all(before + rounded(gain, 0) == then for gain, then in told)
    if alone and before + sum(rounded(gain, 0) for gain, _then in told) == after:
        return ""
    return _("Gains and scores are rounded each for itself: they need not add up exactly.")


def together(report: Report) -> str:
    """What all steps do to score and level; empty without a plan or an overall score."""
    found = report.effect
    if found is None or found.after.score is None or found.before.score is None:
        return ""
    told = {"steps": ALL[found.steps], "was": whole(found.before.score), "would": whole(found.after.score)}
    if shown(found.before.score) == shown(found.after.score):
        moved = _("%(steps)s: less than one point, still %(would)s") % told
    else:
        moved = _("%(steps)s: %(was)s to %(would)s") % told
    return f"{moved}{_level(found)}"


def _level(found: PlanEffect) -> str:
    """What becomes of the level, to the end of the sentence; of one that is not stated nothing is said."""
    before, after = found.before, found.after
    if before.level is None or after.level is None:
        return "."
    told = {"was": before.level, "would": after.level, "next": after.next_level, "begins": after.begins_at}
    if after.level != before.level and after.is_held:
        held = ngettext(
            ", and level %(was)s to %(would)s, held there by %(titles)s.",
            ", and level %(was)s to %(would)s, held there by %(titles)s.",
            len(after.held_by),
        )
        return held % (told | {"titles": listed(after.held_by)})
    if after.level != before.level:
        return _(", and level %(was)s to %(would)s.") % told
    if after.is_held:
        held = ngettext(
            ", still level %(would)s, held by %(titles)s.",
            ", still level %(would)s, held by %(titles)s.",
            len(after.held_by),
        )
        return held % (told | {"titles": listed(after.held_by)})
    if after.begins_at is None:
        return _(", still level %(would)s.") % told
    return _(", still level %(would)s; level %(next)s begins at %(begins)s.") % told


def enough(report: Report) -> str:
    """That the first steps suffice for another level; empty where it takes all of them, or all do not suffice."""
    found = report.effect
    if found is None or found.enough is None or found.enough == found.steps:
        return ""
    return str(FIRST[found.enough]) % {"level": found.enough_level}


def effect_gaps(report: Report) -> str:
    """How many gaps of the barometer are closed after all steps and today; empty where that is the same."""
    found = report.effect
    if found is None or found.gaps_before is None or found.gaps_after.closed == found.gaps_before.closed:
        return ""
    before, after = found.gaps_before, found.gaps_after
    return _("%(after)s of %(count)s gaps closed instead of %(before)s.") % {
        "before": before.closed,
        "after": after.closed,
        "count": before.applicable,
    }


def effect_moves(report: Report) -> list[str]:
    """Each point of the barometer that the steps move, gaps first: "Training in content: from still open to partly closed"."""
    return list(dict.fromkeys(map(_move, report.effect.moves))) if report.effect else []


def first_moves(report: Report) -> list[str]:
    """At most four of these moves; of more the first three, and how many others there are."""
    moves = effect_moves(report)
    if len(moves) <= MOST_NAMED:
        return moves
    more = len(moves) - MOST_NAMED + 1
    return [*moves[: MOST_NAMED - 1], _("and %(count)s more") % {"count": more}]


def _move(move: CriterionMove) -> str:
    return _("%(title)s: from %(before)s to %(after)s") % {
        "title": move.part.criterion.title,
        "before": _small(move, move.part.standing),
        "after": _small(move, move.after),
    }


def _small(move: CriterionMove, at: Standing) -> str:
    told = standing(at, is_gap=move.part.is_gap)
    return told[:1].lower() + told[1:]
