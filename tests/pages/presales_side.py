"""The presales of the pages' merchant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from santong.catalog import public as catalog
from santong.orders import public as orders
from santong.orders.tests.factories import RECIPIENT
from santong.presales import public as presales

OFFER = "双十一大衣预售"
DRAFT = "春季新款预售"
NAMES = {OFFER, DRAFT, "浙江省", "杭州市", "西湖区"}

# By the name of its address: where it is, and what stands on it in Chinese and in English.
PAGES: dict[str, tuple[str, str, str]] = {
    "presale_offers": ("/console/presales/", "新建预售活动", "Deposit window"),
    "presale_offer": ("/console/presales/{world.presales.offer_id}/", "活动约定", "For one unit"),
    "presale_offer_new": ("/console/presales/new/", "试算结果", "What it comes to"),
    "presale_offer_edit": (
        "/console/presales/{world.presales.draft_id}/edit/",
        "抵扣金额",
        "Keep these terms",
    ),
    "presales": ("/console/presales/orders/", "待付定金", "deposit awaited"),
    "presale": (
        "/console/presales/orders/{world.presales.presale_id}/",
        "商家无法交付",
        "We cannot deliver",
    ),
}
# What forms are sent to.
COMMANDS = {
    "presale_offer_new_again",
    "presale_offer_new_save",
    "presale_offer_edit_again",
    "presale_offer_edit_save",
    "presale_offer_join",
    "presale_offer_publish",
    "presale_offer_end",
    "presale_cancel",
    "presale_fail",
    "presale_compensate",
    "presale_link",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PresalesSide:
    """What tests know of it."""

    offer_id: int
    draft_id: int
    presale_id: int


def make_presales_side(
    *,
    merchant_id: int,
    skus: Sequence[catalog.Sku],
    now: datetime,
    place_code: str | None = None,
) -> PresalesSide:
    """An offer that two have joined, one with the deposit in, and a draft."""
    draft = _draft(merchant_id, "page-draft", DRAFT, skus[:1], now)
    offer = _draft(merchant_id, "page-coats", OFFER, skus[:2], now)
    presales.publish_offer(merchant_id=merchant_id, offer_id=offer.id, now=now)
    joined = [
        presales.join(
            merchant_id=merchant_id,
            offer_id=offer.id,
            key=f"page-{number}",
            quantity_by_sku={skus[0].code: 1},
            recipient=RECIPIENT,
            seller_location_code=place_code,
            now=now,
        )
        for number in range(2)
    ]
    orders.record_payment(
        merchant_id=merchant_id,
        order_id=joined[0].order_id,
        payment=orders.NewPayment(
            external_id="PAGE-DEPOSIT",
            amount_minor=joined[0].amounts.deposit_minor,
            currency="CNY",
            paid_at=now,
            provider="wallet",
        ),
        now=now,
    )
    return PresalesSide(offer_id=offer.id, draft_id=draft.id, presale_id=joined[0].id)


def _draft(
    merchant_id: int, code: str, name: str, skus: Sequence[catalog.Sku], now: datetime
) -> presales.Offer:
    return presales.draft_offer(
        merchant_id=merchant_id,
        code=code,
        storefront_code="tmall",
        terms=presales.Terms(
            name=name,
            currency="CNY",
            lines=tuple(
                presales.OfferLine(
                    sku_code=sku.code, price_minor=99_900, deposit_minor=10_000, worth_minor=20_000
                )
                for sku in skus
            ),
            limit_units=200,
            most_per_buyer=5,
            deposit_from=now - timedelta(days=1),
            deposit_until=now + timedelta(days=6),
            balance_from=now + timedelta(days=6),
            balance_until=now + timedelta(days=8),
            forfeit="all",
            stock="to_come",
            ships_after=(now + timedelta(days=20)).date(),
        ),
        now=now,
    )
