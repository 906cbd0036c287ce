"""Which states follow which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from santong.presales.contracts import OfferState, PresaleState

OFFER_STEPS: Final[Mapping[OfferState, frozenset[OfferState]]] = {
    "draft": frozenset({"live", "ended"}),
    "live": frozenset({"ended"}),
    "ended": frozenset(),
}
# Who pays all at once goes from `asked` to `paid`; a paid order can still be cancelled or fail.
PRESALE_STEPS: Final[Mapping[PresaleState, frozenset[PresaleState]]] = {
    "asked": frozenset({"deposit_paid", "paid", "lapsed", "cancelled", "failed"}),
    "deposit_paid": frozenset({"paid", "forfeited", "cancelled", "failed"}),
    "paid": frozenset({"cancelled", "failed"}),
    "lapsed": frozenset(),
    "forfeited": frozenset(),
    "cancelled": frozenset(),
    "failed": frozenset(),
}


def may_become(*, before: PresaleState, after: PresaleState) -> bool:
    """Whether a presale order in one state can come into another."""
    return after in PRESALE_STEPS[before]


def end_of_order(*, before: PresaleState, is_unpaid: bool) -> PresaleState:
    """How a presale order ends whose order was given up: nobody paid, or somebody asked for it."""
    if not is_unpaid:
        return "cancelled"
    return "lapsed" if before == "asked" else "forfeited"
