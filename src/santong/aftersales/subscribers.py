"""What aftersales does when it hears facts: cases go on by themselves."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from santong.aftersales.events import CaseEnded, CaseOpened
from santong.aftersales.rules.owed import KIND_OF_REMEDY
from santong.aftersales.services.decide_case import decide_alone
from santong.aftersales.services.follow_refund import follow_refund
from santong.aftersales.services.follow_replacement import follow_cancellation, follow_delivery
from santong.aftersales.services.go_on_repair import follow_payment
from santong.aftersales.services.owe_goods import follow_case, follow_remedy, take_on
from santong.aftersales.services.visit_repair import follow_arrival, follow_booking, follow_work
from santong.agreements.events import RemedyDone, RemedyOwed
from santong.evidence.events import EvidenceAdded
from santong.fieldservice.events import VisitAccepted, VisitBooked, VisitCheckedIn
from santong.kernel.facts import subscribe
from santong.orders.events import OrderCancelled, OrderDelivered
from santong.payments.events import MoneyReceived, RefundDone, RefundFailed
from santong.routing import public as routing

log = structlog.get_logger(__name__)


@subscribe(CaseOpened)
def decide_at_once(fact: CaseOpened, *, merchant_id: int, now: datetime) -> None:
    """The policy may let it go without a person."""
    _decide_alone(merchant_id, fact.case_id, now)


@subscribe(RemedyOwed)
def take_on_goods(fact: RemedyOwed, *, merchant_id: int, now: datetime) -> None:
    """A broken term owes goods; money is the agreement's own to pay."""
    if fact.remedy in KIND_OF_REMEDY:
        take_on(merchant_id=merchant_id, breach_id=fact.breach_id, now=now)


@subscribe(RemedyDone)
def note_remedy(fact: RemedyDone, *, merchant_id: int, now: datetime) -> None:
    """Somebody made good by hand what may wait here."""
    if fact.remedy in KIND_OF_REMEDY:
        follow_remedy(merchant_id=merchant_id, breach_id=fact.breach_id, now=now)


@subscribe(CaseEnded)
def note_end(fact: CaseEnded, *, merchant_id: int, now: datetime) -> None:
    """What a broken term owes is made good with its case, or owed still."""
    follow_case(merchant_id=merchant_id, case_id=fact.case_id, state=fact.state, now=now)


@subscribe(EvidenceAdded)
def decide_with_evidence(fact: EvidenceAdded, *, merchant_id: int, now: datetime) -> None:
    """A photo was what it waited for."""
    kind, _, number = fact.subject.partition(":")
    if kind == "case" and number.isascii() and number.isdigit():
        _decide_alone(merchant_id, int(number), now)


@subscribe(MoneyReceived)
def note_payment(fact: MoneyReceived, *, merchant_id: int, now: datetime) -> None:
    """A repair may have been paid."""
    follow_payment(merchant_id=merchant_id, document=fact.document, now=now)


@subscribe(RefundDone)
def note_refund(fact: RefundDone, *, merchant_id: int, now: datetime) -> None:
    """Money of a case has gone back."""
    follow_refund(merchant_id=merchant_id, key=fact.key, why="", now=now)


@subscribe(RefundFailed)
def note_failure(fact: RefundFailed, *, merchant_id: int, now: datetime) -> None:
    """Money of a case would not go back: somebody has to see to it."""
    follow_refund(merchant_id=merchant_id, key=fact.key, why=fact.why, now=now)


@subscribe(OrderDelivered)
def note_delivery(fact: OrderDelivered, *, merchant_id: int, now: datetime) -> None:
    """What a case sent has come."""
    if fact.is_whole:
        follow_delivery(merchant_id=merchant_id, order_id=fact.order_id, now=now)


@subscribe(OrderCancelled)
def note_cancellation(fact: OrderCancelled, *, merchant_id: int, now: datetime) -> None:
    """What a case made is not sent after all."""
    if fact.is_whole:
        follow_cancellation(merchant_id=merchant_id, order_id=fact.order_id, now=now)


@subscribe(VisitBooked)
def note_booking(fact: VisitBooked, *, merchant_id: int, now: datetime) -> None:
    """It is known who comes to mend it."""
    follow_booking(
        merchant_id=merchant_id,
        document=fact.document,
        provider_code=fact.provider_code,
        now=now,
    )


@subscribe(VisitCheckedIn)
def note_arrival(fact: VisitCheckedIn, *, merchant_id: int, now: datetime) -> None:
    """Somebody is at the buyer's and looks at it."""
    follow_arrival(merchant_id=merchant_id, document=fact.document, now=now)


@subscribe(VisitAccepted)
def note_work(fact: VisitAccepted, *, merchant_id: int, now: datetime) -> None:
    """The buyer has accepted what was done at home."""
    follow_work(merchant_id=merchant_id, document=fact.document, now=now)


def _decide_alone(merchant_id: int, case_id: int, now: datetime) -> None:
    """Where the stock for it is gone meanwhile, a person decides."""
    try:
        with transaction.atomic():
            decide_alone(merchant_id=merchant_id, case_id=case_id, now=now)
    except (routing.OutOfStock, routing.TooContended) as refused:
        log.info("case_waits_for_a_person", case_id=case_id, why=refused.code)
