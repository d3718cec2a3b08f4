"""The plan as it is carried out: next steps that somebody took on, actions of one's own, and what became of them."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.organisation import Organisation
from assessment.models.round import Round


class ActionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state__in=Action.OPEN)

    def free(self):
        """Those of somebody's own, without a step behind them."""
        return self.filter(question=None)

    def in_plan_order(self):
        """What is open first, the most urgent on top, what has no date last; then what is over, the newest first."""
        is_over = models.Case(models.When(state__in=Action.OPEN, then=0), default=1)
        return self.order_by(
            is_over, models.F("done_at").desc(nulls_last=True), models.F("due").asc(nulls_last=True), "pk"
        )


class Action(models.Model):
    """A next step that an organisation took on: to bring a question to a choice, both of a frozen questionnaire.

    A free one has only the title that somebody typed: it belongs to no round, and no question measures it. The title of
    another is empty while it is the step's own.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        STARTED = "started", _("under way")
        DONE = "done", _("done")
        DROPPED = "dropped", _("given up")

    OPEN = (State.PLANNED, State.STARTED)

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="actions", verbose_name=_("organisation")
    )
    made_in = models.ForeignKey(
        Round, models.CASCADE, related_name="actions", verbose_name=_("round"), null=True, blank=True
    )
    question = models.CharField(_("question"), max_length=64, null=True, blank=True)
    to = models.CharField(_("to be reached"), max_length=64, null=True, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True, default="", db_default="")
    who = models.CharField(_("who"), max_length=200, blank=True, default="")
    due = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.PLANNED)
    note = models.TextField(_("note"), max_length=2000, blank=True, default="")
    made_at = models.DateTimeField(_("made"))
    done_at = models.DateTimeField(_("done on"), null=True, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["made_in", "question", "to"], condition=models.Q(question__isnull=False), name="action_once"
            ),
            models.CheckConstraint(
                condition=models.Q(made_in__isnull=False, question__isnull=False, to__isnull=False)
                | models.Q(made_in=None, question=None, to=None) & ~models.Q(title=""),
                name="action_step_or_free",
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", done_at__isnull=False)
                | ~models.Q(state="done") & models.Q(done_at=None),
                name="action_done_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.title or self.question}"

    @property
    def is_free(self) -> bool:
        """Whether no step of a report is behind it."""
        return self.question is None

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def is_overdue(self, *, on: date) -> bool:
        """Whether it should have been done before that day."""
        return self.is_open and self.due is not None and self.due < on
