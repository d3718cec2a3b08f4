"""What differs between the evidence that is stored and that of a file, row by row and part by part."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from assessment.content.fingerprint import content_hash
from assessment.content.structure import (
    EvidenceContent,
    FigureContent,
    FindingContent,
    ReferenceContent,
    StudyContent,
    Text,
)

Item = StudyContent | FindingContent | FigureContent | ReferenceContent
LANGUAGES = ("en", "fr")
UNORDERED = ("findings", "linked_findings")  # keys whose order says nothing


@dataclass(frozen=True)
class Part:
    """One field that differs; `language` is "" where it has none."""

    name: str
    language: str
    before: object
    after: object


@dataclass(frozen=True)
class Difference:
    """A row that is added, changed or missing in the file; `kind` is study, finding, figure or reference."""

    kind: str
    key: str
    verb: str
    parts: tuple[Part, ...] = ()


def items(content: EvidenceContent) -> dict[tuple[str, str], Item]:
    """Everything by its kind and key, in the order of the file; a reference level is known by edition and dimension."""
    found: dict[tuple[str, str], Item] = {}
    for kind, listed in (("study", content.studies), ("finding", content.findings), ("figure", content.figures)):
        found |= {(kind, item.key): item for item in listed}
    return found | {("reference", f"{item.edition} {item.dimension}"): item for item in content.references}


def shown_by_reports(content: EvidenceContent) -> set[tuple[str, str]]:
    """What every report shows by itself, by kind and key: editions of the barometer, their findings, reference levels."""
    editions = {study.key for study in content.studies if study.edition is not None}
    found = {("study", key) for key in editions}
    found |= {("finding", finding.key) for finding in content.findings if finding.study in editions}
    return found | {name for name in items(content) if name[0] == "reference"}


def fingerprint(item: Item) -> str:
    """Equal exactly when the content is; keys of findings have no order. Without links it is as before there were any."""
    values = asdict(item)
    values |= {name: sorted(values[name]) for name in UNORDERED if name in values}
    if not values.get("linked_findings"):
        values.pop("linked_findings", None)
    return content_hash(values)


def seen_as(found: tuple[Difference, ...]) -> str:
    """A short name of these differences: what somebody agrees to is what they were shown."""
    return hashlib.sha256(repr(found).encode()).hexdigest()


def differences(before: EvidenceContent, after: EvidenceContent) -> tuple[Difference, ...]:
    """What would be added and changed, in the order of the file, then what the file no longer has."""
    stored, wanted = items(before), items(after)
    found = []
    for (kind, key), item in wanted.items():
        if (kind, key) not in stored:
            found.append(Difference(kind, key, "added"))
        elif parts := tuple(_parts(stored[kind, key], item)):
            found.append(Difference(kind, key, "changed", parts))
    found += [Difference(kind, key, "missing") for kind, key in stored if (kind, key) not in wanted]
    return tuple(found)


def _parts(before: Item, after: Item) -> Iterator[Part]:
    old, new = _flat(before), _flat(after)
    for name, language in dict.fromkeys([*old, *new]):
        was, will = old.get((name, language)), new.get((name, language))
        if was != will:
            yield Part(name, language, was, will)


def _flat(item: Item) -> dict[tuple[str, str], object]:
    """Each field, those in two languages once for each; what only follows from another is left out."""
    flat: dict[tuple[str, str], object] = {}
    for name in asdict(item):
        value = getattr(item, name)
        if isinstance(value, Text):
            flat |= {(name, language): getattr(value, language) or None for language in LANGUAGES}
        elif name == "sources":
            flat |= {(name, language): tuple(getattr(text, language) for text in value) for language in LANGUAGES}
        elif name in UNORDERED:
            flat[name, ""] = tuple(sorted(value))
        elif name != "reading":
            flat[name, ""] = value
    return flat
