"""Results: the stored outcome of a submitted response or of a round, and the verbs that make one.

`record` is exact and complete (fractions as text); the columns beside it are rounded to six places, for lists and averages.
What is hidden of a result is hidden between the record and `values`, which everything that shows a result is made of.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assessment import scoring
from assessment.models.content import Questionnaire
from assessment.models.known import is_known
from assessment.models.outline import outline
from assessment.models.response import Answer, Response
from assessment.models.round import Round
from assessment.models.secret import random_id
from assessment.scoring import record


def score_field(name) -> models.DecimalField:
    return models.DecimalField(name, max_digits=9, decimal_places=6, null=True)


class ResultQuerySet(models.QuerySet):
    def of_rounds(self):
        """The one result that stands for each round: the joint one, or a solo round's one response's."""
        return self.filter(Q(response__isnull=True) | Q(round__mode=Round.Mode.SOLO, response__state="submitted"))

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
        indexes = [models.Index(fields=["-created_at", "-id"], name="result_latest")]  # the list of the administration
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
    def values(self) -> scoring.Result:
        """What of the result is shown, read once: a page asks for it in several places."""
        return scoring.levels_only(outline(self.questionnaire).scoring, self.exact) if self.levels_only else self.exact

    @property
    def role_groups(self) -> tuple[scoring.RoleGroup, ...]:
        """The groups by role as they are shown; where of a question only the level is, a mean is that of its level."""
        groups = tuple(
            scoring.RoleGroup(
                group["role"],
                group["responses"],
                {key: None if mean is None else Fraction(mean) for key, mean in group["means"].items()},
            )
            for group in self.roles
        )
        return scoring.roles_by_level(outline(self.questionnaire).scoring, groups) if self.levels_only else groups

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


def compute(response: Response) -> scoring.Result:
    """The result of a response's stored answers, computed now."""
    values = response.values(response.saved_answers(), response.round.excluded)
    return scoring.score(response.outline.scoring, [values])


class ClosedError(Exception):
    """The round takes no answers any more, or has published in confidence what these would correct; nothing was changed."""


def submit(key: str, *, at: datetime, shares_notes: bool = False) -> Response | None:
    """Submit the draft behind a key and store its result; a second call finds it done. None when there is no such key.

    ClosedError when its round takes no answers any more, or published what it would correct.
    """
    with transaction.atomic():
        found = list(Response.objects.with_key(key).select_for_update(of=("self",)))
        if not found or not found[0].is_draft:
            return found[0] if found else None
        draft = found[0]
        # Held, so that the round is not closed meanwhile; read before the response was, it may be an old one.
        organisation, questionnaire = draft.round.organisation, draft.round.questionnaire
        draft.round = Round.objects.hold().get(pk=draft.round_id)
        draft.round.organisation, draft.round.questionnaire = organisation, questionnaire
        if not draft.round.takes_answers(on=timezone.localdate(at)) or _stands(draft.round, found[1:]):
            raise ClosedError
        for earlier in found[1:]:
            earlier.state = Response.State.REPLACED
            earlier.save(update_fields=["state"])
            earlier.shares.update(response=draft)
        _complete(draft, shares_notes=shares_notes, at=at)
        store(draft, compute(draft), at=draft.round.moment(at))
        _note_enough(draft.round, at=at)
    return draft


def _note_enough(of: Round, *, at: datetime) -> None:
    """Note, for tomorrow, that enough people whom no owner knows have answered a confidential round; never taken back."""
    if of.is_confidential and of.enough_from is None:
        new = of.responses.counted().filter(batch__gt=of.publications, by_owner=False, opens_round=False)
        if new.count() >= of.smallest_group:
            of.enough_from = timezone.localdate(at) + timedelta(days=1)
            of.save(update_fields=["enough_from"])


def _stands(of: Round, earlier: Sequence[Response]) -> bool:
    """Whether answers given before were published in confidence: with others in their place, few people's would show."""
    return of.is_confidential and any(response.batch <= of.publications for response in earlier)


def _complete(draft: Response, *, shares_notes: bool, at: datetime) -> None:
    """Turn a draft into what was submitted, for the next publication of its round."""
    draft.state, draft.submitted_at = Response.State.SUBMITTED, draft.round.moment(at)
    draft.batch, draft.shares_notes = draft.round.publications + 1, shares_notes
    draft.by_owner = is_known(draft, at=at)
    draft.save(update_fields=["state", "submitted_at", "batch", "shares_notes", "by_owner"])


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


def store(response: Response, values: scoring.Result, *, at: datetime) -> Result:
    """Keep the result of a submitted response."""
    return keep(response.round, values, response=response, at=at)


def keep(of: Round, values: scoring.Result, *, at: datetime, **more) -> Result:
    """Keep a result, whole and by dimension; `more` are the columns that a response's or a joint one has of its own."""
    result = Result.objects.create(
        round=of,
        questionnaire=of.questionnaire,
        scoring_version=scoring.SCORING_VERSION,
        record=record.dump(values),
        excluded=of.excluded,
        created_at=at,
        **columns(values),
        **more,
    )
    first = random_id()
    DimensionResult.objects.bulk_create(
        DimensionResult(id=first + place, result=result, dimension=part.key, **dimension_columns(part))
        for place, part in enumerate(values.dimensions)
    )
    return result


def drop_correction(key: str) -> bool:
    """Delete the draft that would correct the submitted response behind a key, which stays; False when there is none.

    In a solo round the statement of what does not apply is again that of the submitted answers.
    """
    with transaction.atomic():
        found = list(Response.objects.with_key(key).select_for_update(of=("self",)))
        draft = next((response for response in found if response.is_draft), None)
        submitted = next((response for response in found if not response.is_draft), None)
        if draft is None or submitted is None:
            return False
        of, stated = Round.objects.hold().get(pk=draft.round_id), submitted.result.excluded
        if of.is_solo and of.excluded != stated:
            of.excluded, of.statement_revision = stated, of.statement_revision + 1
            of.save(update_fields=["excluded", "statement_revision"])
        submitted.mails_sent = max(submitted.mails_sent, draft.mails_sent)  # to the same person
        submitted.save(update_fields=["mails_sent"])
        draft.delete()
    return True


def correct(key: str, *, at: datetime) -> Response | None:
    """Open a draft that may replace the submitted response behind a key, with its answers; twice gives the same draft.

    None when there is nothing to correct: no such key, the round is closed, or it has published the answers.
    """
    with transaction.atomic():
        behind_key = Response.objects.with_key(key)
        # Whoever corrects at the same time is waited for, and what they made is seen after that; locking it too, in another
        # order than those who come later, would end in a deadlock.
        list(behind_key.select_for_update(of=("self",)))
        found = list(behind_key.all())
        if not found or found[0].is_draft or not found[0].can_be_corrected:
            return found[0] if found and found[0].is_draft else None
        submitted = found[0]
        answers = list(submitted.answers.all())
        draft = Response.objects.create(
            round=submitted.round,
            key_hash=submitted.key_hash,
            role=submitted.role,
            email=submitted.email,
            mails_sent=submitted.mails_sent,
            opens_round=submitted.opens_round,
            user_id=submitted.user_id,
            author=submitted.author,
            previous_id=submitted.previous_id,
            previous_sealed=submitted.previous_sealed,
            by_owner=submitted.by_owner,
            by_owner_from=submitted.by_owner_from,
            shares_notes=submitted.shares_notes,
            started_at=submitted.round.moment(at),
        )
        for answer in answers:
            answer.pk, answer._state.adding, answer.response = None, True, draft
        Answer.objects.bulk_create(answers)
    return draft
