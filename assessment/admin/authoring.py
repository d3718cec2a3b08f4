"""What the pages of authoring share: keys that are proposed and kept, a way through the draft, and rows that move."""

from collections.abc import Collection, Iterable
from decimal import Decimal

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import translation
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.admin.frozen import FrozenAdmin, without_buttons
from assessment.authoring.keys import fill_key, key_problem, move, place_last, published_keys
from assessment.models import PublishedError, Questionnaire
from assessment.models.frozen import questionnaire_of
from assessment.models.texts import written

STEPS = {"up": -1, "down": 1}
KEPT = _("This key was published: earlier results are compared by it, so it stays.")
PROPOSED = _("Leave it empty and it is made from the English text.")


def plain(number: Decimal) -> Decimal:
    """A number as people write it: 25, not 25.000."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


class BilingualForm(forms.ModelForm):
    """A draft's texts: one language is enough to save them; the outline and the check say what the other one lacks."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        written = [name for name, field in self.fields.items() if name.endswith("_en") and field.required]
        self.asked = [name.removesuffix("_en") for name in written]
        for name in self.asked:
            self.fields[f"{name}_en"].required = self.fields[f"{name}_fr"].required = False

    def clean(self):
        values = super().clean()
        for name in self.asked:
            if not (values.get(f"{name}_en") or values.get(f"{name}_fr")):
                self.add_error(f"{name}_{translation.get_language()}", gettext("Write it in one language at least."))
        return values


class WrittenRow:
    """For a form of a row in a list: a new one without any text is not there."""

    def has_changed(self):
        texts = [name for name in self.fields if name.endswith(("_en", "_fr"))]
        return super().has_changed() and (
            self.instance.pk is not None or any(self.data.get(self.add_prefix(name)) for name in texts)
        )


class KeyedForm(BilingualForm):
    """A row whose key may be left empty, and stays once it was published."""

    def __init__(self, *args, kept: Collection[str] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= {name: plain(value) for name, value in self.initial.items() if isinstance(value, Decimal)}
        key = self.fields.get("key")
        if key is None:  # only to be read
            return
        key.required, key.help_text = False, PROPOSED
        if self.instance.pk and self.instance.key in (published_keys(self.instance) if kept is None else kept):
            key.disabled, key.help_text = True, KEPT

    def _post_clean(self):
        """A key that is taken is told at its field, also where it is in the same part, of which Django tells at the top."""
        super()._post_clean()
        is_twice = self.has_error(NON_FIELD_ERRORS, "unique_together") and len(self.errors) == 1
        if (is_twice or not self.errors) and self.cleaned_data.get("key") and (problem := key_problem(self.instance)):
            self.errors.pop(NON_FIELD_ERRORS, None)
            self.add_error("key", problem)


def offer(field: forms.ModelChoiceField, rows: Iterable, group, label) -> None:
    """Let a field choose among these rows and no others, in groups named by `group`; they are read once."""
    rows = list(rows)
    groups: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        groups.setdefault(group(row), []).append((row.pk, label(row)))
    field.queryset = field.queryset.filter(pk__in=[row.pk for row in rows])
    field.choices = [("", "---------"), *groups.items()]
    without_buttons(field)


class AuthoringAdmin(FrozenAdmin):
    """A part of a questionnaire with a page of its own: it belongs to a parent, has a place among others, and a way back."""

    form = KeyedForm
    title_field = "text"
    is_added_in_outline = True  # where it is known what it belongs to: no list and no menu offers it

    class Media:
        css = {"all": ["assessment/admin.css"]}

    @admin.display(description=_("version"))
    def version(self, obj):
        return questionnaire_of(obj).version

    @admin.display(description=_("weight"), ordering="weight")
    def weighs(self, obj):
        return "–" if obj.weight is None else number_format(plain(obj.weight))

    def parent_of(self, request, obj=None):
        """What a row belongs to; on the page for a new one what its address or form names, if that is a draft's."""
        name = self.model.parent_name()
        if obj is not None:
            return getattr(obj, name)
        given = request.POST.get(name) or request.GET.get(name) or ""
        if not (given.isascii() and given.isdigit() and len(given) < 19):
            return None
        parents = self.model._meta.get_field(name).related_model
        return parents.objects.filter(**{parents.path_to("status"): Questionnaire.Status.DRAFT}, pk=given).first()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if field := form.base_fields.get(self.model.parent_name()):
            parent = self.parent_of(request, obj)
            whole = questionnaire_of(parent) if parent else None
            rows = field.queryset.select_related(*filter(None, [field.queryset.model.path]))
            offer(field, rows.filter(**{rows.model.path_to("pk"): whole.pk}) if whole else rows, self._group, str)
        return form

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {**(extra_context or {}), "has_add_permission": False})

    def _group(self, parent) -> str:
        return str(questionnaire_of(parent)) if parent.path else gettext("Drafts")

    def save_model(self, request, obj, form, change):
        fill_key(obj)
        if not change or self.model.parent_name() in form.changed_data:
            place_last(obj)
        super().save_model(request, obj, form, change)

    # The way through ------------------------------------------------------------------------------------------------

    def trail(self, parent) -> list[tuple[str, str]]:
        """The addresses and names that lead from the questionnaire down to a row's parent."""
        steps = []
        while parent is not None:
            address = reverse(f"admin:assessment_{parent._meta.model_name}_change", args=[parent.pk])
            steps.insert(0, (address, str(parent) if not parent.path else written(parent, "title")))
            parent = getattr(parent, parent.parent_name()) if parent.path else None
        return steps

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["trail"] = self.trail(self.parent_of(request, obj))
        if obj is not None:
            context["title_of_row"] = written(obj, self.title_field)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def outline_of(self, obj) -> str:
        """Where a row stands in the outline of its questionnaire."""
        whole = questionnaire_of(obj)
        address = reverse("admin:assessment_questionnaire_change", args=[whole.pk])
        return f"{address}#{obj._meta.model_name}-{obj.pk}"

    def response_post_save_add(self, request, obj):
        return redirect(self.outline_of(obj))

    def response_post_save_change(self, request, obj):
        return redirect(self.outline_of(obj))

    def response_add(self, request, obj, *args, **kwargs):
        answer = super().response_add(request, obj, *args, **kwargs)
        if "_addanother" in request.POST and not request.POST.get("_popup"):
            name = self.model.parent_name()
            return redirect(f"{request.path}?{urlencode({name: getattr(obj, f'{name}_id')})}")
        return answer

    def delete_model(self, request, obj):
        request.outline_address = self.outline_of(obj).partition("#")[0]
        super().delete_model(request, obj)

    def response_delete(self, request, obj_display, obj_id):
        answer = super().response_delete(request, obj_display, obj_id)
        return answer if "_popup" in request.POST else redirect(request.outline_address)

    def back_to_page(self, request, obj):
        """The page of a row again, for who is not done with it."""
        return redirect(reverse(f"admin:assessment_{self.model._meta.model_name}_change", args=[obj.pk]))

    # Moving ---------------------------------------------------------------------------------------------------------

    def get_urls(self):
        name = f"assessment_{self.model._meta.model_name}_move"
        return [
            path("<path:object_id>/move/", self.admin_site.admin_view(self.move_view), name=name),
            *super().get_urls(),
        ]

    def move_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Move a row up or down among its own; a plain form of the outline."""
        obj = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        self.move(request, obj, request.POST.get("by", ""), of=obj)
        return redirect(self.outline_of(obj))

    def move(self, request, row, by: str, *, of) -> None:
        """Move a row and put it on record with the page that it is moved on, `of`."""
        try:
            moved = by in STEPS and move(row, by=STEPS[by])
        except PublishedError as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        name = written(row, self.title_field if row is of else "text")
        if moved:
            changed = {"fields": ["position"]}
            if row is not of:
                with translation.override(None):
                    changed |= {"name": str(row._meta.verbose_name), "object": name}
            values = [["position", str(row.position - STEPS[by]), str(row.position)]]
            self.log_change(request, of, [{"changed": changed, "values": values}])
            self.message_user(request, gettext("“%(name)s” was moved.") % {"name": name}, messages.SUCCESS)
        else:
            text = gettext("“%(name)s” was not moved: it is at the end already.") % {"name": name}
            self.message_user(request, text, messages.WARNING)
