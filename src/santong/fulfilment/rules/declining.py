"""What a place says when it will not send, and what that tells about its stock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from santong.fulfilment.contracts import DeclineReason

StockEffect = Literal["nothing_there", "fewer_than_asked", "not_sellable", "untouched"]

# As HotWax's rejection reasons do: what the picker saw corrects the books.
EFFECT_BY_REASON: Mapping[DeclineReason, StockEffect] = {
    "not_in_stock": "nothing_there",
    "mismatch": "fewer_than_asked",
    "damaged": "not_sellable",
    "display_piece": "not_sellable",
    "no_time": "untouched",
    "closed": "untouched",
    "too_far": "untouched",
}


def corrected_on_hand(*, effect: StockEffect, on_hand: int, promised: int, declined: int) -> int:
    """What the books should say after a place declined units that are promised no longer.

    `promised` is what the place still owes others; what is owed is never taken from the books by
    "nothing there" below it, for those who pick it will speak for themselves.
    """
    if effect == "nothing_there":
        return min(on_hand, promised)
    if effect == "untouched":
        return on_hand
    return max(on_hand - declined, min(on_hand, promised))
