"""A checkout session as its buyer sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from santong.agents import contracts
from santong.agents.models import CheckoutSession
from santong.agents.rules.ucp.messages import recipient_name, recipient_phone, sold_in
from santong.agents.rules.ucp.standing import standing_of
from santong.agents.selectors.goods import facts_of
from santong.agents.selectors.sessions import session_row, state_now
from santong.agents.selectors.shops import shop_of
from santong.kernel.masking import masked_address, masked_name, masked_phone
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.payments import public as payments

# Where a buyer can pay alone, with a page of the provider's.
ONLINE: Final = frozenset({"simulated", "alipay", "wechat_pay"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """So many of something, and what they cost together."""

    name: str
    options: str
    quantity: int
    total_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Everything on the page; who gets the goods is masked."""

    shop_name: str
    number: str
    state: contracts.SessionState
    is_ready: bool
    currency: str
    goods: Sequence[Goods]
    freight_minor: int
    total_minor: int
    paid_minor: int
    refund_due_minor: int
    kept_until: datetime | None
    name: str
    phone: str
    address: str
    store: str
    accounts: Sequence[payments.PaymentAccount]
    asked: payments.Tender | None

    @property
    def open_minor(self) -> int:
        return max(0, self.total_minor - self.paid_minor)


def shown_page(*, merchant_id: int, row_id: int, now: datetime) -> Shown:
    """What the page of a session shows. Raises SessionGone."""
    row = session_row(merchant_id=merchant_id, row_id=row_id)
    state = state_now(merchant_id=merchant_id, session=row.as_contract(), now=now)
    storefront = merchants.storefront_by_id(
        merchant_id=merchant_id, storefront_id=row.storefront_id
    )
    if row.order_id is None:
        return _of_asked(row, storefront.name, storefront.code, state)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=row.order_id)
    return _of_order(row, storefront.name, order, state, now)


def _of_order(
    row: CheckoutSession,
    shop_name: str,
    order: orders.Order,
    state: contracts.SessionState,
    now: datetime,
) -> Shown:
    store = next(
        (
            destination["name"]
            for method in row.shown()["fulfillment"]["methods"]
            for destination in method["destinations"]
            if destination["id"] == method["selected_destination_id"] and "name" in destination
        ),
        "",
    )
    return Shown(
        shop_name=shop_name,
        number=order.external_number,
        state=state,
        is_ready=True,
        currency=order.currency,
        goods=[
            Goods(
                name=line.sku_name,
                options="",
                quantity=line.quantity,
                total_minor=line.line_total_minor,
            )
            for line in order.lines
        ],
        freight_minor=order.freight_minor,
        total_minor=order.total_minor,
        paid_minor=order.paid_minor,
        refund_due_minor=order.refund_due_minor,
        kept_until=order.hold_until,
        name=order.recipient.name,
        phone=order.recipient.phone,
        address=order.recipient.address if order.mode == "ship" else "",
        store=store,
        accounts=_accounts(row.merchant_id, order.currency) if state == "placed" else [],
        asked=_asked(row.merchant_id, order.id, now) if state == "placed" else None,
    )


def _of_asked(
    row: CheckoutSession, shop_name: str, storefront_code: str, state: contracts.SessionState
) -> Shown:
    asked = row.asked()
    shop = shop_of(merchant_id=row.merchant_id, storefront_code=storefront_code)
    facts = facts_of(
        merchant_id=row.merchant_id, shop=shop, item_ids=[line.item_id for line in asked.lines]
    )
    standing = standing_of(asked=asked, facts=facts)
    address = standing.address
    return Shown(
        shop_name=shop_name,
        number="",
        state=state,
        is_ready=standing.status == "ready_for_complete",
        currency=shop.currency,
        goods=[
            Goods(
                name=variant.name,
                options=" · ".join(filter(None, (variant.colour, variant.size))),
                quantity=quantity,
                total_minor=variant.price_minor * quantity,
            )
            for variant, quantity in sold_in(asked=asked, facts=facts).values()
        ],
        freight_minor=standing.freight_minor,
        total_minor=standing.total_minor,
        paid_minor=0,
        refund_due_minor=0,
        kept_until=None,
        name=masked_name(recipient_name(asked=asked, address=address)),
        phone=masked_phone(recipient_phone(asked=asked, address=address)),
        address=masked_address(
            province=address.address_region,
            city=address.address_locality,
            district="",
            address=address.street_address,
        )
        if address
        else "",
        store=standing.store.name if standing.store else "",
        accounts=[],
        asked=None,
    )


def _accounts(merchant_id: int, currency: str) -> list[payments.PaymentAccount]:
    """One account for each way of paying."""
    found: dict[str, payments.PaymentAccount] = {}
    for each in payments.payment_accounts(merchant_id=merchant_id):
        if each.is_open and each.provider in ONLINE and each.currency == currency:
            found.setdefault(each.method, each)
    return list(found.values())


def _asked(merchant_id: int, order_id: int, now: datetime) -> payments.Tender | None:
    """What the buyer was asked for last, if it can still be paid."""
    document = orders.document_of(order_id=order_id)
    for intent in payments.intents_of(merchant_id=merchant_id, document=document):
        if intent.state == "open" and now < intent.expires_at and intent.tenders:
            return intent.tenders[-1]
    return None
