"""Stores that work while everything is killed around them: accept, decline, pick, pack, send."""

from __future__ import annotations

import os
import random
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import django
from django.db import DatabaseError, connection

if TYPE_CHECKING:
    from santong.fulfilment.public import FulfilmentOrder


def work_for_ever(seed: int) -> None:
    """One step after the other; a lost database is waited for."""
    from santong.fulfilment import public as fulfilment  # noqa: PLC0415  Django is set up first
    from santong.kernel import cells, tenancy  # noqa: PLC0415
    from santong.kernel.errors import DomainError  # noqa: PLC0415
    from santong.stores import public as stores  # noqa: PLC0415

    chance = random.Random(seed)
    while True:
        try:
            merchant_id = cells.merchant_by_code("crash").merchant_id
            with tenancy.scope(merchant_id=merchant_id):
                places = [int(each) for each in stores.location_map(merchant_id=merchant_id).ids]
                queue = fulfilment.queue_of(merchant_id=merchant_id, location_ids=places, limit=50)
            for work in queue:
                try:
                    with tenancy.scope(merchant_id=merchant_id):
                        _step(work, chance)
                except DomainError:
                    continue
            time.sleep(0.05)
        except DatabaseError:
            connection.close()
            time.sleep(0.2)


def _step(work: FulfilmentOrder, chance: random.Random) -> None:
    from santong.fulfilment import public as fulfilment  # noqa: PLC0415
    from santong.kernel import tenancy  # noqa: PLC0415

    about: dict[str, Any] = {
        "merchant_id": tenancy.current().merchant_id,
        "fulfilment_order_id": work.id,
        "now": datetime.now(UTC),
    }
    if work.state == "offered" and chance.random() < 0.2:
        reasons: list[fulfilment.DeclineReason] = ["no_time", "not_in_stock", "damaged"]
        fulfilment.decline(reason=chance.choice(reasons), **about)
    elif work.state == "offered":
        fulfilment.accept(**about)
    elif work.state == "accepted":
        fulfilment.start_picking(**about)
    elif work.state == "picking":
        picked = {line.order_line_id: line.quantity for line in work.lines}
        fulfilment.record_picked(picked_by_line=picked, **about)
        fulfilment.pack(**about)
    elif work.state == "packed":
        number = fulfilment.tracking_number_of(fulfilment_order_id=work.id)
        fulfilment.hand_over(carrier="simulated", tracking_number=number, **about)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "santong.config.settings")
    django.setup()
    work_for_ever(int(os.environ.get("SANTONG_CRASH_SEED", "1")))
