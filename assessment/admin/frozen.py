"""Admin classes of what is frozen once published: then it can be read, and nothing else."""

from django.contrib import admin, messages
from django.shortcuts import redirect

from assessment.admin.lists import SafeLists
from assessment.models import PublishedError, Questionnaire


def questionnaire_of(obj) -> Questionnaire | None:
    """The questionnaire that a row of its content belongs to."""
    for step in filter(None, obj.path.split("__")):
        obj = getattr(obj, step)
    return obj


class FrozenMixin:
    """Rights that end with publication; the parent row decides for an inline."""

    def _is_open(self, obj) -> bool:
        return obj is None or obj.pk is None or questionnaire_of(obj).is_draft

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_open(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_open(obj)


class FrozenInline(FrozenMixin):
    extra = 0
    related: tuple[str, ...] = ()  # what each row shows of another table

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related(*self.related) if self.related else rows

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and self._is_open(obj)


class FrozenAdmin(FrozenMixin, SafeLists, admin.ModelAdmin):
    """A model of content; new rows can only point at drafts."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == self.model.parent_name():
            parent = db_field.related_model
            field.queryset = field.queryset.filter(**{parent.path_to("status"): Questionnaire.Status.DRAFT})
        return field

    def changeform_view(self, request, *args, **kwargs):
        return self._unless_published(super().changeform_view, request, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        return self._unless_published(super().delete_view, request, *args, **kwargs)

    def _unless_published(self, view, request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except PublishedError as error:  # somebody published it while this form was open
            self.message_user(request, str(error), messages.ERROR)
            return redirect(request.get_full_path())
