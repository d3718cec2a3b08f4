"""Seeing rounds, responses and results: states, dates and scores of the whole, never a person's answers or address."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from assessment import models
from assessment.admin.lists import SafeLists


class ReadOnly:
    """What happened cannot be changed here."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(ReadOnly, SafeLists, admin.ModelAdmin):
    def lookup_allowed(self, lookup, value, request):
        """Only the filters that are offered: any other could be used to guess what these pages do not show."""
        offered = [*self.list_filter, self.date_hierarchy]
        return super().lookup_allowed(lookup, value, request) and any(
            lookup == name or lookup.startswith(f"{name}__") for name in offered
        )


@admin.register(models.Round)
class RoundAdmin(ReadOnlyAdmin):
    list_display = ["organisation", "number", "questionnaire", "mode", "opened_at", "closed_at"]
    list_filter = ["mode", "questionnaire", "organisation__is_demo"]
    list_select_related = ["organisation", "questionnaire"]
    search_fields = ["organisation__name"]
    date_hierarchy = "opened_at"


@admin.register(models.Response)
class ResponseAdmin(ReadOnlyAdmin):
    list_display = ["round", "role", "state", "started_at", "submitted_at"]
    list_filter = ["state", "role", "round__questionnaire", "round__organisation__is_demo"]
    list_select_related = ["round__organisation"]
    search_fields = ["round__organisation__name"]
    date_hierarchy = "started_at"
    fields = ["round", "role", "state", "started_at", "submitted_at"]


class DimensionResultInline(ReadOnly, admin.TabularInline):
    extra = 0
    model = models.DimensionResult
    fields = ["dimension", "state", "score", "level", "coverage", "low", "high"]


@admin.register(models.Result)
class ResultAdmin(ReadOnlyAdmin):
    list_display = ["organisation", "round_number", "score", "level", "questionnaire", "scoring_version", "created_at"]
    list_filter = ["level", "questionnaire", "round__organisation__sector", "round__organisation__size"]
    list_select_related = ["round__organisation", "questionnaire"]
    search_fields = ["round__organisation__name"]
    date_hierarchy = "created_at"
    fields = ["round", "questionnaire", "scoring_version", "score", "level", "low", "high", "created_at"]
    inlines = [DimensionResultInline]

    def get_queryset(self, request):
        """What stands for a round: never one person's result in a round of several."""
        return super().get_queryset(request).of_rounds()

    @admin.display(description=_("organisation"), ordering="round__organisation__name")
    def organisation(self, obj):
        return obj.round.organisation

    @admin.display(description=_("round"), ordering="round__number")
    def round_number(self, obj):
        return obj.round.number
