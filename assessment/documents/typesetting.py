"""Typst as this product uses it: our templates and fonts, plain data in, bytes out, nothing from outside."""

import ctypes
import importlib.util
import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings

# Package, folder in it and the weights that are used of each family, in the order in which families are tried.
FONTS = (
    ("font_source_sans_pro", "files", ("SourceSansPro-Regular.otf", "SourceSansPro-Semibold.otf")),
    ("font_source_serif_pro", "files", ("SourceSerifPro-Regular.otf", "SourceSerifPro-Semibold.otf")),
    ("matplotlib", "mpl-data/fonts/ttf", ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")),
)
PIXELS_PER_INCH = 4 * 96  # four for each unit of an SVG
# Typst keeps what it made for its next ten compilations, some 20 MB of each document.
KEPT_FOR = 10
LARGE_BYTES, M_MMAP_THRESHOLD = 2**20, -3  # what is larger goes back to the system as soon as it is free

_one_at_a_time = Lock()  # a worker then needs the memory of one document, however many ask


def font_files() -> list[list[Path]]:
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
    return _packed(_compile(template, inputs, format="pdf", pdf_standards="ua-1", timestamp=at))


def _packed(document: bytes) -> bytes:
    """The same PDF in about two thirds of the bytes: typst writes each of its hundreds of tags as an object for itself."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def png(template: str, inputs: Mapping[str, str]) -> bytes:
    """A template of one page as PNG, four pixels for each unit of the SVG on it."""
    return _compile(template, inputs, format="png", ppi=float(PIXELS_PER_INCH))


def _compile(template: str, inputs: Mapping[str, str], **form) -> bytes:
    with _one_at_a_time:
        try:
            return _compiler(template).compile(sys_inputs=dict(inputs), **form)
        finally:
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
def _allocator() -> ctypes.PyDLL | None:
    """The memory of this process, where it is glibc's: others give back what is free by themselves."""
    library = ctypes.PyDLL(None)
    if not hasattr(library, "malloc_trim"):
        return None
    library.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
    return library


def _give_back() -> None:
    """Have typst forget, and the system take back, what a document needed: in some milliseconds."""
    for _compilation in range(KEPT_FOR + 1):
        _nothing().compile(format="svg")
    if allocator := _allocator():
        allocator.malloc_trim(0)
