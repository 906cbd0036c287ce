"""Stock over HTTP: what is there, what changed it, what can be promised."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from santong.catalog import public as catalog
from santong.inventory import contracts
from santong.inventory.selectors.levels import atp_at, atp_by_sku, levels_of
from santong.inventory.selectors.movements import movements_of
from santong.inventory.selectors.shortfalls import open_shortfalls
from santong.inventory.services import adjust as adjusting
from santong.inventory.services import count as counting
from santong.inventory.services import receive as receiving
from santong.inventory.services import record_till_sale as selling
from santong.inventory.services import set_safety_stock as keeping
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of

MOST_SKUS = 500
PLACE = "location"

router = Router(tags=["stock"])

Key = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_KEY)]
Reason = Annotated[str, Field(min_length=1, max_length=200)]
Units = Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_UNITS)]
UnitsOrNone = Annotated[int, Field(strict=True, ge=0, le=contracts.MOST_UNITS)]
Change = Annotated[int, Field(strict=True, ge=-contracts.MOST_UNITS, le=contracts.MOST_UNITS)]
Limit = Annotated[int, Query(ge=1, le=200)]
SkuCodes = Annotated[list[str], Query(min_length=1, max_length=MOST_SKUS)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


class ReceiptIn(Body):
    """Goods that arrived, by SKU code. `key` names the delivery: booked once, however often."""

    location_id: str
    quantity_by_sku: Annotated[dict[str, Units], Field(min_length=1, max_length=MOST_SKUS)]
    reason: Reason
    key: Key


class AdjustmentIn(Body):
    """A correction by so many units, more or fewer."""

    location_id: str
    sku: str
    delta: Change
    reason: Reason
    key: Key


class CountIn(Body):
    """What was found on the shelf, by SKU code."""

    location_id: str
    counted_by_sku: Annotated[dict[str, UnitsOrNone], Field(min_length=1, max_length=MOST_SKUS)]
    reason: Annotated[str, Field(max_length=200)] = ""
    key: Key


class TillSaleIn(Body):
    """What a till sold, by SKU code; it has left the shop whatever the books say."""

    location_id: str
    quantity_by_sku: Annotated[dict[str, Units], Field(min_length=1, max_length=MOST_SKUS)]
    key: Key


class SafetyStockIn(Body):
    """Units that are never promised, by SKU code."""

    location_id: str
    quantity_by_sku: Annotated[dict[str, UnitsOrNone], Field(min_length=1, max_length=MOST_SKUS)]
    reason: Reason


class BookedOut(Schema):
    """Whether anything was booked now; false when this key was booked before."""

    is_booked: bool


class LevelOut(Schema):
    """What one place holds of one SKU."""

    id: str
    location_id: str
    sku_id: str
    on_hand: int
    allocated: int
    reserved: int
    safety_stock: int
    shortfall: int
    atp: int


class MovementOut(Schema):
    """One change of a level."""

    id: str
    kind: contracts.MovementKind
    on_hand_delta: int
    allocated_delta: int
    reserved_delta: int
    reason: str
    holder: str
    at: datetime
    actor: str


class ShortfallOut(Schema):
    """More is promised from a place than it has."""

    id: str
    location_id: str
    sku_id: str
    quantity: int
    reason: str
    opened_at: datetime


class PlaceAtpOut(Schema):
    location_id: str
    quantity: int


class AtpOut(Schema):
    """What can be promised of a SKU: in all, and where."""

    sku: str
    sku_id: str
    quantity: int
    places: list[PlaceAtpOut]


class AtpListOut(Schema):
    items: list[AtpOut]


@router.get("/stock-levels", response=Page[LevelOut], auth=requires("stock.view"))
def list_levels(
    request: MerchantRequest,
    location_id: str | None = None,
    sku: str | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Levels of a place, of a SKU, or all that the caller may see; newest first."""
    sku_ids = list(_ids_by_code(request, [sku]).values()) if sku is not None else None
    rows = levels_of(
        merchant_id=request.merchant_id,
        location_ids=_places(request, location_id),
        sku_ids=sku_ids,
        before_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([_level(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.get("/stock-movements", response=Page[MovementOut], auth=requires("stock.view"))
def list_movements(
    request: MerchantRequest,
    location_id: str,
    sku: str,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """What changed one level, newest first."""
    (sku_id,) = _ids_by_code(request, [sku]).values()
    rows = movements_of(
        merchant_id=request.merchant_id,
        location_id=_place(request, location_id),
        sku_id=sku_id,
        before_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([_movement(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.get("/atp", response=AtpListOut, auth=requires("stock.view"))
def list_atp(request: MerchantRequest, sku: SkuCodes) -> Any:
    """What can be promised of some SKUs now, in all and by place."""
    ids = _ids_by_code(request, sku)
    mine = request.actor.location_ids
    among = None if mine is None else sorted(mine)
    about: dict[str, Any] = {
        "merchant_id": request.merchant_id,
        "sku_ids": ids.values(),
        "location_ids": among,
    }
    totals = atp_by_sku(**about)
    by_sku: dict[int, list[dict[str, Any]]] = {}
    for each in atp_at(**about):
        by_sku.setdefault(each.sku_id, []).append(
            {"location_id": str(each.location_id), "quantity": each.quantity}
        )
    return {
        "items": [
            {
                "sku": code,
                "sku_id": str(sku_id),
                "quantity": totals[sku_id],
                "places": by_sku.get(sku_id, []),
            }
            for code, sku_id in ids.items()
        ]
    }


@router.get("/shortfalls", response=Page[ShortfallOut], auth=requires("stock.view"))
def list_shortfalls(request: MerchantRequest, cursor: str | None = None, limit: Limit = 50) -> Any:
    """Where more is promised than is there, newest first."""
    rows = open_shortfalls(
        merchant_id=request.merchant_id,
        location_ids=_places(request, None),
        before_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([_shortfall(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.post("/stock-receipts", response=BookedOut, auth=requires("stock.adjust"))
def receive(request: MerchantRequest, body: ReceiptIn) -> Any:
    """Goods arrived."""
    is_booked = receiving.receive(
        merchant_id=request.merchant_id,
        location_id=_place(request, body.location_id),
        quantity_by_sku=_by_id(request, body.quantity_by_sku),
        reason=body.reason,
        key=body.key,
        now=datetime.now(UTC),
    )
    return {"is_booked": is_booked}


@router.post("/stock-adjustments", response=BookedOut, auth=requires("stock.adjust"))
def adjust(request: MerchantRequest, body: AdjustmentIn) -> Any:
    """The books are corrected by hand."""
    if body.delta == 0:
        raise FieldInvalid(pointer="/delta", reason="changes nothing")
    (sku_id,) = _ids_by_code(request, [body.sku]).values()
    is_booked = adjusting.adjust(
        merchant_id=request.merchant_id,
        location_id=_place(request, body.location_id),
        sku_id=sku_id,
        delta=body.delta,
        reason=body.reason,
        key=body.key,
        now=datetime.now(UTC),
    )
    return {"is_booked": is_booked}


@router.post("/stock-counts", response=BookedOut, auth=requires("stock.count"))
def count(request: MerchantRequest, body: CountIn) -> Any:
    """Somebody has looked: what is there is what was found."""
    is_booked = counting.count(
        merchant_id=request.merchant_id,
        location_id=_place(request, body.location_id),
        counted_by_sku=_by_id(request, body.counted_by_sku),
        reason=body.reason,
        key=body.key,
        now=datetime.now(UTC),
    )
    return {"is_booked": is_booked}


@router.post("/till-sales", response=BookedOut, auth=requires("stock.adjust"))
def record_till_sale(request: MerchantRequest, body: TillSaleIn) -> Any:
    """A till sold goods; where they were promised to others, a shortfall is opened."""
    is_booked = selling.record_till_sale(
        merchant_id=request.merchant_id,
        location_id=_place(request, body.location_id),
        quantity_by_sku=_by_id(request, body.quantity_by_sku),
        key=body.key,
        now=datetime.now(UTC),
    )
    return {"is_booked": is_booked}


@router.post("/safety-stocks", response=BookedOut, auth=requires("stock.adjust"))
def set_safety_stock(request: MerchantRequest, body: SafetyStockIn) -> Any:
    """Keep units out of every promise."""
    keeping.set_safety_stock(
        merchant_id=request.merchant_id,
        location_id=_place(request, body.location_id),
        quantity_by_sku=_by_id(request, body.quantity_by_sku),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return {"is_booked": True}


def _place(request: MerchantRequest, text: str) -> int:
    """A place that the caller may touch; others do not exist for them."""
    location_id = id_of(text, kind=PLACE)
    if not request.actor.may_at(location_id):
        raise NoSuch(kind=PLACE, key=text)
    return location_id


def _places(request: MerchantRequest, text: str | None) -> list[int] | None:
    """One place, or all that the caller may see; None is everywhere."""
    if text is not None:
        return [_place(request, text)]
    mine = request.actor.location_ids
    return None if mine is None else sorted(mine)


def _ids_by_code(request: MerchantRequest, codes: Iterable[str]) -> dict[str, int]:
    wanted = list(dict.fromkeys(codes))
    found = catalog.skus_by_code(merchant_id=request.merchant_id, codes=wanted)
    for code in wanted:
        if code not in found:
            raise NoSuch(kind="sku", key=code)
    return {code: found[code].id for code in wanted}


def _by_id(request: MerchantRequest, quantity_by_code: dict[str, int]) -> dict[int, int]:
    ids = _ids_by_code(request, quantity_by_code)
    return {ids[code]: quantity for code, quantity in quantity_by_code.items()}


def _written(*names: str) -> Callable[[Any], dict[str, Any]]:
    """A contract as a document; its ids leave as text."""

    def write(row: Any) -> dict[str, Any]:
        return {
            name: str(getattr(row, name)) if name.endswith("id") else getattr(row, name)
            for name in names
        }

    return write


_level = _written(
    "id",
    "location_id",
    "sku_id",
    "on_hand",
    "allocated",
    "reserved",
    "safety_stock",
    "shortfall",
    "atp",
)
_movement = _written(
    "id",
    "kind",
    "on_hand_delta",
    "allocated_delta",
    "reserved_delta",
    "reason",
    "holder",
    "at",
    "actor",
)
_shortfall = _written("id", "location_id", "sku_id", "quantity", "reason", "opened_at")
