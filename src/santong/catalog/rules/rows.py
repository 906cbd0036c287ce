"""What makes a row of goods good: each rule gives what is wrong, by column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from santong.catalog.contracts import SkuRow
from santong.catalog.errors import RowError
from santong.catalog.rules import barcodes

LONGEST_BY_COLUMN = {
    "style_code": 60,
    "code": 60,
    "style_name": 200,
    "category": 200,
    "brand_code": 40,
    "season": 40,
    "colour": 60,
    "size": 40,
}
# A tonne, ten metres, ten million million minor units: beyond them it is a slip of the keyboard.
LARGEST_BY_COLUMN = {
    "weight_grams": 1_000_000,
    "length_mm": 10_000,
    "width_mm": 10_000,
    "height_mm": 10_000,
    "list_price_minor": 10_000_000_000_000,
}
_OF_STYLE = ("style_name", "category", "brand_code", "season")
_CURRENCY = re.compile(r"[A-Z]{3}")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class GoodRow:
    """A row that was checked, with its barcodes read. `number` is its place, from 1."""

    number: int
    row: SkuRow
    barcodes: tuple[barcodes.Barcode, ...]


@dataclass(frozen=True, slots=True)
class StyleFields:
    """What the rows of an import say of one style; what they leave empty stays as it is."""

    code: str
    name: str
    category: str
    brand_code: str
    season: str


def check_rows(
    rows: Sequence[SkuRow], *, default_currency: str
) -> tuple[list[GoodRow], list[RowError]]:
    """Every row trimmed and read, and everything that is wrong with any of them."""
    good: list[GoodRow] = []
    errors: list[RowError] = []
    for number, row in enumerate(rows, start=1):
        trimmed = _trimmed(row, default_currency)
        found, wrong = _barcodes(number, trimmed)
        errors.extend(_wrong_texts(number, trimmed))
        errors.extend(_wrong_numbers(number, trimmed))
        errors.extend(wrong)
        good.append(GoodRow(number, trimmed, found))
    errors.extend(_repeated_codes(good))
    errors.extend(_barcodes_of_two(good))
    errors.extend(_styles_at_odds(good))
    return good, sorted(errors, key=lambda error: (error.row, error.column))


def styles_of(rows: Iterable[GoodRow]) -> dict[str, StyleFields]:
    """What good rows say of their styles, by code: the first that says something."""
    said: dict[str, dict[str, str]] = {}
    for good in rows:
        fields = said.setdefault(good.row.style_code, dict.fromkeys(_OF_STYLE, ""))
        for column in _OF_STYLE:
            fields[column] = fields[column] or getattr(good.row, column)
    return {
        code: StyleFields(
            code=code,
            name=fields["style_name"],
            category=fields["category"],
            brand_code=fields["brand_code"],
            season=fields["season"],
        )
        for code, fields in said.items()
    }


def wrong_text(text: str, *, column: str, needed: bool) -> str:
    """What is wrong with a trimmed text: a stable word, empty when nothing is."""
    if not text:
        return "empty" if needed else ""
    if len(text) > LONGEST_BY_COLUMN[column]:
        return "too_long"
    return "" if text.isprintable() else "letters"


def shown(text: str) -> str:
    """A text as it goes into a report: short, and without what a screen cannot show."""
    return (text if text.isprintable() else ascii(text))[:_SHOWN]


def _trimmed(row: SkuRow, default_currency: str) -> SkuRow:
    texts = {column: getattr(row, column).strip() for column in LONGEST_BY_COLUMN}
    return replace(row, **texts, currency=row.currency.strip() or default_currency)


def _wrong_texts(number: int, row: SkuRow) -> Iterator[RowError]:
    for column in LONGEST_BY_COLUMN:
        text = getattr(row, column)
        reason = wrong_text(text, column=column, needed=column in {"style_code", "code"})
        if reason:
            yield RowError(row=number, column=column, reason=reason, value=shown(text))
    if not _CURRENCY.fullmatch(row.currency):
        yield RowError(row=number, column="currency", reason="currency", value=shown(row.currency))


def _wrong_numbers(number: int, row: SkuRow) -> Iterator[RowError]:
    for column, largest in LARGEST_BY_COLUMN.items():
        value = getattr(row, column)
        if not 0 <= value <= largest:
            yield RowError(row=number, column=column, reason="range", value=str(value))


def _barcodes(number: int, row: SkuRow) -> tuple[tuple[barcodes.Barcode, ...], list[RowError]]:
    found: dict[str, barcodes.Barcode] = {}
    errors: list[RowError] = []
    read = [
        *(("barcodes", text, barcodes.read(text)) for text in row.barcodes),
        *(("internal_codes", text, barcodes.read_internal(text)) for text in row.internal_codes),
    ]
    for column, text, result in read:
        if isinstance(result, barcodes.Wrong):
            errors.append(
                RowError(row=number, column=column, reason=result.reason, value=shown(text))
            )
        else:
            found.setdefault(result.value, result)
    return tuple(found.values()), errors


def _repeated_codes(rows: Sequence[GoodRow]) -> Iterator[RowError]:
    seen: set[str] = set()
    for good in rows:
        code = good.row.code
        if code and code in seen:
            yield RowError(row=good.number, column="code", reason="repeated", value=shown(code))
        seen.add(code)


def _barcodes_of_two(rows: Sequence[GoodRow]) -> Iterator[RowError]:
    owner_by_value: dict[str, str] = {}
    for good in rows:
        for barcode in good.barcodes:
            owner = owner_by_value.setdefault(barcode.value, good.row.code)
            if owner != good.row.code:
                column = "internal_codes" if barcode.kind == "internal" else "barcodes"
                yield RowError(
                    row=good.number, column=column, reason="repeated", value=barcode.printed
                )


def _styles_at_odds(rows: Sequence[GoodRow]) -> Iterator[RowError]:
    said: dict[tuple[str, str], str] = {}
    for good in rows:
        for column in _OF_STYLE:
            value: str = getattr(good.row, column)
            if value and said.setdefault((good.row.style_code, column), value) != value:
                yield RowError(
                    row=good.number,
                    column=column,
                    reason="differs_from_above",
                    value=shown(value),
                )
