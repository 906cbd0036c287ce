"""What has happened to stock. One fact for each command, however many lines it had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel.facts import fact


@dataclass(frozen=True, kw_only=True, slots=True)
class PromisedLine:
    """So many units of a SKU at a place, for one line of the holder."""

    line_id: int
    location_id: int
    sku_id: int
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MovedSku:
    """By how much what is on hand of a SKU has changed, and what is there now."""

    sku_id: int
    delta: int
    on_hand: int


@fact("inventory.stock_reserved.v1", aggregate="holder")
@dataclass(frozen=True, kw_only=True, slots=True)
class StockReserved:
    """Every line of a holder is promised: until `expires_at`, or firmly where that is null."""

    holder: str
    expires_at: datetime | None
    lines: tuple[PromisedLine, ...]


@fact("inventory.stock_allocated.v1", aggregate="holder")
@dataclass(frozen=True, kw_only=True, slots=True)
class StockAllocated:
    """What was held is firm now."""

    holder: str
    lines: tuple[PromisedLine, ...]


@fact("inventory.stock_released.v1", aggregate="holder")
@dataclass(frozen=True, kw_only=True, slots=True)
class StockReleased:
    """A promise was given back."""

    holder: str
    reason: str
    lines: tuple[PromisedLine, ...]


@fact("inventory.reservation_expired.v1", aggregate="holder")
@dataclass(frozen=True, kw_only=True, slots=True)
class ReservationExpired:
    """A hold ran out, and its stock may be promised to others."""

    holder: str
    lines: tuple[PromisedLine, ...]


@fact("inventory.reservation_moved.v1", aggregate="holder")
@dataclass(frozen=True, kw_only=True, slots=True)
class ReservationMoved:
    """A promise was handed from one place to others; `lines` say where it stands now."""

    holder: str
    from_location_id: int
    reason: str
    lines: tuple[PromisedLine, ...]


@fact("inventory.stock_consumed.v1", aggregate="holder")
@dataclass(frozen=True, kw_only=True, slots=True)
class StockConsumed:
    """Goods left a place under a promise."""

    holder: str
    location_id: int
    lines: tuple[PromisedLine, ...]


@fact("inventory.stock_received.v1", aggregate="location_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class StockReceived:
    """Goods arrived at a place."""

    location_id: int
    reason: str
    skus: tuple[MovedSku, ...]


@fact("inventory.stock_adjusted.v1", aggregate="location_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class StockAdjusted:
    """The books of a place were corrected."""

    location_id: int
    reason: str
    skus: tuple[MovedSku, ...]


@fact("inventory.stock_counted.v1", aggregate="location_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class StockCounted:
    """Somebody has looked: what is there now is what was found."""

    location_id: int
    skus: tuple[MovedSku, ...]


@fact("inventory.till_sale_recorded.v1", aggregate="location_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class TillSaleRecorded:
    """A till sold goods that had left the shop before anybody was asked."""

    location_id: int
    skus: tuple[MovedSku, ...]


@fact("inventory.shortfall_opened.v1", aggregate="shortfall_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ShortfallOpened:
    """More is promised from a place than it has. Told again when the gap has grown."""

    shortfall_id: int
    location_id: int
    sku_id: int
    quantity: int
    reason: str


@fact("inventory.shortfall_closed.v1", aggregate="shortfall_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ShortfallClosed:
    """What a place has promised, it has again."""

    shortfall_id: int
    location_id: int
    sku_id: int
