"""The sentences about a result of several people: what it rests on and where they see things differently."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment import scoring
from assessment.report.parts import Joint, Report, RoleView, Voice
from assessment.report.question import QuestionPart
from assessment.scoring.answers import PRIVACY_FLOOR
from assessment.wording.numbers import role as role_name
from assessment.wording.numbers import whole


def basis(joint: Joint) -> str:
    """What a joint report rests on, and how the round was held."""
    told = ngettext(
        "This joint report rests on the answers of %(count)s person.",
        "This joint report rests on the answers of %(count)s people.",
        joint.responses,
    ) % {"count": joint.responses}
    if joint.mode == scoring.Mode.OPEN:
        return told + " " + _("The round was open: answers may be shown by role.")
    invited = ngettext("%(count)s person was invited.", "%(count)s people were invited.", joint.invited or 0) % {
        "count": joint.invited or 0
    }
    if joint.responses > (joint.invited or 0):
        before = joint.smallest_group < PRIVACY_FLOOR  # a round of then: its report stays as it was
        uninvited = _("The people of the organisation can answer without being invited.")
        invited += " " + (uninvited if before else _("Owners answer without being invited."))
    rule = _("The round was confidential: no figure rests on fewer than %(floor)s answers, owners’ own not counted.")
    return " ".join([told, invited, rule % {"floor": joint.smallest_group}])


def prepared(report: Report) -> str:
    """From whose answers a report was prepared."""
    if report.joint:
        return basis(report.joint)
    if report.subject.voice == Voice.YOURS:
        return _("Prepared from your answers.")
    if report.subject.role:
        return _("Prepared from the answers of one person (%(role)s).") % {"role": role_name(report.subject.role)}
    return _("Prepared from the answers of one person.")


def levels(report: Report) -> str:
    """That of a question only the level is shown, and why; empty where its points are."""
    if not report.levels_only:
        return ""
    return _(
        "Of each question you see the statement that comes nearest to all answers, and no number: with exact numbers, "
        "somebody who knows some of the answers could work out the others."
    )


def views(report: Report) -> str:
    """Whether people see things differently, in one sentence."""
    if not report.differing:
        return _("On no question do people’s answers lie far apart.")
    return ngettext(
        "On %(count)s question people’s answers lie far apart. It is worth a conversation before you act on its score.",
        "On %(count)s questions people’s answers lie far apart. They are worth a conversation before you act on their scores.",
        len(report.differing),
    ) % {"count": len(report.differing)}


def spread(part: QuestionPart) -> str:
    """The two ends of what was chosen; empty where they may not be shown."""
    if part.lowest is None or part.highest is None or not part.views_differ:
        return ""
    return _("From “%(lowest)s” to “%(highest)s”") % {"lowest": part.lowest, "highest": part.highest}


def roles_lead(report: Report) -> str:
    """What is told of each role."""
    if report.levels_only:
        return _("The statement nearest to the answers of each role, on the questions where roles lie farthest apart:")
    return _("The mean points of each role, on the questions where roles lie farthest apart:")


def role_view(view: RoleView) -> str:
    """How a role group sees a question: its mean in whole points, or the statement nearest to it; "–" where it is hidden."""
    return whole(view.mean) if view.nearest is None else _("“%(text)s”") % {"text": view.nearest}
