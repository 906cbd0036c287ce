"""What is offered: goods with their deposits, the two windows, and what becomes of a deposit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

OfferState = Literal["draft", "live", "ended"]
OFFER_STATES: tuple[OfferState, ...] = get_args(OfferState)
Forfeit = Literal["none", "all", "part"]
FORFEITS: tuple[Forfeit, ...] = get_args(Forfeit)
Stock = Literal["in_stock", "to_come"]
STOCKS: tuple[Stock, ...] = get_args(Stock)

LONGEST_CODE = 40
LONGEST_NAME = 100
MOST_LINES = 100
MOST_UNITS = 1_000_000
MOST_MINOR = 10**11
WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one field: a JSON pointer (RFC 6901) and a stable word for the reason."""

    pointer: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """One SKU of an offer, each amount for one unit.

    The deposit counts for `worth_minor`: what is above the deposit is its growth, and a discount.
    """

    sku_code: str
    price_minor: int
    deposit_minor: int
    worth_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All that an offer promises, as one value. Ends of windows are excluded.

    `forfeit_bp` of the deposit is kept where the policy is "part". Goods that are in stock are held
    from the deposit on; goods to come are limited by `limit_units` only.
    """

    name: str
    currency: str
    lines: tuple[OfferLine, ...]
    limit_units: int
    most_per_buyer: int
    deposit_from: datetime
    deposit_until: datetime
    balance_from: datetime
    balance_until: datetime
    forfeit: Forfeit
    stock: Stock
    forfeit_bp: int = 0
    ships_after: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What some units cost: deposit + balance = price - growth, growth = worth - deposit."""

    price_minor: int
    deposit_minor: int
    worth_minor: int

    @property
    def growth_minor(self) -> int:
        """What the deposit counts for beyond itself."""
        return self.worth_minor - self.deposit_minor

    @property
    def balance_minor(self) -> int:
        """What is to be paid in the balance window."""
        return self.price_minor - self.worth_minor

    @property
    def total_minor(self) -> int:
        """What is paid in all."""
        return self.price_minor - self.growth_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A presale offer, and the version of its terms that holds for whoever joins now."""

    id: int
    code: str
    storefront_id: int
    storefront_code: str
    state: OfferState
    version: int
    version_id: int
    taken_units: int
    terms: Terms
    drafted_at: datetime
    published_at: datetime | None
    ended_at: datetime | None

    @property
    def left_units(self) -> int:
        """What can still be taken."""
        return max(0, self.terms.limit_units - self.taken_units)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFigures:
    """How an offer stands: presale orders and units by state, and its money.

    Of the deposits that came in, `kept_minor` was kept of those that were let go, and
    `given_back_minor` goes back of them. `compensated_minor` is owed on top.
    """

    presales_by_state: dict[str, int]
    units_by_state: dict[str, int]
    deposits_minor: int
    balances_minor: int
    kept_minor: int
    given_back_minor: int
    compensated_minor: int
