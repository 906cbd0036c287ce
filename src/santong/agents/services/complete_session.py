"""Place the order of a checkout session, promised from real stock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from santong.agents import contracts
from santong.agents.errors import SessionEnded
from santong.agents.models import CheckoutSession
from santong.agents.rules.ucp.messages import recipient_name, recipient_phone
from santong.agents.rules.ucp.standing import standing_of
from santong.agents.rules.ucp.written import body_of
from santong.agents.selectors.goods import facts_of
from santong.agents.selectors.invariants import order_number
from santong.agents.services.keep_session import lock_session, record
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.routing import public as routing


@all_or_nothing
def complete_session(
    *, merchant_id: int, shop: contracts.AgentShop, platform: str, row_id: int, now: datetime
) -> contracts.Standing | None:
    """Place what a session asks for, unpaid and with its stock held; None once that is done.

    What keeps it from being placed is given back as its standing, and nothing was done. Completed
    again while it waits for the money, it is as it was.

    Raises SessionGone, SessionEnded, routing.TooContended. Emits OrderPlaced, OrderRouted,
    StockReserved. Locks the session, then stock levels.
    """
    row = lock_session(
        merchant_id=merchant_id, shop=shop, platform=platform, row_id=row_id, now=now
    )
    if row.state == "placed":
        return None
    if row.state != "open":
        raise SessionEnded(state=row.state)
    asked = row.asked()
    facts = facts_of(
        merchant_id=merchant_id, shop=shop, item_ids=[line.item_id for line in asked.lines]
    )
    standing = standing_of(asked=asked, facts=facts)
    if standing.status != "ready_for_complete":
        return standing
    try:
        with transaction.atomic():  # a refusal by stock must not doom the answer
            placed, _ = routing.promise_order(
                merchant_id=merchant_id,
                order=_order(row, asked, facts, standing, now),
                now=now,
            )
    except routing.OutOfStock as short:
        return _short(standing, asked, facts, short)
    before, row.state, row.order_id = row.state, "placed", placed.id
    row.shown_sealed = row.seal("shown", body_of(asked=asked, facts=facts, standing=standing))
    row.save(update_fields=["state", "order_id", "shown_sealed"])
    record(row, before=before, action="place", reason="the platform completed it", now=now)
    return None


def _order(
    row: CheckoutSession,
    asked: contracts.Asked,
    facts: contracts.Facts,
    standing: contracts.Standing,
    now: datetime,
) -> orders.NewOrder:
    return orders.NewOrder(
        storefront_code=facts.shop.storefront_code,
        external_number=order_number(row.id),
        placed_at=now,
        currency=facts.shop.currency,
        lines=tuple(
            orders.NewLine(
                sku_code=facts.variant_by_item[line.item_id].code,
                quantity=line.quantity,
                unit_price_minor=facts.variant_by_item[line.item_id].price_minor,
            )
            for line in asked.lines
        ),
        recipient=_recipient(asked, standing),
        freight_minor=standing.freight_minor,
        total_minor=standing.total_minor,
        mode="pickup" if standing.method == "pickup" else "ship",
        pickup_location_code=standing.store.code if standing.store else None,
    )


def _recipient(asked: contracts.Asked, standing: contracts.Standing) -> orders.Recipient:
    address = standing.address
    recipient = orders.Recipient(
        name=recipient_name(asked=asked, address=address),
        phone=recipient_phone(asked=asked, address=address),
    )
    if address is None:
        return recipient
    return replace(
        recipient,
        country=address.address_country,
        province=address.address_region,
        city=address.address_locality,
        address=f"{address.street_address} {address.extended_address}".strip(),
        postcode=address.postal_code,
    )


def _short(
    standing: contracts.Standing,
    asked: contracts.Asked,
    facts: contracts.Facts,
    short: routing.OutOfStock,
) -> contracts.Standing:
    """Somebody else was faster: the lines whose goods are gone."""
    gone = tuple(
        contracts.Message(
            code="out_of_stock",
            content=f"{facts.variant_by_item[line.item_id].name} has just been sold.",
            severity="recoverable",
            path=f"$.line_items[{place}]",
        )
        for place, line in enumerate(asked.lines)
        if facts.variant_by_item[line.item_id].code in short.missing_by_sku
    )
    return replace(standing, status="incomplete", messages=gone)
