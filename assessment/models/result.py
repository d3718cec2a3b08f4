"""Results: the stored outcome of a submitted response or of a round, and the verbs that make one.

`record` is exact and complete (fractions as text); the columns beside it are rounded to six places, for lists and averages.
What is hidden of a result is hidden between the record and `values`, which everything that shows a result is made of.
"""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assessment import scoring
from assessment.models.outline import outline
from assessment.models.questionnaire import Questionnaire
from assessment.models.response import Response
from assessment.models.round import Round
from assessment.models.secret import random_id
from assessment.scoring import levels_only, record
from assessment.scoring.levels_only import roles_by_level
from assessment.scoring.roles import RoleGroup


def score_field(name) -> models.DecimalField:
    return models.DecimalField(name, max_digits=9, decimal_places=6, null=True)


class ResultQuerySet(models.QuerySet):
    def of_rounds(self):
        """The one result that stands for each round: the joint one, or a solo round's one response's."""
        return self.filter(
            Q(response__isnull=True) | Q(round__mode=Round.Mode.SOLO, response__state=Response.State.SUBMITTED)
        )

    def with_report(self):
        """With all that a report is made of, but for the answers."""
        return self.select_related("round__organisation", "questionnaire", "response__round__questionnaire")


class Result(models.Model):
    """The score of a response (of a whole round when `response` is None) under one questionnaire and scoring version."""

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="results", verbose_name=_("round"))
    response = models.OneToOneField(Response, models.CASCADE, null=True, related_name="result")
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="results", verbose_name=_("questionnaire")
    )
    scoring_version = models.PositiveSmallIntegerField(_("version of the rules"))
    score = score_field(_("score"))
    level = models.PositiveSmallIntegerField(_("level"), null=True)
    low = score_field(_("lowest possible score"))
    high = score_field(_("highest possible score"))
    # Of what is shown: where of a question only the level is, the plan rests on levels.
    score_after_plan = score_field(_("score if all steps of the plan were taken"))
    record = models.JSONField()
    # The dimensions left out when this was computed: the round's statement may change before a correction is submitted.
    excluded = models.JSONField(_("dimensions left out"), default=list, blank=True)
    # Of a joint result: how many responses it rests on, how many people were invited, the smallest group it shows, and the
    # means by role as they were published.
    responses = models.PositiveIntegerField(_("responses"), default=1)
    invited = models.PositiveIntegerField(_("invited"), null=True)
    smallest_group = models.PositiveSmallIntegerField(_("smallest group shown"), default=1)
    roles = models.JSONField(default=list, blank=True)
    # Of a question only the level is shown: of every confidential round published since that is the rule.
    levels_only = models.BooleanField(_("levels of questions only"), default=False)
    # The smallest group of each publication of the round, first to last; empty where it was the same for all.
    floors = models.JSONField(_("smallest group of each publication"), default=list, blank=True)
    answers_erased = models.BooleanField(_("answers erased"), default=False)
    created_at = models.DateTimeField(_("made"))

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ["-created_at", "-pk"]
        permissions = [("export_names", _("Can export results with the names of organisations"))]
        indexes = [
            # The list of the administration, and the nights of the live barometer: what settled since the last one.
            models.Index(fields=["-created_at", "-id"], name="result_latest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["round"], condition=Q(response=None), name="result_one_joint"),
            models.CheckConstraint(condition=Q(level=None) | Q(level__range=(1, 5)), name="result_level_1_to_5"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__range=(0, 100)), name="result_score_0_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"  # without a name: some who look after results are shown none

    @cached_property
    def exact(self) -> scoring.Result:
        """The record as values: to publish again and to compute again, never to show."""
        return record.load(self.record)

    @cached_property
    def asked(self) -> scoring.Questionnaire:
        """What was asked, with the criteria as they were when the result was made."""
        criteria = tuple(scoring.Criterion(told.key, told.edition, told.kind) for told in self.exact.criteria)
        return replace(outline(self.questionnaire).scoring, criteria=criteria)

    @cached_property
    def values(self) -> scoring.Result:
        """What of the result is shown, read once: a page asks for it in several places."""
        return levels_only.levels_only(self.asked, self.exact) if self.levels_only else self.exact

    @property
    def role_groups(self) -> tuple[RoleGroup, ...]:
        """The groups by role as they are shown; where of a question only the level is, a mean is that of its level."""
        groups = tuple(
            RoleGroup(
                group["role"],
                group["responses"],
                {key: None if mean is None else Fraction(mean) for key, mean in group["means"].items()},
            )
            for group in self.roles
        )
        return roles_by_level(self.asked, groups) if self.levels_only else groups

    def floor_of(self, publication: int) -> int:
        """How many responses a figure of a publication of the round, counted from 1, rests on at least."""
        return self.floors[publication - 1] if self.floors else self.smallest_group


class DimensionResult(models.Model):
    """A result's part for one dimension."""

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    result = models.ForeignKey(Result, models.CASCADE, related_name="dimensions")
    dimension = models.CharField(_("dimension"), max_length=64)
    state = models.CharField(_("state"), max_length=18)
    score = score_field(_("score"))
    level = models.PositiveSmallIntegerField(_("level"), null=True)
    coverage = score_field(_("coverage"))
    low = score_field(_("lowest possible score"))
    high = score_field(_("highest possible score"))

    class Meta:
        verbose_name = _("result of a dimension")
        verbose_name_plural = _("results of the dimensions")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["result", "dimension"], name="dimension_result_once")]
        indexes = [models.Index(fields=["dimension", "score"], name="dimension_result_score")]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.score}"


def rounded(number: Fraction | None) -> Decimal | None:
    """A fraction with six decimals, as the columns hold it."""
    return None if number is None else round(Decimal(number.numerator) / Decimal(number.denominator), 6)


def columns(values: scoring.Result) -> dict:
    """What the columns beside a result's record hold."""
    return {
        "score": rounded(values.score),
        "level": values.level,
        "low": rounded(values.range.low if values.range else None),
        "high": rounded(values.range.high if values.range else None),
    }


def dimension_columns(part: scoring.DimensionResult) -> dict:
    """What the row of a dimension holds."""
    return {
        "state": part.state.value,
        "score": rounded(part.score),
        "level": part.level,
        "coverage": rounded(part.coverage),
        "low": rounded(part.range.low if part.range else None),
        "high": rounded(part.range.high if part.range else None),
    }
