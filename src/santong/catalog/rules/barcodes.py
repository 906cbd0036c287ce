"""Barcodes: GS1's check digits, one normal form for each number, and what is wrong with the rest.

GS1 General Specifications, sections 1.4 (prefixes) and 7.9 (check digits). A GTIN of 8, 12, 13 or
14 digits is one number in four lengths: with zeros in front it is a GTIN-14, and two barcodes are
the same when those are. So a UPC-A (12 digits) is the EAN-13 that has a zero in front of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from santong.catalog.contracts import BarcodeKind

Reason = Literal["empty", "length", "check_digit", "zero", "letters", "reads_as_gtin"]
REASONS: tuple[Reason, ...] = get_args(Reason)

GTIN_LENGTHS = frozenset({8, 12, 13, 14})
LONGEST_INTERNAL = 48

_DIGITS = re.compile(r"[0-9]+")
# What Code 128 prints without control characters.
_PRINTABLE = re.compile(r"[\x20-\x7e]+")


@dataclass(frozen=True, slots=True)
class Barcode:
    """A good barcode: `value` is the normal form, `printed` is what stands on the goods."""

    value: str
    printed: str
    kind: BarcodeKind


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why something is not a barcode. `expected` is the right check digit where that is it."""

    text: str
    reason: Reason
    expected: str = ""


def check_digit(digits: str) -> str:
    """The digit that completes a number: weights 3 and 1 in turn, from the right."""
    total = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))
    )
    return str(-total % 10)


def read_gtin(text: str) -> Barcode | Wrong:
    """Read a GTIN, or a number of the same shape that a company uses inside its own stores."""
    written = text.strip()
    if not written:
        return Wrong(text, "empty")
    if not _DIGITS.fullmatch(written):
        return Wrong(text, "letters")
    if len(written) not in GTIN_LENGTHS:
        return Wrong(text, "length")
    expected = check_digit(written[:-1])
    if written[-1] != expected:
        return Wrong(text, "check_digit", expected)
    value = written.zfill(14)
    if not value.strip("0"):
        return Wrong(text, "zero")
    return Barcode(value, written, "in_store" if _is_in_store(value) else "gtin")


def read_internal(text: str) -> Barcode | Wrong:
    """Read a code of the merchant's own (Code 128), which must not pass for a GTIN."""
    written = text.strip()
    if not written:
        return Wrong(text, "empty")
    if not _PRINTABLE.fullmatch(written):
        return Wrong(text, "letters")
    if len(written) > LONGEST_INTERNAL:
        return Wrong(text, "length")
    if isinstance(read_gtin(written), Barcode):
        return Wrong(text, "reads_as_gtin")
    return Barcode(written, written, "internal")


def read(text: str) -> Barcode | Wrong:
    """Read a code whose kind is not said: digits alone are meant as a GTIN."""
    return read_gtin(text) if _DIGITS.fullmatch(text.strip()) else read_internal(text)


def normal_form(scanned: str) -> str:
    """What to look for when this was scanned; for anything that is not a GTIN, the text itself."""
    gtin = read_gtin(scanned)
    return gtin.value if isinstance(gtin, Barcode) else scanned.strip()


def _is_in_store(value: str) -> bool:
    """GS1's restricted circulation numbers: 02, 04 and 20 to 29, and 0 and 2 of the GTIN-8."""
    if value.startswith("000000"):
        return value[6] in "02"
    return value[1:3] in {"02", "04"} or value[1] == "2"
