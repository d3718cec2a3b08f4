"""The record of what administrators do: who, when, what, and each value before and after; never a secret.

An entry is Django's own, its message the JSON that Django reads; beside each part of it stand the values.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.admin.utils import NestedObjects
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.forms import ChoiceField, ModelChoiceField, ModelMultipleChoiceField
from django.utils.choices import flatten_choices
from django.utils.encoding import force_str
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import override

from assessment.admin.entries import OURS, Values, told
from assessment.models.barometer import Candidate, Counted
from assessment.models.frozen import Frozen

UNTOLD = (Counted, Candidate)  # rows of an organisation that no page and no entry tells of
LONGEST = 300  # characters of a value that are written down
LEAD = 40  # characters before the first that differs
# What is secret, and what an erased account must not leave behind: that it changed is written down, its value is not.
PRIVATE = {"password", "username", "first_name", "last_name", "email", "data", "key_hash", "token_hash", "seed", "slug"}


def record(request, obj: Model, changes: Mapping[object, tuple[object, object]], *, flag: int = CHANGE) -> None:
    """Write down that somebody changed or added an object: the value before and after of each field, by its name."""
    with override(None):
        names = [force_str(name) for name in changes]
    values = [_line(name, *pair) for name, pair in zip(names, changes.values(), strict=True)]
    done = {"added": {}} if flag == ADDITION else {"changed": {"fields": names}}
    _write(request, obj, flag, [done | {"values": values}])


def record_new(request, obj: Model) -> None:
    """Write down that somebody added an object that no form describes, with what is in it."""
    _write(request, obj, ADDITION, [{"added": {}, "values": [_turned(line) for line in _contents(obj)]}])


def _turned(line: list[str]) -> list[str]:
    name, value, _nothing, *marks = line
    return [name, "", value, *marks]


def note(request, about: Model | type[Model], did: str, said: Mapping[object, object]) -> None:
    """Write down what somebody did that changed nothing: a sentence, not translated yet, and what belongs to it."""
    with override(None):
        names = [force_str(name) for name in said]
    values = [[name, "", shortened(it)] for name, it in zip(names, said.values(), strict=True)]
    _write(request, about, CHANGE, [{"did": did, "values": values}])


def _write(request, about: Model | type[Model], flag: int, message: list[dict]) -> None:
    is_one = isinstance(about, Model)
    LogEntry.objects.create(
        user_id=request.user.pk,
        content_type=ContentType.objects.get_for_model(about),
        object_id=about.pk if is_one else None,
        object_repr=(str(about) if is_one else force_str(about._meta.verbose_name_plural))[:200],
        action_flag=flag,
        change_message=_legible(message),
    )


def _legible(message: list[dict] | str) -> str:
    """A message with its letters as they are, not as numbers: what is on record can be searched."""
    return message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)


def shortened(value) -> str:
    """A value as it is written down, long texts cut."""
    return Truncator(_words(value)).chars(LONGEST)


def _words(value) -> str:
    """A value in words: people by their number, several one after the other, our own words untranslated."""
    if value is None:
        return ""
    if isinstance(value, get_user_model()):
        return f"#{value.pk}"
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | dict | Promise):
        return ", ".join(map(_words, value))
    if isinstance(value, Promise):
        with override(None):
            return force_str(value)
    return force_str(value)


def _line(name: str, before, after) -> list[str]:
    """A field with its values; marked where both are words of ours, which are translated when they are read."""
    given = [value for value in (before, after) if value not in (None, "")]
    is_ours = bool(given) and all(isinstance(value, Promise) for value in given)
    return [name, *_cut(before, after), *([OURS] if is_ours else [])]


def _cut(before, after) -> tuple[str, str]:
    """Both values in words, short enough; where they are long, from a little before what differs."""
    pair, is_long = (before, after), max(len(_words(before)), len(_words(after))) > LONGEST
    if is_long and all(isinstance(value, list | tuple) for value in pair):  # of a long list what went and what came
        pair = [one for one in before if one not in after], [one for one in after if one not in before]
    texts = [_words(value) for value in pair]
    same = next((place for place, two in enumerate(zip(*texts, strict=False)) if two[0] != two[1]), 0)
    start = max(0, same - LEAD) if is_long else 0
    cut = [f"…{text[start:]}" if start and text else text for text in texts]
    return Truncator(cut[0]).chars(LONGEST), Truncator(cut[1]).chars(LONGEST)


# What a form changed -------------------------------------------------------------------------------------------------
def _values(form) -> Values:
    """The values of the fields that a form changed."""
    return [
        _line(
            _name(form, name), *(_said(form.fields[name], data.get(name)) for data in (form.initial, form.cleaned_data))
        )
        for name in form.changed_data
        if name in form.fields and name not in PRIVATE and not name.startswith("password")
    ]


def _name(form, name: str) -> str:
    model = getattr(getattr(form, "_meta", None), "model", None)
    names = {field.name: field.verbose_name for field in model._meta.get_fields() if hasattr(field, "verbose_name")}
    with override(None):
        return force_str(names.get(name) or form.fields[name].label or name)


def _said(field, value) -> object:
    """A value of a form: what its number or its key stands for, where it is chosen from a list."""
    if isinstance(field, ModelMultipleChoiceField):
        return list(value or ())
    if isinstance(field, ModelChoiceField):
        return field.queryset.model._base_manager.filter(pk=value).first() if isinstance(value, int | str) else value
    if isinstance(field, ChoiceField) and isinstance(value, int | str):
        return dict(flatten_choices(field.choices)).get(value, value)
    return value


def _contents(obj: Model) -> Values:
    """What was in an object that is deleted: its texts and numbers, each language by itself, and the names of its parts."""
    if obj._meta.app_label != "assessment":
        person = getattr(obj, "user", None)  # of an address or a second factor: whose it was
        return [["person", shortened(person), ""]] if person else []
    names = {field.name for field in obj._meta.concrete_fields}
    plain = [
        field
        for field in obj._meta.concrete_fields
        if not field.primary_key and field.name not in PRIVATE and f"{field.name}_en" not in names
    ]
    with override(None):
        named = [_line(force_str(field.verbose_name), _held(obj, field), None) for field in plain]
    return [*(line for line in named if line[1]), *(_parts_of(obj) if isinstance(obj, Frozen) else ())]


def _held(obj: Model, field) -> object:
    if field.choices:
        return dict(field.flatchoices).get(getattr(obj, field.attname), getattr(obj, field.attname))
    return getattr(obj, field.name)


def _parts_of(obj: Frozen) -> Iterator[list[str]]:
    """The parts that go with a part of a questionnaire."""
    for relation in obj._meta.related_objects:
        kept_by = relation.get_accessor_name()
        if relation.one_to_many and kept_by and issubclass(relation.related_model, Frozen):
            rows = list(getattr(obj, kept_by).all())
            with override(None):
                name = force_str(relation.related_model._meta.verbose_name_plural)
            yield from [_line(name, rows, None)] if rows else []


def _gone_with(obj: Model) -> list[tuple[str, str, int]]:
    """Of each kind of row that is deleted with a row of the product: its name for one and for many, and how many.

    Not whether the live barometer counted it or was to: an entry has a date and a name (assessment/barometer/README.md, rule 3).
    """
    if obj._meta.app_label != "assessment":
        return []
    found = NestedObjects(using=obj._state.db)
    found.collect([obj])
    there = {
        model: rows for model, rows in found.model_objs.items() if model not in UNTOLD and not isinstance(obj, model)
    }
    kinds = [(model._meta, len(rows)) for model, rows in there.items()]
    with override(None):
        return [(str(of.verbose_name), str(of.verbose_name_plural), n) for of, n in kinds if not of.auto_created]


# Every admin class ---------------------------------------------------------------------------------------------------
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

    def log_addition(self, request, obj, message):
        return super().log_addition(request, obj, _legible(message))

    def log_change(self, request, obj, message):
        return super().log_change(request, obj, _legible(message))

    def log_deletions(self, request, queryset):
        """Each with what was in it, and how much goes with it."""
        for obj in queryset:
            deleted = {"name": obj._meta.verbose_name_raw, "object": str(obj)}
            message = {"deleted": deleted, "values": _contents(obj), "with": _gone_with(obj)}
            _write(request, obj, DELETION, [message])

    def history_view(self, request, object_id, extra_context=None):
        page = super().history_view(request, object_id, extra_context)
        for entry in getattr(page, "context_data", {}).get("action_list", ()):
            entry.get_change_message = partial(told, entry)  # what Django's page calls
        return page
