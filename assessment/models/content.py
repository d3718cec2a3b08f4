"""A questionnaire and what it is made of: dimensions, questions, choices, levels, advice, consistency rules.

A questionnaire is a draft until `publication.publish()`; then it and everything in it is frozen (see `frozen`), and a
change is a new version. Texts have a column per language (see `assessment.translation`).
"""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models.frozen import Frozen, FrozenQuerySet, PublishedError

key_validator = RegexValidator(
    r"^[a-z0-9][a-z0-9-]*\Z", _("A key is made of small letters without accents, digits and hyphens.")
)


def key_field() -> models.CharField:
    return models.CharField(_("key"), max_length=64, validators=[key_validator])


def weight_field(**kwargs) -> models.DecimalField:
    return models.DecimalField(_("weight"), max_digits=7, decimal_places=3, **kwargs)


def points_field(name, **kwargs) -> models.DecimalField:
    limits = [MinValueValidator(0), MaxValueValidator(100)]
    return models.DecimalField(name, max_digits=6, decimal_places=3, validators=limits, **kwargs)


class QuestionnaireQuerySet(FrozenQuerySet):
    def published(self):
        return self.filter(status=Questionnaire.Status.PUBLISHED)

    def current(self, key: str = "barometer"):
        """The published version that new rounds answer, or None before anything is published."""
        return self.published().filter(key=key).first()


class Questionnaire(Frozen):
    """One version of the questions: draft, then published, then retired."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        RETIRED = "retired", _("retired")

    key = key_field()
    version = models.PositiveIntegerField(_("version"), validators=[MinValueValidator(1)])
    status = models.CharField(_("state"), max_length=9, choices=Status, default=Status.DRAFT, editable=False)
    title = models.CharField(_("title"), max_length=200)
    instruction = models.TextField(_("instruction"), max_length=2000)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    published_at = models.DateTimeField(_("published on"), null=True, editable=False)
    content_hash = models.CharField(_("fingerprint of the content"), max_length=64, default="", editable=False)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="questionnaire_one_version"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(status="published"), name="questionnaire_one_published"
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | (~Q(content_hash="") & Q(published_at__isnull=False)),
                name="questionnaire_published_has_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.key} {self.version})"

    def save(self, *args, **kwargs):
        if self.status != self.Status.DRAFT:
            raise PublishedError  # only publication.publish() leads out of the draft
        super().save(*args, **kwargs)

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT


class Level(Frozen):
    """The name and the meaning of one of the five levels."""

    path = "questionnaire"
    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="levels", verbose_name=_("questionnaire")
    )
    number = models.PositiveSmallIntegerField(_("level"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    name = models.CharField(_("name"), max_length=60)
    description = models.TextField(_("meaning"), max_length=500)

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="level_once"),
            models.CheckConstraint(condition=Q(number__range=(1, 5)), name="level_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Dimension(Frozen):
    """A part of the questionnaire with a score of its own, or (not scored) the optional questions for comparison."""

    path = "questionnaire"
    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="dimensions", verbose_name=_("questionnaire")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    key = key_field()
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), max_length=500)
    scored = models.BooleanField(_("scored"), default=True)
    weight = weight_field(null=True, blank=True)
    not_applicable = models.CharField(
        _("statement that makes it not applicable"), max_length=300, blank=True, default="", null=True
    )

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "key"], name="dimension_once")]

    def __str__(self) -> str:
        return self.title


class Anchor(Frozen):
    """What an organisation at one level of a dimension looks like."""

    path = "dimension__questionnaire"
    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="anchors", verbose_name=_("dimension"))
    number = models.PositiveSmallIntegerField(_("level"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    text = models.TextField(_("description"), max_length=500)

    class Meta:
        verbose_name = _("description of a level")
        verbose_name_plural = _("descriptions of the levels")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["dimension", "number"], name="anchor_once")]

    def __str__(self) -> str:
        return f"{self.dimension}, {self.number}"


class Question(Frozen):
    """One question; in a scored dimension always with one choice of several."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("one choice")
        MULTIPLE = "multiple", _("several choices")

    path = "dimension__questionnaire"
    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="questions", verbose_name=_("dimension"))
    position = models.PositiveSmallIntegerField(_("position"))
    key = key_field()
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.SINGLE)
    text = models.TextField(_("question"), max_length=500)
    help = models.TextField(_("help"), max_length=1000, blank=True, null=True)
    weight = weight_field(null=True, blank=True)
    allows_not_applicable = models.BooleanField(_("may be not applicable"), default=False)
    needs = models.ManyToManyField(
        "self",
        through="Prerequisite",
        through_fields=("question", "needed"),
        symmetrical=False,
        related_name="needed_by",
        verbose_name=_("prerequisites"),
    )
    findings = models.ManyToManyField("Finding", through="QuestionFinding", verbose_name=_("findings"))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["dimension__position", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["dimension", "key"], name="question_once")]

    def __str__(self) -> str:
        return self.text


class Choice(Frozen):
    """An observable statement that answers a question, worth points in a scored dimension."""

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
        return self.text


class Recommendation(Frozen):
    """The first move to advise where a question scores low: what to do, how much work, who usually owns it."""

    class Effort(models.TextChoices):
        SMALL = "S", _("small")
        MEDIUM = "M", _("medium")
        LARGE = "L", _("large")

    path = "question__dimension__questionnaire"
    question = models.OneToOneField(Question, models.CASCADE, related_name="recommendation", verbose_name=_("question"))
    text = models.TextField(_("first move"), max_length=1000)
    effort = models.CharField(_("effort"), max_length=1, choices=Effort)
    owner = models.CharField(_("who usually owns it"), max_length=64)

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")

    def __str__(self) -> str:
        return self.text


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
        return f"{self.question_id} > {self.needed_id}"


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
        return self.key
