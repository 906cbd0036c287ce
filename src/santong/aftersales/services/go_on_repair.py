"""A repair goes on: quoted, accepted and paid, mended, handed back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from santong.aftersales import contracts
from santong.aftersales.errors import RepairPassed
from santong.aftersales.events import RepairChanged
from santong.aftersales.models import Case, Repair
from santong.aftersales.rules import states
from santong.aftersales.rules.fields import clean_reason
from santong.aftersales.services.finish_case import finish_if_done
from santong.aftersales.services.lock_case import lock_case, record
from santong.aftersales.services.share_repair import (
    accept_shares,
    name_repairer,
    share_repair,
)
from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments

ASKED_FOR: Final = timedelta(minutes=30)
MOST_MINOR: Final = 10**11


@all_or_nothing
def quote_repair(
    *, merchant_id: int, case_id: int, quote_minor: int, diagnosis: str, now: datetime
) -> contracts.Repair:
    """Say what is wrong and what it costs; nothing under warranty, and work can begin then.

    Raises NoSuch, RepairPassed, FieldInvalid. Emits RepairChanged. Locks the case.
    """
    if not 0 <= quote_minor <= MOST_MINOR:
        raise FieldInvalid(pointer="/quote_minor", reason=f"0 to {MOST_MINOR}")
    case, row = locked_repair(merchant_id, case_id, among={"looked_at", "quoted", "repairing"})
    row.diagnosis = clean_reason(diagnosis, pointer="/diagnosis")
    row.quote_minor, row.quoted_at = quote_minor, now
    step_repair(case, row, to="quoted" if quote_minor else "repairing", now=now)
    return row.as_contract()


@all_or_nothing
def accept_quote(*, merchant_id: int, case_id: int, now: datetime) -> contracts.Repair:
    """The buyer wants it for this price; it is to be paid first. Accepted twice is once.

    Raises NoSuch, RepairPassed. Emits RepairChanged. Locks the case.
    """
    case, row = locked_repair(merchant_id, case_id, among={"quoted", "to_be_paid", "repairing"})
    if row.state == "quoted":
        row.accepted_at = now
        step_repair(case, row, to="to_be_paid", now=now)
    return row.as_contract()


@all_or_nothing
def decline_quote(*, merchant_id: int, case_id: int, now: datetime) -> contracts.Repair:
    """The buyer does not want it for this price: the item goes back as it is.

    Raises NoSuch, RepairPassed. Emits RepairChanged. Locks the case.
    """
    case, row = locked_repair(merchant_id, case_id, among={"quoted", "to_be_paid"})
    row.was_declined, row.quote_minor = True, 0
    payments.cancel_intents_of(
        merchant_id=merchant_id, document=row.document, reason="declined", now=now
    )
    step_repair(case, row, to="repaired", now=now)
    return row.as_contract()


@all_or_nothing
def ask_for_payment(
    *,
    merchant_id: int,
    case_id: int,
    key: str,
    tenders: Sequence[payments.NewTender],
    now: datetime,
) -> payments.Intent:
    """Ask the buyer to pay an accepted quote, once for the key.

    Raises NoSuch, RepairPassed, and what opening an intent raises. Locks the case, then intents.
    """
    case, row = locked_repair(merchant_id, case_id, among={"to_be_paid"})
    return payments.open_intent(
        merchant_id=merchant_id,
        new=payments.NewIntent(
            key=f"{row.document}:{key}",
            document=row.document,
            currency=row.currency,
            amount_minor=row.quote_minor,
            subject=case.number,
            expires_at=now + ASKED_FOR,
            tenders=tuple(tenders),
        ),
        now=now,
    )


@all_or_nothing
def follow_payment(*, merchant_id: int, document: str, now: datetime) -> None:
    """Money came in for a repair; all of it lets the work begin. Locks the case."""
    kind, _, number = document.partition(":")
    if kind != "case" or not number.isdecimal():
        return
    case = lock_case(merchant_id=merchant_id, case_id=int(number))
    row = Repair.objects.of_merchant(merchant_id).filter(case=case.id).first()
    if row is None or row.state not in {"to_be_paid", "quoted"}:
        return
    intents = payments.intents_of(merchant_id=merchant_id, document=document)
    if sum(each.received_minor - each.refunded_minor for each in intents) >= row.quote_minor:
        row.accepted_at, row.paid_at = row.accepted_at or now, now
        row.state = "to_be_paid"
        step_repair(case, row, to="repairing", now=now)
        share_repair(case, row, now=now)


@all_or_nothing
def assign_repair(
    *,
    merchant_id: int,
    case_id: int,
    repairer: contracts.Repairer,
    repairer_code: str,
    now: datetime,
) -> contracts.Repair:
    """Say who mends it: this store, a workshop or a provider by their code.

    Raises NoSuch, RepairPassed, FieldInvalid. Emits RepairChanged. Locks the case.
    """
    open_states = set(contracts.REPAIR_STATES) - {"repaired", "handed_back"}
    case, row = locked_repair(merchant_id, case_id, among=open_states)
    if repairer not in contracts.REPAIRERS or len(repairer_code) > 60:  # noqa: PLR2004  the column
        raise FieldInvalid(pointer="/repairer", reason=f"one of {', '.join(contracts.REPAIRERS)}")
    row.repairer, row.repairer_code = repairer, repairer_code.strip()
    step_repair(case, row, to=row.state, now=now)
    name_repairer(case, row, now=now)
    return row.as_contract()


@all_or_nothing
def finish_repair(
    *, merchant_id: int, case_id: int, remark: str, now: datetime
) -> contracts.Repair:
    """It is mended and waits for its owner.

    Raises NoSuch, RepairPassed, FieldInvalid. Emits RepairChanged. Locks the case.
    """
    case, row = locked_repair(merchant_id, case_id, among={"repairing"})
    row.diagnosis = clean_reason(remark, pointer="/remark")
    step_repair(case, row, to="repaired", now=now)
    return row.as_contract()


@all_or_nothing
def hand_back(*, merchant_id: int, case_id: int, now: datetime) -> contracts.Repair:
    """Its owner has it again; the case is done. Handed back twice is once.

    Raises NoSuch, RepairPassed. Emits RepairChanged, CaseEnded. Locks the case.
    """
    case, row = locked_repair(merchant_id, case_id, among={"repaired", "handed_back"})
    if row.state == "repaired":
        finish_and_hand_back(case, row, now=now)
    return row.as_contract()


def finish_and_hand_back(case: Case, row: Repair, *, now: datetime) -> None:
    """It is mended where its owner is, and the case is done. The case is locked."""
    if row.state != "repaired":
        step_repair(case, row, to="repaired", now=now)
    row.ended_at = now
    step_repair(case, row, to="handed_back", now=now)
    accept_shares(case, row, now=now)
    finish_if_done(case, now=now)


def locked_repair(merchant_id: int, case_id: int, *, among: Collection[str]) -> tuple[Case, Repair]:
    """A case and its repair, locked, in one of some states. Raises NoSuch, RepairPassed."""
    case = lock_case(merchant_id=merchant_id, case_id=case_id)
    row = Repair.objects.of_merchant(merchant_id).filter(case=case.id).first()
    if row is None:
        raise NoSuch(kind="repair", key=case.number)
    if row.state not in among:
        raise RepairPassed(repair_id=str(row.id), state=row.state, wanted=", ".join(sorted(among)))
    return case, row


def step_repair(case: Case, row: Repair, *, to: str, now: datetime) -> None:
    """Let a repair go on, and say so. Emits RepairChanged. The case is locked."""
    before = row.state
    assert to == before or to in states.REPAIR[before], f"a repair goes from {before} to {to}"
    row.state = to
    row.save()
    record(
        case,
        action="repair",
        reason=row.diagnosis or to,
        before={"repair": before},
        now=now,
        repair=to,
        quote_minor=row.quote_minor,
    )
    outbox.publish(
        RepairChanged(
            case_id=case.id,
            repair_id=row.id,
            state=to,
            is_warranty=row.is_warranty,
            quote_minor=row.quote_minor,
            currency=row.currency,
        ),
        now=now,
    )
