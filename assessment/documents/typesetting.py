"""Typst as this product uses it: our templates and fonts, plain data in, bytes out, nothing from outside.

A character that no font has becomes a box, and is counted: PDF/UA-1 has no place for it.
"""

import ctypes
import importlib.util
import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from django.conf import settings

# Package, folder in it and the weights that are used of each family, in the order in which families are tried.
FONTS = (
    ("font_source_sans_pro", "files", ("SourceSansPro-Regular.otf", "SourceSansPro-Semibold.otf")),
    ("font_source_serif_pro", "files", ("SourceSerifPro-Regular.otf", "SourceSerifPro-Semibold.otf")),
    ("matplotlib", "mpl-data/fonts/ttf", ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")),
)
UNITS_PER_INCH = 96  # of an SVG
# Typst keeps what it made for its next ten compilations, some 20 MB of each document.
KEPT_FOR = 10
LARGE_BYTES, M_MMAP_THRESHOLD = 2**20, -3  # what is larger goes back to the system as soon as it is free

BOX = "□"
UNSEEN = re.compile("[\u200b\u2060\ufeff\ufe00-\ufe0f\U000e0000-\U000e0fff\u202a-\u202e\u2066\u2067\u00ad]")
JOINERS = "\u200c\u200d"
ISOLATES = "\u2068\u2069"  # around a name from right to left (`text.cleaning.isolated`); they need no glyph
BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
LONG_WORD = re.compile(r"\S{25,}")
PIECE = 8  # characters after which a word that fits on no line may be broken
BREAK = "\u200b"
ADDRESS = "href"  # the key of what is followed and not read

_one_at_a_time = Lock()  # a worker then needs the memory of one document, however many ask


def _font_files() -> list[list[Path]]:
    """The font files of each family that documents are set in."""
    return [[folder / name for name in names] for folder, (_, _, names) in zip(_folders(), FONTS, strict=True)]


def _folders() -> list[Path]:
    """Where the fonts are; asked of the packages without loading them."""
    found = [(importlib.util.find_spec(package), place) for package, place, _names in FONTS]
    return [Path(spec.origin).parent / place for spec, place in found]


@cache
def _fonts():
    """The fonts, read once for all documents and threads; typst is loaded here, late."""
    import typst

    folders = [str(folder) for folder in _folders()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def pdf(template: str, data: Mapping[str, Any], charts: Mapping[str, str], *, at: int) -> bytes:
    """A template of `templates/` with plain data and SVG charts as PDF/UA-1; `at` is its date in seconds.

    Raises typst.TypstError when the document cannot be made, as when a figure has no text alternative.
    """
    inputs = {"data": json.dumps(data)} | {f"chart-{name}": svg for name, svg in charts.items()}
    return _compile(template, inputs, format="pdf", pdf_standards="ua-1", timestamp=at)


def png(template: str, inputs: Mapping[str, str], *, pixels: float) -> bytes:
    """A template of one page as PNG, so many pixels for each unit of the SVG on it."""
    return _compile(template, inputs, format="png", ppi=pixels * UNITS_PER_INCH)


def _compile(template: str, inputs: Mapping[str, str], **form) -> bytes:
    """What typst makes; it is handed out before the memory is free again, for which only the next one waits."""
    _one_at_a_time.acquire()
    try:
        return _compiler(template).compile(sys_inputs=dict(inputs), **form)
    finally:
        try:
            Thread(target=_give_back).start()
        except RuntimeError:  # the system has no thread left, or the process is about to end
            _give_back()


def _compiler(template: str):
    import typst

    root = settings.BASE_DIR / "templates"
    return typst.Compiler(str(root / template), root=str(root), font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _nothing():
    """A compiler of an empty page; it has nothing to do after the first time."""
    return _compiler("typst/nothing.typ")


@cache
def _allocator() -> ctypes.CDLL | None:
    """The memory of this process, where it is glibc's: others give back what is free by themselves."""
    library = ctypes.CDLL(None)
    if not hasattr(library, "malloc_trim"):
        return None
    library.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
    return library


def _give_back() -> None:
    """Have typst forget, and the system take back, what a document needed: some milliseconds; then the next one may begin."""
    try:
        for _compilation in range(KEPT_FOR + 1):
            _nothing().compile(format="svg")
        if allocator := _allocator():
            allocator.malloc_trim(0)
    finally:
        _one_at_a_time.release()


@cache
def _repertoires() -> tuple[frozenset[str], ...]:
    """The characters that every weight of a font family has, by family in the order in which they are tried."""
    return tuple(frozenset.intersection(*map(_characters, files)) for files in _font_files())


def _characters(path: Path) -> frozenset[str]:
    """The characters of one font; fontTools is loaded here, late."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@cache
def _plain() -> frozenset[str]:
    """The characters that need no second look: every text font has them, and they stand alone."""
    first = _repertoires()[0]
    return frozenset(char for char in first if unicodedata.category(char)[0] in "LNPSZ") | {"\n", "\u202f"}


class Printable:
    """Texts as they can be printed; `missing` collects what had to become a box."""

    def __init__(self) -> None:
        self.missing: set[str] = set()

    def data(self, value: Any) -> Any:
        """The same plain data with every text in it as it can be printed; keys and addresses stay."""
        if isinstance(value, dict):
            return {key: item if key == ADDRESS else self.data(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(item) for item in value]
        return self.text(value) if isinstance(value, str) else value

    def text(self, text: str) -> str:
        """A text without characters that no font has, and with places to break words that are longer than a line."""
        text = self.shown(text)
        return LONG_WORD.sub(_broken, text)

    def shown(self, text: str) -> str:
        """A text whose every character can be seen."""
        if _plain().issuperset(text):
            return text
        text = UNSEEN.sub("", BREAKS.sub("\n", text)).replace("\t", " ")
        return "".join(map(self._cluster, _clusters(text)))

    def _cluster(self, cluster: str) -> str:
        if cluster in ISOLATES:
            return cluster
        needed = set(cluster.translate(dict.fromkeys(map(ord, JOINERS)))) - {"\n"}
        lost = cluster[0] not in JOINERS and _extends(cluster[0])  # a mark on nothing
        if not lost and any(needed <= known for known in _repertoires()):
            return cluster
        self.missing.add(cluster)
        return BOX


def _clusters(text: str) -> list[str]:
    """The text cut into what is seen as one sign: a character with its marks, and those joined to it."""
    found: list[str] = []
    for char in text:
        joined = found and found[-1] != "\n" and (found[-1].endswith("\u200d") or _extends(char))
        if joined:
            found[-1] += char
        else:
            found.append(char)
    return found


def _extends(char: str) -> bool:
    return char in JOINERS or unicodedata.category(char)[0] == "M" or "\U0001f3fb" <= char <= "\U0001f3ff"


def _broken(word: re.Match[str]) -> str:
    clusters = _clusters(word[0])
    return BREAK.join("".join(clusters[start : start + PIECE]) for start in range(0, len(clusters), PIECE))
