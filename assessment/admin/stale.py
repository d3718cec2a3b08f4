"""Optimistic locking for admin forms: refuses a save based on stale data, says so, and shows the input again."""

import hashlib
from functools import partial

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from assessment.models.frozen import questionnaire_of


class SeenField(forms.CharField):
    """What was stored when a page was opened; it is no value of the row, so that it never counts as changed."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def has_changed(self, initial, data):
        return False


class SeenForm(forms.ModelForm):
    """A form that knows what its page showed: it is sent along, and compared with what is stored by then."""

    stamp: partial

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"] = SeenField()
        self.stored = self.initial["seen"] = self.stamp()

    def clean(self):
        values = super().clean()
        if values.get("seen") not in ("", self.stored):
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.stored  # whoever sends it again has been told
            raise forms.ValidationError(
                _(
                    "Nothing was saved: somebody else changed this since you opened the page. What you wrote is still here. "
                    "Open the page anew in another tab to see what is stored; save again to put yours in its place."
                )
            )
        return values


class StaleCheck:
    """For an admin class of drafts, which several people write."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if obj is None or not self.has_change_permission(request, obj):
            return form
        return type(form.__name__, (SeenForm, form), {"stamp": partial(self._stamp, request, obj.pk)})

    def _stamp(self, request: HttpRequest, pk: int) -> str:
        """A fingerprint of what the page of a row shows, its inlines included; where a row stands among others is none of it."""
        obj = self.model._base_manager.get(pk=pk)
        shown = [_values(obj)]
        for inline in self.get_inline_instances(request, obj):
            rows = inline.model._base_manager.filter(**{inline.model.parent_name(): obj})
            shown += map(_values, rows.order_by("pk"))
        return hashlib.sha256(repr(shown).encode()).hexdigest()

    def too_late(self, request: HttpRequest, obj: Model) -> HttpResponse:
        """What somebody wrote on a page whose version was published meanwhile: it is not saved, and they get it back."""
        context = self.admin_site.each_context(request) | {
            "title": _("This version was published meanwhile"),
            "opts": self.opts,
            "original": obj,
            "questionnaire": questionnaire_of(obj),
            "wrote": [text for name, text in request.POST.items() if name.endswith(("_en", "_fr")) and text.strip()],
        }
        return TemplateResponse(request, "admin/assessment/too_late.html", context, status=403)


def _values(row: Model) -> list[tuple[str, object]]:
    fields = [field for field in row._meta.concrete_fields if field.name != "position"]
    return [(field.attname, getattr(row, field.attname)) for field in fields]
