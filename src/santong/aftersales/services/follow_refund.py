"""Money has gone back, or would not: the case follows."""

from __future__ import annotations

from datetime import datetime

from santong.aftersales.models import RefundStep
from santong.aftersales.rules.numbers import case_of_refund
from santong.aftersales.services.finish_case import finish_if_done
from santong.aftersales.services.give_money_back import ask
from santong.aftersales.services.lock_case import lock_case, record
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments


@all_or_nothing
def follow_refund(*, merchant_id: int, key: str, why: str, now: datetime) -> None:
    """See how a refund of a case stands; one that is not of a case is nobody's here.

    Raises NoSuch. Emits CaseEnded. Locks the case.
    """
    case_id = case_of_refund(key)
    if case_id is None:
        return
    case = lock_case(merchant_id=merchant_id, case_id=case_id)
    step = RefundStep.objects.of_merchant(merchant_id).filter(case=case.id, key=key).first()
    if step is None or step.refund_id is None or step.state == "done":
        return
    refund = payments.refund_by_id(merchant_id=merchant_id, refund_id=step.refund_id)
    before = step.state
    if refund.state in {"done", "given_up"}:
        step.state, step.why, step.ended_at = "done", "", now
    elif refund.failed_minor:
        step.state, step.why = "failed", why or step.why
    else:
        step.state = "asked"
    step.save(update_fields=["state", "why", "ended_at"])
    if step.state != before:
        record(
            case,
            action="follow_refund",
            reason=step.key,
            before={"refund": before},
            now=now,
            refund=step.state,
        )
    finish_if_done(case, now=now)


@all_or_nothing
def retry_refund(
    *, merchant_id: int, case_id: int, step_id: int, reason: str, now: datetime
) -> None:
    """Ask again for money that would not go back.

    Raises NoSuch, and what `payments.retry_refund` raises. Locks the case, then intents and
    accounts.
    """
    case = lock_case(merchant_id=merchant_id, case_id=case_id)
    rows = RefundStep.objects.of_merchant(merchant_id).filter(case=case.id, id=step_id)
    step = rows.filter(state="failed").first()
    if step is None:
        return
    if step.refund_id is None:
        ask(step, case=case, now=now)
    else:
        payments.retry_refund(
            merchant_id=merchant_id, refund_id=step.refund_id, reason=reason, now=now
        )
        step.state, step.why = "asked", ""
        step.save(update_fields=["state", "why"])
    record(case, action="retry_refund", reason=reason, before={}, now=now, refund=step.state)
    finish_if_done(case, now=now)


def retry_unasked(*, merchant_id: int, limit: int, now: datetime) -> int:
    """Ask again for what `payments` knew no money of yet: the channel tells it a moment later."""
    rows = RefundStep.objects.of_merchant(merchant_id).filter(
        state="failed", refund_id__isnull=True
    )
    found = list(rows.order_by("id").values_list("case_id", "id")[:limit])
    for case_id, step_id in found:
        retry_refund(
            merchant_id=merchant_id,
            case_id=case_id,
            step_id=step_id,
            reason="asked again by the clock",
            now=now,
        )
    return len(found)
