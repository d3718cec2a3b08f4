"""Static files finder: the site's three typefaces, cut to the letters it needs (WOFF2) from the wheels that ship them whole.

They are made once an installation, into VAR_DIR: `runserver` finds them, `collectstatic` collects them. The SIL Open Font
License wants a changed font to have a name of its own, and its copyright and licence to stay in the file.
"""

import hashlib
import importlib.util
import os
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FOLDER = "assessment/typefaces"  # below STATIC_URL
# File, package and font in it, our name, style.
FACES = (
    ("sans-regular", "font_source_sans_pro", "SourceSansPro-Regular.ttf", "Maturity Sans", "Regular"),
    ("sans-semibold", "font_source_sans_pro", "SourceSansPro-Semibold.ttf", "Maturity Sans", "Semibold"),
    ("serif-semibold", "font_source_serif_pro", "SourceSerifPro-Semibold.ttf", "Maturity Serif", "Semibold"),
)
# Latin with its neighbours' letters (names of people and companies), French and English punctuation, arrows and signs.
LETTERS = {*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2040), 0x20AC, 0x2122, *range(0x2190, 0x2194)}
LETTERS |= {0x2212, 0x2260, 0x2264, 0x2265, 0x221E}
FEATURES = ["kern", "ccmp", "locl", "mark"]  # figures are of one width as they are
NARROW_SPACE, STIFF_HYPHEN = 0x202F, 0x2011  # French needs both, and not every face has them


class Typefaces(BaseFinder):
    """Finds each face below `assessment/typefaces/`, and makes those that are not there yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.VAR_DIR / "typefaces" / _edition())
        super().__init__(*args, **kwargs)

    def check(self, **_kwargs: Any) -> list:
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        for face in FACES:
            if path == f"{FOLDER}/{face[0]}.woff2":
                made = str(self._made(face))
                return [made] if find_all else made
        return []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for face in FACES:
            self._made(face)
            yield f"{FOLDER}/{face[0]}.woff2", self.storage

    def _made(self, face: tuple[str, str, str, str, str]) -> Path:
        path = Path(self.storage.path(f"{FOLDER}/{face[0]}.woff2"))
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=path.parent, delete=False) as whole:  # nobody reads half a file
                whole.write(cut(*face[1:]))
            os.chmod(whole.name, 0o644)
            os.replace(whole.name, path)
        return path


def _edition() -> str:
    """Names a folder: it is another one when the fonts, the tool or this file change."""
    packages = sorted({face[1].replace("_", "-") for face in FACES} | {"fonttools", "brotli"})
    told = [Path(__file__).read_text(encoding="utf-8"), *(f"{name} {version(name)}" for name in packages)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def cut(package: str, file: str, family: str, style: str) -> bytes:
    """The font of a package with our letters and name, as WOFF2; fontTools is loaded here, late."""
    import io

    from fontTools import subset
    from fontTools.ttLib import TTFont

    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed: it holds a typeface of the site.")
    font = TTFont(Path(spec.origin).parent / "files" / file, recalcTimestamp=False)
    _add_what_french_needs(font)
    _widths_of_their_own(font)
    options = subset.Options(layout_features=FEATURES, hinting=False, name_IDs=["*"], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    _rename(font, family, style)
    out = io.BytesIO()
    font.flavor = "woff2"
    font.save(out)
    return out.getvalue()


def _add_what_french_needs(font: Any) -> None:
    """A narrow space of half a space's width, and a hyphen at which no line ends."""
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    known = font.getBestCmap()
    added = {STIFF_HYPHEN: known[ord("-")]}
    if NARROW_SPACE not in known:
        font["glyf"]["narrowspace"] = Glyph()
        font["hmtx"]["narrowspace"] = (font["hmtx"][known[ord(" ")]][0] // 2, 0)
        added[NARROW_SPACE] = "narrowspace"
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update({number: name for number, name in added.items() if number not in table.cmap})


def _widths_of_their_own(font: Any) -> None:
    """Have each sign keep its own width: the serif's per cent sign claims that of its stroke, and what follows stood on it."""
    from fontTools.ttLib.tables._g_l_y_f import USE_MY_METRICS

    for glyph in map(font["glyf"].__getitem__, font.getGlyphOrder()):
        for part in glyph.components if glyph.isComposite() else ():
            part.flags &= ~USE_MY_METRICS


def _rename(font: Any, family: str, style: str) -> None:
    """Give a font our name; its makers, trademark and licence stay named in it."""
    for record in list(font["name"].names):
        if record.nameID in (1, 2, 3, 4, 6, 16, 17, 18, 21, 22, 25):
            font["name"].removeNames(nameID=record.nameID)
    for number, text in {1: f"{family} {style}", 2: "Regular", 3: f"{family} {style}", 4: f"{family} {style}"}.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["name"].setName(f"{family}-{style}".replace(" ", ""), 6, 3, 1, 0x409)
