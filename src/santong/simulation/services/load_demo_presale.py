from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from santong.kernel import tenancy
from santong.orders import public as orders
from santong.presales import public as presales
from santong.simulation.rules.demo.household import WALLET, at_noon
from santong.simulation.rules.demo.shape import COUNTRY, CURRENCY, DemoMerchant, Recipient, Sku
from santong.simulation.services.pay_demo_money import (
    Clock,
    by_wallet,
    let_demo_buyers_pay,
)

OFFER, SHOP = "winter-coats", "h5"
KIND: Final = "女装/大衣"
GOODS: Final = 2
PAID_OF: Final = 3  # of those who joined; the others still think about it
YUAN: Final = 100


def load_demo_presale(
    *,
    merchant_id: int,
    demo: DemoMerchant,
    buyers: Sequence[Recipient],
    now: datetime,
    clock: Clock,
) -> None:
    """Coats that are still being made, and those who have joined; once.

    Most of their deposits are in. No scope is open. Emits what presales, orders and payments emit.
    """
    with tenancy.scope(merchant_id=merchant_id):
        if presales.offers_page(merchant_id=merchant_id, limit=1):
            return
        offer = _offer(merchant_id, _coats(demo), now)
        joined = [
            presales.join(
                merchant_id=merchant_id,
                offer_id=offer.id,
                key=f"demo-{number}",
                quantity_by_sku={offer.terms.lines[number % GOODS].sku_code: 1},
                recipient=_recipient(buyer),
                now=clock(),
            )
            for number, buyer in enumerate(buyers)
        ]
        intents = [
            presales.ask_payment(
                merchant_id=merchant_id,
                presale_id=each.id,
                part="deposit",
                key="demo",
                tenders=[by_wallet(each.amounts.deposit_minor, account=WALLET)],
                now=clock(),
            )
            for each in joined[:PAID_OF]
        ]
    let_demo_buyers_pay(
        merchant_id=merchant_id, intent_ids=[intent.id for intent in intents], clock=clock
    )


def _coats(demo: DemoMerchant) -> list[Sku]:
    """One SKU each of the first styles of coats; of a small demo whatever there is."""
    coats = [style for style in demo.styles if style.category == KIND]
    return [style.skus[len(style.skus) // 2] for style in [*coats, *demo.styles][:GOODS]]


def _offer(merchant_id: int, skus: Sequence[Sku], now: datetime) -> presales.Offer:
    draft = presales.draft_offer(
        merchant_id=merchant_id,
        code=OFFER,
        storefront_code=SHOP,
        terms=presales.Terms(
            name="冬季大衣预售",
            currency=CURRENCY,
            lines=tuple(_line(sku) for sku in skus),
            limit_units=200,
            most_per_buyer=2,
            deposit_from=at_noon(now, 3),
            deposit_until=at_noon(now, 0) + timedelta(days=5),
            balance_from=at_noon(now, 0) + timedelta(days=5),
            balance_until=at_noon(now, 0) + timedelta(days=8),
            forfeit="all",
            stock="to_come",
            ships_after=(now + timedelta(days=20)).date(),
        ),
        now=at_noon(now, 4),
    )
    return presales.publish_offer(merchant_id=merchant_id, offer_id=draft.id, now=at_noon(now, 3))


def _line(sku: Sku) -> presales.OfferLine:
    """A tenth is paid now, and counts for twice as much."""
    deposit = sku.list_price_minor // 10 // (10 * YUAN) * 10 * YUAN or 10 * YUAN
    return presales.OfferLine(
        sku_code=sku.code,
        price_minor=sku.list_price_minor,
        deposit_minor=deposit,
        worth_minor=2 * deposit,
    )


def _recipient(buyer: Recipient) -> orders.Recipient:
    return orders.Recipient(
        name=buyer.name,
        phone=buyer.phone,
        country=COUNTRY,
        province=buyer.province,
        city=buyer.city,
        district=buyer.district,
        address=buyer.address,
        latitude=buyer.latitude,
        longitude=buyer.longitude,
    )
