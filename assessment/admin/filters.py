"""Filters of long lists that ask the database nothing to draw themselves: what can be chosen is known beforehand."""

from collections.abc import Sequence

from django.contrib import admin, messages
from django.contrib.admin.utils import get_last_value_from_parameters
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from assessment.content.files import organisation_lists
from assessment.forms.period import PeriodForm

Entries = Sequence[tuple[str, object]]


class KnownFilter(admin.FieldListFilter):
    """One of the values that a subclass knows; the address names the field, so that it reads `?...sector=retail`."""

    def __init__(self, field, request, params, model, model_admin, field_path):
        self.lookup_val = get_last_value_from_parameters(params, field_path)
        super().__init__(field, request, params, model, model_admin, field_path)

    def entries(self) -> Entries:
        raise NotImplementedError

    def expected_parameters(self):
        return [self.field_path]

    def get_facet_counts(self, pk_attname, filtered_qs):
        return {
            f"{place}__c": Count(pk_attname, filter=Q((self.field_path, value)))
            for place, (value, _text) in enumerate(self.entries())
        }

    def choices(self, changelist):
        counts = self.get_facet_queryset(changelist) if changelist.add_facets else None
        yield {
            "selected": self.lookup_val is None,
            "query_string": changelist.get_query_string(remove=[self.field_path]),
            "display": _("All"),
        }
        for place, (value, text) in enumerate(self.entries()):
            yield {
                "selected": self.lookup_val == value,
                "query_string": changelist.get_query_string({self.field_path: value}),
                "display": f"{text} ({counts[f'{place}__c']})" if counts else text,
            }


class FactFilter(KnownFilter):
    """A fact of an organisation: its sector, size or market, in the words of the lists asked at the start."""

    def entries(self) -> Entries:
        name = f"{self.field.name}s"
        return [(entry.key, entry.text) for entry in getattr(organisation_lists(), name)]


class LevelFilter(KnownFilter):
    """One of the five levels."""

    def entries(self) -> Entries:
        return [(str(number), str(number)) for number in range(1, 6)]


class RoleFilter(KnownFilter):
    """The function of who answered, in the words of the list asked at the start."""

    def entries(self) -> Entries:
        return [(entry.key, entry.text) for entry in organisation_lists().roles]


class PeriodFilter(admin.ListFilter):
    """From one day to another, by the date of the list's own hierarchy; what is no period limits nothing and is said."""

    title = _("period")
    template = "admin/period_filter.html"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.field = model_admin.date_hierarchy
        self.used_parameters = {name: params.pop(name)[-1] for name in self.expected_parameters() if name in params}
        self.form = PeriodForm(self.used_parameters or None, auto_id="period-%s")
        if self.is_wrong and request.method == "GET":
            text = _("This is not a period: the list is not limited by it. Please look at the days beside the list.")
            messages.error(request, text)

    @property
    def is_wrong(self) -> bool:
        return self.form.is_bound and not self.form.is_valid()

    def expected_parameters(self):
        return list(PeriodForm.base_fields)

    def has_output(self):
        return True

    def choices(self, changelist):
        """Every day: where that leads, and what else is asked of the list, for the form to ask it again."""
        kept = changelist.get_query_string(remove=self.expected_parameters())
        others = QueryDict(kept.removeprefix("?")).lists()
        yield {
            "selected": not any(self.used_parameters.values()),
            "query_string": kept,
            "display": _("All"),
            "others": [(name, value) for name, values in others for value in values if name not in ("p", "e")],
        }

    def queryset(self, request, queryset):
        if not self.form.is_bound or self.is_wrong:
            return queryset
        bounds = {"gte": self.form.start, "lt": self.form.end}
        return queryset.filter(**{f"{self.field}__{name}": day for name, day in bounds.items() if day})


def facts(path: str = "") -> list[tuple[str, type[KnownFilter]]]:
    """The filters by what is known of an organisation, which `path` leads to."""
    return [(f"{path}{name}", FactFilter) for name in ("sector", "size", "market")]


def asked_by(entry) -> list[str]:
    """The names that an entry of `list_filter` reads from the address: the field that it asks about, or names of its own."""
    if entry is PeriodFilter:
        return list(PeriodForm.base_fields)
    return [entry[0] if isinstance(entry, tuple) else getattr(entry, "parameter_name", entry)]


def asked_in_words(changelist) -> dict[object, str]:
    """What a list is limited to: of each filter its name, not translated yet, and what was chosen, as it is read there."""
    chosen = {spec.title: _chosen(spec, changelist) for spec in changelist.filter_specs if spec.used_parameters}
    days = [value for part in ("year", "month", "day") for value in _asked(changelist, f"__{part}")]
    chosen |= {_("period"): "-".join(days)} if days else {}
    return chosen | ({_("search"): changelist.query} if changelist.query else {})


def _chosen(spec, changelist) -> str:
    words = [str(entry["display"]) for entry in spec.choices(changelist) if entry["selected"]]
    if not words or isinstance(spec, PeriodFilter):
        words = [str(value) for value in spec.used_parameters.values() if value]
    return " – ".join(words)


def _asked(changelist, ending: str) -> list[str]:
    """The values in the address for a part of the date that the list goes by."""
    return changelist.filter_params.get(f"{changelist.date_hierarchy}{ending}", [])


class MonthFilter(admin.SimpleListFilter):
    """One of the months that there is something of."""

    title = _("month")
    parameter_name = "month"

    def lookups(self, request, model_admin):
        months = model_admin.get_queryset(request).datetimes(model_admin.date_hierarchy, "month", order="DESC")
        self.field = model_admin.date_hierarchy
        return [(f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT")) for month in months]

    def queryset(self, request, queryset):
        asked = self.value()
        if asked is None:
            return queryset
        if asked not in dict(self.lookup_choices):
            return queryset.none()
        year, month = asked.split("-")
        return queryset.filter(**{f"{self.field}__year": year, f"{self.field}__month": month})


class ByMonth:
    """For a list with dates that tell too much to some: they filter by month, and are shown no day."""

    def shows_days(self, request) -> bool:
        raise NotImplementedError

    def get_list_filter(self, request):
        """A filter of ours over days is a class by itself, one of a field is not."""
        offered = super().get_list_filter(request)
        if self.shows_days(request):
            return offered
        return [MonthFilter, *(entry for entry in offered if not isinstance(entry, type))]

    def get_date_hierarchy(self, request):
        return super().get_date_hierarchy(request) if self.shows_days(request) else None

    @admin.display(description=_("month"))
    def month(self, obj):
        return date_format(timezone.localtime(getattr(obj, self.date_hierarchy)), "YEAR_MONTH_FORMAT")
