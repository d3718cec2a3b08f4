"""The page of one dimension: its questions, and the saving of each answer as it is given or of all of them by the button."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessment import access
from assessment.content.structure import DimensionContent, QuestionContent
from assessment.forms.answers import STATEMENT, AnswersForm, Errors, changed_from_review, shown
from assessment.forms.conflicts import Conflict, answer_conflict, statement_conflict
from assessment.models import Response
from assessment.models.answer import SavedAnswer
from assessment.results.reporting import given_earlier
from assessment.rounds.part_result import PartResult, part_result
from assessment.rounds.progress import Progress, progress
from assessment.rounds.saving import Saved, save_answers
from assessment.rounds.starting import set_not_applicable
from assessment.views.respond import overview
from assessment.views.secret import or_404, secret_page
from assessment.wording.moments import in_utc, moment_and_zone
from assessment.wording.numbers import counted, listed


@dataclass(frozen=True, slots=True)
class Row:
    """One question as the page shows it: what is chosen, what was wrong, and what came too late for it."""

    content: QuestionContent
    number: int
    chosen: tuple[str, ...]
    note: str
    evidence: str
    revision: int
    errors: Errors
    conflict: Conflict | None = None
    before: str = ""  # what the same person said in an earlier round

    @property
    def is_plain(self) -> bool:
        """Whether it holds nothing that somebody typed or of this moment: whoever chose the same sees the same."""
        return not (self.note or self.evidence or self.errors or self.conflict or self.before)


@dataclass
class Page:
    """The page of a dimension after whatever was sent to it."""

    key: str
    response: Response
    content: DimensionContent
    answers: Mapping[str, SavedAnswer]
    form: AnswersForm | None = None
    outcome: Mapping[str, Saved] = field(default_factory=dict)
    statement_conflict: Conflict | None = None
    before: Mapping[str, str] = field(default_factory=dict)  # their answers of last time, in words, by question
    changes: str | None = None  # the question that they came to change from the review

    @cached_property
    def progress(self) -> Progress:
        return progress(self.response, self.answers)

    @property
    def conflicts(self) -> dict[str, Conflict]:
        """What came too late, by question, the dimension's own statement first."""
        late = {STATEMENT: self.statement_conflict} if self.statement_conflict else {}
        questions = self.response.outline.questions
        for change in self.form.changes if self.form else ():
            saved = self.outcome[change.question]
            if saved.conflict:
                late[change.question] = answer_conflict(questions[change.question], change, saved.answer)
        for change in self.form.late if self.form else ():
            stands = self.answers.get(change.question)
            if change.question not in late and stands and change.content != stands.content:
                late[change.question] = answer_conflict(questions[change.question], change, stands)
        return late

    @property
    def status(self) -> int:
        if self.form and self.form.errors:
            return 422
        return 409 if self.conflicts else 200

    @property
    def neighbours(self) -> tuple[str | None, str]:
        """The address of the dimension before this one, if any, and of what comes after it."""
        if self.changes:
            review = f"{reverse('review', args=[self.key])}#answer-{self.changes}"
            return review, review
        keys = list(self.response.outline.dimensions)
        place = keys.index(self.content.key)
        before = reverse("dimension", args=[self.key, keys[place - 1]]) if place else None
        if place + 1 == len(keys):
            return before, reverse("review", args=[self.key])
        return before, reverse("dimension", args=[self.key, keys[place + 1]])

    @property
    def finished(self) -> PartResult | None:
        """What the dimension before this one came to, for whoever goes on from it."""
        keys = list(self.response.outline.dimensions)
        place = keys.index(self.content.key)
        if not place or self.changes:
            return None
        return part_result(self.response, self.answers, self.progress, keys[place - 1])

    def rows(self) -> list[Row]:
        late = self.conflicts
        questions = enumerate(self.content.questions, start=self.progress.part(self.content.key).first)
        return [self._row(number, question, late.get(question.key)) for number, question in questions]

    def _row(self, number: int, question: QuestionContent, conflict: Conflict | None) -> Row:
        answer = self.answers.get(question.key)
        errors = self.form.errors_of(question.key) if self.form else Errors()
        chosen, note, evidence = shown(answer)
        if errors:  # show what was sent, so that nothing has to be typed again
            if question.key in self.form.data or f"{question.key}.revision" in self.form.data:
                chosen = tuple(self.form.data.getlist(question.key))
            note = self.form.data.get(f"{question.key}.note", note)
            evidence = self.form.data.get(f"{question.key}.evidence", evidence)
        revision = answer.revision if answer else 0
        asked = (
            next((change for change in self.form.changes if change.question == question.key), None) if errors else None
        )
        if (
            asked and answer and asked.content != answer.content
        ):  # what stands is not shown, so the page is not based on it
            revision = revision if asked.revision is None else asked.revision
        before = self.before.get(question.key, "")
        return Row(question, number, chosen, note, evidence, revision, errors, conflict, before)

    def context(self) -> dict:
        before, after = self.neighbours
        part, rows = self.progress.part(self.content.key), self.rows()
        return {
            "key": self.key,
            "response": self.response,
            "dimension": self.content,
            "rows": rows,
            "untouched": not self.changes and all(row.is_plain and not row.revision for row in rows),
            "progress": self.progress,
            "part": part,
            "questions": self.progress.total + (part.total if part.excluded else 0),
            "finished": self.finished,
            "changes": self.changes,
            "excluded": self.content.key in self.response.round.excluded,
            "asks_statement": asks_statement(self.response, self.content),
            "form": self.form,
            "conflicts": self.conflicts,
            "statement_conflict": self.statement_conflict,
            "before": before,
            "after": after,
        }

    def as_json(self, at: datetime) -> dict:
        """What the script of the page needs to know of a save."""
        parts = {part.content.key: part for part in self.progress.dimensions}
        questions = {key: _question_json(saved.answer) for key, saved in self.outcome.items()}
        if self.form.statement is not None:
            made = ["yes"] if self.content.key in self.response.round.excluded else []
            questions[STATEMENT] = {"revision": self.response.round.statement_revision, "chosen": made}
        is_saved = self.status == 200
        return {
            "saved": is_saved,
            "saved_at": in_utc(at) if is_saved else "",
            "message": _("Saved %(time)s") % {"time": moment_and_zone(at, "time")} if is_saved else "",
            "questions": questions,
            "lost": {key: conflict.message for key, conflict in self.conflicts.items()},
            "replace": {key: conflict.replace for key, conflict in self.conflicts.items()},
            "errors": self.form.errors,
            # Of two answers that cross on their way the one that knows more is shown.
            "version": sum(answer.revision for answer in self.answers.values())
            + self.response.round.statement_revision,
            "progress": {
                key: {
                    "answered": part.answered,
                    "total": part.total,
                    "percent": part.percent,
                    "done": part.is_done,
                    "count": counted(part),
                }
                for key, part in parts.items()
            },
            "whole": {
                "percent": self.progress.percent,
                "count": _("%(answered)s of %(total)s")
                % {"answered": self.progress.answered, "total": self.progress.total},
            },
            "excluded": self.content.key in self.response.round.excluded,
        }


def earlier_answers(response: Response) -> dict[str, str]:
    """What the same person said in an earlier round, in words, by question; two queries when there is one, else none."""
    if response.earlier_id is None:
        return {}
    return {key: listed(given.texts) for key, given in given_earlier(response.earlier_id).items() if given.texts}


def _question_json(answer: SavedAnswer) -> dict:
    chosen, note, evidence = shown(answer)
    return {"revision": answer.revision, "chosen": chosen, "note": note, "evidence": evidence}


def asks_statement(response: Response, content: DimensionContent) -> bool:
    """A dimension's own statement holds for the round, so only whoever opened it is asked, and its owners."""
    return (response.opens_round or response.by_owner) and content.not_applicable is not None


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def dimension(request: HttpRequest, key: str, dimension: str) -> HttpResponse:
    """One dimension's questions: shown, and saved one by one or all together."""
    if request.method == "POST":
        return _save(request, key, dimension)
    response = or_404(access.response(key))
    content = or_404(response.outline.dimensions.get(dimension))
    if not response.can_be_answered:
        return redirect("respond", key)
    page = Page(
        key,
        response,
        content,
        response.saved_answers(),
        before=earlier_answers(response),
        changes=changed_from_review(request.GET, content),
    )
    return render(request, "assessment/dimension.html", page.context())


def _save(request: HttpRequest, key: str, dimension: str) -> HttpResponse:
    with transaction.atomic():
        response = access.draft(key)
        if response is None:
            return _already_submitted(request, key)
        page = _store(request, key, response, or_404(response.outline.dimensions.get(dimension)))
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(page.as_json(timezone.now()), status=page.status)
    if page.status != 200 or page.form.stays:
        return render(request, "assessment/dimension.html", page.context(), status=page.status)
    # The script of the next page forgets what the browser kept of this one.
    onward = page.neighbours[1]
    return redirect(f"{onward.partition('#')[0]}#taken-{dimension}" if page.form.is_kept else onward)


def _store(request: HttpRequest, key: str, response: Response, content: DimensionContent) -> Page:
    """Save what is right of what was sent; four queries at most, with the one that locked the response."""
    answers = response.saved_answers()
    form = AnswersForm(request.POST, content, asks_statement=asks_statement(response, content), stored=answers)
    outcome = save_answers(response, form.changes, answers, at=timezone.now())
    answers |= {name: saved.answer for name, saved in outcome.items() if saved.answer.revision}
    page = Page(key, response, content, answers, form, outcome, changes=changed_from_review(request.GET, content))
    is_own = form.stated_before == (content.key in response.round.excluded)
    revision = None if is_own else form.statement_revision
    if form.statement is not None and not set_not_applicable(response, content.key, form.statement, revision=revision):
        page.statement_conflict = statement_conflict(form.statement, response.round)
    return page


def _already_submitted(request: HttpRequest, key: str) -> HttpResponse:
    """Somebody saves in an old tab after submitting: nothing is changed, and they are told how to change it."""
    response = or_404(access.response(key))
    if response.is_correction:
        message = _("This correction cannot be submitted any more, so this answer was not changed.")
    elif response.can_be_corrected:
        message = _("This questionnaire was submitted, so this answer was not changed. You can correct your answers.")
    else:
        message = _("This round is closed or published, so this answer was not changed.")
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(
            {"submitted": True, "message": message, "address": reverse("respond", args=[key])}, status=409
        )
    return render(request, "assessment/respond.html", overview(request, key, response) | {"late": message}, status=409)
