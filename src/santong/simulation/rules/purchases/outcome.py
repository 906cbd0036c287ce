"""What became of a shop's purchases once they were replayed, ready to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from santong.simulation.rules.purchases.plan import Plan
from santong.simulation.rules.purchases.tables import History


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """What members have, and have spent and lost so far, at the end of a month."""

    at: datetime
    available: int
    pending: int
    burned: int
    expired: int


@dataclass(frozen=True, slots=True)
class Burnt:
    """Points that a member spent in the replay."""

    member: str
    at: datetime
    points: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """The ends of the months, who spent what, and what `doctor` finds wrong."""

    until: datetime
    months: tuple[MonthEnd, ...]
    burnt: tuple[Burnt, ...]
    findings: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Proof:
    """The ledger beside what SQL makes of the same purchases: sums, and members that differ."""

    expected: Mapping[str, int]
    ledger: Mapping[str, int]
    members_by_tier: Mapping[str, int]
    members: int
    differing: int


@dataclass(frozen=True, slots=True)
class PointsReport:
    """All that is told of a replay of purchases."""

    made_at: datetime
    directory: str
    merchant_code: str
    history: History
    plan: Plan
    member_by_name: Mapping[str, int]
    replayed: Replayed
    proof: Proof
