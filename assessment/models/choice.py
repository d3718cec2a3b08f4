"""What hangs on a question: its choices with their steps, what it needs and goes back to, and the rules between questions."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.content.rules import LONGEST_FIRST_MOVE, LONGEST_TITLE
from assessment.models.frozen import Frozen
from assessment.models.questionnaire import Question, Questionnaire, key_field
from assessment.models.texts import written


def points_field(name, **kwargs) -> models.DecimalField:
    limits = [MinValueValidator(0), MaxValueValidator(100)]
    return models.DecimalField(name, max_digits=6, decimal_places=3, validators=limits, **kwargs)


class Choice(Frozen):
    """An observable statement that answers a question, worth points in a scored dimension; with the step that leads there."""

    class Effort(models.TextChoices):
        SMALL = "S", _("small")
        MEDIUM = "M", _("medium")
        LARGE = "L", _("large")

    path = "question__dimension__questionnaire"
    question = models.ForeignKey(Question, models.CASCADE, related_name="choices", verbose_name=_("question"))
    position = models.PositiveSmallIntegerField(_("position"))
    key = key_field()
    text = models.CharField(_("statement"), max_length=500)
    points = points_field(_("points"), null=True, blank=True)
    exclusive = models.BooleanField(_("excludes the others"), default=False)
    figure = models.ForeignKey(
        "Figure", models.PROTECT, null=True, blank=True, verbose_name=_("published figure"), related_name="choices"
    )
    step_title = models.CharField(_("title of the step"), max_length=LONGEST_TITLE, blank=True, null=True)
    first_move = models.TextField(_("first move"), max_length=LONGEST_FIRST_MOVE, blank=True, null=True)
    effort = models.CharField(_("effort"), max_length=1, choices=Effort, blank=True, default="")
    owner = models.CharField(_("who usually owns it"), max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="choice_once"),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__range=(0, 100)), name="choice_points_0_to_100"
            ),
        ]

    def __str__(self) -> str:
        return written(self, "text")


class Prerequisite(Frozen):
    """A question whose next step makes sense only once another scores at least 50."""

    path = "question__dimension__questionnaire"
    question = models.ForeignKey(Question, models.CASCADE, related_name="prerequisites", verbose_name=_("question"))
    needed = models.ForeignKey(Question, models.CASCADE, related_name="prerequisite_of", verbose_name=_("needs"))

    class Meta:
        verbose_name = _("prerequisite")
        verbose_name_plural = _("prerequisites")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["question", "needed"], name="prerequisite_once")]

    def __str__(self) -> str:
        return str(self.needed)


class QuestionFinding(Frozen):
    """A finding of a study that a question goes back to."""

    path = "question__dimension__questionnaire"
    question = models.ForeignKey(Question, models.CASCADE, related_name="question_findings", verbose_name=_("question"))
    finding = models.ForeignKey("Finding", models.PROTECT, verbose_name=_("finding"), related_name="question_findings")

    class Meta:
        verbose_name = _("finding behind a question")
        verbose_name_plural = _("findings behind a question")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["question", "finding"], name="question_finding_once")]

    def __str__(self) -> str:
        return str(self.finding)


class ConsistencyRule(Frozen):
    """Two answers that contradict each other, and the question to ask the team when both are given."""

    class Comparison(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    path = "questionnaire"
    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="rules", verbose_name=_("questionnaire")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    key = key_field()
    text = models.TextField(_("question to the team"), max_length=500)
    first_question = models.ForeignKey(Question, models.CASCADE, related_name="+", verbose_name=_("first question"))
    first_comparison = models.CharField(_("scores"), max_length=8, choices=Comparison)
    first_points = points_field(_("points"))
    second_question = models.ForeignKey(Question, models.CASCADE, related_name="+", verbose_name=_("second question"))
    second_comparison = models.CharField(_("scores"), max_length=8, choices=Comparison)
    second_points = points_field(_("points"))

    class Meta:
        verbose_name = _("consistency rule")
        verbose_name_plural = _("consistency rules")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "key"], name="rule_once")]

    def __str__(self) -> str:
        return written(self, "text")

    def clean(self) -> None:
        """ValidationError where one question is named twice: its answer contradicts nothing."""
        super().clean()
        if self.first_question_id is not None and self.first_question_id == self.second_question_id:
            text = gettext("A rule compares two different questions: choose another one here.")
            raise ValidationError({"second_question": text})
