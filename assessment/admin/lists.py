"""Lists of the admin that survive every address: what the database cannot look for is a wrong question, not an error."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db import DataError

from assessment.admin.filters import field_of
from assessment.admin.log import Recorded


class SafeChangeList(ChangeList):
    """Django checks the names in an address, not every value: a year 10000, a number of 30 digits, a zero byte."""

    def __init__(self, request, *args, **kwargs) -> None:
        try:
            super().__init__(request, *args, **kwargs)
        except (ValueError, OverflowError, DataError) as error:
            raise IncorrectLookupParameters(error) from error
        self.date_hierarchy = self.model_admin.get_date_hierarchy(request)


class SafeLists(Recorded):
    """For every ModelAdmin: its lists take every address and tell nothing they do not show; what it changes is on record."""

    def get_changelist(self, request, **kwargs):
        return SafeChangeList

    def get_date_hierarchy(self, request):
        """The date that the list goes by, as this person may."""
        return self.date_hierarchy

    def lookup_allowed(self, lookup, value, request):
        """Only the filters that are offered: any other could be used to guess what these pages do not show."""
        offered = [*map(field_of, self.get_list_filter(request)), self.get_date_hierarchy(request)]
        return super().lookup_allowed(lookup, value, request) and any(
            lookup == name or lookup.startswith(f"{name}__") for name in offered
        )

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))
