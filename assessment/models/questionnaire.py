"""A questionnaire and what it is made of: levels, dimensions, questions (what hangs on a question: see `choice`).

A questionnaire is a draft until `publication.publish()`; then it and everything in it is frozen (see `frozen`), and a
change is a new version. Texts have a column per language (see `assessment.translation`).
"""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.content.spot import MOST_WEIGHT
from assessment.models.frozen import Frozen, FrozenQuerySet, PublishedError, Status
from assessment.models.prepared import Prepared
from assessment.models.texts import written

key_validator = RegexValidator(
    r"^[a-z0-9][a-z0-9-]*\Z", _("A key is made of small letters without accents, digits and hyphens.")
)


OFFERED = "barometer"  # the key of the questionnaire that guests are offered and rounds begin with


def key_field() -> models.CharField:
    return models.CharField(_("key"), max_length=64, validators=[key_validator])


def weight_field(**kwargs) -> models.DecimalField:
    return models.DecimalField(_("weight"), max_digits=7, decimal_places=3, **kwargs)


def check_weight(row: "Dimension | Question") -> None:
    """ValidationError where a weight is nothing, or more than a file may say."""
    if row.weight is not None and row.weight <= 0:
        raise ValidationError({"weight": gettext("A weight above 0, please.")})
    if row.weight is not None and row.weight > MOST_WEIGHT:
        raise ValidationError({"weight": gettext("A weight of at most %(most)s, please.") % {"most": MOST_WEIGHT}})


class QuestionnaireQuerySet(FrozenQuerySet):
    def published(self):
        return self.filter(status=Questionnaire.Status.PUBLISHED)

    def newest(self, key: str):
        """The version published last, which may be retired since; None before anything is published."""
        published = self.exclude(status=Questionnaire.Status.DRAFT).filter(key=key)
        return max(published, key=Questionnaire.by_publication, default=None)


class QuestionnaireManager(models.Manager.from_queryset(QuestionnaireQuerySet)):
    def current(self, key: str = OFFERED):
        """Of all versions the published one that new rounds answer, or None before anything is published."""
        return _current.first(key)


_current = Prepared(lambda key: Questionnaire.objects.published().filter(key=key)[:1])


class Questionnaire(Frozen):
    """One version of the questions: draft, then published, then retired."""

    Status = Status

    key = key_field()
    version = models.PositiveIntegerField(_("version"), validators=[MinValueValidator(1)])
    status = models.CharField(_("state"), max_length=9, choices=Status, default=Status.DRAFT, editable=False)
    title = models.CharField(_("title"), max_length=200)
    instruction = models.TextField(_("instruction"), max_length=2000)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    published_at = models.DateTimeField(_("published on"), null=True, editable=False)
    content_hash = models.CharField(_("fingerprint of the content"), max_length=64, default="", editable=False)
    # By the number of each version published earlier: the scored questions that ask the same in both. Frozen like all else,
    # but no part of the fingerprint: it says nothing that a respondent reads or that scores anything.
    same_questions = models.JSONField(_("questions that ask the same as before"), default=dict, editable=False)

    objects = QuestionnaireManager()
    # What nobody needs of a row who has its outline (see `outline`), nor who only stores answers to it.
    BESIDE_OUTLINE = (
        *(f"{text}{language}" for text in ("title", "instruction") for language in ("", "_en", "_fr")),
        *("created_at", "published_at", "same_questions"),
    )

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["key", "-version"]
        permissions = [("publish_questionnaire", _("Can publish and retire questionnaires"))]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="questionnaire_one_version"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(status=Status.PUBLISHED), name="questionnaire_one_published"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | (~Q(content_hash="") & Q(published_at__isnull=False)),
                name="questionnaire_published_has_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{written(self, 'title')} (version {self.version})"  # the same word in French

    def save(self, *args, **kwargs):
        if self.status != self.Status.DRAFT:
            raise PublishedError  # only publication.publish() leads out of the draft
        super().save(*args, **kwargs)

    def by_publication(self) -> tuple:
        """To sort published versions from the first to the last, which is the current one while there is one."""
        return self.is_current, self.published_at, self.pk

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_current(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_offered(self) -> bool:
        """Whether a published version of it is what new guests and rounds get."""
        return self.key == OFFERED

    def same_since(self, other: "Questionnaire") -> list[str] | None:
        """The scored questions that ask the same as in a version published earlier; None when nothing is recorded of it."""
        return self.same_questions.get(str(other.version)) if self.key == other.key else None


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
        return f"{self.number} {written(self, 'name')}".strip()


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
        return written(self, "title")

    def clean(self) -> None:
        super().clean()
        check_weight(self)


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
    foundation = models.BooleanField(
        _("foundation"),
        default=False,
        help_text=_(
            "Without it the rest of the dimension does not stand: while it scores below 50, its step comes first in the plan."
        ),
    )
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
        return written(self, "text")

    def clean(self) -> None:
        super().clean()
        check_weight(self)
