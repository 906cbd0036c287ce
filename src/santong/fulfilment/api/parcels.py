"""Parcels, and what carriers tell of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from santong.fulfilment.api.routes import router
from santong.fulfilment.api.schemas import ParcelOut, TrackingIn
from santong.fulfilment.api.shown import parcel_out
from santong.fulfilment.selectors import work
from santong.fulfilment.services import record_tracking as tracking
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of


@router.get("/orders/{order_id}/parcels", response=list[ParcelOut], auth=requires("orders.view"))
def list_parcels(request: MerchantRequest, order_id: str) -> Any:
    """An order's parcels with what their carriers told."""
    seen = work.parcels_seen_of(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        location_ids=request.actor.location_ids,
    )
    return [parcel_out(parcel) for parcel in seen]


@router.post("/carrier-events", response=ParcelOut, auth=requires("fulfilment.dispatch"))
def record_tracking(request: MerchantRequest, body: TrackingIn) -> Any:
    """A carrier tells what happened to a parcel."""
    parcel = tracking.record_tracking(
        merchant_id=request.merchant_id,
        carrier=body.carrier,
        tracking_number=body.tracking_number,
        key=body.event_id,
        state=body.state,
        place=body.place,
        at=body.at,
        now=datetime.now(UTC),
    )
    return parcel_out(parcel)
