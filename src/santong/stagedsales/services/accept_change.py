"""The buyer agrees to a change: stages, contract and money follow in one piece of work."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.stagedsales.contracts import DraftStage, document_of
from santong.stagedsales.errors import ChangePassed, SalePassed
from santong.stagedsales.events import ContractChanged
from santong.stagedsales.models import ChangeOrder, Stage
from santong.stagedsales.rules.changes import Replanned, replan
from santong.stagedsales.rules.deadlines import due_at, silent_at
from santong.stagedsales.rules.states import GONE, PAYABLE, UNDER_CONTRACT
from santong.stagedsales.rules.terms import stage_from_json
from santong.stagedsales.services.change_state import change_stage
from santong.stagedsales.services.end_change import open_change
from santong.stagedsales.services.lock import Held, lock_sale
from santong.stagedsales.services.propose_change import basis_of
from santong.stagedsales.services.refund_document import refund_document
from santong.stagedsales.services.settle import settle
from santong.stagedsales.services.sign_contract import add_stage, stage_fields, zone_of


@all_or_nothing
def accept_change(*, merchant_id: int, sale_id: int, version: int, now: datetime) -> None:
    """Let the contract be what the buyer has seen and agreed to; twice is once.

    Only unpaid stages change, unless the new total is below what is paid: then so much goes back.
    What was being asked for unpaid stages is asked no longer. A change that was proposed for
    stages that have been paid or accepted since has passed.

    Raises NoSuch, SalePassed, ChangePassed. Emits ContractChanged and what settling emits. Locks
    the sale, documents' intents, accounts.
    """
    held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    row = open_change(held, version=version, wanted="accepted")
    if row is None:
        return
    settle(held, now=now)
    if held.sale.state not in UNDER_CONTRACT:
        raise SalePassed(state=held.sale.state)
    if basis_of(held) != row.basis_hash:
        raise ChangePassed(version=version, state="outdated")
    _apply(held, row, now)
    row.state, row.decided_at = "accepted", now
    row.save(update_fields=["state", "decided_at"])
    audit.record(_changed(row), now=now)
    outbox.publish(
        ContractChanged(
            sale_id=sale_id,
            version=version,
            currency=held.sale.currency,
            before_minor=row.before_minor,
            amount_minor=row.amount_minor,
            refund_minor=row.refund_minor,
        ),
        now=now,
    )
    settle(held, now=now)


def _apply(held: Held, row: ChangeOrder, now: datetime) -> None:
    drafts = [
        DraftStage(number=int(number), terms=stage_from_json(said)) for number, said in row.drafts
    ]
    known = {each.number for each in held.stages}
    asked = [
        DraftStage(number=draft.number if draft.number in known else 0, terms=draft.terms)
        for draft in drafts
    ]
    found = replan(held.standings(), total_minor=row.amount_minor, drafts=asked)
    _ask_no_longer(held, now)
    _free_the_remainder(held)
    _shrink(held, row, found, now)
    for draft, amount in zip(drafts, found.draft_amounts, strict=True):
        _plan_anew(held, draft, amount, row, now)
    _name_the_remainder(held)
    assert held.contract is not None, "what is changed was signed"
    held.contract.amount_minor = row.amount_minor
    held.contract.version = row.version
    held.contract.save(update_fields=["amount_minor", "version"])


def _ask_no_longer(held: Held, now: datetime) -> None:
    for stage in held.stages:
        if stage.state in PAYABLE:
            payments.cancel_intents_of(
                merchant_id=held.merchant_id,
                document=document_of(held.sale.id, stage.document_number),
                reason="the contract was changed",
                now=now,
            )


def _free_the_remainder(held: Held) -> None:
    """One stage takes the remainder at a time: whoever did stands at its amount until named."""
    for stage in held.stages:
        if stage.basis == "remainder":
            stage.basis = "fixed"
            stage.save(update_fields=["basis"])


def _shrink(held: Held, row: ChangeOrder, found: Replanned, now: datetime) -> None:
    """Stages that are over, and paid ones that come to less."""
    for stage in held.stages:
        amount = found.amount_by_number.get(stage.number, stage.amount_minor)
        back = found.refund_by_number.get(stage.number, 0)
        if amount == stage.amount_minor and not back:
            continue
        refund_document(
            held,
            stage.document_number,
            keep_minor=amount,
            key=f"change:{row.version}:{stage.number}",
            reason=row.reason,
            now=now,
        )
        had_come = stage.paid_minor > 0
        stage.amount_minor = amount
        stage.paid_minor = min(stage.paid_minor, amount)
        to = stage.state if amount else ("refunded" if had_come else "waived")
        change_stage(stage, to=to, reason=row.reason, now=now)  # type: ignore[arg-type]  # its words


def _plan_anew(held: Held, draft: DraftStage, amount: int, row: ChangeOrder, now: datetime) -> None:
    due = due_at(draft.terms, signed_at=now, zone=zone_of(held.merchant_id))
    stage = next((each for each in held.stages if each.number == draft.number), None)
    if stage is None:
        add_stage(
            held,
            number=draft.number,
            document_number=draft.number,
            terms=draft.terms,
            amount_minor=amount,
            due=due,
        )
        return
    for name, value in stage_fields(draft.terms).items():
        setattr(stage, name, value)
    stage.amount_minor = amount
    stage.due_at = due or _has_happened(held, stage)
    stage.silent_at = (
        silent_at(done_at=stage.done_at, silence_days=stage.silence_days)
        if stage.accepted_at is None and stage.waits_for_acceptance
        else None
    )
    held.money[stage.document_number].keep_minor = amount
    held.money[stage.document_number].save(update_fields=["keep_minor"])
    change_stage(stage, to="planned", reason=row.reason, now=now)


def _has_happened(held: Held, stage: Stage) -> datetime | None:
    """What the stage waits for may have happened before the change."""
    return {
        "milestone": stage.done_at,
        "acceptance": stage.accepted_at,
        "delivery": held.sale.delivered_at,
    }.get(stage.due)


def _name_the_remainder(held: Held) -> None:
    """Where all that is left is paid, the last stage stands for the remainder."""
    if any(stage.basis == "remainder" for stage in held.stages):
        return
    live = [stage for stage in held.stages if stage.state not in GONE]
    last = live[-1] if live else held.stages[-1]
    last.basis = "remainder"
    last.save(update_fields=["basis"])


def _changed(row: ChangeOrder) -> audit.Change:
    return audit.Change(
        action="stagedsales.accept_change",
        subject="staged_sale",
        subject_id=row.sale_id,
        reason=row.reason,
        before={"amount_minor": row.before_minor},
        after={"version": row.version, "amount_minor": row.amount_minor},
    )
