"""Collects the texts to translate, and compiles them; with --check it only says whether all are there.

Written with Babel and Django's own template reader, so that nobody needs gettext installed.
"""

import io
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from assessment.text.binding import bound  # noqa: E402

PO = ROOT / "assessment/locale/fr/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
ENGLISH_MO = (
    ROOT / "assessment/locale/en/LC_MESSAGES/django.mo"
)  # the English of pages, where it needs signs against line ends
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def sources():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "assessment", "templates", "config"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = sorted(Path(name) for name in listed.stdout.splitlines() if (ROOT / name).exists())
    return [path for path in paths if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts]


def python_source(path: Path) -> str:
    """A file as Python: a template becomes calls of gettext."""
    from django.utils.translation.template import templatize

    text = (ROOT / path).read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    masked = templatize(text, origin=str(path))
    return "\n".join(line.strip() for line in masked.splitlines())  # its indentation is the template's, not Python's


def collect() -> Catalog:
    import django
    from django.conf import settings

    settings.configure(USE_I18N=True)
    django.setup()
    catalog = Catalog(locale="fr", charset="utf-8", fuzzy=False)
    for path in sources():
        stream = io.BytesIO(python_source(path).encode())
        for line, message, _comments, context in extract("python", stream, keywords=KEYWORDS):
            catalog.add(message, locations=[(str(path), line)], context=context)
    return catalog


def compiled(catalog: Catalog) -> dict[Path, bytes]:
    """What Django reads of the French texts, and of those English ones that are not as they are written."""
    french = Catalog(locale="fr", charset="utf-8", header_comment=catalog.header_comment)
    english = Catalog(locale="en", charset="utf-8")
    for made in (french, english):
        made.creation_date, made.revision_date = catalog.creation_date, catalog.revision_date
    for message in catalog:
        if not message.id:
            continue
        flags, context = message.flags, message.context
        french.add(message.id, on_pages(message, message.string), flags=flags, context=context)
        if (shown := on_pages(message, message.id)) != message.id:
            english.add(message.id, shown, flags=flags, context=context)
    return {MO: binary(french), ENGLISH_MO: binary(english)}


def on_pages(message, text):
    """A text of a template of pages has no line end where none may be; what Python says, `templatetags/words.py` sees to."""
    if not any(path.endswith(".html") for path, _line in message.locations):
        return text
    return bound(text) if isinstance(text, str) else tuple(bound(part or "") for part in text or ())


def binary(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def problems(wanted: Catalog, stored: Catalog) -> list[str]:
    """What is missing from the French texts, or is there for nothing."""
    found = []
    known = {(message.id, message.context): message for message in stored if message.id}
    asked = {(message.id, message.context) for message in wanted if message.id}
    for key in sorted(asked, key=str):
        message = known.get(key)
        texts = [] if message is None else [message.string] if isinstance(message.string, str) else list(message.string)
        if not texts or not all(texts):
            found.append(f"not translated: {key[0]!r}")
        elif message.fuzzy:
            found.append(f"fuzzy: {key[0]!r}")
        else:
            found += [f"{key[0]!r}: {error}" for error in message.check()]
    found += [f"not used any more: {key[0]!r}" for key in sorted(known.keys() - asked, key=str)]
    if not found and any(not mo.exists() or mo.read_bytes() != made for mo, made in compiled(stored).items()):
        found.append("django.mo is older than django.po: run `make messages`")
    return found


def main(check: bool) -> int:
    wanted = collect()
    stored = read_po(io.BytesIO(PO.read_bytes()), locale="fr") if PO.exists() else Catalog(locale="fr")
    if check:
        found = problems(wanted, stored)
        print("\n".join(found) if found else f"All {len(list(stored)) - 1} texts are translated.")
        return bool(found)
    stored.update(wanted, no_fuzzy_matching=True)
    stored.obsolete.clear()
    stored.fuzzy = False
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, stored, width=120, sort_output=False, ignore_obsolete=True, include_lineno=False)
    for mo, made in compiled(stored).items():
        mo.parent.mkdir(parents=True, exist_ok=True)
        mo.write_bytes(made)
    left = [message.id for message in stored if message.id and not message.string]
    print(f"{len(list(stored)) - 1} texts, {len(left)} without French.")
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
