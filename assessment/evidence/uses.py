"""Where a study, a finding or a figure is used: what would lose its source if it were gone."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model
from django.utils.translation import gettext as _

from assessment.models.evidence import Figure, Finding, Study
from assessment.models.questionnaire import Question


@dataclass(frozen=True)
class Place:
    """One place: what it is, in words, and the row whose page shows it."""

    text: str
    row: Model


def places(row: Model) -> list[Place]:
    """Every place, the questions with their versions first; at most four queries, however many there are."""
    if isinstance(row, Finding):
        found = [*_questions_behind(row), *_findings(row.linked_criteria.all())]
        return [*found, *_figures(row.figures.all()), *_levels(row.reference_levels.all())]
    if isinstance(row, Figure):
        choices = row.choices.select_related("question__dimension__questionnaire").order_by("question", "position")
        return [_question(choice.question, choice=choice.text) for choice in choices]
    if isinstance(row, Study):
        return [*_findings(row.findings.all()), *_levels(row.levels_of_edition())]
    return []


def _questions_behind(row: Finding) -> list[Place]:
    links = row.question_findings.select_related("question__dimension__questionnaire")
    order = "-question__dimension__questionnaire__version", "question__dimension__position", "question__position"
    return [_question(link.question) for link in links.order_by("question__dimension__questionnaire__key", *order)]


def _question(question: Question, *, choice: str = "") -> Place:
    version = question.dimension.questionnaire
    values = {
        "choice": choice,
        "text": question.text,
        "key": version.key,
        "version": version.version,
        "state": version.get_status_display(),
    }
    if choice:
        text = _("choice “%(choice)s” of question “%(text)s” (%(key)s, version %(version)s, %(state)s)")
    else:
        text = _("question “%(text)s” (%(key)s, version %(version)s, %(state)s)")
    return Place(text % values, question)


def _findings(rows: Iterable[Model]) -> list[Place]:
    return [Place(_("finding %(text)s") % {"text": row}, row) for row in rows]


def _figures(rows: Iterable[Model]) -> list[Place]:
    return [Place(_("published figure %(text)s") % {"text": row}, row) for row in rows]


def _levels(rows: Iterable[Model]) -> list[Place]:
    return [Place(_("reference level %(text)s") % {"text": row}, row) for row in rows]
