"""Looking after studies, findings, published figures and reference levels."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from assessment import models
from assessment.admin.content import both
from assessment.admin.files import EvidenceFile
from assessment.admin.lists import SafeLists


class KeyedAdmin(SafeLists, admin.ModelAdmin):
    """Something that others name by its key, published questionnaires among them: the key stays."""

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), *(["key"] if obj else []))


@admin.register(models.Study)
class StudyAdmin(EvidenceFile, KeyedAdmin):
    list_display = ["title", "publisher", "year", "sample", "vendor", "findings_number"]
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

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number=Count("findings"))

    @admin.display(description=_("findings"), ordering="number")
    def findings_number(self, obj):
        return obj.number


class SourceInline(admin.TabularInline):
    model = models.Source
    fields = both("where")
    extra = 0
    min_num = 1
    validate_min = True


@admin.register(models.Finding)
class FindingAdmin(KeyedAdmin):
    list_display = ["key", "text", "study", "dimension", "criterion", "confidence"]
    list_filter = ["dimension", "criterion", "kind", "confidence", "study"]
    list_select_related = ["study"]
    search_fields = ["key", *both("text")]
    autocomplete_fields = ["study"]
    fields = [
        "key",
        "study",
        ("dimension", "criterion", "kind"),
        both("title"),
        both("text"),
        both("published_figure"),
        both("sample"),
        "confidence",
    ]
    inlines = [SourceInline]


@admin.register(models.Figure)
class FigureAdmin(KeyedAdmin):
    list_display = ["key", "percent", "label", "finding"]
    list_select_related = ["finding"]
    search_fields = ["key", *both("label")]
    autocomplete_fields = ["finding"]
    fields = ["key", "finding", "percent", both("label")]


@admin.register(models.ReferenceLevel)
class ReferenceLevelAdmin(SafeLists, admin.ModelAdmin):
    list_display = ["edition", "dimension", "level", "why"]
    list_filter = ["edition", "dimension"]
    search_fields = ["dimension", *both("why")]
    autocomplete_fields = ["findings"]
    fields = [("edition", "dimension", "level"), both("why"), "findings"]
