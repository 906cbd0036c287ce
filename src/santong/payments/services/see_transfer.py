"""What a provider says of a transfer becomes what we know of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from santong.kernel import audit, outbox
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import (
    MovementKind,
    NewEntry,
    NewTxn,
    SeenMove,
    TransferState,
)
from santong.payments.events import TransferEnded
from santong.payments.models import Movement, Work
from santong.payments.models import Transfer as Row
from santong.payments.rules.books import SOURCE, arrived, came_back, opposite, sent_out
from santong.payments.services.post import post

_ENDS: Final[dict[tuple[str, str], Literal["done", "failed", "returned"]]] = {
    ("queued", "done"): "done",
    ("sent", "done"): "done",
    ("queued", "failed"): "failed",
    ("sent", "failed"): "failed",
    ("queued", "returned"): "failed",
    ("sent", "returned"): "failed",
    ("done", "returned"): "returned",
    ("done", "failed"): "returned",
}


@all_or_nothing
def see_transfer(
    *, merchant_id: int, reference: str, seen: SeenMove, now: datetime
) -> TransferState:
    """Take in how a transfer stands: each step once, however often it is told.

    What could not be sent, or came back, is owed to the party again.

    Raises NoSuch. Emits TransferEnded. Locks the transfer, then accounts of the ledger.
    """
    row = (
        Row.objects.of_merchant(merchant_id)
        .filter(reference=reference)
        .select_related("account")
        .lock()
        .first()
    )
    if row is None:
        raise NoSuch(kind="payment_transfer", key=reference)
    before = row.state
    ends = _ENDS.get((row.state, seen.state))
    if ends is None:
        if row.state == "queued" and seen.state == "working":
            row.state = "sent"
            row.save(update_fields=["state"])
            audit.record(_change(row, before, seen), now=now)
        return row.state  # type: ignore[return-value]  # the field knows no others
    row.state = ends
    row.ended_at = now
    row.why = seen.why[:120]
    row.their_reference = seen.their_reference[:128] or row.their_reference
    row.save(update_fields=["state", "ended_at", "why", "their_reference"])
    _book(row, ends, seen, now)
    Work.objects.of_merchant(merchant_id).filter(about="transfer", subject_id=row.id).update(
        due_at=None, claimed_until=None
    )
    audit.record(_change(row, before, seen), now=now)
    outbox.publish(
        TransferEnded(
            transfer_id=row.id,
            source=row.source,
            key=row.key,
            state=ends,
            party=row.party,
            currency=row.currency,
            amount_minor=row.amount_minor,
            why=row.why,
        ),
        now=now,
    )
    return ends


def _book(
    row: Row, ends: Literal["done", "failed", "returned"], seen: SeenMove, now: datetime
) -> None:
    at = seen.at or now
    code, amount = row.account.code, row.amount_minor
    if ends == "failed":
        entries = opposite(
            sent_out(currency=row.currency, account=code, party=row.party, amount_minor=amount)
        )
        moved: list[tuple[MovementKind, int]] = []
    elif ends == "done":
        entries = arrived(
            currency=row.currency, account=code, amount_minor=amount, fee_minor=seen.fee_minor
        )
        moved = [("transfer", -amount), ("fee", -seen.fee_minor)]
    else:
        entries = came_back(
            currency=row.currency, account=code, party=row.party, amount_minor=amount
        )
        moved = [("transfer_returned", amount)]
    txn_id = _post(row, ends, entries, at, now)
    Movement.objects.bulk_create(
        [
            Movement(
                merchant_id=row.merchant_id,
                account=row.account,
                kind=kind,
                reference=row.reference,
                their_reference=row.their_reference,
                amount_minor=moved_minor,
                currency=row.currency,
                moved_at=at,
                recorded_at=now,
                subject=f"transfer:{row.id}",
                txn_id=txn_id,
            )
            for kind, moved_minor in moved
            if moved_minor
        ]
    )


def _post(row: Row, ends: str, entries: tuple[NewEntry, ...], at: datetime, now: datetime) -> int:
    return post(
        merchant_id=row.merchant_id,
        source=SOURCE,
        txn=NewTxn(
            key=f"{ends}:{row.reference}",
            kind=f"transfer_{ends}",
            entries=entries,
            occurred_at=at,
            reference=f"transfer:{row.id}",
        ),
        now=now,
    ).id


def _change(row: Row, before: str, seen: SeenMove) -> audit.Change:
    return audit.Change(
        action="payments.see_transfer",
        subject="payment_transfer",
        subject_id=row.id,
        reason=seen.why[:200] or seen.state,
        before={"state": before},
        after={"state": row.state},
    )
