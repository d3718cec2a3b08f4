"""The four ready-made groups of the administration: what each of them may do, and nothing else."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction

VIEW, ADD, CHANGE, DELETE = "view", "add", "change", "delete"
EVERYTHING = (VIEW, ADD, CHANGE, DELETE)
CONTENT = (
    "questionnaire",
    "level",
    "dimension",
    "anchor",
    "question",
    "choice",
    "prerequisite",
    "questionfinding",
    "consistencyrule",
)
EVIDENCE = ("study", "finding", "source", "figure", "referencelevel")
PUBLISH = "publish_questionnaire"
CLOSE = "close_edition"  # of the live barometer: what is published stays, everything else of it goes


def _of(models: Iterable[str], verbs: Iterable[str]) -> set[str]:
    return {f"{verb}_{model}" for model in models for verb in verbs}


# What is changed in the evidence changes reports that people have: authors add what no report shows by itself.
ADDED_BY_AUTHORS = ("study", "finding", "source", "figure")
WRITING = _of(CONTENT, EVERYTHING) | _of(EVIDENCE, [VIEW]) | _of(ADDED_BY_AUTHORS, [ADD])
# By its name: the code names of its permissions. The names are keys; the administration says in words what they stand for.
GROUPS = {
    "author": WRITING,
    "publisher": WRITING | _of(EVIDENCE, EVERYTHING) | _of(["edition"], [VIEW]) | {PUBLISH, CLOSE},
    # Whoever belongs to an organisation reads its results: support lets nobody in. Invitations can be ended.
    "support": _of(["membership"], [VIEW, CHANGE, DELETE])
    | _of(["organisation"], [VIEW, CHANGE])
    | _of(["peopleinvitation"], [VIEW, DELETE])
    | _of(["round", "user"], [VIEW]),
    "analyst": _of(["result", "edition"], [VIEW]),
}


@transaction.atomic
def make_groups() -> int:
    """Make the groups, or give them back exactly the permissions they are made with; how many were not as they should be."""
    known = {
        permission.codename: permission
        for permission in Permission.objects.filter(content_type__app_label__in=["assessment", "auth"])
    }
    mended = 0
    for name, codenames in GROUPS.items():
        group, made = Group.objects.get_or_create(name=name)
        wanted = {known[codename].pk for codename in codenames if codename in known}
        is_as_it_should_be = wanted == set(group.permissions.values_list("pk", flat=True))
        if not is_as_it_should_be:
            group.permissions.set(wanted)
        mended += made or not is_as_it_should_be
    return mended
