"""The sentences that say how a score is made and where it can be checked."""

from django.utils.translation import gettext as _

from assessment.report.parts import DimensionPart, Report


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
    if report.levels_only and report.shows_answers and report.shows_views:
        return _(
            "Questionnaire version %(version)s. Level and score can be checked from the dimensions in the result as data "
            "(JSON), which holds no scores of questions; the rules are on the page Methodology."
        ) % {"version": report.version}
    if not (report.shows_answers and report.shows_views):
        return _("Questionnaire version %(version)s. The rules of the score are on the page Methodology.") % {
            "version": report.version
        }
    return _(
        "Questionnaire version %(version)s. Every number can be checked by hand from the result as data (JSON); the rules "
        "are on the page Methodology."
    ) % {"version": report.version}
