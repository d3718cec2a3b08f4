"""The way out: a questionnaire, or the evidence, as a YAML file that the reader takes back without a difference."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

import yaml

from assessment.content.nodes import FORBIDDEN, RESOLVER
from assessment.content.recommendation import is_of_before, recommendation
from assessment.content.structure import (
    ChoiceContent,
    ConditionContent,
    DimensionContent,
    EvidenceContent,
    FigureContent,
    FindingContent,
    QuestionContent,
    QuestionnaireContent,
    ReferenceContent,
    StepContent,
    StudyContent,
    Text,
)

MOST_ON_ONE_LINE = 2000  # characters of a list written in brackets; the reader refuses very long lines
BARE = re.compile(r"[a-z0-9][a-z0-9-]*")  # what stands in brackets without quotes
FIRST = frozenset("-?:,[]{}#&*!|>'\"%@` ")  # where YAML would take a text for something else
WORDS = frozenset({"y", "n", "Y", "N", "=", "<<", "~", "---", "..."})
ODD = re.compile(f"{FORBIDDEN.pattern}|[\t\n\r\x85\u2028\u2029\ufeff]")  # only double quotes hold these
ESCAPED = re.compile(f'{ODD.pattern}|["\\\\]')
ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


class InBrackets(list):
    """A list of texts that stands on one line where it fits."""


# What stands in the file ---------------------------------------------------------------------------------------------
def write_questionnaire(content: QuestionnaireContent) -> bytes:
    """The questionnaire in the form of questionnaire.yaml; what a draft still lacks is written as null.

    One of before steps is written as it was then, with a recommendation for each question.
    """
    of_before = is_of_before(content)
    levels = [
        {"number": level.number, "name": _pair(level.name), "description": _pair(level.description)}
        for level in content.levels
    ]
    rules = [
        {"key": rule.key, "when": [_condition(when) for when in rule.when], "text": _pair(rule.text)}
        for rule in content.consistency
    ]
    return _document(
        {
            "key": content.key,
            "title": _pair(content.title),
            "instruction": _pair(content.instruction),
            "levels": levels,
            "dimensions": [_dimension(dimension, of_before) for dimension in content.dimensions],
            "consistency": rules,
        }
    )


def write_evidence(content: EvidenceContent) -> bytes:
    """The evidence in the form of evidence.yaml."""
    return _document(
        {
            "studies": [_study(study) for study in content.studies],
            "findings": [_finding(finding) for finding in content.findings],
            "figures": [_figure(figure) for figure in content.figures],
            "references": [_reference(reference) for reference in content.references],
        }
    )


def _pair(text: Text | None) -> dict | None:
    return {"en": text.en or None, "fr": text.fr or None} if text else None


def _either(text: Text | None) -> dict | str | None:
    """A text that is the same in both languages is written once."""
    return text.en if text and text.en == text.fr else _pair(text)


def _given(**fields: object) -> dict:
    """The fields that there are: what is absent, false or empty is left out."""
    return {name: value for name, value in fields.items() if not (value is None or value is False or value == [])}


def _dimension(content: DimensionContent, of_before: bool) -> dict:
    return {
        "key": content.key,
        "title": _pair(content.title),
        "description": _pair(content.description),
        "scored": content.scored,
        **_given(
            weight=content.weight,
            not_applicable=_pair(content.not_applicable),
            anchors=[_pair(anchor) for anchor in content.anchors],
        ),
        "questions": [_question(question, of_before) for question in content.questions],
    }


def _question(content: QuestionContent, of_before: bool) -> dict:
    advice = recommendation(content) if of_before else None
    wanted = (
        {"text": _pair(advice.text), "effort": advice.effort or None, "owner": advice.owner or None} if advice else None
    )
    return {
        "key": content.key,
        "kind": content.kind,
        "text": _pair(content.text),
        **_given(help=_pair(content.help), weight=content.weight, foundation=content.foundation),
        "allows_not_applicable": content.allows_not_applicable,
        **_given(needs=InBrackets(content.needs)),
        "findings": InBrackets(content.findings),
        "choices": [_choice(choice, None if of_before else choice.step) for choice in content.choices],
        **_given(recommendation=wanted),
    }


def _choice(content: ChoiceContent, step: StepContent | None) -> dict:
    return {
        "key": content.key,
        **({} if content.points is None else {"points": content.points}),  # 0 is a number of points
        **_given(exclusive=content.exclusive),
        "text": _pair(content.text),
        **_given(figure=content.figure, step=_step(step) if step else None),
    }


def _step(content: StepContent) -> dict:
    return {
        "title": _pair(content.title),
        "first_move": _pair(content.first_move),
        "effort": content.effort or None,
        "owner": content.owner or None,
    }


def _condition(content: ConditionContent) -> dict:
    side = "at_most" if content.at_least is None else "at_least"
    return {"question": content.question, side: getattr(content, side)}


def _study(content: StudyContent) -> dict:
    return {
        "key": content.key,
        "title": _pair(content.title),
        "publisher": content.publisher,
        "year": content.year,
        "period": _pair(content.period),
        "sample": content.sample,
        **_given(approximate=content.approximate),
        "population": _pair(content.population),
        "vendor": content.vendor,
        **_given(edition=content.edition),
    }


def _finding(content: FindingContent) -> dict:
    return {
        "key": content.key,
        "study": content.study,
        "dimension": content.dimension,
        "criterion": content.criterion,
        **_given(kind=content.kind, title=_pair(content.title)),
        "text": _pair(content.text),
        "published_figure": _either(content.published_figure),
        "sample": _either(content.sample),
        "sources": _sources(content.sources),
        "confidence": content.confidence,
        **_given(linked_findings=InBrackets(content.linked_findings)),
    }


def _sources(sources: Iterable[Text]) -> list:
    """On one line where each is the same in both languages, as addresses are."""
    written = [_either(source) for source in sources]
    return InBrackets(written) if all(isinstance(source, str) for source in written) else written


def _figure(content: FigureContent) -> dict:
    return {
        "key": content.key,
        "finding": content.finding,
        "percent": content.percent,
        "label": _pair(content.label),
    }


def _reference(content: ReferenceContent) -> dict:
    return {
        "edition": content.edition,
        "dimension": content.dimension,
        "level": content.level,
        "reading": content.reading,
        "findings": InBrackets(content.findings),
        "why": _pair(content.why),
    }


# As lines of YAML ----------------------------------------------------------------------------------------------------
def _document(tree: dict) -> bytes:
    """A whole file, in UTF-8."""
    return "".join(f"{line}\n" for line in _mapping(tree)).encode()


def _mapping(fields: dict) -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, InBrackets) and len(line := _in_brackets(value)) <= MOST_ON_ONE_LINE:
            yield f"{name}: {line}"
        elif value and isinstance(value, dict | list):
            yield f"{name}:"
            yield from (f"  {line}" for line in (_mapping(value) if isinstance(value, dict) else _list(value)))
        else:
            yield f"{name}: {'[]' if isinstance(value, list) else scalar(value)}"


def _list(items: list) -> Iterator[str]:
    for item in items:
        lines = _mapping(item) if isinstance(item, dict) else [scalar(item)]
        for number, line in enumerate(lines):
            yield f"{'  ' if number else '- '}{line}"


def _in_brackets(items: list) -> str:
    return f"[{', '.join(item if BARE.fullmatch(item) and _is_plain(item) else _quoted(item) for item in items)}]"


def scalar(value: object) -> str:
    """One value; what is absent is null, and a text that YAML would take for something else stands in quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, str):
        return value if _is_plain(value) else _quoted(value)
    return str(value)


def _is_plain(text: str) -> bool:
    """Whether a text can stand without quotes."""
    if not text or text in WORDS or text[0] in FIRST or text != text.strip():
        return False
    if ": " in text or " #" in text or text.endswith(":") or ODD.search(text):
        return False
    return RESOLVER.resolve(yaml.ScalarNode, text, (True, False)).endswith(":str")


def _quoted(text: str) -> str:
    """In single quotes; what these cannot hold is escaped in double ones."""
    if ODD.search(text):
        return f'"{ESCAPED.sub(_escape, text)}"'
    return "'{}'".format(text.replace("'", "''"))


def _escape(found: re.Match) -> str:
    character = found[0]
    if character in ESCAPES:
        return ESCAPES[character]
    return f"\\u{ord(character):04X}" if ord(character) < 0x10000 else f"\\U{ord(character):08X}"
