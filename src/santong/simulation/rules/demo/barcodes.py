"""EAN-13 numbers that belong to nobody: GS1 leaves prefixes 20 to 29 to each company's own use."""

from __future__ import annotations

OWN_USE_PREFIX = "29"
DIGITS = 13


def own_barcode(number: int) -> str:
    """The EAN-13 for the company's own number, check digit included."""
    body = f"{OWN_USE_PREFIX}{number:010d}"
    assert len(body) == DIGITS - 1, "the number has more than ten digits"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """The digit that makes the sum, counted 3, 1, 3 … from the right, a multiple of ten."""
    weighted = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))
    )
    return str(-weighted % 10)
