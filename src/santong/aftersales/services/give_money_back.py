"""Money goes back for a case: each step once for its key, along the way by which it came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from santong.aftersales import contracts
from santong.aftersales.models import Case, RefundStep
from santong.aftersales.rules.amounts import Part
from santong.aftersales.rules.numbers import refund_key
from santong.aftersales.selectors.compensating import left_of_documents
from santong.aftersales.services.keep_time import start_refund_clock
from santong.aftersales.services.lock_case import record
from santong.kernel.money import spread
from santong.payments import public as payments
from santong.settlement import public as settlement


def plan_refunds(
    case: Case, *, what: contracts.RefundWhat, parts: Iterable[Part], now: datetime
) -> list[RefundStep]:
    """Write down what goes back, by document, and ask for it. The case is locked.

    Of no document goes back more than compensation and refunds have left of what was paid. What
    `payments` would not take now is kept as failed, and asked for again by the clock or by a
    person.
    """
    by_document: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for part in parts:
        if part.amount_minor:
            by_document[part.document][part.line_id] += part.amount_minor
    left = left_of_documents(merchant_id=case.merchant_id, documents=by_document)
    return [
        _plan(case, what, document, kept, now)
        for document, amounts in by_document.items()
        if (kept := _within(amounts, left.get(document)))
    ]


def _within(amount_by_line: Mapping[int, int], most_minor: int | None) -> dict[int, int]:
    """The same amounts, together no more than so much."""
    whole = sum(amount_by_line.values())
    kept = spread(
        whole if most_minor is None else min(whole, most_minor),
        over=list(amount_by_line.values()),
    )
    return {line: amount for line, amount in zip(amount_by_line, kept, strict=True) if amount}


def _plan(
    case: Case,
    what: contracts.RefundWhat,
    document: str,
    amount_by_line: dict[int, int],
    now: datetime,
) -> RefundStep:
    number = RefundStep.objects.of_merchant(case.merchant_id).filter(case=case.id).count() + 1
    step = RefundStep(
        merchant_id=case.merchant_id,
        case=case,
        number=number,
        what=what,
        document=document,
        key=refund_key(case.id, number),
        amount_minor=sum(amount_by_line.values()),
        amount_by_line={str(line_id): amount for line_id, amount in amount_by_line.items()},
        state="planned",
        planned_at=now,
    )
    step.save(force_insert=True)
    record(
        case,
        action="plan_refund",
        reason=f"{what} of {step.key}",
        before={},
        now=now,
        amount_minor=step.amount_minor,
        document=document,
    )
    start_refund_clock(case, now=now)
    ask(step, case=case, now=now)
    return step


def ask(step: RefundStep, *, case: Case, now: datetime) -> None:
    """Ask `payments` for a step; what cannot go back now says why."""
    try:
        with transaction.atomic():
            refund = payments.refund(
                merchant_id=step.merchant_id,
                document=step.document,
                key=step.key,
                amount_minor=step.amount_minor,
                currency=case.currency,
                reason=f"case {case.number}: {step.what}",
                now=now,
            )
    except payments.MoreThanReceived as refused:
        step.state, step.why = "failed", refused.code
        step.save(update_fields=["state", "why"])
        return
    step.refund_id, step.why = refund.id, ""
    step.state = "done" if refund.state == "done" else "asked"
    step.ended_at = now if step.state == "done" else None
    step.save(update_fields=["refund_id", "why", "state", "ended_at"])
    lines = {int(line): amount for line, amount in step.amount_by_line.items() if int(line)}
    if lines:
        settlement.name_refunded_lines(
            merchant_id=step.merchant_id,
            document=step.document,
            key=step.key,
            amount_by_line=lines,
        )
