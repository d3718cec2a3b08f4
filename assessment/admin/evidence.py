"""Looking after studies, findings, published figures and reference levels."""

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment import models
from assessment.admin.authoring import offer, plain
from assessment.admin.content import both
from assessment.admin.files import EvidenceFile
from assessment.admin.filters import KnownFilter
from assessment.admin.lists import SafeLists, Uncut, text_column
from assessment.evidence.findings import dimension_choices
from assessment.evidence.uses import Place, places
from assessment.models.questionnaire import OFFERED


class EvidenceAdmin(Uncut, SafeLists, admin.ModelAdmin):
    """What others rely on: where it is used stands on its page, and as long as it is, it stays."""

    change_list_template = "admin/assessment/evidence_list.html"
    change_form_template = "admin/assessment/evidence_form.html"
    delete_confirmation_template = "admin/assessment/evidence_delete.html"
    shows_uses = True

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None and self.shows_uses:
            context["uses"] = [(place.text, self._link(request, place)) for place in places(obj)]
            context["shows_uses"] = True
        if self.has_change_permission(request):
            is_shown = not self.shows_uses or context.get("uses") or _of_edition(obj)
            text = gettext("Readers see what you change here within some minutes, in earlier reports too.")
            context["notice"] = text if is_shown else ""
        elif obj is None:
            context["notice"] = gettext(
                "The methodology page shows this at once. Afterwards only a publisher changes it."
            )
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_deleted_objects(self, objs, request):
        """What is used cannot be deleted: the places are named instead of the rows in between."""
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        used = [self._linked(request, place) for obj in objs for place in places(obj)]
        return listed, counts, lacking, used or protected

    def _link(self, request, place: Place) -> str:
        """The address of the page of a place, if this person may see it."""
        if not self.admin_site.get_model_admin(type(place.row)).has_view_permission(request):
            return ""
        return reverse(f"admin:assessment_{place.row._meta.model_name}_change", args=[quote(place.row.pk)])

    def _linked(self, request, place: Place) -> str:
        link = self._link(request, place)
        return format_html('<a href="{}">{}</a>', link, capfirst(place.text)) if link else capfirst(place.text)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name != "dimension":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        choices = [("", "---------"), *dimension_choices()]
        return forms.ChoiceField(label=capfirst(db_field.verbose_name), choices=choices)


def _of_edition(row) -> bool:
    """Whether every report shows it, as a study that is an edition of the barometer, or a finding of one."""
    return getattr(getattr(row, "study", row), "edition", None) is not None


class AboutFilter(KnownFilter):
    """The dimensions that evidence can be about, by their titles."""

    @cached_property
    def known(self):
        return dimension_choices()

    def entries(self):
        return self.known


class OfDimension:
    """For what is about a dimension, which it names by its key: its title in a list."""

    def get_queryset(self, request):
        of = models.Dimension.objects.filter(key=OuterRef("dimension"), questionnaire__key=OFFERED)
        newest = of.order_by("-questionnaire__version").values("title")[:1]
        return super().get_queryset(request).annotate(titled=Coalesce(Subquery(newest), "dimension"))

    @admin.display(description=_("dimension"), ordering="dimension")
    def dimension_name(self, obj):
        return obj.titled


class KeyedAdmin(EvidenceAdmin):
    """Something that others name by its key, published questionnaires among them: the key stays."""

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), *(["key"] if obj else []))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "key":
            field.required = False
            field.help_text = _(
                "Small letters, digits and hyphens. Leave it empty and one is made; it cannot change later."
            )
        return field


@admin.register(models.Study)
class StudyAdmin(EvidenceFile, KeyedAdmin):
    list_display = [text_column(models.Study, "title"), "publisher", "year", "sample", "vendor", "findings_number"]
    list_filter = ["vendor", "year"]
    search_fields = ["key", "publisher", *both("title")]
    fields = [
        "key",
        both("title"),
        "publisher",
        ("year", "edition"),
        ("sample", "approximate"),
        both("period"),
        both("population"),
        "vendor",
    ]

    def get_readonly_fields(self, request, obj=None):
        """Every report shows an edition of the barometer: who may only add makes none."""
        fixed = [] if self.has_change_permission(request) else ["edition"]
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number=Count("findings"))

    @admin.display(description=_("findings"), ordering="number")
    def findings_number(self, obj):
        return obj.number


class SourceForms(forms.BaseInlineFormSet):
    def clean(self):
        """One at least, whatever was ticked to be deleted."""
        super().clean()
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        if not set(kept) - set(self.deleted_forms):
            raise ValidationError(gettext("A finding needs at least one source."))


class SourceInline(Uncut, admin.StackedInline):
    model = models.Source
    formset = SourceForms
    fields = [both("where")]
    extra = 0
    min_num = 1


class FindingForm(forms.ModelForm):
    def clean(self):
        """Beside a criterion stands only what its own study published in figures."""
        values = super().clean()
        linked, study = values.get("linked_findings") or (), values.get("study")
        if linked and not values.get("criterion"):
            raise ValidationError({"linked_findings": gettext("Only a criterion has this: leave it empty.")})
        if study and not all(row.may_stand_beside(study) for row in linked):
            told = gettext("Choose findings of the same study that have a published figure.")
            raise ValidationError({"linked_findings": told})
        return values


@admin.register(models.Finding)
class FindingAdmin(OfDimension, KeyedAdmin):
    form = FindingForm
    list_display = [text_column(models.Finding, "text"), "study", "dimension_name", "criterion", "confidence", "key"]
    list_filter = [("dimension", AboutFilter), "criterion", "kind", "confidence", "study"]
    list_select_related = ["study"]
    search_fields = ["key", *both("text")]
    fields = [
        "key",
        "study",
        ("dimension", "criterion", "kind"),
        both("title"),
        both("text"),
        both("published_figure"),
        both("sample"),
        "confidence",
        "linked_findings",
    ]
    filter_horizontal = ["linked_findings"]
    inlines = [SourceInline]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.label_from_instance = lambda row: Truncator(row).chars(70)  # no wider than the page
        if not self.has_change_permission(request):
            field.queryset = field.queryset.filter(edition=None)  # every report shows the findings of the others
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Offered are findings of editions with a published figure: no others stand beside a criterion."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        of_editions = models.Finding.objects.filter(criterion=False).exclude(study__edition=None)
        field.queryset = of_editions.exclude(published_figure_en="")
        field.label_from_instance = lambda row: Truncator(row).chars(70)
        return field


class FigureForm(forms.ModelForm):
    """A figure, whose percentage is written as people do: 74, not 74.0."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.initial.get("percent") is not None:
            self.initial["percent"] = plain(self.initial["percent"])


@admin.register(models.Figure)
class FigureAdmin(KeyedAdmin):
    list_display = [text_column(models.Figure, "label"), "share", "finding", "key"]
    list_select_related = ["finding"]
    search_fields = ["key", *both("label")]
    form = FigureForm

    def get_fields(self, request, obj=None):
        return ["key", "finding", "percent" if self._may_write(request, obj) else "share", both("label")]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "share"]

    def _may_write(self, request, obj) -> bool:
        return self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)

    @admin.display(description=_("percent"), ordering="percent")
    def share(self, obj):
        return obj.share

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if field := form.base_fields.get("finding"):
            findings = models.Finding.objects.select_related("study").order_by("study", "key")
            offer(field, findings, lambda row: str(row.study), lambda row: Truncator(row).chars(70))
        return form


class ReferenceLevelForm(forms.ModelForm):
    def clean(self):
        """A level is read off findings; without any it stays empty."""
        values = super().clean()
        if values.get("level") is not None and not values.get("findings"):
            raise ValidationError(
                {"findings": gettext("Name the findings that this level is read from, or leave the level empty.")}
            )
        return values


@admin.register(models.ReferenceLevel)
class ReferenceLevelAdmin(OfDimension, EvidenceAdmin):
    form = ReferenceLevelForm
    list_display = ["edition", "dimension_name", "level", text_column(models.ReferenceLevel, "why")]
    list_filter = ["edition", ("dimension", AboutFilter)]
    search_fields = ["dimension", *both("why")]
    filter_horizontal = ["findings"]
    fields = [("edition", "dimension", "level"), both("why"), "findings"]
    shows_uses = False  # every report of its dimension
