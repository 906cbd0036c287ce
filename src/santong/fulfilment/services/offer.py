"""Give work to a place and ask whether it will do it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.events import FulfilmentOffered
from santong.fulfilment.models import FulfilmentLine, FulfilmentOrder, Offer
from santong.fulfilment.rules.offers import closes_at
from santong.fulfilment.services.work import lines_of
from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.stores import public as stores


@all_or_nothing
def offer(
    *,
    merchant_id: int,
    order_id: int,
    location_id: int,
    mode: contracts.Mode,
    attempt: int,
    line_quantities: Mapping[int, tuple[int, int]],
    excluded_location_ids: tuple[int, ...] = (),
    now: datetime,
) -> contracts.FulfilmentOrder:
    """Offer a place its part of an order, SKU and quantity by order line; once, if asked twice.

    The place may answer until ten minutes after somebody is there.

    Emits FulfilmentOffered.
    """
    place = stores.locations_by_id(merchant_id=merchant_id, location_ids=[location_id])[location_id]
    opens_at = stores.next_opening(hours=place.hours, timezone=place.timezone, after=now)
    expires_at = closes_at(asked_at=now, opens_at=opens_at)
    row, is_new = FulfilmentOrder.objects.get_or_create(
        merchant_id=merchant_id,
        order_id=order_id,
        location_id=location_id,
        attempt=attempt,
        defaults={
            "mode": mode,
            "state": "offered",
            "excluded_location_ids": list(excluded_location_ids),
            "created_at": now,
            "offered_at": now,
            "offer_expires_at": expires_at,
        },
    )
    if not is_new:
        return row.as_contract(lines=lines_of(row))
    lines = FulfilmentLine.objects.bulk_create(
        FulfilmentLine(
            merchant_id=merchant_id,
            fulfilment_order=row,
            order_line_id=line_id,
            sku_id=sku_id,
            quantity=quantity,
        )
        for line_id, (sku_id, quantity) in sorted(line_quantities.items())
    )
    Offer.objects.create(
        merchant_id=merchant_id,
        fulfilment_order=row,
        location_id=location_id,
        opened_at=now,
        closes_at=expires_at,
        answer="open",
    )
    _write_down(row, now)
    return row.as_contract(lines=lines)


def _write_down(row: FulfilmentOrder, now: datetime) -> None:
    audit.record(
        audit.Change(
            action="fulfilment.offered",
            subject="fulfilment_order",
            subject_id=row.id,
            reason="routed here",
            after={
                "state": row.state,
                "order_id": row.order_id,
                "location_id": row.location_id,
                "attempt": row.attempt,
            },
        ),
        now=now,
    )
    assert row.offer_expires_at is not None
    outbox.publish(
        FulfilmentOffered(
            order_id=row.order_id,
            fulfilment_order_id=row.id,
            location_id=row.location_id,
            attempt=row.attempt,
            closes_at=row.offer_expires_at,
        ),
        now=now,
    )
