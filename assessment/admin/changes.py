"""The list of all that administrators did, for superusers; nobody can change or delete an entry of it."""

from functools import partial

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext_lazy as _

from assessment.admin.entries import summary, told
from assessment.admin.response import ReadOnlyAdmin


@admin.register(LogEntry)
class ChangesAdmin(ReadOnlyAdmin):
    list_display = ["action_time", "user", "object_repr", "kind", "what"]
    list_filter = [
        ("user", admin.RelatedOnlyFieldListFilter),
        ("content_type", admin.RelatedOnlyFieldListFilter),
        "action_flag",
    ]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "change_message"]
    date_hierarchy = "action_time"
    fields = ["action_time", "user", "content_type", "object_id", "object_repr", "action_flag", "details"]
    readonly_fields = ["details"]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {**(extra_context or {}), "title": _("What administrators changed")})

    def get_object(self, request, object_id, from_field=None):
        """An entry whose title says what was done, also where nothing was changed."""
        entry = super().get_object(request, object_id, from_field)
        if entry is not None:
            entry.get_change_message = partial(summary, entry)
        return entry

    @admin.display(description=_("kind"), ordering="content_type")
    def kind(self, obj):
        return obj.content_type.name if obj.content_type else ""

    @admin.display(description=_("what was done"))
    def what(self, obj):
        return summary(obj)

    @admin.display(description=_("before and after"))
    def details(self, obj):
        return told(obj)
