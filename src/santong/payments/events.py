"""What the ledger does by the clock. What it is told to do, its callers tell."""

from __future__ import annotations

from dataclasses import dataclass

from santong.kernel.facts import fact


@fact("payments.hold_expired.v1", aggregate="hold_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class HoldExpired:
    """A hold ran out; what it kept can be spent again, or has expired with it."""

    hold_id: int
    source: str
    key: str
    asset: str
    kind: str
    owner: str
    amount: int


@fact("payments.lots_expired.v1", aggregate="owner")
@dataclass(frozen=True, kw_only=True, slots=True)
class LotsExpired:
    """What an owner had not spent in time is gone."""

    txn_id: int
    asset: str
    kind: str
    owner: str
    amount: int
