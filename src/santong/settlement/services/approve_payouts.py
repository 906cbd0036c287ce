"""Approve a payout, or give it up."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, Value

from santong.kernel import audit, outbox
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.errors import NothingToPay, RunPassed, SameHands
from santong.settlement.events import PayoutRunChanged
from santong.settlement.models import PayoutLine, PayoutRun
from santong.settlement.rules.terms import clean_reason
from santong.settlement.selectors.payouts import payout_run
from santong.settlement.services.signature import hands


@all_or_nothing
def approve_payouts(*, merchant_id: int, run_id: int, now: datetime) -> contracts.PayoutRun:
    """Let a draft be paid, by somebody else than who drafted it. Approving twice approves once.

    Raises NoSuch, RunPassed, SameHands, NothingToPay. Emits PayoutRunChanged. Locks the run.
    """
    run, person = _locked(merchant_id, run_id), hands(merchant_id=merchant_id)
    if run.state == "approved" and run.approved_by == person:
        return payout_run(merchant_id=merchant_id, run_id=run_id)
    if run.state != "draft":
        raise RunPassed(run_id=str(run_id), state=run.state, wanted="approved")
    if run.drafted_by == person:
        raise SameHands(run_id=str(run_id))
    planned = PayoutLine.objects.of_merchant(merchant_id).filter(run=run, state="planned")
    sent = planned.update(
        send_at=ExpressionWrapper(
            Value(now) + F("delay_seconds") * timedelta(seconds=1), output_field=DateTimeField()
        )
    )
    if not sent:
        raise NothingToPay(run_id=str(run_id))
    run.approved_by, run.approved_at = person, now
    _move(run, to="approved", reason="approved", now=now)
    return payout_run(merchant_id=merchant_id, run_id=run_id)


@all_or_nothing
def cancel_payouts(
    *, merchant_id: int, run_id: int, reason: str, now: datetime
) -> contracts.PayoutRun:
    """Give a payout up that was not approved yet; nothing of it is paid.

    Raises NoSuch, RunPassed, FieldInvalid. Emits PayoutRunChanged. Locks the run.
    """
    reason = clean_reason(reason)
    run = _locked(merchant_id, run_id)
    if run.state == "cancelled":
        return payout_run(merchant_id=merchant_id, run_id=run_id)
    if run.state not in {"drafting", "draft"}:
        raise RunPassed(run_id=str(run_id), state=run.state, wanted="cancelled")
    PayoutLine.objects.of_merchant(merchant_id).filter(run=run, state="planned").update(
        state="left_out", why=reason
    )
    run.ended_at = now
    _move(run, to="cancelled", reason=reason, now=now)
    return payout_run(merchant_id=merchant_id, run_id=run_id)


def _locked(merchant_id: int, run_id: int) -> PayoutRun:
    run = PayoutRun.objects.of_merchant(merchant_id).filter(id=run_id).lock().first()
    if run is None:
        raise NoSuch(kind="payout run", key=str(run_id))
    return run


def _move(run: PayoutRun, *, to: contracts.RunState, reason: str, now: datetime) -> None:
    before, run.state = run.state, to
    run.save(update_fields=["state", "approved_by", "approved_at", "ended_at"])
    audit.record(
        audit.Change(
            action="settlement.move_payouts",
            subject="payout_run",
            subject_id=run.id,
            reason=reason,
            before={"state": before},
            after={"state": to},
        ),
        now=now,
    )
    outbox.publish(
        PayoutRunChanged(
            run_id=run.id, state=to, currency=run.currency, amount_minor=run.amount_minor
        ),
        now=now,
    )
