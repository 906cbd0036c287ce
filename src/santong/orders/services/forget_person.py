"""Who got an order is forgotten; what was sold and paid stays."""

from __future__ import annotations

import json
from datetime import datetime

from santong.customers import public as customers
from santong.kernel import audit, crypto
from santong.kernel.tenancy import all_or_nothing
from santong.orders.errors import PersonStillServed
from santong.orders.models import Order
from santong.orders.models.orders import sealing_place
from santong.orders.rules.states import OPEN
from santong.orders.selectors.persons import orders_of_person, references_to_person
from santong.orders.services.place_order import SEALED

NOBODY = dict.fromkeys(SEALED, "") | {"latitude": None, "longitude": None, "note": ""}
FORGOTTEN_CONTENT = b"\0" * 16


@all_or_nothing
def forget_person(*, merchant_id: int, person: customers.PersonRecord, now: datetime) -> None:
    """Blank who got the orders of a person, and what finds them by telephone number.

    Orders of the person's memberships, and orders to one of their numbers. While one of them is
    open, nothing is forgotten: somebody has to deliver it. Where a channel named the person in an
    order to somebody else, the name goes.

    Raises PersonStillServed. Locks the orders.
    """
    rows = list(orders_of_person(merchant_id=merchant_id, person=person).lock())
    if open_ids := [row.id for row in rows if row.state in OPEN]:
        raise PersonStillServed(order_ids=[str(order_id) for order_id in open_ids])
    for row in rows:
        _blank(row)
    named = references_to_person(merchant_id=merchant_id, person=person)
    ids = [row.id for row in named.lock()]
    Order.objects.of_merchant(merchant_id).filter(id__in=ids).update(member_reference=None)
    audit.record(
        *(
            audit.Change(
                action="orders.forget_recipient",
                subject="order",
                subject_id=row.id,
                reason="the person was erased",
            )
            for row in rows
        ),
        now=now,
    )


def _blank(row: Order) -> None:
    place = sealing_place(storefront_id=row.storefront_id, external_number=row.external_number)
    row.recipient_sealed = crypto.encrypt(
        merchant_id=row.merchant_id, plain=json.dumps(NOBODY).encode(), place=place
    )
    row.phone_index = None
    row.member_reference = None
    row.latitude = row.longitude = None
    # A keyed hash of all that the order said: with it a guess could be tried.
    row.content_hash = FORGOTTEN_CONTENT
    row.save(
        update_fields=[
            "recipient_sealed",
            "phone_index",
            "member_reference",
            "latitude",
            "longitude",
            "content_hash",
        ]
    )
