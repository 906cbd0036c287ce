"""Where a sale stands, by its stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from santong.stagedsales.contracts import SaleState, StageState

BEFORE_CONTRACT: frozenset[SaleState] = frozenset(
    {"reserved", "deposit_paid", "code_issued", "redeemed"}
)
UNDER_CONTRACT: frozenset[SaleState] = frozenset({"contracted", "in_progress", "accepted"})
OVER: frozenset[SaleState] = frozenset({"closed", "expired", "cancelled", "refunded"})
PAYABLE: frozenset[StageState] = frozenset({"planned", "due"})
GONE: frozenset[StageState] = frozenset({"waived", "refunded"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What of a stage says how far its sale has come."""

    state: StageState
    is_accepted: bool
    is_done: bool


def progress_of(stages: Sequence[Progress]) -> SaleState:
    """How far a sale under contract has come; what was waived says nothing."""
    live = [stage for stage in stages if stage.state not in GONE]
    if all(stage.state == "released" for stage in live):
        return "closed"
    if all(stage.is_accepted for stage in live):
        return "accepted"
    has_begun = any(stage.state in {"paid", "released"} or stage.is_done for stage in live)
    return "in_progress" if has_begun else "contracted"


def stage_state(
    *, amount_minor: int, paid_minor: int, is_accepted: bool, is_due: bool
) -> StageState:
    """Where a stage that is still owed stands: money first, then work."""
    if paid_minor >= amount_minor:
        return "released" if is_accepted else "paid"
    return "due" if is_due else "planned"
