"""Money of the demo merchant, through the doors: paid, given back, shared, paid out, reconciled."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from santong.invoicing import public as invoicing
from santong.kernel import tenancy
from santong.orders import public as orders
from santong.payments import public as payments
from santong.prepaid import public as prepaid
from santong.reconciliation import public as reconciliation
from santong.simulation.contracts import Bars
from santong.simulation.rules.demo import money
from santong.simulation.rules.demo.shape import CURRENCY, DemoMerchant
from santong.simulation.services.load_demo_cards import (
    GIFT_MINOR,
    open_demo_cards,
    sell_demo_cards,
)
from santong.simulation.services.load_demo_invoices import (
    issue_demo_invoices,
    open_demo_sellers,
    work_demo_invoices,
)
from santong.simulation.services.load_demo_shares import (
    draft_next_payout,
    end_demo_payouts,
    load_demo_statements,
)
from santong.simulation.services.pay_demo_money import (
    OTHER_WALLET,
    WALLET,
    Asked,
    Clock,
    by_card,
    by_cash,
    by_terminal,
    by_wallet,
    pay_demo_money,
)
from santong.simulation.services.place_demo_order import place_demo_order

CARDS_OF_MEMBERS: Final = 4
GIFTS: Final = 3
STORED_MINOR: Final = 15_000
# Which of yesterday's orders is given back in part, disputed, invoiced.
GIVEN_BACK, DISPUTED = 5, 6
INVOICED: Final = (0, GIVEN_BACK)
PARTS: Final = 3


def load_demo_money(
    *,
    merchant_id: int,
    demo: DemoMerchant,
    person_ids: Sequence[int],
    now: datetime,
    clock: Clock,
    bars: Bars,
) -> None:
    """Cards and orders are paid in several ways; some is given back, disputed, invoiced, compared.

    What was sold at counters is there already. Every step is taken once, however often asked. No
    scope is open. Emits what all of that emits.
    """
    progress = bars("钱款 money", PARTS)
    day = money.yesterday(now)
    open_demo_cards(merchant_id=merchant_id, now=now - timedelta(days=2))
    open_demo_sellers(
        merchant_id=merchant_id,
        dealer_codes=[place.dealer for place in money.counters(demo) if place.dealer],
        now=now,
    )
    bought = money.bought_yesterday(demo, now=now)
    cards = _sold_cards(merchant_id, person_ids[:CARDS_OF_MEMBERS], bought[0].placed_at, clock)
    with tenancy.scope(merchant_id=merchant_id):
        placed = [place_demo_order(merchant_id=merchant_id, order=order) for order in bought]
    intents = pay_demo_money(merchant_id=merchant_id, asked=_asked(placed, cards), clock=clock)
    for order, intent in zip(placed, intents, strict=True):
        _take_in(merchant_id, order, intent, clock())
    progress(1)
    issue_demo_invoices(
        merchant_id=merchant_id, order_ids=[placed[place].id for place in INVOICED], clock=clock
    )
    _give_back_and_dispute(merchant_id, placed, intents, clock)
    load_demo_statements(merchant_id=merchant_id, now=clock() - timedelta(minutes=2))
    payments.work_through(merchant_id=merchant_id, clock=clock)
    _follow(merchant_id, placed[GIVEN_BACK], clock())
    end_demo_payouts(merchant_id=merchant_id, now=clock())
    work_demo_invoices(merchant_id=merchant_id, clock=clock)
    draft_next_payout(merchant_id=merchant_id, now=clock())
    progress(1)
    for account in (WALLET, OTHER_WALLET):
        _reconcile(merchant_id, account, day, clock())
    progress(1)


def _sold_cards(
    merchant_id: int, person_ids: Sequence[int], at: datetime, clock: Clock
) -> list[prepaid.Sold]:
    """Cards of members and for gifts, each paid for and filled."""
    with tenancy.scope(merchant_id=merchant_id):
        sold = sell_demo_cards(merchant_id=merchant_id, person_ids=person_ids, gifts=GIFTS, now=at)
    pay_demo_money(
        merchant_id=merchant_id,
        asked=[
            Asked(
                document=card.top_up.document,
                subject=card.card.programme_name,
                at=at,
                tenders=((by_cash if number % 2 else by_wallet)(card.top_up.amount_minor),),
            )
            for number, card in enumerate(sold)
        ],
        clock=clock,
    )
    for card in sold:
        with tenancy.scope(merchant_id=merchant_id):
            prepaid.land_top_up(merchant_id=merchant_id, top_up_id=card.top_up.id, now=clock())
    return sold


def _asked(placed: Sequence[orders.Order], cards: Sequence[prepaid.Sold]) -> list[Asked]:
    stored = _tokens(cards, "prepaid")
    gifts = _tokens(cards, "gift")
    owed = [order.total_minor for order in placed]
    # A demo of few orders may have no members, and so no cards of theirs; a load that goes on does
    # not know the secrets of the cards that it finds.
    given = [min(GIFT_MINOR, minor // 2) if gifts else 0 for minor in owed]
    kept = [min(STORED_MINOR, minor // 4) if stored else 0 for minor in owed]
    third = placed[2].placed_at
    ways: list[tuple[payments.NewTender, ...]] = [
        (by_wallet(owed[0]),),
        (
            *(by_card("gift_card", given[1], token=token) for token in gifts[:1]),
            by_wallet(owed[1] - given[1]),
        ),
        (by_terminal(owed[2], trace="000001", at=third + timedelta(minutes=1)),),
        (
            *(by_card("prepaid", kept[3], token=token) for token in stored[:1]),
            *(by_card("gift_card", given[3], token=token) for token in gifts[1:2]),
            by_wallet(owed[3] - kept[3] - given[3]),
        ),
        (by_cash(owed[4]),),
        (by_wallet(owed[5], account=OTHER_WALLET),),
        (by_wallet(owed[6]),),
        (by_cash(owed[7] // 2), by_wallet(owed[7] - owed[7] // 2)),
    ]
    return [
        Asked(
            document=orders.document_of(order_id=order.id),
            subject=f"订单 {order.external_number}",
            at=order.placed_at,
            tenders=tenders,
        )
        for order, tenders in zip(placed, ways, strict=True)
    ]


def _tokens(cards: Sequence[prepaid.Sold], kind: str) -> list[str]:
    return [
        f"{card.number}:{card.secret}" for card in cards if card.card.kind == kind and card.secret
    ]


def _take_in(merchant_id: int, order: orders.Order, intent: payments.Intent, now: datetime) -> None:
    """The order is paid by what has come in for it: told again by the facts, it is known."""
    for tender in intent.tenders:
        if tender.captured_at is not None:
            with tenancy.scope(merchant_id=merchant_id):
                orders.take_money(
                    merchant_id=merchant_id,
                    order_id=order.id,
                    payment=orders.NewPayment(
                        external_id=tender.reference,
                        provider=tender.account_code,
                        amount_minor=tender.captured_minor,
                        currency=intent.currency,
                        paid_at=tender.captured_at,
                    ),
                    now=now,
                )


def _follow(merchant_id: int, order: orders.Order, now: datetime) -> None:
    """What went back is on no invoice: told again by the facts, it is known."""
    document = orders.document_of(order_id=order.id)
    with tenancy.scope(merchant_id=merchant_id):
        for refund in payments.refunds_of(merchant_id=merchant_id, document=document):
            for part in refund.parts:
                if part.state == "done":
                    invoicing.follow_money(
                        merchant_id=merchant_id,
                        order_id=order.id,
                        refund_key=f"refund:{part.id}",
                        refunded_minor=part.amount_minor,
                        now=now,
                    )


def _give_back_and_dispute(
    merchant_id: int,
    placed: Sequence[orders.Order],
    intents: Sequence[payments.Intent],
    clock: Clock,
) -> None:
    given_back = placed[GIVEN_BACK]
    disputed = intents[DISPUTED].tenders[0]
    with tenancy.scope(merchant_id=merchant_id):
        payments.refund(
            merchant_id=merchant_id,
            document=orders.document_of(order_id=given_back.id),
            key="demo-refund",
            amount_minor=given_back.total_minor // 3,
            currency=CURRENCY,
            reason="衣扣掉了，补偿一部分",
            now=clock(),
        )
        if disputed.disputed_minor == 0:
            payments.act_as_buyer(
                merchant_id=merchant_id,
                reference=disputed.reference,
                action="dispute",
                now=placed[DISPUTED].placed_at + timedelta(hours=1),
            )


def _reconcile(merchant_id: int, account: str, day: date, now: datetime) -> None:
    """The provider's statement of the day, in which not everything is as the books have it."""
    written = payments.fetch_statement(merchant_id=merchant_id, account_code=account, day=day)
    assert written is not None, "the simulated provider writes statements"
    reconciliation.reconcile_file(
        merchant_id=merchant_id,
        account_code=account,
        day=day,
        source=io.BytesIO(money.with_faults(written)),
        now=now,
    )
