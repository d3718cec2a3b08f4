"""A YAML text as a tree of nodes that know their line: nothing is built, followed or run that the file asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext_noop as _

from assessment.content.places import WHOLE
from assessment.content.problems import Problems, Sentence, shown
from assessment.text.cleaning import garbled

TOO_LARGE = _("the file has %(size)s bytes, more than the %(limit)s allowed")
PACKED = _("this is a packed file, such as a workbook or a document: save its text as a file of YAML in UTF-8")
NOT_UTF8 = _("the file must be text in UTF-8")
CONTROL_CHARACTER = _("the character %(value)s is not allowed")
GARBLED = _("is garbled, as text in UTF-8 that was read in another encoding: “%(value)s” was probably “%(right)s”")
LINE_TOO_LONG = _("the line has %(size)s characters, more than the %(limit)s allowed")
EMPTY_FILE = _("the file is empty")
NOT_YAML = _("this is not valid YAML: %(reason)s")
SEVERAL_DOCUMENTS = _("the file must hold one document only, a second one begins here")
ALIAS = _("anchors and aliases (& and *) are not allowed: write the value out")
TAG = _("tags such as %(value)s are not allowed")
TOO_DEEP = _("lists and mappings are nested more than %(limit)s deep")
TOO_MANY = _("the file has more than %(limit)s values: far more than a questionnaire or the evidence needs")

REASONS = {  # what the parser of YAML says, and how an author is told
    "block sequence entries are not allowed in this context": _("a list is not allowed here"),
    "could not find expected ':'": _("a colon (:) is missing"),
    "did not find expected ',' or ']'": _("a comma or a closing bracket (]) is missing"),
    "did not find expected ',' or '}'": _("a comma or a closing brace (}) is missing"),
    "did not find expected '-' indicator": _("the hyphen (-) of an entry of a list is missing"),
    "did not find expected <document start>": _("the beginning of a document should stand here"),
    "did not find expected alphabetic or numeric character": _("a letter or a digit should stand here"),
    "did not find expected hexdecimal number": _("a hexadecimal number should stand here"),
    "did not find expected key": _("the name of a field should stand here"),
    "did not find expected node content": _("a value should stand here"),
    "found a tab character that violates indentation": _("the line is indented with a tab; use spaces"),
    "found character that cannot start any token": _(
        "nothing can begin with this character; indent with spaces, or put the text in quotes"
    ),
    "found undefined tag handle": _("the tag is not known"),
    "found unexpected document indicator": _("a mark between documents should not stand here"),
    "found unexpected end of stream": _("the file ends too early, perhaps within a quotation"),
    "found unknown escape character": _("the character behind a backslash is not known"),
    "mapping keys are not allowed in this context": _("the name of a field is not allowed here"),
    "mapping values are not allowed in this context": _("a colon is not allowed here; put the text in quotes"),
}
KINDS = frozenset({_("a list"), _("a mapping"), _("empty")})  # what is said of a node

MOST_BYTES = 2_000_000
MOST_CHARACTERS_IN_LINE = 13_000  # room for the longest text with every character escaped
MOST_DEPTH = 12
MOST_NODES = 50_000  # ten times what ships; each takes memory and time of a worker
FORBIDDEN = re.compile("[^\t\n\r -~\x85\xa0-\u2027\u202f-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # only its scanner and parser are used; C is ten times faster
RESOLVER = yaml.resolver.Resolver()


@dataclass(frozen=True)
class Node:
    """A scalar (`text`, and `tag` for what YAML takes it for), a list (`items`) or a mapping (`fields`)."""

    kind: str  # "scalar", "list" or "mapping"
    line: int
    column: int
    text: str = ""
    tag: str = ""  # "str", "int", "float", "bool", "null", "timestamp"
    items: list["Node"] = field(default_factory=list)
    fields: list[tuple["Node", "Node"]] = field(default_factory=list)

    @property
    def shown(self) -> str | Sentence:
        """The value as a message quotes it."""
        if self.kind == "scalar":
            return shown(self.text) if self.tag == "str" else (self.text[:60] or _in_words("empty"))
        return _in_words(f"a {self.kind}")


def _in_words(text: str) -> str | Sentence:
    """What is told, and translated, with the message that quotes it; what nobody explained stays as it is."""
    told = REASONS.get(text, text)
    return Sentence(WHOLE, told) if told != text or text in KINDS else text


class Refused(Exception):
    """The file cannot be parsed further; the problem is already noted."""


def parse(content: str | bytes, problems: Problems) -> Node | None:
    """The only document of a YAML text, or None when it cannot be had: the problems then say why."""
    try:
        text = _decoded(content, problems)
        _check_lines(text, problems)
        root = _tree(_events(text, problems), problems)
    except Refused:
        return None
    if root is None or root.tag == "null":
        problems.add(1, 1, "", EMPTY_FILE)
        return None
    return root


def _refuse(problems: Problems, line: int, column: int, message: str, **values: object) -> Refused:
    problems.add(line, column, "", message, **values)
    return Refused()


def _decoded(content: str | bytes, problems: Problems) -> str:
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    if len(data) > MOST_BYTES:
        raise _refuse(problems, 1, 1, TOO_LARGE, size=len(data), limit=MOST_BYTES)
    if data.startswith(b"PK\x03\x04"):
        raise _refuse(problems, 1, 1, PACKED)
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refuse(problems, line, 1, NOT_UTF8) from None


def _check_lines(text: str, problems: Problems) -> None:
    refused = False
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MOST_CHARACTERS_IN_LINE:
            problems.add(number, 1, "", LINE_TOO_LONG, size=len(line), limit=MOST_CHARACTERS_IN_LINE)
            refused = True
        elif found := FORBIDDEN.search(line):
            if wrong := garbled(line):
                problems.add(number, found.start() + 1, "", GARBLED, value=wrong[0], right=wrong[1])
            else:
                problems.add(number, found.start() + 1, "", CONTROL_CHARACTER, value=f"U+{ord(found[0]):04X}")
            refused = True
    if refused:
        raise Refused


def _events(text: str, problems: Problems) -> Iterator[Any]:
    """The events of the parser, one at a time, so that a hostile file is left at its first trick."""
    try:
        yield from yaml.parse(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or "unreadable"
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _refuse(problems, line, column, NOT_YAML, reason=_in_words(reason)) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise _refuse(problems, 1, 1, NOT_YAML, reason=str(error)) from None


def _check_event(event: Any, documents: int, problems: Problems) -> None:
    line, column = event.start_mark.line + 1, event.start_mark.column + 1
    if documents > 1:
        raise _refuse(problems, line, column, SEVERAL_DOCUMENTS)
    if getattr(event, "anchor", None) is not None:
        raise _refuse(problems, line, column, ALIAS)
    if getattr(event, "tag", None) is not None:
        raise _refuse(problems, line, column, TAG, value=shown(event.tag))


def _tree(events: Iterator[Any], problems: Problems) -> Node | None:
    """Build the tree without recursion: `open_nodes` holds the children of every list or mapping not yet closed."""
    root: list[Node] = []
    open_nodes: list[tuple[Node | None, list[Node]]] = [(None, root)]
    documents = 0
    for number, event in enumerate(events):
        if number > MOST_NODES:
            mark = event.start_mark
            raise _refuse(problems, mark.line + 1, mark.column + 1, TOO_MANY, limit=MOST_NODES)
        documents += isinstance(event, yaml.DocumentStartEvent)
        _check_event(event, documents, problems)
        if isinstance(event, yaml.ScalarEvent):
            open_nodes[-1][1].append(_scalar(event))
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(open_nodes) > MOST_DEPTH:
                mark = event.start_mark
                raise _refuse(problems, mark.line + 1, mark.column + 1, TOO_DEEP, limit=MOST_DEPTH)
            open_nodes.append((_collection(event), []))
        elif isinstance(event, yaml.CollectionEndEvent):
            node, children = open_nodes.pop()
            _fill(node, children)
            open_nodes[-1][1].append(node)
    return root[0] if root else None


def _scalar(event: Any) -> Node:
    tag = "str"
    if event.implicit[0]:  # plain, without quotes: YAML may take it for something else than text
        tag = RESOLVER.resolve(yaml.ScalarNode, event.value, event.implicit).rpartition(":")[2]
    if tag in ("value", "merge"):
        tag = "str"
    mark = event.start_mark
    return Node("scalar", mark.line + 1, mark.column + 1, text=event.value, tag=tag)


def _collection(event: Any) -> Node:
    kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
    return Node(kind, event.start_mark.line + 1, event.start_mark.column + 1)


def _fill(node: Node, children: list[Node]) -> None:
    if node.kind == "list":
        node.items.extend(children)
    else:
        node.fields.extend(zip(children[::2], children[1::2], strict=True))
