"""The facts of aftersales. Ids and values only: nothing here says who the buyer is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel.facts import fact


@fact("aftersales.case_opened.v1", aggregate="case_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened:
    """Somebody asks for something after the sale; nothing has moved."""

    case_id: int
    number: str
    order_id: int
    document: str
    kind: str
    reason: str
    way_back: str
    channel: str
    location_id: int | None
    quantity_by_line: dict[int, int]


@fact("aftersales.case_decided.v1", aggregate="case_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDecided:
    """A case was accepted or refused, as proposed or otherwise."""

    case_id: int
    number: str
    order_id: int
    verdict: str
    kind: str
    needs_return: bool
    currency: str
    refund_minor: int
    freight_minor: int
    overruled: tuple[str, ...]
    term_reference: str
    decided_at: datetime


@fact("aftersales.goods_returned.v1", aggregate="order_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsReturned:
    """Units are off the sale for good: they came back, or are paid back without coming.

    `key` names the step, `is_whole` says that nothing of the order stays with the buyer.
    """

    order_id: int
    document: str
    case_id: int
    key: str
    came_back: bool
    location_id: int | None
    quantity_by_line: dict[int, int]
    amount_by_line: dict[int, int]
    is_whole: bool
    returned_at: datetime


@fact("aftersales.goods_received.v1", aggregate="case_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsReceived:
    """Goods of a case came to a place and were looked at."""

    case_id: int
    number: str
    location_id: int
    sellable_by_sku: dict[int, int]
    damaged_by_sku: dict[int, int]


@fact("aftersales.replacement_placed.v1", aggregate="case_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementPlaced:
    """What is sent again, or instead, is an order of its own."""

    case_id: int
    number: str
    order_id: int
    replacement_order_id: int
    cause: str
    difference_minor: int


@fact("aftersales.case_ended.v1", aggregate="case_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEnded:
    """A case is done, refused or cancelled."""

    case_id: int
    number: str
    order_id: int
    kind: str
    state: str
    ended_at: datetime


@fact("aftersales.repair_changed.v1", aggregate="case_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class RepairChanged:
    """A repair went on."""

    case_id: int
    repair_id: int
    state: str
    is_warranty: bool
    quote_minor: int
    currency: str


@fact("aftersales.carrier_claim_changed.v1", aggregate="claim_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierClaimChanged:
    """A claim against a carrier or a supplier was opened or went on."""

    claim_id: int
    number: str
    party: str
    party_code: str
    state: str
    currency: str
    amount_minor: int
    granted_minor: int
    received_minor: int
