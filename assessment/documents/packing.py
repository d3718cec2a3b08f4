"""A smaller PDF of the same objects: those without a stream, most of them the tags, go compressed into one object stream.

Typst writes every object for itself, so that half of a tagged report is its uncompressed structure (ISO 32000-1, 7.5.7
and 7.5.8 say how object and cross-reference streams are written).
"""

import re
import zlib

ENTRY = re.compile(rb"(\d{10}) \d{5} n\r\n")
TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s*(\d+)\s*%%EOF\s*$", re.DOTALL)


def packed(pdf: bytes) -> bytes:
    """The same document with its objects packed; ValueError when it is not as typst writes it."""
    trailer = TRAILER.search(pdf)
    if trailer is None:
        raise ValueError("not a PDF with one cross-reference table")
    table = int(trailer[2])
    starts = [int(found[1]) for found in ENTRY.finditer(pdf, table)]
    if not starts:
        raise ValueError("an empty PDF")
    objects = _objects(pdf, starts, table)
    out = bytearray(pdf[: min(starts)])
    places: dict[int, tuple[int, int, int]] = {}
    inside = [(number, body) for number, body in objects if not body.endswith(b"endstream")]
    for number, body in objects:
        if body.endswith(b"endstream"):
            places[number] = (1, len(out), 0)
            out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    container, last = len(starts) + 1, len(starts) + 2
    places |= {number: (2, container, place) for place, (number, _body) in enumerate(inside)}
    places[container] = (1, len(out), 0)
    out += _container(container, inside)
    places[last] = (1, len(out), 0)
    start = len(out)
    out += _references(last, places, trailer[1])
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start


def _objects(pdf: bytes, starts: list[int], end: int) -> list[tuple[int, bytes]]:
    """Each object's number and body, in the order of the file."""
    order = sorted(range(len(starts)), key=starts.__getitem__)
    stops = [starts[place] for place in order[1:]] + [end]
    return [(place + 1, _body(place + 1, pdf[starts[place] : stop])) for place, stop in zip(order, stops, strict=True)]


def _body(number: int, written: bytes) -> bytes:
    head, _obj, rest = written.partition(b" 0 obj")
    body, end, _rest = rest.rpartition(b"endobj")
    if head.strip() != b"%d" % number or not end:
        raise ValueError("an object does not begin where the table of a PDF says")
    return body.strip()


def _container(number: int, objects: list[tuple[int, bytes]]) -> bytes:
    index, bodies = [], bytearray()
    for inner, body in objects:
        index.append(b"%d %d" % (inner, len(bodies)))
        bodies += body + b"\n"
    head = b" ".join(index) + b"\n"
    entries = b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head))
    return _stream(number, entries, head + bytes(bodies))


def _references(number: int, places: dict[int, tuple[int, int, int]], trailer: bytes) -> bytes:
    """The cross-reference stream: object 0 is free, every other is at its place in the file or in the container."""
    rows = [(0, 0, 0xFFFF), *(places[key] for key in sorted(places))]
    data = b"".join(
        kind.to_bytes(1, "big") + at.to_bytes(4, "big") + index.to_bytes(2, "big") for kind, at, index in rows
    )
    entries = re.sub(rb"/Size \d+", b"", trailer) + b"/Type/XRef/W[1 4 2]/Size %d" % len(rows)
    return _stream(number, entries, data)


def _stream(number: int, entries: bytes, data: bytes) -> bytes:
    data = zlib.compress(data, 6)
    return b"%d 0 obj\n<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (
        number, entries, len(data), data,
    )  # fmt: skip
