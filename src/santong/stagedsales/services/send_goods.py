"""What a contract is about is ordered from the shared stock: it is paid by the stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.routing import public as routing
from santong.stagedsales.contracts import ContractGoods
from santong.stagedsales.errors import DeliveryBlocked, GoodsSent, SalePassed
from santong.stagedsales.rules.states import UNDER_CONTRACT
from santong.stagedsales.selectors.sealing import opened_buyer
from santong.stagedsales.services.lock import Held, lock_sale
from santong.stagedsales.services.record_delivery import shut_gates
from santong.stagedsales.services.settle import settle
from santong.stagedsales.services.share import log_in_of
from santong.stores import public as stores

MOST_GOODS: Final = 100


@all_or_nothing
def send_goods(
    *,
    merchant_id: int,
    sale_id: int,
    goods: Sequence[ContractGoods],
    recipient: orders.Recipient,
    now: datetime,
) -> orders.Order:
    """Order the goods of a contract from the best places, for nothing more than its stages.

    Without a name and a telephone number the buyer gets them. Stages that gate the delivery are
    paid first. When all of the order has reached the buyer, what
    is due on delivery is due. It is placed once; the same goods again are the same order.

    Raises NoSuch, SalePassed, DeliveryBlocked, GoodsSent, FieldInvalid, and what promising an order
    raises (OutOfStock). Emits what placing an order emits. Locks the sale, then stock levels.
    """
    held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    if held.contract is None or held.sale.state not in UNDER_CONTRACT:
        raise SalePassed(state=held.sale.state)
    if not 0 < len(goods) <= MOST_GOODS:
        raise FieldInvalid(pointer="/goods", reason=f"1 to {MOST_GOODS}")
    settle(held, now=now)
    if numbers := shut_gates(held):
        raise DeliveryBlocked(numbers=numbers)
    order, promise = routing.promise_order(
        merchant_id=merchant_id, order=_order(held, goods, _whom(held, recipient)), now=now
    )
    if held.sale.order_id not in {None, order.id}:
        raise GoodsSent(order_id=str(held.sale.order_id))
    if promise.is_new:
        held.sale.order_id = order.id
        held.sale.save(update_fields=["order_id"])
        audit.record(
            audit.Change(
                action="stagedsales.send_goods",
                subject="staged_sale",
                subject_id=sale_id,
                reason=order.external_number,
                after={"order": str(order.id)},
            ),
            now=now,
        )
    return order


def _whom(held: Held, recipient: orders.Recipient) -> orders.Recipient:
    buyer = opened_buyer(held.sale)
    return replace(
        recipient, name=recipient.name or buyer.name, phone=recipient.phone or buyer.phone
    )


def _order(
    held: Held, goods: Sequence[ContractGoods], recipient: orders.Recipient
) -> orders.NewOrder:
    assert held.contract is not None, "looked at before"
    sale, contract = held.sale, held.contract
    storefront = merchants.storefront_by_id(
        merchant_id=held.merchant_id, storefront_id=sale.storefront_id
    )
    places = stores.locations_by_id(
        merchant_id=held.merchant_id,
        location_ids=[] if sale.location_id is None else [sale.location_id],
    )
    return orders.NewOrder(
        storefront_code=storefront.code,
        external_number=f"{contract.number}-G",
        placed_at=contract.signed_at,
        currency=sale.currency,
        lines=tuple(
            orders.NewLine(sku_code=each.sku_code, quantity=each.quantity, unit_price_minor=0)
            for each in goods
        ),
        recipient=recipient,
        seller_location_code=places[sale.location_id].code if sale.location_id else None,
        guide_code=log_in_of(held.merchant_id, contract.signed_by) or None,
    )
