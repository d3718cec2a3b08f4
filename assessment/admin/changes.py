"""The list of all that administrators did, for superusers; nobody can change or delete an entry of it."""

from functools import partial

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.admin.entries import summary, told
from assessment.admin.lists import Renamed
from assessment.admin.response import ReadOnlyAdmin
from assessment.text.comparing import searchable


def kind_of(content_type) -> str:
    """What a kind of object is called on its own pages."""
    known = admin.site._registry.get(content_type.model_class())
    return str(known.opts.verbose_name if known else content_type.name)


class KindFilter(admin.RelatedOnlyFieldListFilter):
    """The kinds that there are changes of."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("kind")

    def field_choices(self, field, request, model_admin):
        kinds = ContentType.objects.in_bulk(pk for pk, _name in super().field_choices(field, request, model_admin))
        named = ((pk, capfirst(kind_of(kind))) for pk, kind in kinds.items())
        return sorted(named, key=lambda entry: searchable(entry[1]))


class DoneFilter(admin.ChoicesFieldListFilter):
    """Whether something was added, changed or deleted."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("what was done")


@admin.register(LogEntry)
class ChangesAdmin(Renamed, ReadOnlyAdmin):
    names = (_("change on record"), _("changes on record"))
    menu_name = pgettext_lazy("the list of them", "changes on record")
    list_display = ["action_time", "user", "what", "of", "kind"]
    list_filter = [
        ("user", admin.RelatedOnlyFieldListFilter),
        ("content_type", KindFilter),
        ("action_flag", DoneFilter),
    ]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "change_message"]
    date_hierarchy = "action_time"
    fields = ["action_time", "user", "of", "kind", "details"]
    readonly_fields = ["kind", "of", "details"]

    def get_object(self, request, object_id, from_field=None):
        """An entry whose title says what was done, also where nothing was changed."""
        entry = super().get_object(request, object_id, from_field)
        if entry is not None:
            entry.get_change_message = partial(summary, entry)
        return entry

    @admin.display(description=_("kind"), ordering="content_type")
    def kind(self, obj):
        return kind_of(obj.content_type) if obj.content_type else ""

    @admin.display(description=_("object"), ordering="object_repr")
    def of(self, obj):
        return obj.object_repr

    @admin.display(description=_("what was done"))
    def what(self, obj):
        return summary(obj)

    @admin.display(description=_("before and after"))
    def details(self, obj):
        return told(obj)
