"""What makes a row of a place good: what is wrong with it, by column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from santong.stores.contracts import LocationRow
from santong.stores.errors import RowError
from santong.stores.rules.gazetteer.places import place_of
from santong.stores.rules.hours import normal_hours, wrong_hours, zone

LONGEST_BY_COLUMN: Final = {
    "code": 60,
    "name": 200,
    "kind": 10,
    "country": 2,
    "province": 60,
    "city": 60,
    "district": 60,
    "address": 200,
    "timezone": 40,
    "brand_code": 40,
    "dealer_code": 40,
}
NEEDED: Final = frozenset({"code", "name", "kind", "country", "timezone"})
# A million orders a day, ten million minor units a parcel: beyond, it is a slip of the keyboard.
LARGEST_BY_COLUMN: Final = {
    "daily_capacity": 1_000_000,
    "serves_radius_metres": 20_040_000,
    "parcel_cost_minor": 10_000_000,
    "handling_cost_minor": 10_000_000,
    "accept_rate_ppm": 1_000_000,
}
KINDS: Final = frozenset({"store", "warehouse"})
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class GoodRow:
    """A row that was checked, trimmed and located. `number` is its place, from 1."""

    number: int
    row: LocationRow
    latitude: float
    longitude: float


def check_rows(rows: Sequence[LocationRow]) -> tuple[list[GoodRow], list[RowError]]:
    """Every row trimmed and located, and everything that is wrong with any of them."""
    good: list[GoodRow] = []
    errors: list[RowError] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        trimmed = _trimmed(row)
        latitude, longitude = _located(trimmed)
        found = list(_wrong(trimmed, latitude, longitude))
        if trimmed.code in seen:
            found.append(("code", "repeated", trimmed.code))
        seen.add(trimmed.code)
        errors.extend(
            RowError(row=number, column=column, reason=reason, value=_show(value))
            for column, reason, value in found
        )
        if not found:
            row_with_hours = replace(trimmed, hours=normal_hours(trimmed.hours))
            good.append(GoodRow(number, row_with_hours, latitude or 0.0, longitude or 0.0))
    return good, errors


Wrong = tuple[str, str, object]


def _wrong(row: LocationRow, latitude: float | None, longitude: float | None) -> Iterator[Wrong]:
    yield from _wrong_texts(row)
    yield from _wrong_numbers(row)
    yield from _wrong_point(latitude, longitude)
    if row.kind and row.kind not in KINDS:
        yield "kind", "kind", row.kind
    if row.country and not _COUNTRY.fullmatch(row.country):
        yield "country", "country", row.country
    if row.timezone and not _is_zone(row.timezone):
        yield "timezone", "timezone", row.timezone
    if reason := wrong_hours(row.hours):
        yield "hours", reason, row.hours


def _wrong_texts(row: LocationRow) -> Iterator[Wrong]:
    for column, longest in LONGEST_BY_COLUMN.items():
        text: str = getattr(row, column)
        if not text and column in NEEDED:
            yield column, "empty", ""
        elif len(text) > longest:
            yield column, "too_long", text
        elif not text.isprintable():
            yield column, "letters", text


def _wrong_numbers(row: LocationRow) -> Iterator[Wrong]:
    for column, largest in LARGEST_BY_COLUMN.items():
        value: int | None = getattr(row, column)
        if value is not None and not 0 <= value <= largest:
            yield column, "range", value


def _wrong_point(latitude: float | None, longitude: float | None) -> Iterator[Wrong]:
    """Comparisons with a value that is no number are false, so it is out of range as well."""
    for column, value, limit in (("latitude", latitude, 90.0), ("longitude", longitude, 180.0)):
        if value is None:
            yield column, "not_found", ""
        elif not -limit <= value <= limit:
            yield column, "range", value


def _located(row: LocationRow) -> tuple[float | None, float | None]:
    """As given; where neither is, by the address, if the gazetteer knows at least its city."""
    if row.latitude is not None or row.longitude is not None:
        return _number(row.latitude), _number(row.longitude)
    found = place_of(
        country=row.country, province=row.province, city=row.city, district=row.district
    )
    if found is None or found.precision not in {"district", "city"}:
        return None, None
    return found.latitude, found.longitude


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _trimmed(row: LocationRow) -> LocationRow:
    texts = {column: getattr(row, column).strip() for column in LONGEST_BY_COLUMN}
    return replace(row, **texts)


def _is_zone(name: str) -> bool:
    try:
        zone(name)
    except ValueError:
        return False
    return True


def _show(value: object) -> str:
    text = str(value)
    return (text if text.isprintable() else ascii(text))[:_SHOWN]
