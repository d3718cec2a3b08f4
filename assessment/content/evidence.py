"""Reads the evidence: studies, findings, published figures, reference levels."""

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as _

from assessment.content.nodes import parse
from assessment.content.problems import Problems, shown
from assessment.content.spot import UNKNOWN_FINDING, Declared, References, Spot
from assessment.content.structure import (
    EvidenceContent,
    FigureContent,
    FindingContent,
    ReferenceContent,
    StudyContent,
    Text,
)

NOT_SOURCE = _("must be an http or https address, or a reference in words, is %(value)s")
UNKNOWN_STUDY = _("there is no study %(value)s")
UNKNOWN_EDITION = _("no study is the edition %(value)s")
REPEATED_REFERENCE = _("the reference of this edition and dimension is there twice; first in line %(first)s")
CRITERION_NEEDS = _("is missing: a criterion has a kind and a title")
CRITERION_ONLY = _("must be empty: only a criterion has it")
NOT_LINKABLE = _(
    "must name a finding of the same study that has a published figure and is no criterion, names %(value)s"
)
LEVEL_WITHOUT_READING = _("must be empty when the reading is 'none'")
LEVEL_NEEDED = _("is missing: only the reading 'none' goes without a level")
FINDINGS_NEEDED = _("is empty: a reading needs the findings it is read from")
REPEATED_SOURCE = _("the source %(value)s is there twice")

YEARS = (1990, 2100)
MOST_ANSWERS = 100_000_000
KINDS = ("gap", "progress", "practice", "outlook", "context")
CONFIDENCES = ("primary", "read", "second-hand", "author")
READINGS = ("editorial", "none")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:\S|//", re.IGNORECASE)


def read_evidence(content: str | bytes, file: str) -> EvidenceContent:
    """The evidence in a YAML file called `file`; raises `ContentError` with all that is wrong."""
    problems = Problems(file)
    evidence = _Reader().evidence(Spot(parse(content, problems), "", problems))
    problems.raise_if_any()
    return evidence


class _Reader:
    """The keys seen so far and the references to them."""

    def __init__(self) -> None:
        self.studies, self.findings, self.figures = Declared(), Declared(), Declared()
        self.named_studies = References(UNKNOWN_STUDY)
        self.named_findings = References(UNKNOWN_FINDING)
        self.links: list[tuple[Spot, FindingContent]] = []
        self.editions: set[int] = set()
        self.references: dict[tuple[int, str], int] = {}

    def evidence(self, spot: Spot) -> EvidenceContent:
        fields = spot.fields(("studies", "findings", "figures", "references"))
        evidence = EvidenceContent(
            studies=tuple(self.study(item) for item in fields["studies"].items()),
            findings=tuple(self.finding(item) for item in fields["findings"].items()),
            figures=tuple(self.figure(item) for item in fields["figures"].items()),
            references=tuple(self.reference(item) for item in fields["references"].items()),
        )
        self.named_studies.check(self.studies)
        self.named_findings.check(self.findings)
        self.check_links({finding.key: finding for finding in evidence.findings})
        return evidence

    def study(self, spot: Spot) -> StudyContent:
        fields = spot.fields(
            required=("key", "title", "publisher", "period", "population", "vendor"),
            optional=("year", "sample", "approximate", "edition"),
        )
        edition = fields["edition"].whole(*YEARS)
        if edition is not None:
            self.editions.add(edition)
        return StudyContent(
            key=self.studies.declare(fields["key"]),
            title=fields["title"].text(200),
            publisher=fields["publisher"].string(200),
            year=fields["year"].whole(*YEARS),
            period=fields["period"].text(300),
            sample=fields["sample"].whole(1, MOST_ANSWERS),
            population=fields["population"].text(300),
            vendor=fields["vendor"].flag(),
            edition=edition,
            approximate=fields["approximate"].flag() or False,
        )

    def finding(self, spot: Spot) -> FindingContent:
        fields = spot.fields(
            required=("key", "study", "dimension", "criterion", "text", "sample", "sources", "confidence"),
            optional=("published_figure", "kind", "title", "linked_findings"),
        )
        finding = FindingContent(
            key=self.findings.declare(fields["key"]),
            study=self.named_studies.one(fields["study"]),
            dimension=fields["dimension"].key(),
            criterion=fields["criterion"].flag(),
            text=fields["text"].text(1000),
            published_figure=fields["published_figure"].either(200),
            sample=fields["sample"].either(300),
            sources=_sources(fields["sources"]),
            confidence=fields["confidence"].option(CONFIDENCES),
            kind=fields["kind"].option(KINDS),
            title=fields["title"].text(80),
            linked_findings=self.named_findings.several(fields["linked_findings"]),
        )
        _check_criterion(fields, finding)
        self.links.append((fields["linked_findings"], finding))
        return finding

    def check_links(self, findings: dict[str | None, FindingContent]) -> None:
        """Beside a criterion stands only what the same study published in figures."""
        for spot, criterion in self.links:
            for linked in filter(None, map(findings.get, criterion.linked_findings)):
                if linked.criterion or linked.study != criterion.study or not linked.published_figure:
                    spot.problem(NOT_LINKABLE, value=shown(linked.key))

    def figure(self, spot: Spot) -> FigureContent:
        fields = spot.fields(("key", "finding", "percent", "label"))
        return FigureContent(
            key=self.figures.declare(fields["key"]),
            finding=self.named_findings.one(fields["finding"]),
            percent=fields["percent"].number(0, 100, decimals=1),
            label=fields["label"].text(200),
        )

    def reference(self, spot: Spot) -> ReferenceContent:
        fields = spot.fields(("edition", "dimension", "reading", "why"), optional=("level", "findings"))
        reference = ReferenceContent(
            edition=fields["edition"].whole(*YEARS),
            dimension=fields["dimension"].key(),
            level=fields["level"].whole(1, 5),
            reading=fields["reading"].option(READINGS),
            findings=self.named_findings.several(fields["findings"]),
            why=fields["why"].text(1000),
        )
        self.check_edition(fields, reference)
        _check_reading(fields, reference)
        return reference

    def check_edition(self, fields: dict[str, Spot], reference: ReferenceContent) -> None:
        """The edition exists and has one reference for each dimension."""
        spot = fields["edition"]
        if reference.edition is None:
            return
        if reference.edition not in self.editions:
            spot.problem(UNKNOWN_EDITION, value=reference.edition)
        first = self.references.setdefault((reference.edition, reference.dimension), spot.line)
        if reference.dimension is not None and first != spot.line:
            spot.problem(REPEATED_REFERENCE, first=first)


def _check_reading(fields: dict[str, Spot], reference: ReferenceContent) -> None:
    """A reading has a level and findings; where there is none, no level is made up."""
    if reference.reading == "none" and not fields["level"].is_absent:
        fields["level"].problem(LEVEL_WITHOUT_READING)
    if reference.reading == "editorial":
        if fields["level"].is_absent:
            fields["level"].problem(LEVEL_NEEDED)
        if not reference.findings:
            fields["findings"].problem(FINDINGS_NEEDED)


def _check_criterion(fields: dict[str, Spot], finding: FindingContent) -> None:
    """A criterion has a kind and a title; no other finding has."""
    for name in ("kind", "title"):
        if finding.criterion and fields[name].is_absent:
            fields[name].problem(CRITERION_NEEDS)
        elif finding.criterion is False and not fields[name].is_absent:
            fields[name].problem(CRITERION_ONLY)
    if finding.criterion is False and finding.linked_findings:
        fields["linked_findings"].problem(CRITERION_ONLY)


def _sources(spot: Spot) -> tuple[Text, ...]:
    """At least one source, each named once."""
    sources, seen = [], set()
    for item in spot.items(least=1):
        source = _source(item)
        if source is not None and source.en in seen:
            item.problem(REPEATED_SOURCE, value=shown(source.en))
        elif source is not None:
            seen.add(source.en)
        sources.append(source)
    return tuple(sources)


def _source(spot: Spot) -> Text | None:
    """An http(s) address, or a reference in words that no browser would take for an address."""
    source = spot.either(500)
    for text in (source.en, source.fr) if source else ():
        if not is_source(text):
            return spot.problem(NOT_SOURCE, value=shown(text))
    return source


def is_source(text: str) -> bool:
    """Whether this is an http(s) address or words."""
    return _is_address(text) or not SCHEME.search(text)


def _is_address(source: str) -> bool:
    try:
        parts = urlsplit(source)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", source)
    except ValueError:
        return False
