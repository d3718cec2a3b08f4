"""Base classes of the administration: a query string that is invalid redirects, only declared filters are lookups, an
IntegrityError becomes a message.
"""

from collections.abc import Callable
from copy import copy

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.contrib.messages import get_messages
from django.db import DataError, IntegrityError, transaction
from django.db.models import CharField, EmailField, Model, TextField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessment.admin.alphabet import in_alphabet, words
from assessment.admin.filters import asked_by
from assessment.admin.log import Recorded
from assessment.forms.text import AddressField, LineField, ProseField
from assessment.models.texts import written

FEW = 10_000  # rows that are put into the order of the alphabet without being asked for it


def text_column(model: type[Model], name: str) -> Callable[[Model], str]:
    """A column with a text, in the other language where the reader's is not written yet."""

    def shown(row: Model) -> str:
        return written(row, name)

    shown.__name__ = name
    return admin.display(shown, description=model._meta.get_field(name).verbose_name, ordering=name)


class SafeChangeList(ChangeList):
    """Django checks the names in an address, not every value: a year 10000, a number of 30 digits, a zero byte.

    Texts stand in the order of the alphabet, which is a calculation for each row: a list of very many rows is put into
    it when somebody asks for the order of a column, not before.
    """

    def __init__(self, request, *args, **kwargs) -> None:
        try:
            super().__init__(request, *args, **kwargs)
        except (ValueError, OverflowError, DataError) as error:
            raise IncorrectLookupParameters(error) from error
        self.date_hierarchy = self.model_admin.get_date_hierarchy(request)
        self.opts = self.model_admin.opts  # for some with a name of ours
        self.title = capfirst(getattr(self.model_admin, "menu_name", self.opts.verbose_name_plural))

    def get_ordering(self, request, queryset):
        order = super().get_ordering(request, queryset)
        return in_alphabet(self.model, order) if self.params.get(ORDER_VAR) else order

    def get_results(self, request):
        super().get_results(request)
        order = list(self.queryset.query.order_by)
        if self.result_count > FEW or (better := in_alphabet(self.model, order)) == order:
            return
        self.queryset = self.paginator.object_list = self.queryset.order_by(*better)
        shows_all = not self.multi_page or (self.show_all and self.can_show_all)
        self.result_list = self.queryset if shows_all else self.paginator.page(self.page_num).object_list


class Uncut:
    """For an admin class of texts: none has a `maxlength`, as a browser would cut what is pasted and not say so."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs.pop("maxlength", None)
        return field


class Typed:
    """For a ModelAdmin of names and addresses: what is typed there is cleaned as in any other form."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        cleaned = {CharField: LineField, TextField: ProseField, EmailField: AddressField}.get(type(db_field))
        if cleaned and not db_field.choices:
            kwargs["form_class"] = cleaned
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class Renamed:
    """For a model of others that has no name in our languages: `names` are those for one and for many."""

    names: tuple[str, str]
    menu_name = ""  # of its list, where that is not the name for many

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.opts = copy(self.opts)
        self.opts.verbose_name, self.opts.verbose_name_plural = self.names
        self.menu_name = self.menu_name or self.opts.verbose_name_plural


class SafeLists(Recorded):
    """For every ModelAdmin: its lists take every address and tell nothing that they do not show; what it changes is on
    record, whole or not at all.

    Between the look at what a form says and its saving somebody else may have used, changed or deleted the same thing.
    """

    def get_changelist(self, request, **kwargs):
        return SafeChangeList

    def get_date_hierarchy(self, request):
        """The date that the list goes by, as this person may."""
        return self.date_hierarchy

    def lookup_allowed(self, lookup, value, request):
        """Only the filters that are offered: any other could be used to guess what these pages do not show."""
        filters = [name for entry in self.get_list_filter(request) for name in asked_by(entry)]
        offered = [*filters, self.get_date_hierarchy(request)]
        return super().lookup_allowed(lookup, value, request) and any(
            lookup == name or lookup.startswith(f"{name}__") for name in offered
        )

    def get_search_fields(self, request):
        """By `finds`, which knows `Élan` by `elan`, where nothing else is said."""
        return [name if name[0] in "^=@" else f"{name}__finds" for name in super().get_search_fields(request)]

    def get_search_results(self, request, queryset, search_term):
        """All of the words that are searched, each quoted for Django, which takes an apostrophe for a quotation mark."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.order_by(*in_alphabet(self.model, self.get_ordering(request) or self.opts.ordering))
        quoted = [f'"{word.replace(chr(92), chr(92) * 2)}"' for word in words(search_term)]
        return super().get_search_results(request, queryset, " ".join(quoted))

    def changeform_view(self, request, *args, **kwargs):
        text = _("Nothing was saved: somebody else changed something here at the same moment. Please look again.")
        return self._in_time(super().changeform_view, text, request, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        text = _("Nothing was deleted: somebody else began to use it at the same moment. Please look again.")
        return self._in_time(super().delete_view, text, request, *args, **kwargs)

    def response_action(self, request, queryset):
        text = _("Nothing was done: somebody else changed or began to use one of them. Please look again.")
        with_all = transaction.atomic(super().response_action)
        return self._in_time(with_all, text, request, queryset)

    def _in_time(self, view: Callable, text: str, request: HttpRequest, *args, **kwargs) -> HttpResponse | None:
        try:
            return view(request, *args, **kwargs)
        except IntegrityError:  # also what is protected
            list(get_messages(request))  # what was told of it before is not so
            self.message_user(request, text, messages.ERROR)
            return redirect(request.get_full_path())
