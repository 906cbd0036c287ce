"""Money with everything out of the ordinary, for the pages of those who look into it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

from santong.payments.contracts import (
    Intent,
    NewIntent,
    NewTender,
    Notice,
    Refund,
    Seen,
    SeenDispute,
    SeenMove,
)
from santong.payments.models import RefundPart, Work
from santong.payments.selectors.intents import intent_by_id
from santong.payments.selectors.refunds import refund_by_id
from santong.payments.services.cancel_intent import cancel_intent
from santong.payments.services.open_intent import open_intent
from santong.payments.services.open_payment_account import open_payment_account
from santong.payments.services.record_external import record_external
from santong.payments.services.refund import refund
from santong.payments.services.see_dispute import see_dispute
from santong.payments.services.see_refund import see_refund
from santong.payments.services.take_notice import take_notice

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubles:
    """What there is of each kind."""

    account_code: str
    paid: Intent
    waiting: Intent
    late: Intent
    silent: Intent
    failed: Refund
    outside: Refund
    outside_intent: Intent


def make_troubles(*, merchant_id: int, now: datetime, order_id: int | None = None) -> Troubles:
    """A payment told twice and fought about, one that waits in vain, late money, failed refunds."""
    account = open_payment_account(
        merchant_id=merchant_id,
        code="wallet",
        provider="simulated",
        method="wechat_pay",
        name="微信收款",
        currency="CNY",
        fee_per_million=6_000,
        now=now,
    )
    document = f"order:{order_id}" if order_id else new_rental()
    paid = asked_for(merchant_id=merchant_id, document=document, amount=45_900, now=now)
    told_paid(merchant_id=merchant_id, intent=paid, times=2, now=now)
    see_dispute(
        merchant_id=merchant_id,
        seen=SeenDispute(
            payment_reference=paid.tenders[0].reference,
            their_reference="D-4711",
            amount_minor=5_900,
            state="opened",
            why="not delivered",
            at=now,
        ),
        now=now,
    )
    failed = refund(
        merchant_id=merchant_id,
        document=document,
        key=f"failed-{document}",
        amount_minor=10_000,
        currency="CNY",
        reason="不合身",
        now=now,
    )
    see_refund(
        merchant_id=merchant_id,
        reference=failed.parts[0].reference,
        seen=SeenMove(state="failed", why="CARD_CLOSED"),
        now=now,
    )
    waiting = asked_for(merchant_id=merchant_id, document=new_rental(), amount=12_300, now=now)
    Work.objects.filter(about="payment", subject_id=waiting.tenders[0].id).update(
        attempts=9, code="timeout", step="query", due_at=now + timedelta(minutes=10)
    )
    late = asked_for(merchant_id=merchant_id, document=new_rental(), amount=8_800, now=now)
    cancel_intent(merchant_id=merchant_id, intent_id=late.id, reason="买家改变主意", now=now)
    told_paid(merchant_id=merchant_id, intent=late, times=1, now=now)
    silent = asked_for(merchant_id=merchant_id, document=new_rental(), amount=6_600, now=now)
    cancel_intent(merchant_id=merchant_id, intent_id=silent.id, reason="买家改变主意", now=now)
    outside = collected_outside(merchant_id=merchant_id, now=now)
    tender = RefundPart.objects.get(id=outside.parts[0].id).tender
    return Troubles(
        account_code=account.code,
        paid=intent_by_id(merchant_id=merchant_id, intent_id=paid.id),
        waiting=waiting,
        late=intent_by_id(merchant_id=merchant_id, intent_id=late.id),
        silent=intent_by_id(merchant_id=merchant_id, intent_id=silent.id),
        failed=refund_by_id(merchant_id=merchant_id, refund_id=failed.id),
        outside=outside,
        outside_intent=intent_by_id(merchant_id=merchant_id, intent_id=tender.intent_id),
    )


def new_rental() -> str:
    return f"rental:{next(_numbers)}"


def asked_for(*, merchant_id: int, document: str, amount: int, now: datetime) -> Intent:
    """An intent with one part at the wallet."""
    return open_intent(
        merchant_id=merchant_id,
        new=NewIntent(
            key=f"troubles-{document}",
            document=document,
            currency="CNY",
            amount_minor=amount,
            subject="两件衬衫",
            expires_at=now + timedelta(minutes=30),
            tenders=(NewTender(account_code="wallet", amount_minor=amount),),
        ),
        now=now,
    )


def told_paid(*, merchant_id: int, intent: Intent, times: int, now: datetime) -> None:
    """The provider tells, so many times, that it was paid."""
    (tender,) = intent.tenders
    for number in range(times):
        take_notice(
            merchant_id=merchant_id,
            account_code=tender.account_code,
            notice=Notice(
                number=f"N-{tender.id}-{number}",
                about="payment",
                reference=tender.reference,
                payment=Seen(
                    state="paid",
                    amount_minor=tender.amount_minor,
                    their_reference=f"4200{tender.id:012}",
                    at=now,
                ),
            ),
            now=now,
        )


def collected_outside(*, merchant_id: int, now: datetime) -> Refund:
    """What a channel has collected and is to give back: nobody can be asked."""
    document = new_rental()
    record_external(
        merchant_id=merchant_id,
        document=document,
        collected_by="tmall",
        number=f"T-{document}",
        amount_minor=3_300,
        currency="CNY",
        paid_at=now,
        now=now,
    )
    return refund(
        merchant_id=merchant_id,
        document=document,
        key=f"outside-{document}",
        amount_minor=3_300,
        currency="CNY",
        reason="缺货",
        now=now,
    )
