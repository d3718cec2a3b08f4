"""Reads a file of which nobody said what it is: a questionnaire, or the evidence."""

from collections.abc import Collection

from assessment.content import messages
from assessment.content.evidence import read_evidence
from assessment.content.messages import Problem, Problems
from assessment.content.nodes import parse
from assessment.content.questionnaire import read_questionnaire
from assessment.content.structure import EvidenceContent, QuestionnaireContent

PARTS_OF_EVIDENCE = frozenset({"studies", "findings", "figures", "references"})


def read_any(
    content: bytes, file: str, *, figures: Collection[str], findings: Collection[str]
) -> QuestionnaireContent | EvidenceContent:
    """What the file holds; raises `ContentError`. A questionnaire may name the figures and findings given."""
    root = parse(content, Problems(file))
    names = {name.text for name, _value in root.fields} if root else set()
    if names & PARTS_OF_EVIDENCE:
        return read_evidence(content, file)
    return read_questionnaire(content, file, figures, findings)


def too_large(file: str, *, size_bytes: int, limit_bytes: int) -> Problem:
    """The problem with a file that is not even read."""
    return Problem(file, 1, 1, "", messages.TOO_LARGE, {"size": size_bytes, "limit": limit_bytes})
