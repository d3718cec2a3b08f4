"""When something came about, by the month: for those who are shown no names, as in the file that they carry away."""

from django.contrib import admin
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _


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
