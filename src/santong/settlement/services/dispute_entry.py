"""A party disputes a line of its statement."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.errors import AlreadyClaimed
from santong.settlement.models import Claim, Entry, Statement
from santong.settlement.rules.terms import clean_reason
from santong.settlement.services.signature import signature


@all_or_nothing
def dispute_entry(
    *, merchant_id: int, statement_id: int, entry_id: int, reason: str, now: datetime
) -> contracts.Claim:
    """Say that a line of a statement is wrong, and why; it will be answered. Each line once.

    Raises NoSuch, AlreadyClaimed, FieldInvalid. Locks the statement.
    """
    reason = clean_reason(reason)
    statement = Statement.objects.of_merchant(merchant_id).filter(id=statement_id).lock().first()
    if statement is None:
        raise NoSuch(kind="statement", key=str(statement_id))
    entry = (
        Entry.objects.of_merchant(merchant_id)
        .filter(
            id=entry_id,
            party=statement.party_id,
            currency=statement.currency,
            at__gte=statement.counted_from,
            at__lt=statement.counted_until,
        )
        .first()
    )
    if entry is None:
        raise NoSuch(kind="statement line", key=str(entry_id))
    before = Claim.objects.of_merchant(merchant_id).filter(statement=statement, entry=entry).first()
    if before is not None:
        raise AlreadyClaimed(claim_id=str(before.id), state=before.state)
    row = Claim.objects.create(
        merchant_id=merchant_id,
        statement=statement,
        entry=entry,
        party_id=statement.party_id,
        reason=reason,
        claimed_by=signature(),
        claimed_at=now,
        state="open",
    )
    audit.record(
        audit.Change(
            action="settlement.dispute_entry",
            subject="claim",
            subject_id=row.id,
            reason=reason,
            after={"state": "open", "entry_id": entry_id},
        ),
        now=now,
    )
    return row.as_contract()
