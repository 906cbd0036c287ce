"""What may be said of a file besides its bytes."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from santong.evidence.contracts import KINDS, Geo, Kind
from santong.kernel.errors import FieldInvalid

LONGEST_SUBJECT: Final = 60
LONGEST_NAME: Final = 200
LONGEST_BY: Final = 80
MOST_LATITUDE: Final = 90
MOST_LONGITUDE: Final = 180
# Clocks of telephones are wrong by hours where somebody has travelled.
MOST_AHEAD: Final = timedelta(days=1)
_FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_SUBJECT: Final = re.compile(r"[a-z_]+:[A-Za-z0-9_.:-]+")


def check_subject(subject: str) -> None:
    """A thing by name: `agreement:3`. Raises FieldInvalid."""
    if len(subject) > LONGEST_SUBJECT or not _SUBJECT.fullmatch(subject):
        raise FieldInvalid(pointer="/subject", reason="a kind and a number, as `order:17`")


def checked_kind(kind: str, *, pointer: str) -> Kind:
    """One of the kinds. Raises FieldInvalid."""
    for known in KINDS:
        if kind == known:
            return known
    raise FieldInvalid(pointer=pointer, reason="one of " + ", ".join(KINDS))


def checked_name(name: str) -> str:
    """A file's name without folders and control characters; its end is cut."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in bare if each.isprintable())[:LONGEST_NAME]


def check_taken_at(taken_at: datetime | None, *, now: datetime) -> None:
    """When it was taken, if somebody says so. Raises FieldInvalid."""
    if taken_at is None:
        return
    if taken_at.tzinfo is None:
        raise FieldInvalid(pointer="/taken_at", reason="an instant with its offset")
    if not _FIRST <= taken_at <= now + MOST_AHEAD:
        raise FieldInvalid(pointer="/taken_at", reason="between 2000 and now")


def check_geo(geo: Geo | None) -> None:
    """Where it was taken, if somebody says so. Raises FieldInvalid."""
    if geo is None:
        return
    for value, most, name in zip(
        geo, (MOST_LATITUDE, MOST_LONGITUDE), ("latitude", "longitude"), strict=True
    ):
        if not math.isfinite(value) or abs(value) > most:
            raise FieldInvalid(pointer=f"/geo/{name}", reason=f"degrees, at most {most}")
