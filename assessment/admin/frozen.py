"""Admin classes of what is frozen once published: then it can be read, and nothing else."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.shortcuts import redirect
from django.utils.translation import gettext

from assessment.admin.lists import SafeLists, Uncut
from assessment.admin.stale import StaleCheck
from assessment.models import PublishedError, Questionnaire
from assessment.models.frozen import questionnaire_of


def without_buttons(field) -> None:
    """Take away the buttons beside a field that add, change or delete what it chooses from."""
    for name in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
        if hasattr(getattr(field, "widget", None), name):
            setattr(field.widget, name, False)


class FrozenMixin(Uncut):
    """Rights that end with publication; the parent row decides for an inline."""

    def _is_open(self, obj) -> bool:
        return obj is None or obj.pk is None or questionnaire_of(obj).is_draft

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_open(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_open(obj)


MOST_ROWS = 100  # of a kind on one page


class SearchSelect(AutocompleteSelect):
    """A field that is searched, with a word that says so: without one it has no name for a screen reader."""

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs(base_attrs, extra_attrs) | {"data-placeholder": gettext("Search")}

    def optgroups(self, name, value, attr=None):
        """With an empty option always: the word stands in its place, and Django leaves it out of required fields."""
        known = [one for one in value if str(one).isdecimal() or not one]  # what else was sent names no row
        groups = super().optgroups(name, known, attr)
        if self.is_required:
            groups[0][1].insert(0, self.create_option(name, "", "", selected=False, index=0))
        return groups


class SearchMixin:
    """For an inline: the fields that are searched get a `SearchSelect`."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = SearchSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class FrozenInline(SearchMixin, FrozenMixin):
    extra = 0
    max_num = MOST_ROWS
    related: tuple[str, ...] = ()  # what each row shows of another table

    def get_formset(self, request, obj=None, **kwargs):
        """Whoever says that they send more rows than that is shown no more."""
        return super().get_formset(request, obj, absolute_max=MOST_ROWS, **kwargs)

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related(*self.related) if self.related else rows

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and self._is_open(obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """What is chosen here is looked after elsewhere: no buttons beside the field that change or delete it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        without_buttons(field)
        return field


class FrozenAdmin(FrozenMixin, StaleCheck, SafeLists, admin.ModelAdmin):
    """A model of content; new rows can only point at drafts."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == self.model.parent_name():
            parent = db_field.related_model
            field.queryset = field.queryset.filter(**{parent.path_to("status"): Questionnaire.Status.DRAFT})
        return field

    def changeform_view(self, request, object_id=None, *args, **kwargs):
        obj = self.get_object(request, unquote(object_id)) if request.method == "POST" and object_id else None
        if obj is not None and not self._is_open(obj) and self.has_view_or_change_permission(request):
            return self.too_late(request, obj)
        return self._unless_published(super().changeform_view, request, object_id, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        return self._unless_published(super().delete_view, request, *args, **kwargs)

    def response_action(self, request, queryset):
        return self._unless_published(super().response_action, request, queryset)

    def _unless_published(self, view, request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except PublishedError as error:  # somebody published it while this form was open
            self.message_user(request, str(error), messages.ERROR)
            return redirect(request.get_full_path())
