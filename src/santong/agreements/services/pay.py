"""Money that makes a breach good goes back, once, and never more than is left of the document."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction
from django.db.models import Sum

from santong.agreements import contracts
from santong.agreements.models import Breach, Compensation
from santong.agreements.services.lock import lock_breach
from santong.agreements.services.outcomes import make_good, note
from santong.kernel.errors import DomainError
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.settlement import public as settlement

log = structlog.get_logger(__name__)

PREFIX: Final = "agreement-breach:"
MOST_TRIES: Final = 12
_PAYABLE: Final = ("owed", "nothing_left")
_FIRST_PAUSE: Final = timedelta(minutes=10)
_LONGEST_PAUSE: Final = timedelta(days=1)


@all_or_nothing
def pay(*, merchant_id: int, breach_id: int, now: datetime) -> None:
    """Ask for what a breach comes to, along what was paid for its document, the newest first.

    Once for each breach and document: told twice, nothing more goes back. Where less is left than
    is owed, that much goes and it is shown; where nothing is left, it is tried again.

    The provider that the term names bears it in its statement; else head office does, which asks a
    carrier for it by a claim. Nobody else's share shrinks by it.

    Raises NoSuch. Locks the document, then payments' intents.
    """
    breach = lock_breach(merchant_id=merchant_id, breach_id=breach_id)
    if breach.state not in _PAYABLE or breach.term.remedy not in contracts.MONEY_REMEDIES:
        return
    rest = breach.amount_minor - _asked(breach)
    row = breach.agreement
    for document in payments.documents_paid(
        merchant_id=merchant_id, document=row.document, currency=row.currency
    ):
        if rest <= 0:
            break
        rest -= _ask_back(breach, document, rest, now=now)
    asked = breach.amount_minor - rest
    if asked:
        breach.state, breach.settle_at, breach.why = "paying", None, ""
    else:
        breach.state, breach.why = "nothing_left", "nothing is left to go back"
        put_off(breach, now=now)
    breach.save()
    note(breach, "pay", now=now)
    settle_payments(breach, now=now)


@all_or_nothing
def follow_refund(*, merchant_id: int, refund_id: int, now: datetime) -> None:
    """A refund of a compensation went on or failed; others are none of ours.

    Emits RemedyDone. Locks the document.
    """
    rows = Compensation.objects.of_merchant(merchant_id).filter(refund_id=refund_id)
    found = rows.first()
    if found is None:
        return
    breach = lock_breach(merchant_id=merchant_id, breach_id=found.breach_id)
    settle_payments(breach, now=now)


@all_or_nothing
def try_again(*, merchant_id: int, breach_id: int, now: datetime) -> None:
    """Try anew what a provider would not give back, or what was not left.

    Raises NoSuch. Locks the document, then payments' intents.
    """
    breach = lock_breach(merchant_id=merchant_id, breach_id=breach_id)
    if breach.state in _PAYABLE:
        pay(merchant_id=merchant_id, breach_id=breach_id, now=now)
        return
    if breach.state != "failed":
        return
    why = ""
    for each in _compensations(breach):
        try:
            with transaction.atomic():
                payments.retry_refund(
                    merchant_id=merchant_id,
                    refund_id=each.refund_id,
                    reason=_reason(breach),
                    now=now,
                )
        except payments.MoreThanReceived as refused:
            why = refused.code
    breach.state = "failed" if why else "paying"
    breach.why = why
    if why:
        put_off(breach, now=now)
    breach.save()
    settle_payments(breach, now=now)


def settle_payments(breach: Breach, *, now: datetime) -> None:
    """How a breach stands by what payments say of its refunds."""
    if breach.state not in {"paying", "failed"}:
        return
    rows = _compensations(breach)
    for each in rows:
        refund = payments.refund_by_id(merchant_id=breach.merchant_id, refund_id=each.refund_id)
        each.done_minor = refund.done_minor
        each.failed_minor = refund.failed_minor + refund.given_up_minor
        each.why = next((part.why for part in reversed(refund.parts) if part.why), "")[:200]
        each.save(update_fields=["done_minor", "failed_minor", "why"])
    done = sum(each.done_minor for each in rows)
    if any(each.failed_minor for each in rows):
        _fail(breach, next(each.why for each in rows if each.failed_minor), now=now)
    elif done == sum(each.amount_minor for each in rows):
        _finish(breach, done, now=now)


def put_off(breach: Breach, *, now: datetime) -> None:
    """Try again later, and less and less often; after the last time a person has to."""
    breach.attempts += 1
    pause = min(_FIRST_PAUSE * 2 ** (breach.attempts - 1), _LONGEST_PAUSE)
    breach.settle_at = now + pause if breach.attempts <= MOST_TRIES else None


def _fail(breach: Breach, why: str, *, now: datetime) -> None:
    if breach.state == "failed" and breach.settle_at is not None:
        return
    breach.state, breach.why = "failed", why or "refused"
    put_off(breach, now=now)
    breach.save()
    note(breach, "fail_to_pay", reason=breach.why, now=now)


def _finish(breach: Breach, done: int, *, now: datetime) -> None:
    if done == breach.amount_minor:
        make_good(breach, amount_minor=done, by="payments", now=now)
        return
    breach.state, breach.why, breach.settle_at = "nothing_left", "less was left than is owed", None
    breach.save()
    note(breach, "pay_less", reason=breach.why, now=now)


def _ask_back(breach: Breach, document: str, rest: int, *, now: datetime) -> int:
    """Ask for as much of the rest as can go back for a document; how much was asked for."""
    row = breach.agreement
    if Compensation.objects.of_merchant(row.merchant_id).filter(breach=breach, document=document):
        return 0
    plan = payments.refund_plan(
        merchant_id=row.merchant_id, document=document, currency=row.currency, amount_minor=rest
    )
    amount = min(rest, plan.refundable_minor)
    if amount <= 0:
        return 0
    key = f"{PREFIX}{breach.id}:{document}"
    try:
        with transaction.atomic():
            refund = payments.refund(
                merchant_id=row.merchant_id,
                document=document,
                key=key,
                amount_minor=amount,
                currency=row.currency,
                reason=_reason(breach),
                now=now,
            )
            term = breach.term
            settlement.name_bearer(
                merchant_id=row.merchant_id,
                document=document,
                key=key,
                installer=term.bearer_code if term.bearer == "provider" else "",
                now=now,
            )
    except DomainError as refused:
        log.warning("compensation_refused", breach_id=breach.id, why=refused.code)
        return 0
    Compensation.objects.create(
        merchant_id=row.merchant_id,
        breach=breach,
        document=document,
        key=key,
        refund_id=refund.id,
        amount_minor=amount,
        asked_at=now,
    )
    return amount


def _asked(breach: Breach) -> int:
    rows = Compensation.objects.of_merchant(breach.merchant_id).filter(breach=breach)
    return rows.aggregate(minor=Sum("amount_minor"))["minor"] or 0


def _compensations(breach: Breach) -> list[Compensation]:
    rows = Compensation.objects.of_merchant(breach.merchant_id).filter(breach=breach)
    return list(rows.order_by("id"))


def _reason(breach: Breach) -> str:
    return f"agreement {breach.agreement.number}, term {breach.term.number}"
