"""What a return takes back: pro rata, so that all parts of a return make the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from santong.membership.contracts.programmes import ClawBackPolicy

_THOUSAND = 1_000


@dataclass(frozen=True, slots=True)
class Taken:
    """From where a claw-back takes its points, and what it does about the missing ones."""

    from_pending: int
    from_available: int
    to_debt: int
    forgiven: int
    money_minor: int

    @property
    def from_ledger(self) -> int:
        """What moves in the books."""
        return self.from_pending + self.from_available + self.to_debt


def share_of(points: int, *, quantity: int, returned_before: int, returned: int) -> int:
    """What a part of a line takes back: the whole share so far, less what was taken before.

    The parts add up to `points` when the last unit is back, in whatever parts it came.
    """
    assert 0 <= returned_before <= returned_before + returned <= quantity
    until_now = points * (returned_before + returned) // quantity
    return until_now - points * returned_before // quantity


def taken(
    policy: ClawBackPolicy, *, owed: int, pending: int, available: int, value_minor_per_1000: int
) -> Taken:
    """Points that still wait are cancelled first, then what is there; the policy says what then."""
    from_pending = min(owed, pending)
    from_available = min(owed - from_pending, available)
    missing = owed - from_pending - from_available
    match policy:
        case "clamp":
            return Taken(from_pending, from_available, 0, missing, 0)
        case "negative":
            return Taken(from_pending, from_available, missing, 0, 0)
        case "from_refund_money":
            money = worth(missing, value_minor_per_1000=value_minor_per_1000)
            return Taken(from_pending, from_available, 0, missing, money)
        case _:
            assert_never(policy)


def worth(points: int, *, value_minor_per_1000: int) -> int:
    """What points are worth in money, rounded down: nobody pays more than they are worth."""
    return points * value_minor_per_1000 // _THOUSAND
