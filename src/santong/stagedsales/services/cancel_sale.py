"""Nothing more comes of a sale: what is not kept goes back, in the same piece of work."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.stagedsales.contracts import SaleState, StageState, document_of
from santong.stagedsales.errors import SalePassed
from santong.stagedsales.events import SaleCancelled
from santong.stagedsales.models import ChangeOrder, RedemptionCode, Stage
from santong.stagedsales.rules.refunds import FAULTS, Fault, kept_of
from santong.stagedsales.rules.states import GONE, OVER
from santong.stagedsales.rules.terms import clean_reason, refunds_from_json
from santong.stagedsales.services.change_state import change_stage, change_state
from santong.stagedsales.services.lock import Held, lock_sale
from santong.stagedsales.services.refund_document import refund_document
from santong.stagedsales.services.settle import settle


@all_or_nothing
def cancel_sale(*, merchant_id: int, sale_id: int, fault: Fault, reason: str, now: datetime) -> int:
    """End a sale and give back what is not kept; say how much goes back.

    Before the contract all of the deposit does. After it the contract's rules say what is kept;
    where it is the shop's doing, only what was accepted is.

    Raises NoSuch, SalePassed, FieldInvalid. Emits SaleCancelled and what settling emits. Locks the
    sale, its documents' intents, accounts.
    """
    if fault not in FAULTS:
        raise FieldInvalid(pointer="/fault", reason=f"one of {', '.join(FAULTS)}")
    reason = clean_reason(reason)
    held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    if held.sale.state in OVER or held.sale.state == "disputed":
        raise SalePassed(state=held.sale.state)
    settle(held, now=now)
    if held.sale.state in OVER:
        raise SalePassed(state=held.sale.state)
    return end_sale(held, cause="cancelled", fault=fault, reason=reason, now=now)


def end_sale(
    held: Held,
    *,
    cause: Literal["expired", "cancelled"],
    fault: Fault,
    reason: str,
    now: datetime,
) -> int:
    """End a locked sale whose money was seen to; how much goes back. Emits SaleCancelled."""
    for number in held.money:
        payments.cancel_intents_of(
            merchant_id=held.merchant_id,
            document=document_of(held.sale.id, number),
            reason=reason,
            now=now,
        )
    before = {number: row.returning_minor for number, row in held.money.items()}
    if held.contract is None:
        _give_deposit_back(held, cause)
    else:
        _give_stages_back(held, fault=fault, reason=reason, now=now)
    held.sale.why = reason
    to: SaleState = "expired" if cause == "expired" else "cancelled"
    change_state(held.sale, to=to, reason=reason, now=now)
    _withdraw_changes(held, now)
    settle(held, now=now)
    back = sum(row.returning_minor - before[number] for number, row in held.money.items())
    outbox.publish(
        SaleCancelled(
            sale_id=held.sale.id,
            cause=cause,
            had_contract=held.contract is not None,
            currency=held.sale.currency,
            kept_minor=sum(row.as_contract().net_minor for row in held.money.values()),
            refund_minor=back,
        ),
        now=now,
    )
    return back


def _give_deposit_back(held: Held, cause: str) -> None:
    """All of it: nobody owes a deposit for what was not agreed. Settling sends it."""
    for row in held.money.values():
        row.keep_minor = 0
        row.save(update_fields=["keep_minor"])
    RedemptionCode.objects.of_merchant(held.merchant_id).filter(
        sale=held.sale, state="issued"
    ).update(state="expired" if cause == "expired" else "void")


def _give_stages_back(held: Held, *, fault: Fault, reason: str, now: datetime) -> None:
    assert held.contract is not None, "stages are a contract's"
    refunds = refunds_from_json(held.contract.refunds)
    for standing in held.standings():
        stage = held.stage(standing.number)
        if stage.state in GONE:
            continue
        kept = kept_of(standing, refunds=refunds, fault=fault)
        back = refund_document(
            held,
            stage.document_number,
            keep_minor=kept,
            key=f"cancel:{stage.number}",
            reason=reason,
            now=now,
        )
        stage.paid_minor = kept
        change_stage(stage, to=_state_after(stage, kept, back), reason=reason, now=now)


def _state_after(stage: Stage, kept: int, back: int) -> StageState:
    if stage.state == "released" or (stage.state == "paid" and not back):
        return stage.state  # type: ignore[return-value]  # one of the words of the type
    return "refunded" if back or kept else "waived"


def _withdraw_changes(held: Held, now: datetime) -> None:
    ChangeOrder.objects.of_merchant(held.merchant_id).filter(
        sale=held.sale, state="proposed"
    ).update(state="withdrawn", decided_at=now)
