"""The facts of presales. Ids and values only: nothing here says who the buyer is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel.facts import fact


@fact("presales.offer_published.v1", aggregate="offer_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPublished:
    """An offer can be joined from its deposit window's beginning on, or has new terms."""

    offer_id: int
    code: str
    version: int
    limit_units: int
    deposit_from: datetime
    deposit_until: datetime
    balance_from: datetime
    balance_until: datetime


@fact("presales.offer_ended.v1", aggregate="offer_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class OfferEnded:
    """Nobody can join an offer any more; who has joined goes on."""

    offer_id: int
    code: str


@fact("presales.presale_joined.v1", aggregate="presale_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class PresaleJoined:
    """A buyer has taken units of an offer, and is asked for the deposit."""

    presale_id: int
    offer_id: int
    version: int
    order_id: int
    units: int
    currency: str
    deposit_minor: int
    worth_minor: int
    balance_minor: int
    deposit_by: datetime


@fact("presales.deposit_taken.v1", aggregate="presale_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class DepositTaken:
    """The deposit is in; the balance can be paid from `balance_from` to `balance_until`."""

    presale_id: int
    offer_id: int
    order_id: int
    units: int
    currency: str
    deposit_minor: int
    balance_minor: int
    balance_from: datetime
    balance_until: datetime


@fact("presales.balance_opened.v1", aggregate="presale_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceOpened:
    """The balance can be paid from now on: the moment to remind the buyer."""

    presale_id: int
    order_id: int
    currency: str
    balance_minor: int
    balance_until: datetime


@fact("presales.balance_paid.v1", aggregate="presale_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class BalancePaid:
    """All the money is in: the order goes on as any other."""

    presale_id: int
    offer_id: int
    order_id: int
    units: int
    currency: str
    total_minor: int


@fact("presales.presale_lapsed.v1", aggregate="presale_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class PresaleLapsed:
    """The deposit has not come in time; its units are free again."""

    presale_id: int
    offer_id: int
    order_id: int
    units: int


@fact("presales.deposit_forfeited.v1", aggregate="presale_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class DepositForfeited:
    """The balance has not come in time: `kept_minor` of the deposit is kept, the rest goes back."""

    presale_id: int
    offer_id: int
    order_id: int
    units: int
    currency: str
    deposit_minor: int
    kept_minor: int


@fact("presales.presale_cancelled.v1", aggregate="presale_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class PresaleCancelled:
    """Somebody has let it go: `kept_minor` of what was paid is kept, the rest goes back."""

    presale_id: int
    offer_id: int
    order_id: int
    units: int
    currency: str
    kept_minor: int


@fact("presales.presale_failed.v1", aggregate="presale_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class PresaleFailed:
    """The merchant cannot deliver: all goes back, and for an earnest as much again is owed."""

    presale_id: int
    offer_id: int
    order_id: int
    units: int
    currency: str
    compensation_minor: int


@fact("presales.compensation_paid.v1", aggregate="presale_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class CompensationSettled:
    """What was owed to the buyer beyond their own money has been paid."""

    presale_id: int
    currency: str
    amount_minor: int
