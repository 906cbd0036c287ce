"""Answer what a party disputes."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.settlement import contracts
from santong.settlement.errors import ClaimAnswered
from santong.settlement.events import ClaimWasAnswered
from santong.settlement.models import Claim, Entry
from santong.settlement.rules.matching import HEAD_OFFICE
from santong.settlement.rules.terms import clean_reason
from santong.settlement.selectors.ledger import SOURCE, account_of_party
from santong.settlement.services.open_parties import open_parties
from santong.settlement.services.signature import signature


@all_or_nothing
def accept_claim(
    *, merchant_id: int, claim_id: int, correction_minor: int, answer: str, now: datetime
) -> contracts.Claim:
    """Give a party right: so much more is payable to it, or less, and head office bears it.

    Raises NoSuch, ClaimAnswered, FieldInvalid. Emits ClaimWasAnswered. Locks the claim, accounts.
    """
    if not 0 < abs(correction_minor) <= contracts.MOST_MINOR:
        raise FieldInvalid(pointer="/correction_minor", reason="what is to be put right")
    row = _open_claim(merchant_id, claim_id)
    head_office = open_parties(merchant_id=merchant_id, refs=[HEAD_OFFICE], now=now)[HEAD_OFFICE]
    if row.party_id == head_office:
        raise FieldInvalid(pointer="/correction_minor", reason="nobody else bears it")
    currency = row.entry.currency
    sides = {row.party_id: correction_minor, head_office: -correction_minor}
    answer = clean_reason(answer)
    Entry.objects.bulk_create(
        [
            Entry(
                merchant_id=merchant_id,
                party_id=party_id,
                kind="corrected",
                currency=currency,
                amount_minor=amount,
                at=now,
                sale_id=row.entry.sale_id,
                reason=answer,
            )
            for party_id, amount in sides.items()
        ]
    )
    payments.post(
        merchant_id=merchant_id,
        source=SOURCE,
        txn=payments.NewTxn(
            key=f"claim:{row.id}",
            kind="share_corrected",
            entries=tuple(
                payments.NewEntry(
                    account_of_party(party_id=party_id, kind="payable", currency=currency), amount
                )
                for party_id, amount in sides.items()
            ),
            occurred_at=now,
            reference=f"claim:{row.id}",
        ),
        now=now,
    )
    row.correction_minor = correction_minor
    return _answer(row, to="accepted", answer=answer, now=now)


@all_or_nothing
def refuse_claim(*, merchant_id: int, claim_id: int, answer: str, now: datetime) -> contracts.Claim:
    """Say that the line is right, and why.

    Raises NoSuch, ClaimAnswered, FieldInvalid. Emits ClaimWasAnswered. Locks the claim.
    """
    row = _open_claim(merchant_id, claim_id)
    return _answer(row, to="refused", answer=clean_reason(answer), now=now)


def _open_claim(merchant_id: int, claim_id: int) -> Claim:
    rows = Claim.objects.of_merchant(merchant_id).filter(id=claim_id)
    row = rows.select_related("entry").lock().first()
    if row is None:
        raise NoSuch(kind="claim", key=str(claim_id))
    if row.state != "open":
        raise ClaimAnswered(claim_id=str(claim_id), state=row.state)
    return row


def _answer(row: Claim, *, to: contracts.ClaimState, answer: str, now: datetime) -> contracts.Claim:
    row.state, row.answer = to, answer
    row.answered_by, row.answered_at = signature(), now
    row.save(update_fields=["state", "answer", "answered_by", "answered_at", "correction_minor"])
    audit.record(
        audit.Change(
            action="settlement.answer_claim",
            subject="claim",
            subject_id=row.id,
            reason=answer,
            before={"state": "open"},
            after={"state": to, "correction_minor": row.correction_minor},
        ),
        now=now,
    )
    outbox.publish(
        ClaimWasAnswered(
            party_id=row.party_id,
            claim_id=row.id,
            state=to,
            correction_minor=row.correction_minor,
        ),
        now=now,
    )
    return row.as_contract()
