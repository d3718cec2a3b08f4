"""What is known of other companies: studies, their findings, published figures, and levels read from them.

A figure always has a finding with a source, and a finding a study: nothing is shown without where it comes from.
`clean` holds the rules of the evidence file, for what is typed; a file has its reader.
"""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.content.evidence import MOST_ANSWERS, YEARS, is_source
from assessment.models.texts import both_languages, key_of, tidy, within, written


class Evidence(models.Model):
    """What can be loaded from a file; `loaded` is the fingerprint of what the product's own file last said, or ""."""

    loaded = models.CharField(max_length=64, default="", editable=False)

    class Meta:
        abstract = True

    def clean(self) -> None:
        if errors := {**tidy(self), **self.rule_errors()}:
            raise ValidationError(errors)

    def rule_errors(self) -> dict[str, str]:
        """What breaks a rule, by field."""
        return {}


class Study(Evidence):
    """Who asked whom, when, and how many; `vendor` when the publisher sells what the study is about."""

    key = models.CharField(_("key"), max_length=64, unique=True)
    title = models.CharField(_("title"), max_length=200)
    publisher = models.CharField(_("publisher"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    period = models.CharField(_("period"), max_length=300)
    sample = models.PositiveIntegerField(_("number of answers"), null=True, blank=True)
    approximate = models.BooleanField(_("this number is approximate"), default=False)
    population = models.CharField(_("population"), max_length=300)
    vendor = models.BooleanField(_("published by a vendor"), default=False)
    edition = models.PositiveSmallIntegerField(_("edition of the barometer"), null=True, blank=True)

    class Meta:
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        ordering = [F("edition").desc(nulls_last=True), F("year").desc(nulls_last=True), "key"]

    def __str__(self) -> str:
        return f"{written(self, 'title')} ({self.publisher})"

    def rule_errors(self) -> dict[str, str]:
        errors = (
            within(self, "year", *YEARS) | within(self, "edition", *YEARS) | within(self, "sample", 1, MOST_ANSWERS)
        )
        stored = Study.objects.filter(pk=self.pk).first()
        if stored and stored.edition != self.edition and stored.levels_of_edition().exists():
            errors["edition"] = gettext("Reference levels name the edition %(edition)s, so it stays.") % {
                "edition": stored.edition
            }
        return errors | key_of(self, self.publisher, self.year)

    def levels_of_edition(self) -> models.QuerySet:
        """The reference levels that name the edition which this study, and no other one, is."""
        others = Study.objects.filter(edition=self.edition).exclude(pk=self.pk)
        if self.edition is None or others.exists():
            return ReferenceLevel.objects.none()
        return ReferenceLevel.objects.filter(edition=self.edition)


class FindingQuerySet(models.QuerySet):
    def criteria(self):
        """The points that the editions of the barometer made, the earliest edition first."""
        return self.filter(criterion=True, study__edition__isnull=False).order_by("study__edition", "key")


class Finding(Evidence):
    """One thing a study found, in our own words, with where it was read and how sure we are.

    `linked_findings` of a criterion are those of its edition that publish a figure on the same thing: shown beside it.
    """

    class Confidence(models.TextChoices):
        PRIMARY = "primary", _("taken from the article we started from")
        READ = "read", _("read in the page named")
        SECOND_HAND = "second-hand", _("quoted by another page")
        AUTHOR = "author", _("said by the article itself, not by the study")

    class Kind(models.TextChoices):
        GAP = "gap", _("gap named")
        PROGRESS = "progress", _("progress seen")
        PRACTICE = "practice", _("practice described")
        OUTLOOK = "outlook", _("outlook")
        CONTEXT = "context", _("context")

    key = models.CharField(_("key"), max_length=64, unique=True)
    study = models.ForeignKey(Study, models.PROTECT, related_name="findings", verbose_name=_("study"))
    dimension = models.CharField(_("dimension"), max_length=64)
    criterion = models.BooleanField(_("criterion of the barometer"), default=False)
    kind = models.CharField(
        _("kind of criterion"),
        max_length=8,
        choices=Kind,
        blank=True,
        default="",
        help_text=_("Of a criterion only: what the edition says of companies with it."),
    )
    title = models.CharField(
        _("criterion in a few words"),
        max_length=80,
        blank=True,
        default="",
        help_text=_("Of a criterion only, as inside a sentence: no capital, no article, no full stop."),
    )
    text = models.TextField(_("finding"), max_length=1000)
    published_figure = models.CharField(_("figure as published"), max_length=200, blank=True, default="")
    sample = models.CharField(_("sample as published"), max_length=300, blank=True, default="")
    confidence = models.CharField(_("how we know"), max_length=11, choices=Confidence)
    linked_findings = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="linked_criteria",
        verbose_name=_("figures on the same thing"),
        help_text=_("Of a criterion only: findings of its study with a published figure. Reports show them beside it."),
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["key"]

    def __str__(self) -> str:
        return f"{self.key}: {written(self, 'text')}"

    def rule_errors(self) -> dict[str, str]:
        errors = both_languages(self, "sample", needed=True) | both_languages(self, "published_figure", needed=False)
        if self.criterion:
            errors |= both_languages(self, "title", needed=True)
            if not self.kind:
                errors["kind"] = gettext("A criterion has a kind.")
        else:
            only = gettext("Only a criterion has this: leave it empty.")
            errors |= {name: only for name in ("kind", "title_en", "title_fr") if getattr(self, name)}
        if self.pk and any(not self.may_stand_beside(criterion.study) for criterion in self.linked_criteria.all()):
            errors["study"] = gettext("A criterion shows this finding beside it: its study and its figure stay.")
        if self.study_id:
            errors |= key_of(self, self.study.key, f"{self.study.findings.count() + 1:02}")
        return errors

    def may_stand_beside(self, study: Study) -> bool:
        """Whether a criterion of this study may name it: a finding of the same study with a published figure."""
        return self.study_id == study.pk and not self.criterion and bool(self.published_figure_en)


class Source(models.Model):
    """Where a finding was read: the address of a page, or a printed or spoken source in words."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="sources")
    where = models.CharField(_("address or description"), max_length=500)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["finding", "where_en"], name="source_once")]

    def __str__(self) -> str:
        return written(self, "where")

    def clean(self) -> None:
        errors = tidy(self)
        for name in ("where_en", "where_fr"):
            if not is_source(getattr(self, name) or ""):
                errors[name] = gettext("An address that begins with http:// or https://, or a reference in words.")
        if errors:
            raise ValidationError(errors)

    @property
    def is_address(self) -> bool:
        return self.where.startswith(("https://", "http://"))


class Figure(Evidence):
    """A published percentage of companies: shown beside an answer, never on the score scale."""

    key = models.CharField(_("key"), max_length=64, unique=True)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="figures", verbose_name=_("finding"))
    percent = models.DecimalField(
        _("percent"), max_digits=4, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    label = models.CharField(_("what these companies do"), max_length=200)

    class Meta:
        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        ordering = ["key"]
        constraints = [models.CheckConstraint(condition=Q(percent__range=(0, 100)), name="figure_percent")]

    def __str__(self) -> str:
        return f"{self.share} {written(self, 'label')}"

    @property
    def share(self) -> str:
        """The percentage as it is read: 74% or 74.5%, in the reader's form."""
        return gettext("%(number)s%%") % {"number": number_format(Decimal(self.percent).normalize())}

    def rule_errors(self) -> dict[str, str]:
        if not self.finding_id:
            return {}
        errors = key_of(self, self.finding.key, self.label_en)
        if not self.finding.sources.exists():
            errors["finding"] = gettext("This finding has no source yet: a figure is shown only with its source.")
        return errors


class ReferenceLevel(Evidence):
    """The level at which we read the companies of one edition of the barometer in one dimension; None is no finding."""

    edition = models.PositiveSmallIntegerField(_("edition"))
    dimension = models.CharField(_("dimension"), max_length=64)
    level = models.PositiveSmallIntegerField(
        _("level"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    findings = models.ManyToManyField(Finding, blank=True, verbose_name=_("findings"), related_name="reference_levels")
    why = models.TextField(_("why this level"), max_length=1000)

    class Meta:
        verbose_name = _("reference level")
        verbose_name_plural = _("reference levels")
        ordering = ["edition", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "dimension"], name="reference_level_once"),
            models.CheckConstraint(condition=Q(level__isnull=True) | Q(level__range=(1, 5)), name="reference_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.edition}, {self.dimension}"

    def rule_errors(self) -> dict[str, str]:
        if self.edition is None or Study.objects.filter(edition=self.edition).exists():
            return {}
        return {"edition": gettext("No study is this edition of the barometer.")}
