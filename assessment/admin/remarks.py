"""What check and what changes say, as the pages show it: in the words of the texts, with a way to each place."""

from dataclasses import dataclass, replace

from django.urls import reverse

from assessment.authoring.publication import Changes, Publication
from assessment.authoring.versions import rows_of
from assessment.content.differences import Section
from assessment.content.naming import Names
from assessment.content.remarks import Place, Remark
from assessment.models import Figure, Finding, Questionnaire
from assessment.models.outline import outline


@dataclass(frozen=True)
class Linked:
    """A remark, the names of its place, its keys for who needs them, and the address where it can be mended."""

    text: str
    where: str
    keys: str
    address: str


def checked(publication: Publication) -> dict[str, list[Linked]]:
    """What is wrong and what is doubtful in a questionnaire."""
    found, names = publication.checked, Names(publication.outline.content)
    addresses = _addresses(publication.draft)
    return {
        "errors": [_linked(remark, names, addresses) for remark in found.errors],
        "warnings": [_linked(remark, names, addresses) for remark in found.warnings],
    }


def told_sections(publication: Publication, changes: Changes) -> list[Section]:
    """What changes, dimension by dimension, in words."""
    if changes.before is None:
        return []
    evidence = {row.key: str(row) for row in Figure.objects.all()} | dict(Finding.objects.values_list("key", "text"))
    names = Names(publication.outline.content, outline(changes.before).content, evidence=evidence)
    return [
        replace(
            section,
            differences=tuple(replace(item, remark=names.told(item.remark)) for item in section.differences),
        )
        for section in changes.sections
    ]


def keys_of(place: Place) -> str:
    return " › ".join(key for key in (place.dimension, place.question, place.choice, place.rule) if key)


def _addresses(questionnaire: Questionnaire) -> dict[Place, str]:
    """The page where each place of a questionnaire is edited; a choice is on its question's."""
    return {
        place: reverse(f"admin:assessment_{model._meta.model_name}_change", args=[pk])
        for place, (model, pk) in rows_of(questionnaire).items()
    }


def _linked(remark: Remark, names: Names, addresses: dict[Place, str]) -> Linked:
    place = remark.place
    own = addresses.get(place) or addresses.get(Place(place.dimension, place.question)) or addresses[Place()]
    return Linked(str(names.told(remark)), " › ".join(names.path(place)), keys_of(place), own)
