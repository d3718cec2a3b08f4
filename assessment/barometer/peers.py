"""Looking peers up: the published cell of the current edition that fits an organisation best."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.core.cache import caches

from assessment.barometer.sealing import Facets
from assessment.barometer.sums import BAND, LEVEL
from assessment.content.files import organisation_lists
from assessment.content.structure import Entry, Text
from assessment.models.barometer import Edition
from assessment.models.organisation import Organisation
from assessment.report.peers import Peers, middle_half

RENEWED = 300  # seconds that a night's figures may come late


def peers_of(organisation: Organisation) -> Peers | None:
    """The peers of an organisation, by sector group and size, else by one of them, else all; None before an edition has ten.

    Invented figures stand beside demonstrations alone. Two queries, kept for five minutes.
    """
    lists = organisation_lists()
    size = organisation.size if any(entry.key == organisation.size for entry in lists.sizes) else ""
    own = Facets(lists.group_of(organisation.sector), size)
    place = f"peers:{own.sector}:{own.size}:{organisation.is_demo}"
    return caches["local"].get_or_set(place, partial(_looked_up, own, organisation.is_demo), timeout=RENEWED)


def _looked_up(own: Facets, is_demo: bool) -> Peers | None:
    edition = next(iter(Edition.objects.shown()), None)
    if edition is None or (edition.invented and not is_demo):
        return None
    return peers_in(edition, own)


def peers_in(edition: Edition, own: Facets) -> Peers | None:
    """What an edition tells those with these labels of their peers: read off one of its cells, whatever the others hold."""
    cell = _best(edition.cells, own)
    return _peers(edition, cell) if cell else None


def _best(cells: Sequence[Mapping[str, Any]], own: Facets) -> Mapping[str, Any] | None:
    by_label = {Facets(cell["sector"], cell["size"], cell["market"]): cell for cell in cells}
    labels = (own, own.only(("sector",)), own.only(("size",)), Facets())
    return next((by_label[label] for label in labels if label in by_label), None)


def _peers(edition: Edition, cell: Mapping[str, Any]) -> Peers:
    shares, has_middle = cell["shares"], bool(cell["medians"])
    bands = (
        {name: _numbered(told) for name, told in shares.items() if name.split(".")[-1] == BAND} if has_middle else {}
    )
    halves = {name.split(".")[1]: middle_half(told) for name, told in bands.items() if name != BAND}
    return Peers(
        year=edition.year,
        invented=edition.invented,
        n=cell["n"],
        step=cell["step"],
        of=tuple(_named(cell)),
        levels=_numbered(shares.get(LEVEL, {})),
        bands=bands.get(BAND, {}),
        middle={key: ends for key, ends in halves.items() if ends},
    )


def _numbered(shares: Mapping[str, int]) -> dict[int, int]:
    """The shares of levels or of bands, without those who have none."""
    return {int(value): share for value, share in shares.items() if value.isdigit()}


def _named(cell: Mapping[str, Any]) -> Iterator[Text]:
    """Who a cell holds; a key of another list says nothing."""
    lists = organisation_lists()
    listed: tuple[tuple[str, Sequence[Entry]], ...] = (("sector", lists.groups), ("size", lists.sizes))
    for facet, entries in listed:
        yield from (entry.text for entry in entries if entry.key == cell[facet])
