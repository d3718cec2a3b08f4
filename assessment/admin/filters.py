"""Filters of long lists that ask the database nothing to draw themselves: what can be chosen is known beforehand."""

from collections.abc import Sequence

from django.contrib import admin
from django.contrib.admin.utils import get_last_value_from_parameters
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from assessment.content.shipped import organisation_lists

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


def facts(path: str = "") -> list[tuple[str, type[KnownFilter]]]:
    """The filters by what is known of an organisation, which `path` leads to."""
    return [(f"{path}{name}", FactFilter) for name in ("sector", "size", "market")]


def field_of(entry) -> str:
    """What an entry of `list_filter` is called in an address: the field that it asks about, or a name of its own."""
    return entry[0] if isinstance(entry, tuple) else getattr(entry, "parameter_name", entry)
