"""What agreements do when they hear facts: clocks, goods, visits, money, and their own."""

from __future__ import annotations

from datetime import datetime

from santong.agreements.events import AgreementAccepted, RemedyOwed
from santong.agreements.services.cancel import cancel_of_document
from santong.agreements.services.find_broken import find_broken, keep, mend, settle_late
from santong.agreements.services.follow import follow_document
from santong.agreements.services.make_paper import make_paper
from santong.agreements.services.pay import follow_refund, pay
from santong.clocks.events import ClockBroken, ClockMended, ClockStopped
from santong.fieldservice.events import VisitAccepted, VisitDone
from santong.kernel import outbox
from santong.kernel.facts import subscribe
from santong.orders.events import OrderCancelled, OrderDelivered, OrderShipped
from santong.payments.events import RefundDone, RefundFailed
from santong.stagedsales.events import GoodsDelivered, SaleCancelled


def _term_of(subject: str, term: str) -> tuple[int, int] | None:
    """Our agreement and the number of its term, by the names of its clock."""
    kind, _, agreement_id = subject.partition(":")
    number = term.removeprefix("term-")
    if kind != "agreement" or not (agreement_id.isdecimal() and number.isdecimal()):
        return None
    return int(agreement_id), int(number)


@subscribe(AgreementAccepted)
def write_paper(fact: AgreementAccepted, *, merchant_id: int, now: datetime) -> None:
    """What was accepted gets its paper, if the page has not made it yet."""
    make_paper(merchant_id=merchant_id, agreement_id=fact.agreement_id, now=now)


@subscribe(ClockBroken)
def hear_broken(fact: ClockBroken, *, merchant_id: int, now: datetime) -> None:
    """A last day has passed."""
    if found := _term_of(fact.subject, fact.term):
        find_broken(
            merchant_id=merchant_id,
            agreement_id=found[0],
            term=found[1],
            broken_at=fact.due_at,
            now=now,
        )


@subscribe(ClockMended)
def hear_mended(fact: ClockMended, *, merchant_id: int, now: datetime) -> None:
    """It was there in time after all."""
    if found := _term_of(fact.subject, fact.term):
        mend(merchant_id=merchant_id, agreement_id=found[0], term=found[1], now=now)


@subscribe(ClockStopped)
def hear_stopped(fact: ClockStopped, *, merchant_id: int, now: datetime) -> None:
    """It is there, in time or late."""
    if found := _term_of(fact.subject, fact.term):
        follow = keep if fact.kept else settle_late
        follow(
            merchant_id=merchant_id,
            agreement_id=found[0],
            term=found[1],
            at=fact.stopped_at,
            now=now,
        )


@subscribe(OrderShipped)
def hear_shipped(fact: OrderShipped, *, merchant_id: int, now: datetime) -> None:
    """Nothing is left to ship."""
    if fact.is_whole:
        _follow_order(merchant_id, fact.order_id, "ship", now)


@subscribe(OrderDelivered)
def hear_delivered(fact: OrderDelivered, *, merchant_id: int, now: datetime) -> None:
    """All of it has reached the buyer."""
    if fact.is_whole:
        _follow_order(merchant_id, fact.order_id, "delivery", now)


@subscribe(OrderCancelled)
def hear_cancelled(fact: OrderCancelled, *, merchant_id: int, now: datetime) -> None:
    """Nothing is sold: nothing is promised."""
    if fact.is_whole:
        cancel_of_document(
            merchant_id=merchant_id,
            document=f"order:{fact.order_id}",
            reason="the order was cancelled",
            now=now,
        )


@subscribe(GoodsDelivered)
def hear_goods(fact: GoodsDelivered, *, merchant_id: int, now: datetime) -> None:
    """What was bought in stages has reached its buyer."""
    follow_document(
        merchant_id=merchant_id,
        document=f"stagedsale:{fact.sale_id}",
        what="delivery",
        at=fact.delivered_at,
        now=now,
    )


@subscribe(SaleCancelled)
def hear_sale_cancelled(fact: SaleCancelled, *, merchant_id: int, now: datetime) -> None:
    """Nothing is sold: nothing is promised."""
    cancel_of_document(
        merchant_id=merchant_id,
        document=f"stagedsale:{fact.sale_id}",
        reason="the sale was cancelled",
        now=now,
    )


@subscribe(VisitDone)
def hear_visit(fact: VisitDone, *, merchant_id: int, now: datetime) -> None:
    """The work is done; whether it is accepted does not make it late."""
    if not fact.is_preparation:
        follow_document(
            merchant_id=merchant_id,
            document=fact.document,
            what="install",
            at=fact.done_at,
            now=now,
        )


@subscribe(VisitAccepted)
def hear_accepted(fact: VisitAccepted, *, merchant_id: int, now: datetime) -> None:
    """The work is accepted: claims run from then."""
    if not fact.is_preparation:
        follow_document(
            merchant_id=merchant_id,
            document=fact.document,
            what="install",
            at=fact.accepted_at,
            now=now,
        )


@subscribe(RemedyOwed)
def pay_remedy(fact: RemedyOwed, *, merchant_id: int, now: datetime) -> None:
    """What is owed in money goes back by itself."""
    if fact.amount_minor:
        pay(merchant_id=merchant_id, breach_id=fact.breach_id, now=now)


@subscribe(RefundDone, RefundFailed)
def hear_refund(fact: RefundDone | RefundFailed, *, merchant_id: int, now: datetime) -> None:
    """A refund went on, or was refused."""
    follow_refund(merchant_id=merchant_id, refund_id=fact.refund_id, now=now)


def _follow_order(merchant_id: int, order_id: int, what: str, now: datetime) -> None:
    """As of when the order said so: the log may be read late."""
    wanted = {"ship": "orders.order_shipped.v1", "delivery": "orders.order_delivered.v1"}[what]
    told = outbox.told_of(merchant_id=merchant_id, aggregate=f"order_id:{order_id}")
    at = max((each.at for each in told if each.name == wanted), default=now)
    follow_document(
        merchant_id=merchant_id, document=f"order:{order_id}", what=what, at=at, now=now
    )
