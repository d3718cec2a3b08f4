"""Seeing rounds, responses and results: states, dates and scores of the whole, never a person's answers or address."""

from fractions import Fraction

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from assessment import models
from assessment.admin.answers import ShowingAnswers
from assessment.admin.exporting import Exporting
from assessment.admin.filters import ByMonth, LevelFilter, PeriodFilter, RoleFilter, facts
from assessment.admin.lists import SafeLists
from assessment.results.export import scored_dimensions
from assessment.wording import numbers

NAMES = "assessment.view_organisation"  # whoever has it is shown which organisation a result is of


def number_of(rows, path: str) -> Coalesce:
    """How many rows lead to this one by that path, counted for each row that is shown, not joined to all of them."""
    counted = rows.order_by().filter(**{path: OuterRef("pk")}).values(path).annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


class ReadOnly:
    """What happened cannot be changed here."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(ReadOnly, SafeLists, admin.ModelAdmin):
    show_full_result_count = False  # a filtered list says how many it found, and does not count the others


@admin.display(description=_("version"), ordering="questionnaire__version")
def version(obj):
    """A column: the version of the questionnaire that a row is about."""
    return obj.questionnaire.version


@admin.register(models.Round)
class RoundAdmin(ReadOnlyAdmin):
    view_on_site = False  # its page is for the people of the organisation alone
    list_display = ["organisation", "number", version, "mode", "opened_at", "closed_at", "people"]
    list_filter = [PeriodFilter, "mode", "questionnaire", *facts("organisation__"), "organisation__is_demo"]
    list_select_related = ["organisation", "questionnaire"]
    search_fields = ["organisation__name"]
    date_hierarchy = "opened_at"
    fields = [
        "organisation",
        "number",
        "questionnaire",
        "mode",
        "opened_at",
        "closes_on",
        "closed_at",
        "invited",
        "people",
    ]
    readonly_fields = ["invited", "people"]

    def get_queryset(self, request):
        answered = models.Response.objects.submitted()
        invited = models.Invitation.objects.personal()
        return (
            super()
            .get_queryset(request)
            .annotate(answered=number_of(answered, "round"), personal=number_of(invited, "round"))
        )

    @admin.display(description=_("people who answered"))
    def people(self, obj):
        """Of an open confidential round what its people are told, as one of them may look after the site."""
        if not obj.is_confidential or not obj.is_open:
            return obj.answered
        enough = _("%(floor)s or more") if obj.tells_enough(on=timezone.localdate()) else _("fewer than %(floor)s")
        return enough % {"floor": obj.smallest_group}

    @admin.display(description=_("people invited by mail"))
    def invited(self, obj):
        return obj.personal


@admin.register(models.Response)
class ResponseAdmin(ShowingAnswers, ReadOnlyAdmin):
    list_display = ["round", "function", "state", "started_at", "submitted_at"]
    list_filter = [PeriodFilter, "state", ("role", RoleFilter), "round__questionnaire", "round__organisation__is_demo"]
    list_select_related = ["round__organisation"]
    search_fields = ["round__organisation__name"]
    date_hierarchy = "started_at"
    fields = ["round", "function", "state", "started_at", "submitted_at"]

    @admin.display(description=_("role"), ordering="role")
    def function(self, obj):
        return numbers.fact(obj.role, "role")


def decimal(value) -> str:
    """A score with one decimal, in the reader's form."""
    return "–" if value is None else number_format(value, 1)


def span(obj) -> str:
    """What a score could still be."""
    return "–" if obj.low is None else f"{decimal(obj.low)} – {decimal(obj.high)}"


@admin.register(models.Result)
class ResultAdmin(Exporting, ByMonth, ReadOnlyAdmin):
    list_display = [
        "number",
        "organisation",
        "points",
        "level",
        "sector",
        "size",
        "market",
        version,
        "created_at",
    ]
    list_filter = [
        PeriodFilter,
        ("level", LevelFilter),
        *facts("round__organisation__"),
        "round__mode",
        "questionnaire",
        "round__organisation__is_demo",
    ]
    list_select_related = ["round__organisation", "questionnaire"]
    search_fields = ["round__organisation__name"]
    date_hierarchy = "created_at"
    summary = [
        "number",
        ("sector", "size", "market"),
        "mode",
        ("questionnaire", "scoring_version"),
        ("points", "level", "range"),
        ("responses", "answers_erased"),
        "created_at",
        "by_dimension",
    ]

    def get_queryset(self, request):
        """What stands for a round: never one person's result in a round of several."""
        return super().get_queryset(request).of_rounds()

    def get_list_display(self, request):
        return self._named(request, self.list_display, ["organisation"])

    def get_fields(self, request, obj=None):
        return self._named(
            request, [("organisation", "round_number"), *self.summary], [("organisation", "round_number")]
        )

    def get_search_fields(self, request):
        return super().get_search_fields(request) if self.shows_days(request) else []

    def _named(self, request, whole, names):
        """Fields with the organisation for who has `view_organisation`; others see months only, as a day could identify it."""
        if self.shows_days(request):
            return whole
        return ["month" if part == "created_at" else part for part in whole if part not in names]

    def shows_days(self, request):
        return request.user.has_perm(NAMES)

    @admin.display(description=_("result"), ordering="pk")
    def number(self, obj):
        return obj.pk

    @admin.display(description=_("organisation"), ordering="round__organisation__name")
    def organisation(self, obj):
        return obj.round.organisation

    @admin.display(description=_("round"), ordering="round__number")
    def round_number(self, obj):
        return obj.round.number

    @admin.display(description=_("sector"), ordering="round__organisation__sector")
    def sector(self, obj):
        return numbers.fact(obj.round.organisation.sector, "sector")

    @admin.display(description=_("size"), ordering="round__organisation__size")
    def size(self, obj):
        return numbers.fact(obj.round.organisation.size, "size")

    @admin.display(description=_("market"), ordering="round__organisation__market")
    def market(self, obj):
        return numbers.fact(obj.round.organisation.market, "market")

    @admin.display(description=_("kind"), ordering="round__mode")
    def mode(self, obj):
        return obj.round.get_mode_display()

    @admin.display(description=_("score"), ordering="score")
    def points(self, obj):
        return decimal(obj.score)

    @admin.display(description=_("range"))
    def range(self, obj):
        return span(obj)

    @admin.display(description=_("by dimension"))
    def by_dimension(self, obj):
        titles = scored_dimensions()
        rows = [
            {
                "title": titles.get(part.dimension, part.dimension),
                "score": decimal(part.score),
                "level": part.level or "–",
                "coverage": numbers.percent(None if part.coverage is None else Fraction(part.coverage)),
                "range": span(part),
            }
            for part in obj.dimensions.all()
        ]
        return render_to_string("admin/_dimensions.html", {"rows": rows})
