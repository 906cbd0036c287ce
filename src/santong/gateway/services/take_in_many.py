"""Many orders in one request, each on its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from santong.catalog import public as catalog
from santong.gateway.contracts import IfShort
from santong.gateway.rules.handed_in import read_order
from santong.gateway.services.take_in_order import TakenIn, take_in_order
from santong.kernel.errors import DomainError
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders

Outcome = TakenIn | DomainError


@all_or_nothing
def take_in_many(
    *, merchant_id: int, documents: Sequence[object], if_short: IfShort | None, now: datetime
) -> list[Outcome]:
    """Take in each order as if it came alone; a refused one leaves nothing behind.

    Each has a savepoint of its own in the one transaction: they are committed together. They
    are worked on by SKU, which is how stock is locked, so that two requests seldom cross.

    Locks stock levels, of all orders until the end.
    """
    outcomes: dict[int, Outcome] = {}
    read: dict[int, orders.NewOrder] = {}
    for place, document in enumerate(documents):
        try:
            read[place] = read_order(document=document)
        except orders.InvalidOrder as refused:
            outcomes[place] = refused
    for place in _by_sku(merchant_id, read):
        try:
            with transaction.atomic():
                outcomes[place] = take_in_order(
                    merchant_id=merchant_id, order=read[place], if_short=if_short, now=now
                )
        except DomainError as refused:
            outcomes[place] = refused
    return [outcomes[place] for place in range(len(documents))]


def _by_sku(merchant_id: int, read: dict[int, orders.NewOrder]) -> list[int]:
    """Places in the order of the stock they will lock; of one number, the first comes first."""
    codes = {line.sku_code for order in read.values() for line in order.lines}
    storable = [code for code in codes if code.isprintable()]
    sku_by_code = catalog.skus_by_code(merchant_id=merchant_id, codes=storable)
    first_by_number: dict[tuple[str, str], list[int]] = {}
    key_by_place: dict[int, tuple[list[int], str, str]] = {}
    for place, order in read.items():
        name = (order.storefront_code, order.external_number)
        sku_ids = first_by_number.setdefault(
            name,
            sorted(
                sku_by_code[line.sku_code].id
                for line in order.lines
                if line.sku_code in sku_by_code
            ),
        )
        key_by_place[place] = (sku_ids, *name)
    return sorted(key_by_place, key=lambda place: key_by_place[place])
