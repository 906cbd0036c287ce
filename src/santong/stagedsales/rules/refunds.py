"""What a shop keeps when a sale is cancelled after its contract was signed."""

from __future__ import annotations

from typing import Literal

from santong.stagedsales.contracts import WHOLE_BP, RefundTerms, Standing

Fault = Literal["buyer", "shop"]
FAULTS: tuple[Fault, ...] = ("buyer", "shop")


def kept_of(stage: Standing, *, refunds: RefundTerms, fault: Fault) -> int:
    """What of a stage's money stays: all that was accepted; of the rest the parts of the rules.

    Rounded down, for the buyer. Where it is the shop's doing, only what was accepted stays.
    """
    if stage.is_over:
        return 0
    if stage.is_released:
        return stage.paid_minor
    if fault == "shop":
        return 0
    deposit = min(stage.deposit_minor, stage.paid_minor)
    rest_bp = refunds.done_kept_bp if stage.is_done else refunds.paid_kept_bp
    of_deposit = deposit * refunds.deposit_kept_bp // WHOLE_BP
    return of_deposit + (stage.paid_minor - deposit) * rest_bp // WHOLE_BP
