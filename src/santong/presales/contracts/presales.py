"""What a buyer joined: a presale order with its frozen amounts and instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from santong.presales.contracts.offers import Amounts, Forfeit, Stock

PresaleState = Literal[
    "asked", "deposit_paid", "paid", "lapsed", "forfeited", "cancelled", "failed"
]
PRESALE_STATES: tuple[PresaleState, ...] = get_args(PresaleState)
# In these a presale order keeps its units; in the others they are free again.
HOLDS_UNITS: tuple[PresaleState, ...] = ("asked", "deposit_paid", "paid")
ENDED: tuple[PresaleState, ...] = ("lapsed", "forfeited", "cancelled", "failed")
Part = Literal["deposit", "balance"]
PARTS: tuple[Part, ...] = get_args(Part)
CompensationState = Literal["owed", "sent", "paid"]
COMPENSATION_STATES: tuple[CompensationState, ...] = get_args(CompensationState)

LONGEST_KEY = 80
LONGEST_NUMBER = 64
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PresaleLine:
    """So many units of one SKU, at the amounts that were offered for one."""

    sku_code: str
    quantity: int
    price_minor: int
    deposit_minor: int
    worth_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compensation:
    """What a merchant owes a buyer beyond what they paid, because it could not deliver."""

    amount_minor: int
    currency: str
    state: CompensationState
    reference: str
    why: str
    owed_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presale:
    """A presale order, and how far it has come. Its buyer stands on its order, masked.

    `deposit_by` ends the deposit's link; `closes_at` is the end of the balance window with a grace
    for money that is on its way. `forfeit_minor` is what is kept if the buyer lets it go,
    `kept_minor` what was kept when it ended, `shared_minor` what of that was shared as income.
    """

    id: int
    number: str
    offer_id: int
    offer_code: str
    offer_name: str
    version: int
    order_id: int
    state: PresaleState
    currency: str
    amounts: Amounts
    units: int
    lines: tuple[PresaleLine, ...]
    forfeit: Forfeit
    forfeit_minor: int
    stock: Stock
    ships_after: date | None
    joined_at: datetime
    deposit_by: datetime
    deposit_paid_at: datetime | None
    balance_from: datetime
    balance_until: datetime
    closes_at: datetime
    balance_opened_at: datetime | None
    paid_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    kept_minor: int
    shared_minor: int | None
    seller_location_id: int | None
    link_round: int

    @property
    def document(self) -> str:
        """The document of payments under which its money lies: its order's."""
        return document_of(order_id=self.order_id)

    def is_balance_open(self, *, now: datetime) -> bool:
        """Whether the balance can be paid at a moment."""
        is_in_window = self.balance_from <= now < self.balance_until
        return self.state == "deposit_paid" and is_in_window


def document_of(*, order_id: int) -> str:
    """Under which name an order is paid."""
    return f"order:{order_id}"
