"""The way in: reads content files into plain values, with every problem at its line."""

from assessment.content.canonical import canonical, content_hash
from assessment.content.evidence import read_evidence
from assessment.content.lists import read_lists
from assessment.content.problems import ContentError, Problem
from assessment.content.questionnaire import read_questionnaire

__all__ = [
    "ContentError",
    "Problem",
    "canonical",
    "content_hash",
    "read_evidence",
    "read_lists",
    "read_questionnaire",
]
