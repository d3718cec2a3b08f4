"""The content files: those that ship with the product, and one of which nobody said what it is."""

from collections.abc import Collection
from functools import cache
from pathlib import Path

from assessment.content.evidence import read_evidence
from assessment.content.fingerprint import content_hash
from assessment.content.nodes import TOO_LARGE, parse
from assessment.content.problems import FileProblem, Problems
from assessment.content.questionnaire import read_draft, read_questionnaire
from assessment.content.spot import Declared, Spot
from assessment.content.structure import (
    Entry,
    EvidenceContent,
    ListsContent,
    QuestionnaireContent,
    SectorGroup,
    Text,
)

FOLDER = Path(__file__).parent
PARTS_OF_EVIDENCE = frozenset({"studies", "findings", "figures", "references"})


def read_any(
    content: bytes, file: str, *, figures: Collection[str], findings: Collection[str]
) -> tuple[QuestionnaireContent | EvidenceContent, list[FileProblem]]:
    """What the file holds, and of a questionnaire, which may be a draft, what forbids its publication; raises `ContentError`.

    A questionnaire may name the figures and findings given.
    """
    root = parse(content, Problems(file))
    names = {name.text for name, _value in root.fields} if root else set()
    if names & PARTS_OF_EVIDENCE:
        return read_evidence(content, file), []
    return read_draft(content, file, figures, findings)


def too_large(file: str, *, size_bytes: int, limit_bytes: int) -> FileProblem:
    """The problem with a file that is not even read."""
    return FileProblem(file, 1, 1, "", TOO_LARGE, {"size": size_bytes, "limit": limit_bytes})


@cache
def organisation_lists() -> ListsContent:
    """Sectors, sizes, markets and roles; their keys are stored with an organisation and a response."""
    return read_lists((FOLDER / "organisation.yaml").read_bytes(), "organisation.yaml")


def read_lists(content: str | bytes, file: str) -> ListsContent:
    """The lists in a YAML file called `file`, asked at the start; raises `ContentError` with all that is wrong."""
    problems = Problems(file)
    fields = Spot(parse(content, problems), "", problems).fields(("sizes", "markets", "sectors", "roles"), ("groups",))
    groups = _groups(fields.pop("groups"))
    lists = ListsContent(**{name: _entries(spot) for name, spot in fields.items()}, groups=groups)
    problems.raise_if_any()
    return lists


@cache
def shipped_fingerprint() -> str:
    """That of the questionnaire that ships with the product."""
    return content_hash(read_questionnaire((FOLDER / "questionnaire.yaml").read_bytes(), "questionnaire.yaml"))


@cache
def rewordings() -> tuple[str, frozenset[str]]:
    """The fingerprint of the questionnaire shipped before, and the questions whose meaning has moved since."""
    problems = Problems("rewordings.yaml")
    fields = Spot(parse((FOLDER / "rewordings.yaml").read_bytes(), problems), "", problems).fields(("before", "moved"))
    found = fields["before"].string(64) or "", frozenset(item.key() or "" for item in fields["moved"].items())
    problems.raise_if_any()
    return found


@cache
def unspoken() -> dict[str, Text]:
    """Why a scored question is asked on which no criterion of the barometer speaks, by its key."""
    problems = Problems("unspoken.yaml")
    spot = Spot(parse((FOLDER / "unspoken.yaml").read_bytes(), problems), "", problems)
    entries = _entries(spot.fields(("questions",))["questions"], limit=500)
    problems.raise_if_any()
    return {entry.key: entry.text for entry in entries}


def _groups(spot: Spot) -> tuple[SectorGroup, ...]:
    declared, sectors = Declared(), Declared()
    each = [item.fields(("key", "sectors", "text")) for item in spot.items(least=1)]
    return tuple(
        SectorGroup(
            declared.declare(fields["key"]),
            fields["text"].text(200),
            tuple(sectors.declare(item) for item in fields["sectors"].items(least=1)),
        )
        for fields in each
    )


def _entries(spot: Spot, limit: int = 200) -> tuple[Entry, ...]:
    declared = Declared()
    each = [item.fields(("key", "text")) for item in spot.items(least=1)]
    return tuple(Entry(declared.declare(fields["key"]), fields["text"].text(limit)) for fields in each)
