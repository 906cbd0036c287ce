"""Presales for tests: name what the test is about, the rest is invented."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from santong.catalog.tests.factories import make_sku
from santong.inventory import public as inventory
from santong.inventory.tests.factories import make_level
from santong.kernel.facts import adapter, fact_types, subscribers
from santong.kernel.models import OutboxEvent
from santong.merchants.tests.factories import make_storefront
from santong.orders import public as orders
from santong.orders.tests.factories import RECIPIENT
from santong.payments import public as payments
from santong.payments.tests.factories import pay_intent
from santong.presales import contracts
from santong.presales.selectors.invariants import check_invariants
from santong.presales.selectors.presales import presale_by_id
from santong.presales.services.ask_payment import ask_payment
from santong.presales.services.draft_offer import draft_offer
from santong.presales.services.join import join
from santong.presales.services.publish_offer import publish_offer

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
DEPOSIT_UNTIL = NOW + timedelta(days=3)
BALANCE_FROM = NOW + timedelta(days=5)
BALANCE_UNTIL = NOW + timedelta(days=6)
GRACE = timedelta(minutes=15)
# 1,000.00 for 900.00: 100.00 now count for 200.00, 800.00 later.
LINE = contracts.OfferLine(
    sku_code="COAT-RED-M", price_minor=100_000, deposit_minor=10_000, worth_minor=20_000
)
DEPOSIT, BALANCE = 10_000, 80_000

_numbers = itertools.count(1)
_heard: dict[int, int] = {}


def make_terms(*lines: contracts.OfferLine, **given: Any) -> contracts.Terms:
    """Coats: deposits for three days, the balance on the sixth, all of the deposit at stake."""
    values: dict[str, Any] = {
        "name": "大衣预售",
        "currency": "CNY",
        "lines": lines or (LINE,),
        "limit_units": 10,
        "most_per_buyer": 2,
        "deposit_from": NOW - timedelta(hours=1),
        "deposit_until": DEPOSIT_UNTIL,
        "balance_from": BALANCE_FROM,
        "balance_until": BALANCE_UNTIL,
        "forfeit": "all",
        "stock": "in_stock",
        **given,
    }
    return contracts.Terms(**values)


def make_shop(merchant_id: int, *, on_hand: int = 20, sku_code: str = "COAT-RED-M") -> None:
    """A storefront, a coat with stock at one place, and an account where money comes in."""
    make_storefront(merchant_id, code="flagship")
    sku = make_sku(merchant_id=merchant_id, code=sku_code)
    if on_hand:
        make_level(merchant_id=merchant_id, on_hand=on_hand, sku_id=sku.id)
    payments.open_payment_account(
        merchant_id=merchant_id,
        code="wallet",
        provider="simulated",
        method="wechat_pay",
        name="微信支付",
        currency="CNY",
        now=NOW,
    )


def make_offer(merchant_id: int, *lines: contracts.OfferLine, **given: Any) -> contracts.Offer:
    """An offer of the shop that can be joined."""
    drafted = draft_offer(
        merchant_id=merchant_id,
        code=f"coats-{next(_numbers)}",
        storefront_code="flagship",
        terms=make_terms(*lines, **given),
        now=NOW,
    )
    return publish_offer(merchant_id=merchant_id, offer_id=drafted.id, now=NOW)


def buyer(number: int = 0) -> orders.Recipient:
    """Somebody with a telephone of their own."""
    return replace(RECIPIENT, phone=f"139{number or next(_numbers) + 10_000_000:08}")


def make_presale(
    merchant_id: int,
    offer: contracts.Offer,
    *,
    units: int = 1,
    recipient: orders.Recipient | None = None,
    key: str = "",
    now: datetime = NOW,
    sku_code: str = "COAT-RED-M",
) -> contracts.Presale:
    """Somebody has joined, and is asked for the deposit next."""
    return join(
        merchant_id=merchant_id,
        offer_id=offer.id,
        key=key or f"join-{next(_numbers)}",
        quantity_by_sku={sku_code: units},
        recipient=recipient or buyer(),
        now=now,
    )


def pay_part(
    merchant_id: int,
    presale: contracts.Presale,
    part: contracts.Part,
    *,
    now: datetime,
    payer: str = "openid-buyer",
) -> None:
    """The buyer pays the deposit or the balance by wallet; nobody has heard of it yet."""
    amounts = presale.amounts
    intent = ask_payment(
        merchant_id=merchant_id,
        presale_id=presale.id,
        part=part,
        key=f"ask-{next(_numbers)}",
        tenders=[
            payments.NewTender(
                account_code="wallet",
                amount_minor=amounts.deposit_minor if part == "deposit" else amounts.balance_minor,
            )
        ],
        now=now,
    )
    pay_intent(merchant_id=merchant_id, intent_id=intent.id, payer=payer, now=now)


def make_deposit(
    merchant_id: int, offer: contracts.Offer, *, now: datetime = NOW, **given: Any
) -> contracts.Presale:
    """Somebody has joined, and the deposit is in."""
    presale = make_presale(merchant_id, offer, now=now, **given)
    pay_part(merchant_id, presale, "deposit", now=now)
    tell_all(merchant_id, now=now)
    return presale_by_id(merchant_id=merchant_id, presale_id=presale.id)


def make_paid(
    merchant_id: int, offer: contracts.Offer, *, now: datetime = BALANCE_FROM, **given: Any
) -> contracts.Presale:
    """Somebody has joined and paid all."""
    presale = make_deposit(merchant_id, offer, **given)
    pay_part(merchant_id, presale, "balance", now=now)
    tell_all(merchant_id, now=now)
    return presale_by_id(merchant_id=merchant_id, presale_id=presale.id)


def tell_all(merchant_id: int, *, now: datetime, contexts: Sequence[str] = ()) -> None:
    """Let everybody hear what nobody has heard yet, in order, until nothing is told any more."""
    while True:
        last = _heard.get(merchant_id, 0)
        events = OutboxEvent.objects.filter(merchant_id=merchant_id, id__gt=last).order_by("id")
        found = list(events)
        if not found:
            return
        _heard[merchant_id] = found[-1].id
        for event in found:
            fact = adapter(fact_types()[event.name].cls).validate_python(event.body)
            for context, handlers in subscribers().items():
                if event.name in handlers and (not contexts or context in contexts):
                    handlers[event.name](fact, merchant_id=merchant_id, now=now)


def told(merchant_id: int, name: str) -> list[dict[str, Any]]:
    """The bodies of facts of one kind of ours, oldest first."""
    rows = OutboxEvent.objects.filter(merchant_id=merchant_id, name=f"presales.{name}.v1")
    return list(rows.order_by("id").values_list("body", flat=True))


def order_of(merchant_id: int, presale: contracts.Presale) -> orders.Order:
    """Its order as it stands."""
    return orders.order_by_id(merchant_id=merchant_id, order_id=presale.order_id)


def again(merchant_id: int, presale: contracts.Presale) -> contracts.Presale:
    """A presale order as it stands."""
    return presale_by_id(merchant_id=merchant_id, presale_id=presale.id)


def promised(merchant_id: int, presale: contracts.Presale) -> list[tuple[str, datetime | None]]:
    """How its stock is promised, and until when."""
    holder = orders.holder_of(order_id=presale.order_id)
    found = inventory.reservations_of(merchant_id=merchant_id, holder=holder)
    return [(each.state, each.expires_at) for each in found]


def books(merchant_id: int, kind: str, owner: str) -> int:
    """What an account of the money ledger stands at."""
    key = payments.AccountKey("money:CNY", kind, owner)
    return payments.balances(merchant_id=merchant_id, accounts=[key])[key].posted


def assert_sound(merchant_id: int) -> None:
    """Nothing is wrong with presales, their orders, their stock and their money."""
    assert check_invariants(merchant_id=merchant_id) == []
    assert orders.check_invariants(merchant_id=merchant_id) == []
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []
    assert payments.check_invariants(merchant_id=merchant_id) == []
