"""What prepaid does when it hears facts: money for top-ups, and whose cards are whose."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from santong.customers.events import MergeUndone, PersonsMerged
from santong.kernel.errors import NoSuch
from santong.kernel.facts import subscribe
from santong.payments.events import IntentEnded, MoneyReceived
from santong.prepaid.contracts import top_up_of
from santong.prepaid.errors import NotPaid, TopUpEnded
from santong.prepaid.events import PrincipalPaidBack, TopUpReturned
from santong.prepaid.services.cancel_top_up import cancel_top_up
from santong.prepaid.services.follow_persons import follow_persons
from santong.prepaid.services.land_top_up import land_top_up
from santong.prepaid.services.refund_document import refund_document

log = structlog.get_logger(__name__)


@subscribe(MoneyReceived)
def put_on_the_card(fact: MoneyReceived, *, merchant_id: int, now: datetime) -> None:
    """Money came in for a top-up: once all of it has, it is on the card."""
    top_up_id = top_up_of(fact.document)
    if top_up_id is None:
        return
    try:
        with transaction.atomic():
            land_top_up(merchant_id=merchant_id, top_up_id=top_up_id, now=now)
    except NotPaid as refused:
        log.info("top_up_is_paid_in_part", top_up_id=top_up_id, paid_minor=refused.paid_minor)
    except NoSuch:
        log.warning("money_for_no_top_up", document=fact.document)


@subscribe(IntentEnded)
def stop_waiting(fact: IntentEnded, *, merchant_id: int, now: datetime) -> None:
    """Nobody pays for a top-up any more."""
    top_up_id = top_up_of(fact.document)
    if top_up_id is None:
        return
    try:
        with transaction.atomic():
            cancel_top_up(
                merchant_id=merchant_id, top_up_id=top_up_id, reason="nobody paid", now=now
            )
    except (TopUpEnded, NoSuch) as refused:
        log.info("top_up_waits_no_more", top_up_id=top_up_id, why=refused.code)


@subscribe(TopUpReturned)
def return_money(fact: TopUpReturned, *, merchant_id: int, now: datetime) -> None:
    """Money that its card could not take goes back."""
    refund_document(
        merchant_id=merchant_id,
        top_up_id=fact.top_up_id,
        key=f"topup-returned:{fact.top_up_id}",
        amount_minor=fact.amount_minor,
        currency=fact.currency,
        reason="the card could not take it",
        now=now,
    )


@subscribe(PrincipalPaidBack)
def pay_principal_back(fact: PrincipalPaidBack, *, merchant_id: int, now: datetime) -> None:
    """What a closed card had left goes back as it had come."""
    refund_document(
        merchant_id=merchant_id,
        top_up_id=fact.top_up_id,
        key=f"card-paid-back:{fact.pay_back_id}",
        amount_minor=fact.amount_minor,
        currency=fact.currency,
        reason="the card is closed",
        now=now,
    )


@subscribe(PersonsMerged)
def follow_merged(fact: PersonsMerged, *, merchant_id: int, now: datetime) -> None:
    """Their cards lead to who they are today."""
    del now
    follow_persons(merchant_id=merchant_id, person_ids=(fact.kept_id, fact.gone_id))


@subscribe(MergeUndone)
def follow_parted(fact: MergeUndone, *, merchant_id: int, now: datetime) -> None:
    """Their cards lead to who they are today."""
    del now
    follow_persons(merchant_id=merchant_id, person_ids=(fact.kept_id, fact.gone_id))
