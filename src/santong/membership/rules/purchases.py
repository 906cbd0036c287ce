"""What a purchase and a command about points must be before anything is read or written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from pydantic import TypeAdapter

from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_prose
from santong.membership.contracts.points import (
    LONGEST_KEY,
    LONGEST_SOURCE,
    MOST_LINES,
    MOST_MINOR,
    MOST_UNITS,
    Purchase,
)
from santong.membership.contracts.programmes import MOST_POINTS

LONGEST_REASON = 200
LONGEST_SKU = 60
LONGEST_CATEGORY = 120
LONGEST_CHANNEL = 40
LONGEST_PLACE = 60
_LARGEST = 2**63 - 1
_PURCHASE = TypeAdapter(Purchase)


def check_purchase(purchase: Purchase) -> None:
    """Refuse a purchase that cannot be recorded. Raises FieldInvalid."""
    check_key(source=purchase.source, key=purchase.key)
    if purchase.bought_at.tzinfo is None or (
        purchase.delivered_at is not None and purchase.delivered_at.tzinfo is None
    ):
        raise FieldInvalid(pointer="/bought_at", reason="an instant with its zone")
    if not purchase.programme_code and not purchase.storefront_code:
        raise FieldInvalid(pointer="/programme_code", reason="which programme, or which storefront")
    _text(purchase.channel, "/channel", LONGEST_CHANNEL)
    _text(purchase.location_code, "/location_code", LONGEST_PLACE)
    _text(purchase.guide_code, "/guide_code", LONGEST_PLACE)
    if not 1 <= len(purchase.lines) <= MOST_LINES:
        raise FieldInvalid(pointer="/lines", reason=f"between 1 and {MOST_LINES}")
    if len({line.line for line in purchase.lines}) < len(purchase.lines):
        raise FieldInvalid(pointer="/lines", reason="a line stands twice")
    for place, line in enumerate(purchase.lines):
        here = f"/lines/{place}"
        _between(line.line, f"{here}/line", 0, _LARGEST)
        _text(line.sku_code, f"{here}/sku_code", LONGEST_SKU)
        _text(line.category, f"{here}/category", LONGEST_CATEGORY)
        _between(line.quantity, f"{here}/quantity", 1, MOST_UNITS)
        _between(line.amount_minor, f"{here}/amount_minor", 0, MOST_MINOR)


def check_key(*, source: str, key: str) -> None:
    """Refuse a name by which a command could not be found again. Raises FieldInvalid."""
    _text(source, "/source", LONGEST_SOURCE, least=1)
    _text(key, "/key", LONGEST_KEY, least=1)


def check_return_key(return_key: str) -> None:
    """Refuse a name by which a return could not be found again. Raises FieldInvalid."""
    _text(return_key, "/return_key", LONGEST_KEY, least=1)


def check_points(points: int, *, pointer: str = "/points") -> None:
    """Refuse nothing, and more than there could be. Raises FieldInvalid."""
    _between(points, pointer, 1, MOST_POINTS)


def check_amount(amount_minor: int, *, pointer: str = "/amount_minor") -> None:
    """Refuse an amount of money below nothing, or that nobody has. Raises FieldInvalid."""
    _between(amount_minor, pointer, 0, MOST_MINOR)


def clean_reason(reason: str) -> str:
    """A reason without its outer spaces; there must be one, and it names nobody.

    Raises FieldInvalid.
    """
    reason = reason.strip()
    check_prose(reason)
    _text(reason, "/reason", LONGEST_REASON, least=1)
    return reason


def hash_of(purchase: Purchase) -> str:
    """What makes two purchases the same one."""
    written = _PURCHASE.dump_python(purchase, mode="json", exclude={"source", "key"})
    for name in ("bought_at", "delivered_at"):
        written[name] = _instant(getattr(purchase, name))
    return _hash(written)


def content_hash(**said: str | int | datetime | None) -> str:
    """What makes two commands with one key the same one."""
    return _hash(
        {
            name: _instant(value) if isinstance(value, datetime) else value
            for name, value in said.items()
        }
    )


def waves(
    purchases: Sequence[Purchase], *, member_by_id: Mapping[int, int]
) -> list[list[Purchase]]:
    """Purchases cut so that nobody stands twice in a part: a tier counts for the next purchase."""
    found: list[list[Purchase]] = []
    wave_by_member: dict[int, int] = {}
    for purchase in purchases:
        member = member_by_id[purchase.member_id]
        wave = wave_by_member.get(member, 0)
        wave_by_member[member] = wave + 1
        if wave == len(found):
            found.append([])
        found[wave].append(purchase)
    return found


def refuse_unknown_lines(lines: Iterable[int], *, known: Iterable[int]) -> None:
    """A return names lines that were bought. Raises FieldInvalid."""
    for line in set(lines) - set(known):
        raise FieldInvalid(pointer=f"/quantity_by_line/{line}", reason="no such line")


def _hash(written: Mapping[str, object]) -> str:
    text = json.dumps(written, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at is not None else None


def _between(value: int, pointer: str, least: int, most: int) -> None:
    if not least <= value <= most:
        raise FieldInvalid(pointer=pointer, reason=f"between {least} and {most}")


def _text(value: str, pointer: str, most: int, *, least: int = 0) -> None:
    if not least <= len(value) <= most or (value and not value.isprintable()):
        raise FieldInvalid(pointer=pointer, reason=f"{least} to {most} printable characters")
