"""A carrier that exists only here, so that everything works before a contract is signed."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment.contracts import Parcel
from santong.fulfilment.rules.journeys import journey_of
from santong.fulfilment.selectors.work import parcels_on_their_way
from santong.fulfilment.services.record_tracking import record_tracking

CARRIER = "simulated"


def advance(
    *,
    merchant_id: int,
    now: datetime,
    scale: int = 1,
    limit: int = 500,
    most: int | None = None,
) -> int:
    """Tell what has happened to the simulated parcels until now; how many events.

    With `most`, no parcel is begun after so many events, oldest parcels first: the rest is told
    by the next call, and nobody waits long for this one to end.
    """
    told = 0
    after_id = 0
    while parcels := parcels_on_their_way(
        merchant_id=merchant_id, carrier=CARRIER, after_id=after_id, limit=limit
    ):
        for parcel in parcels:
            if most is not None and told >= most:
                return told
            told += _tell(merchant_id, parcel, now, scale)
        after_id = parcels[-1].id
    return told


def tracking_number_of(*, fulfilment_order_id: int) -> str:
    """The number under which the simulated carrier takes a place's parcel."""
    return f"SIM{fulfilment_order_id:014d}"


def _tell(merchant_id: int, parcel: Parcel, now: datetime, scale: int) -> int:
    stops = journey_of(
        tracking_number=parcel.tracking_number, handed_over_at=parcel.handed_over_at, scale=scale
    )
    due = [stop for stop in stops if stop.at <= now][len(parcel.events) :]
    for stop in due:
        record_tracking(
            merchant_id=merchant_id,
            carrier=CARRIER,
            tracking_number=parcel.tracking_number,
            key=stop.key,
            state=stop.state,
            place=stop.place,
            at=stop.at,
            now=now,
        )
    return len(due)
