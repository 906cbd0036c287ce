"""Share a sale by the rules in force when it was paid."""

from __future__ import annotations

from datetime import datetime

from santong.catalog import public as catalog
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.settlement.errors import NotPaid
from santong.settlement.models import Sale, SaleLine
from santong.settlement.rules.terms import sold_to_json
from santong.settlement.selectors.places import sold_at
from santong.settlement.selectors.rule_sets import rule_set_at
from santong.settlement.services.freeze_sale import freeze_sale
from santong.settlement.services.lock_sale import document_of_order


@all_or_nothing
def freeze_shares(*, merchant_id: int, order_id: int, now: datetime) -> None:
    """Share what was paid for an order, once, by the rules and owners of the moment of payment.

    Who fills it is not known yet: the filling place's shares wait until the goods leave it.

    Raises NoSuch (order), NotPaid. Emits SharesFrozen. Locks accounts of parties.
    """
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    document = document_of_order(order_id)
    if order.paid_at is None or order.paid_minor < order.total_minor:
        raise NotPaid(document=document, paid_minor=order.paid_minor, total_minor=order.total_minor)
    rules = rule_set_at(merchant_id=merchant_id, at=order.paid_at)
    sale = Sale(
        merchant_id=merchant_id,
        document=document,
        order_id=order.id,
        rule_set_id=rules.id if rules else None,
        sold=sold_to_json(
            sold_at(
                merchant_id=merchant_id,
                storefront_id=order.storefront_id,
                seller_location_id=order.seller_location_id,
                clerk=order.guide_code,
            )
        ),
        currency=order.currency,
        paid_minor=order.total_minor,
        left_minor=0,
        paid_at=order.paid_at,
        frozen_at=now,
    )
    freeze_sale(
        sale=sale,
        lines=_lines(merchant_id, sale, order),
        version=rules.version if rules else 0,
        key="",
        filler=None,
    )


def _lines(merchant_id: int, sale: Sale, order: orders.Order) -> list[SaleLine]:
    skus = catalog.skus_by_id(
        merchant_id=merchant_id, sku_ids=sorted({line.sku_id for line in order.lines})
    )
    goods = [
        SaleLine(
            merchant_id=merchant_id,
            sale=sale,
            number=line.number,
            kind="goods",
            order_line_id=line.id,
            sku=line.sku_code,
            category=skus[line.sku_id].category,
            pieces=line.quantity,
            paid_minor=line.line_total_minor,
            price_minor=line.unit_price_minor * line.quantity,
            list_minor=skus[line.sku_id].list_price_minor * line.quantity,
        )
        for line in order.lines
    ]
    if not order.freight_minor:
        return goods
    freight = SaleLine(
        merchant_id=merchant_id,
        sale=sale,
        number=max(line.number for line in goods) + 1,
        kind="freight",
        pieces=sum(line.pieces for line in goods),
        paid_minor=order.freight_minor,
        price_minor=order.freight_minor,
        list_minor=order.freight_minor,
    )
    return [*goods, freight]
