"""Where a simulated parcel is at an instant: the same number always travels the same way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from santong.fulfilment.contracts import ParcelState

HUBS = ("集散中心 A", "集散中心 B", "集散中心 C")
PER_MILLE = 1_000
LOST_BELOW = 1
RETURNED_BELOW = 4
DELAYED_BELOW = 30


@dataclass(frozen=True, slots=True)
class Stop:
    """One event of a parcel's journey."""

    key: str
    state: ParcelState
    place: str
    at: datetime


def journey_of(*, tracking_number: str, handed_over_at: datetime, scale: int = 1) -> list[Stop]:
    """All stops of a parcel, from the carrier's pick-up to the signature.

    `scale` makes time run faster: the minutes of the journey are divided by it. Of 1,000 parcels
    1 is lost, 3 come back and 26 are delayed by a day.
    """
    drawn = hashlib.sha256(tracking_number.encode()).digest()
    fate = int.from_bytes(drawn[:2], "big") % PER_MILLE
    minutes = 20 + drawn[2] % 40
    stops: list[tuple[ParcelState, str, int]] = [("collected", "揽收网点", minutes)]
    for hub in range(1 + drawn[3] % len(HUBS)):
        minutes += 180 + 2 * drawn[4 + hub]
        stops.append(("in_transit", HUBS[hub], minutes))
    if fate < LOST_BELOW:
        stops.append(("lost", HUBS[0], minutes + 2_880))
    else:
        if RETURNED_BELOW <= fate < DELAYED_BELOW:
            stops.append(("delayed", HUBS[0], minutes + 60))
            minutes += 1_440
        minutes += 120 + drawn[8]
        stops.append(("out_for_delivery", "派送网点", minutes))
        ends: ParcelState = "returned" if fate < RETURNED_BELOW else "delivered"
        stops.append((ends, "收货地址", minutes + 30 + drawn[9] // 2))
    return [
        Stop(f"{number}:{state}", state, place, handed_over_at + timedelta(minutes=after) / scale)
        for number, (state, place, after) in enumerate(stops, start=1)
    ]
