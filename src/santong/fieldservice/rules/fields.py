"""What fields may hold."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from santong.fieldservice.contracts import LONGEST_CODE, LONGEST_NAME, Point
from santong.kernel import nameless
from santong.kernel.errors import FieldInvalid

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
NORTHMOST, EASTMOST = 90, 180
MOST_WORDS = 50
LONGEST_WORD = 40


def check_code(code: str) -> None:
    """Letters, digits, dots and dashes, and nobody's number. Raises FieldInvalid."""
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        raise FieldInvalid(pointer="/code", reason=f"up to {LONGEST_CODE} letters and digits")
    nameless.check_name(code, pointer="/code")


def check_name(name: str) -> None:
    """A name that says something. Raises FieldInvalid."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise FieldInvalid(pointer="/name", reason=f"1 to {LONGEST_NAME} characters")


def check_number(pointer: str, number: int, least: int, most: int) -> None:
    """A number within bounds. Raises FieldInvalid."""
    if not least <= number <= most:
        raise FieldInvalid(pointer=pointer, reason=f"{least} to {most}")


def check_point(point: Point) -> None:
    """A point on earth. Raises FieldInvalid."""
    if not (
        math.isfinite(point.latitude)
        and math.isfinite(point.longitude)
        and abs(point.latitude) <= NORTHMOST
        and abs(point.longitude) <= EASTMOST
    ):
        raise FieldInvalid(pointer="/home", reason="latitude and longitude in degrees")


def clean_words(
    words: Iterable[str], *, pointer: str, longest: int = LONGEST_WORD, most: int = MOST_WORDS
) -> tuple[str, ...]:
    """Words without doubles, in their order. Raises FieldInvalid."""
    found = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
    if len(found) > most or any(len(word) > longest for word in found):
        raise FieldInvalid(pointer=pointer, reason=f"{most} at most, of {longest} characters")
    return found
