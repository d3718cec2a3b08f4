"""From an evidence file to rows: each one added or brought up to date, none taken away; whole or not at all.

What `load_content` loads is marked with its fingerprint, so that the next time a row which an administrator changed since
then is told from one that is merely older than the file.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict

from django.db import transaction
from django.db.models import Model

from assessment.authoring.loading import both
from assessment.content.structure import EvidenceContent, Text
from assessment.evidence.differences import Difference, Item, differences, fingerprint, items
from assessment.evidence.values import stored_evidence
from assessment.models.evidence import Figure, Finding, ReferenceLevel, Source, Study

Name = tuple[str, str]  # kind and key
MODELS: dict[str, type[Model]] = {"study": Study, "finding": Finding, "figure": Figure, "reference": ReferenceLevel}


@transaction.atomic
def load_evidence(content: EvidenceContent, *, overwrite: bool = False) -> tuple[Difference, ...]:
    """Load what ships with the product; returns what stays because administrators changed it, unless told to overwrite."""
    stored = stored_evidence()
    by_hand = set() if overwrite else _changed_by_hand(stored)
    found = differences(stored, content)
    left = tuple(part for part in found if part.verb == "changed" and (part.kind, part.key) in by_hand)
    untouched = {(part.kind, part.key) for part in left}
    _write(content, {(part.kind, part.key) for part in found} - untouched)
    _mark({name: fingerprint(item) for name, item in items(content).items() if name not in untouched})
    return left


@transaction.atomic
def import_evidence(content: EvidenceContent) -> dict[Difference, Model]:
    """Bring every row up to date with a file that an administrator gave: their change, which `load_content` will leave."""
    found = [part for part in differences(stored_evidence(), content) if part.verb != "missing"]
    rows = _write(content, {(part.kind, part.key) for part in found})
    return {part: rows[part.kind, part.key] for part in found}


def editions_lost(content: EvidenceContent) -> list[int]:
    """The editions of the barometer that levels are read from and that no study would be any more after an import."""
    studies = dict(Study.objects.values_list("key", "edition")) | {
        study.key: study.edition for study in content.studies
    }
    return sorted(set(ReferenceLevel.objects.values_list("edition", flat=True)) - set(studies.values()))


def rows_by_name() -> dict[Name, Model]:
    """Every row of the evidence by its kind and key."""
    return {
        (kind, f"{row.edition} {row.dimension}" if kind == "reference" else row.key): row
        for kind, model in MODELS.items()
        for row in model.objects.all()
    }


def _changed_by_hand(stored: EvidenceContent) -> set[Name]:
    """What is no longer as it was last loaded; what was loaded before there were marks counts as unchanged."""
    marks = {name: row.loaded for name, row in rows_by_name().items()}
    return {name for name, item in items(stored).items() if marks[name] not in ("", fingerprint(item))}


def _mark(wanted: dict[Name, str]) -> None:
    marked: dict[type[Model], list[Model]] = {}
    for name, row in rows_by_name().items():
        if row.loaded != wanted.get(name, row.loaded):
            row.loaded = wanted[name]
            marked.setdefault(type(row), []).append(row)
    for model, rows in marked.items():
        model.objects.bulk_update(rows, ["loaded"])


def _write(content: EvidenceContent, names: Collection[Name]) -> dict[Name, Model]:
    """Make or change the rows of these names; the links between them go by key."""
    rows: dict[Name, Model] = {}
    known: dict[Name, Model] = {("study", row.key): row for row in Study.objects.all()}
    known |= {("finding", row.key): row for row in Finding.objects.all()}
    for name, item in items(content).items():
        if name in names:
            rows[name] = known[name] = WRITERS[name[0]](item, known)
    for finding in content.findings:  # once all are there: a criterion may name one that comes later
        if ("finding", finding.key) in rows:
            rows["finding", finding.key].linked_findings.set([known["finding", key] for key in finding.linked_findings])
    return rows


def _study(content: Item, known: dict[Name, Model]) -> Study:
    return _upsert(Study, content, translated=("title", "period", "population"))


def _finding(content: Item, known: dict[Name, Model]) -> Finding:
    row = _upsert(
        Finding,
        content,
        translated=("title", "text", "published_figure", "sample"),
        study=known["study", content.study],
        kind=content.kind or "",
        left_out=("sources", "linked_findings"),
    )
    _load_sources(row, content.sources)
    return row


def _figure(content: Item, known: dict[Name, Model]) -> Figure:
    return _upsert(Figure, content, translated=("label",), finding=known["finding", content.finding])


def _reference(content: Item, known: dict[Name, Model]) -> ReferenceLevel:
    row, _made = ReferenceLevel.objects.update_or_create(
        edition=content.edition,
        dimension=content.dimension,
        defaults={"level": content.level, **both("why", content.why)},
    )
    row.findings.set([known["finding", key] for key in content.findings])
    return row


WRITERS = {"study": _study, "finding": _finding, "figure": _figure, "reference": _reference}


def _load_sources(finding: Finding, sources: Sequence[Text]) -> None:
    """The sources of a finding, in their order; those that are there as wanted stay."""
    stored = [(row.where_en, row.where_fr) for row in finding.sources.all()]
    if stored != [(where.en, where.fr) for where in sources]:
        finding.sources.all().delete()
        Source.objects.bulk_create(Source(finding=finding, **both("where", where)) for where in sources)


def _upsert(model: type, content: Item, *, translated: tuple[str, ...], left_out: tuple[str, ...] = (), **links):
    """The row with this content's key, made or brought up to date."""
    values = {
        name: value for name, value in asdict(content).items() if name not in ("key", *translated, *left_out, *links)
    }
    for name in translated:
        values |= both(name, getattr(content, name))
    row, _made = model.objects.update_or_create(key=content.key, defaults=values | links)
    return row
