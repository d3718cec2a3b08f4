"""Keys tie versions together: they are proposed from the English text, and stay once a version with them was published."""

import re
from collections.abc import Collection
from itertools import count

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assessment.content.rules import RESERVED_CHOICES, RESERVED_DIMENSIONS, RESERVED_QUESTIONS
from assessment.models.choice import Choice
from assessment.models.frozen import Frozen, FrozenQuerySet, questionnaire_of
from assessment.models.questionnaire import Dimension, Question, Questionnaire
from assessment.text.comparing import slug

LONGEST = 64
RESERVED = {Dimension: RESERVED_DIMENSIONS, Question: RESERVED_QUESTIONS, Choice: RESERVED_CHOICES}


def proposed(text: str, taken: Collection[str], *, otherwise: str) -> str:
    """A key that says what the text says and is not taken; from `otherwise` where the text has no letter of ours."""
    wanted = re.sub("[-_]+", "-", slug(text)).strip("-") or otherwise
    key = _cut(wanted, LONGEST)
    for number in count(2):
        if key not in taken:
            return key
        tail = f"-{number}"
        key = _cut(wanted, LONGEST - len(tail)) + tail


def _cut(key: str, most: int) -> str:
    """At most so many characters, whole words if there are several."""
    if len(key) <= most:
        return key
    return key[: most + 1].rpartition("-")[0] or key[:most]


def fill_key(row: Frozen, also_taken: Collection[str] = ()) -> None:
    """Propose a key for a row that has none, from its English text, or its French one while there is no other."""
    if not row.key:
        texts = (getattr(row, name, None) for name in ("text_en", "title_en", "text_fr", "title_fr"))
        text = next(filter(None, texts), "")
        row.key = proposed(text, {*_others(row), *also_taken, *reserved(row)}, otherwise=row._meta.model_name)


def key_problem(row: Frozen) -> str | None:
    """Why a row may not have the key it has, if so."""
    if row.key in reserved(row):
        return _("This key is taken by the site itself. Choose another, or leave it empty.")
    if row.path and row.key in _others(row):
        return _("Another part of this questionnaire has this key. Choose another, or leave it empty.")
    return None


def reserved(row: Frozen) -> Collection[str]:
    """The words that addresses and forms of the site use themselves."""
    return RESERVED.get(type(row), frozenset())


def _others(row: Frozen) -> set[str]:
    """The keys of the other rows that must differ: of the same question for choices, of the whole questionnaire else."""
    model = type(row)
    if not row.path:
        return set()
    if model is Choice:
        found = model.objects.filter(question=row.question_id)
    else:
        found = model.objects.filter(**{model.path_to("pk"): questionnaire_of(row).pk})
    return set(found.exclude(pk=row.pk).values_list("key", flat=True))


def published_keys(row: Frozen) -> set[str]:
    """The keys that rows like this one have in published and retired versions: a draft's row keeps such a key.

    Of choices: those of the questions with the same key.
    """
    model = type(row)
    same = {model.path_to("key"): questionnaire_of(row).key}
    if model is Choice:
        same["question__key"] = row.question.key
    found = model.objects.filter(**same).exclude(**{model.path_to("status"): Questionnaire.Status.DRAFT})
    return set(found.order_by().values_list("key", flat=True))


def siblings(row: Frozen) -> FrozenQuerySet:
    """The rows among which this one has its place, itself included, in their order."""
    parent = row.parent_name()
    return type(row).objects.filter(**{parent: getattr(row, f"{parent}_id")}).order_by("position", "pk")


@transaction.atomic
def move(row: Frozen, *, by: int) -> bool:
    """Change places with the row that is `by` places on (-1: the one before); all are numbered 1, 2, 3 ... again.

    False, and nothing changes, when there is no such row. PublishedError unless it belongs to a draft.
    """
    row.lock_drafts_of([row])
    order = list(siblings(row))
    place = order.index(row)
    other = place + by
    if not 0 <= other < len(order):
        return False
    order[place], order[other] = order[other], order[place]
    for position, sibling in enumerate(order, start=1):
        sibling.position = position
    type(row).objects.bulk_update(order, ["position"])
    row.position = other + 1
    return True


def place_last(row: Frozen) -> None:
    """Give a row that will be saved the place after all others."""
    last = siblings(row).exclude(pk=row.pk).aggregate(last=Max("position"))["last"]
    row.position = (last or 0) + 1
