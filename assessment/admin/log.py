"""The record of what administrators do: who, when, what, and each value before and after; never a secret.

An entry is Django's own, its message the JSON that Django reads; beside each part of it stand the values.
"""

import json
from collections.abc import Iterable, Mapping
from functools import partial

from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.forms import ModelChoiceField
from django.utils.encoding import force_str
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext, override

LONGEST = 300  # characters of a value that are written down
# What is secret, and what an erased account must not leave behind: that it changed is written down, its value is not.
PRIVATE = {"password", "username", "first_name", "last_name", "email", "data", "key_hash", "token_hash", "seed", "slug"}
Values = list[list[str]]  # of each field its name, its value before and its value after


def record(request, obj: Model, changes: Mapping[object, tuple[object, object]], *, flag: int = CHANGE) -> None:
    """Write down that somebody changed an object: the value before and after of each field, by its name."""
    with override(None):
        names = [force_str(name) for name in changes]
    values = [[name, *map(shortened, pair)] for name, pair in zip(names, changes.values(), strict=True)]
    _write(request, obj, flag, [{"changed": {"fields": names}, "values": values}])


def note(request, about: Model | type[Model], did: str, said: Mapping[str, object]) -> None:
    """Write down what somebody did that changed nothing: a sentence, not translated yet, and what belongs to it."""
    _write(request, about, CHANGE, [{"did": did, "values": [[name, "", shortened(it)] for name, it in said.items()]}])


def _write(request, about: Model | type[Model], flag: int, message: list[dict]) -> None:
    is_one = isinstance(about, Model)
    LogEntry.objects.create(
        user_id=request.user.pk,
        content_type=ContentType.objects.get_for_model(about),
        object_id=about.pk if is_one else None,
        object_repr=(str(about) if is_one else force_str(about._meta.verbose_name_plural))[:200],
        action_flag=flag,
        change_message=json.dumps(message),
    )


def shortened(value) -> str:
    """A value as it is written down: people by their number, several one after the other, long texts cut."""
    if value is None:
        return ""
    if isinstance(value, get_user_model()):
        return f"#{value.pk}"
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | dict):
        value = ", ".join(map(shortened, value))
    return Truncator(force_str(value)).chars(LONGEST)


# What a form changed -------------------------------------------------------------------------------------------------
def _values(form) -> Values:
    """The values of the fields that a form changed."""
    return [
        [_name(form, name), *(_said(form.fields[name], told.get(name)) for told in (form.initial, form.cleaned_data))]
        for name in form.changed_data
        if name in form.fields and name not in PRIVATE and not name.startswith("password")
    ]


def _name(form, name: str) -> str:
    model = getattr(getattr(form, "_meta", None), "model", None)
    names = {field.name: field.verbose_name for field in model._meta.get_fields() if hasattr(field, "verbose_name")}
    with override(None):
        return force_str(names.get(name) or form.fields[name].label or name)


def _said(field, value) -> str:
    """A value of a form: what its number stands for, where it is one of another table."""
    if isinstance(field, ModelChoiceField) and value and isinstance(value, int | str):
        value = field.queryset.model._base_manager.filter(pk=value).first()
    return shortened(value)


def _contents(obj: Model) -> Values:
    """What was in an object of the product that is deleted: its texts and numbers, each language by itself."""
    if obj._meta.app_label != "assessment":
        return []
    fields = {
        field.name: field for field in obj._meta.concrete_fields if not field.is_relation and not field.primary_key
    }
    plain = [field for name, field in fields.items() if name not in PRIVATE and f"{name}_en" not in fields]
    with override(None):
        named = [(force_str(field.verbose_name), shortened(getattr(obj, field.attname))) for field in plain]
    return [[name, before, ""] for name, before in named if before]


# What an entry tells -------------------------------------------------------------------------------------------------
def told(entry: LogEntry) -> str:
    """An entry as it is read: what was done, and under it each value before and after."""
    lines = [(_field(name), _change(_value(before), _value(after))) for name, before, after in values_of(entry)]
    items = format_html_join("", "<li>{}: {}</li>", lines)
    return format_html("{}<ul>{}</ul>", summary(entry), items) if lines else summary(entry)


def summary(entry: LogEntry) -> str:
    """What was done, in a sentence."""
    done = [part.get("did") for part in _parts(entry)]
    return " ".join(gettext(sentence) for sentence in done if sentence) or LogEntry.get_change_message(entry)


def values_of(entry: LogEntry) -> Values:
    return [value for part in _parts(entry) for value in part.get("values", [])]


def _parts(entry: LogEntry) -> list[dict]:
    """The parts of an entry's message; none of one that is plain words."""
    try:
        parts = json.loads(entry.change_message)
    except ValueError:
        return []
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def _field(name: str) -> str:
    """The name of a field in the reader's language, also of one that has a column for each language."""
    plain, _space, language = name.rpartition(" ")
    return f"{capfirst(gettext(plain))} {language}" if language in ("[en]", "[fr]") else capfirst(gettext(name))


def _change(before: str, after: str) -> str:
    shown = [f"“{value}”" if value else "–" for value in (before, after)]
    return " → ".join(shown if before else shown[1:])


def _value(value: str) -> str:
    return {"True": gettext("Yes"), "False": gettext("No")}.get(value, value)


class Recorded:
    """For every ModelAdmin: what its forms change is written down with the values, and its history shows them."""

    def construct_change_message(self, request, form, formsets, add=False):
        """Django's own, and beside each part of it the values, in the same order."""
        message = super().construct_change_message(request, form, formsets, add)
        values = [_values(form)] if add or form.changed_data else []
        for formset in formsets or ():
            forms = {id(part.instance): part for part in formset.forms}
            changed = [*formset.new_objects, *(obj for obj, _fields in formset.changed_objects)]
            values += [_values(forms[id(obj)]) for obj in changed]
            values += [_contents(obj) for obj in formset.deleted_objects]
        return [part | {"values": pairs} for part, pairs in zip(message, values, strict=True)]

    def log_deletions(self, request, queryset):
        """Each with what was in it."""
        for obj in queryset:
            message = [{"deleted": {"name": obj._meta.verbose_name_raw, "object": str(obj)}, "values": _contents(obj)}]
            _write(request, obj, DELETION, message)

    def history_view(self, request, object_id, extra_context=None):
        page = super().history_view(request, object_id, extra_context)
        for entry in getattr(page, "context_data", {}).get("action_list", ()):
            entry.get_change_message = partial(told, entry)  # what Django's page calls
        return page
