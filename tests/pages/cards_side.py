"""The stored value, the invoices and the agreements of the pages' merchant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.invoicing.tests.factories import BUYER, ask, make_seller
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.prepaid import public as prepaid
from santong.prepaid.tests.factories import BONUS, TERMS, pay
from tests.pages.agreements_side import make_agreements_side

PROGRAMME = "春晓储值卡"
NAMES = {PROGRAMME, BUYER.name, "青禾服饰有限公司", "服装"}

# By the name of its address: where it is, and what stands on it in Chinese and in English.
PAGES: dict[str, tuple[str, str, str]] = {
    "invoices": ("/console/invoices/", "价税合计", "Amount with tax"),
    "invoices_of_order": (
        "/console/invoices/orders/{world.order_ids[delivered]}/",
        "为未开票的金额开票",
        "Ask for an invoice of what is left",
    ),
    "invoice": ("/console/invoices/{world.cards.invoice_id}/", "抬头与销售方", "Made out to"),
    "cards": ("/console/cards/", "可使用", "can be used"),
    "card_programme": (
        "/console/cards/programmes/page-cards/",
        "应存管资金：本金的 40 %",
        "to be deposited: 40 % of the principal",
    ),
    "card": ("/console/cards/{world.cards.card_id}/", "注销并退回", "Close and pay back"),
}
# What forms are sent to.
COMMANDS = {
    "invoice_issue",
    "invoice_ask_anew",
    "card_freeze",
    "card_unfreeze",
    "card_extend",
    "card_end",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsSide:
    """What tests know of it."""

    card_id: int
    invoice_id: int
    agreement_id: int


def make_cards_side(*, merchant_id: int, order_id: int, now: datetime) -> CardsSide:
    """A card with principal and bonus, an invoice that was asked for, and agreements."""
    programme = prepaid.open_programme(
        merchant_id=merchant_id,
        new=prepaid.NewProgramme(
            code="page-cards",
            name=PROGRAMME,
            brand_id=merchants.brands(merchant_id=merchant_id)[0].id,
            kind="prepaid",
            currency="CNY",
            party="head_office",
            issuer_kind="brand",
        ),
        now=now,
    )
    prepaid.publish_terms(
        merchant_id=merchant_id,
        programme_code=programme.code,
        terms=TERMS,
        reason="opening",
        now=now,
    )
    sold = prepaid.sell(
        merchant_id=merchant_id,
        programme_code=programme.code,
        key="page",
        amount_minor=BONUS.pay_minor,
        offer_code=BONUS.code,
        now=now,
    )
    pay(merchant_id=merchant_id, top_up=sold.top_up)
    prepaid.land_top_up(merchant_id=merchant_id, top_up_id=sold.top_up.id, now=now)
    make_seller(merchant_id)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    return CardsSide(
        card_id=sold.card.id,
        invoice_id=ask(merchant_id, order, key="page")[0].id,
        agreement_id=make_agreements_side(merchant_id=merchant_id, now=now).agreement_id,
    )
