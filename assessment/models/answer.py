"""Answers: what a response says to one question, as its row keeps it and as everything else takes it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.utils.translation import gettext_lazy as _

from assessment import scoring
from assessment.models.prepared import Prepared
from assessment.models.questionnaire import Question
from assessment.models.secret import random_id

_STORE = """
    INSERT INTO assessment_answer
    (id, response_id, question_id, state, choices, note, evidence, revision, saved_at) VALUES {rows}
    ON CONFLICT (response_id, question_id) DO UPDATE SET
    state = EXCLUDED.state, choices = EXCLUDED.choices, note = EXCLUDED.note, evidence = EXCLUDED.evidence,
    revision = EXCLUDED.revision, saved_at = EXCLUDED.saved_at
""".strip()


class AnswerQuerySet(models.QuerySet):
    def store(self, response: int, answers: Mapping[int, "SavedAnswer"], *, at: datetime) -> None:
        """Store at least one answer of a response, by the number of its question, in place of what it said there; one query.

        By hand, as `bulk_create` takes several times as long as the database, and this is what people wait for most.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        moment, values = connection.ops.adapt_datetimefield_value(at), []
        for question, said in answers.items():
            chosen = connection.ops.adapt_json_value(list(said.choices), None)
            values += [random_id(), response, question, str(said.state), chosen]
            values += [said.note, said.evidence, said.revision, moment]
        rows = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s, %s)"] * len(answers))
        with connection.cursor() as cursor:
            cursor.execute(_STORE.format(rows=rows), values)


class Answer(models.Model):
    """The row of an answer. `choices` are keys of choices of a frozen questionnaire, which cannot vanish."""

    class State(models.TextChoices):
        EMPTY = "empty", _("no answer")  # cleared, or only a note so far
        ANSWERED = "answered", _("answered")
        NOT_APPLICABLE = "not-applicable", _("not applicable")
        UNKNOWN = "unknown", _("don’t know")

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    response = models.ForeignKey("Response", models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=14, choices=State)
    choices = models.JSONField(_("choices"), default=list)
    note = models.TextField(_("note"), max_length=2000, blank=True, default="")
    evidence = models.CharField(_("evidence"), max_length=2000, blank=True, default="")  # as `text.links` stores it
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(_("saved"))

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.question_id}"

    @property
    def saved(self) -> "SavedAnswer":
        return SavedAnswer(self.state, self.choices, self.note, self.evidence, self.revision)


class SavedAnswer(NamedTuple):
    """What a response says to one question; `revision` counts its changes, 0 before the first."""

    state: str
    choices: Sequence[str] = ()  # keys
    note: str = ""
    evidence: str = ""
    revision: int = 0

    @property
    def content(self) -> tuple:
        return self.state, list(self.choices), self.note, self.evidence

    @property
    def value(self) -> scoring.Answer | None:
        if self.state == Answer.State.EMPTY:
            return None
        return scoring.Answer(scoring.AnswerState(self.state), tuple(self.choices))


NO_ANSWER = SavedAnswer(Answer.State.EMPTY.value)  # what stands where nothing was said


_rows_of = Prepared(
    lambda response: Answer.objects.filter(response=response).values_list("question", *SavedAnswer._fields)
)


def answers_of(response: int) -> dict[int, SavedAnswer]:
    """The answers of a response by the number of their question; one query."""
    return {question: SavedAnswer(*said) for question, *said in _rows_of(response)}
