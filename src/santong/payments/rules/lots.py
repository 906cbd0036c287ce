"""Which lots give, and which get back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Part:
    """So much of one lot, and when the lot ends."""

    lot_id: int
    amount: int
    expires_at: datetime | None


def in_order(parts: Iterable[Part]) -> list[Part]:
    """What ends first comes first, what never ends last."""
    return sorted(
        parts,
        key=lambda part: (
            part.expires_at is None,
            part.expires_at.timestamp() if part.expires_at else 0,
            part.lot_id,
        ),
    )


def first_of(parts: Sequence[Part], *, amount: int) -> list[Part]:
    """The beginning of the parts, `amount` in all, or all of them where they are less."""
    found: list[Part] = []
    left = amount
    for part in parts:
        if left <= 0:
            break
        found.append(Part(part.lot_id, min(left, part.amount), part.expires_at))
        left -= found[-1].amount
    return found


def last_of(parts: Sequence[Part], *, amount: int) -> list[Part]:
    """The end of the parts, the last one first: what was taken last goes back first."""
    return first_of(list(reversed(parts)), amount=amount)


def rest_of(parts: Iterable[Part], *, uses: Iterable[Part]) -> list[Part]:
    """What of the parts is not used."""
    used = {use.lot_id: use.amount for use in uses}
    rest = [
        Part(part.lot_id, part.amount - used.get(part.lot_id, 0), part.expires_at) for part in parts
    ]
    return [part for part in rest if part.amount]


def ended(parts: Iterable[Part], *, at: datetime) -> list[Part]:
    """The parts of lots that can no longer be spent."""
    return [part for part in parts if part.expires_at is not None and part.expires_at <= at]


def spread_from_the_end(amounts: Sequence[int], *, given: int, more: int) -> list[int]:
    """What of each amount is given back next, when `given` of their sum has been given back.

    The last amount is given back first, whole, before the one that stands ahead of it.
    """
    before, after = _from_the_end(amounts, given), _from_the_end(amounts, given + more)
    return [now - then for then, now in zip(before, after, strict=True)]


def _from_the_end(amounts: Sequence[int], total: int) -> list[int]:
    parts: list[int] = []
    for amount in reversed(amounts):
        parts.append(min(amount, total))
        total -= parts[-1]
    return parts[::-1]
