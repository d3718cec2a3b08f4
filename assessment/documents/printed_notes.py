"""How much of what people wrote is printed: a document of every note that may be written could take minutes to set."""

from typing import Any

from django.utils.translation import ngettext

Part = dict[str, Any]
MOST_CHARACTERS = 75_000  # of all notes together: every note that one person can write, in some second


def bounded(holders: list[Part]) -> str:
    """Take the notes that go beyond the bound out of these parts, in their order; say how many those are, "" for none."""
    left, out = MOST_CHARACTERS, 0
    for holder in holders:
        for item in holder["notes"]["items"] if holder["notes"] else ():
            kept = []
            for note in item["notes"]:
                left -= len(note["text"]) + len(note["link"])
                if left >= 0:
                    kept.append(note)
            out += len(item["notes"]) - len(kept)
            item["notes"] = kept
        _tidy(holder)
    return (
        ngettext(
            "%(count)s note is not printed here for want of room; the workbook has it.",
            "%(count)s notes are not printed here for want of room; the workbook has them all.",
            out,
        )
        % {"count": out}
        if out
        else ""
    )


def _tidy(holder: Part) -> None:
    """Leave out questions without a note, and a heading without a question."""
    if holder["notes"]:
        holder["notes"]["items"] = [item for item in holder["notes"]["items"] if item["notes"]]
        holder["notes"] = holder["notes"] if holder["notes"]["items"] else None
