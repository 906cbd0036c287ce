"""A buyer fights about a payment at the provider."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from santong.kernel import audit, outbox
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import MovementKind, NewEntry, NewTxn, SeenDispute
from santong.payments.events import DisputeChanged
from santong.payments.models import Dispute as Row
from santong.payments.models import Intent, Movement, Tender
from santong.payments.rules.books import SOURCE, dispute_lost, disputed, opposite
from santong.payments.services.post import post
from santong.payments.services.see_payment import lock_payment


@all_or_nothing
def see_dispute(*, merchant_id: int, seen: SeenDispute, now: datetime) -> None:
    """Take in a dispute: opened once, decided once; a decision that comes first opens it, too.

    While it is open the provider has the money back; a lost one is a refund, a won one is undone.
    A decision under a number of its own is about the payment's open dispute over the same amount:
    statements name what went out and what came back differently.

    Raises NoSuch. Emits DisputeChanged. Locks the intent, then accounts of the ledger.
    """
    held = lock_payment(merchant_id=merchant_id, reference=seen.payment_reference)
    tender = (
        Tender.objects.of_merchant(merchant_id)
        .select_related("account", "intent")
        .get(id=held.tender_id)
    )
    row = _known(tender, seen)
    if row is None:
        row = _opened(tender, seen)
        _open(row, tender, seen, now)
    if row.state == "opened" and seen.state != "opened":
        _decide(row, tender, seen, now)


def _known(tender: Tender, seen: SeenDispute) -> Row | None:
    rows = Row.objects.of_merchant(tender.merchant_id).filter(tender=tender)
    row = rows.filter(their_reference=seen.their_reference[:128]).first()
    if row is None and seen.state != "opened":
        row = rows.filter(state="opened", amount_minor=seen.amount_minor).first()
    return row


def _opened(tender: Tender, seen: SeenDispute) -> Row:
    return Row.objects.create(
        merchant_id=tender.merchant_id,
        tender=tender,
        their_reference=seen.their_reference[:128],
        amount_minor=_within(tender, seen.amount_minor),
        state="opened",
        why=seen.why[:120],
        opened_at=seen.at,
    )


def _within(tender: Tender, amount_minor: int) -> int:
    """No more can be fought about than came in and has not gone back.

    What we still ask for as a refund the provider may have taken for the dispute: it tells again
    once we know which.
    """
    left = tender.captured_minor - tender.refunding_minor - tender.disputed_minor
    is_unsure = amount_minor > left and tender.refunding_minor > tender.refunded_minor
    if left <= 0 or is_unsure:
        raise NoSuch(kind="disputable_payment", key=tender.reference)
    return min(amount_minor, left)


def _open(row: Row, tender: Tender, seen: SeenDispute, now: datetime) -> None:
    tender.disputed_minor += row.amount_minor
    tender.save(update_fields=["disputed_minor"])
    entries = disputed(
        currency=tender.intent.currency,
        account=tender.account.code,
        amount_minor=row.amount_minor,
    )
    _book(row, tender, "dispute_opened", entries, seen=seen, now=now)
    _tell(row, tender, "", seen, now)


def _decide(row: Row, tender: Tender, seen: SeenDispute, now: datetime) -> None:
    currency, code = tender.intent.currency, tender.account.code
    amount = row.amount_minor
    row.state = seen.state
    row.ended_at = now
    row.save(update_fields=["state", "ended_at"])
    tender.disputed_minor -= amount
    if seen.state == "won":
        entries = opposite(disputed(currency=currency, account=code, amount_minor=amount))
        _book(row, tender, "dispute_won", entries, seen=seen, now=now)
    else:
        tender.refunding_minor += amount
        tender.refunded_minor += amount
        Intent.objects.of_merchant(row.merchant_id).filter(id=tender.intent_id).update(
            refunded_minor=F("refunded_minor") + amount
        )
        entries = dispute_lost(
            currency=currency,
            account=code,
            document=tender.intent.document,
            amount_minor=amount,
        )
        _book(row, tender, "dispute_lost", entries, seen=seen, now=now)
    tender.save(update_fields=["disputed_minor", "refunding_minor", "refunded_minor"])
    _tell(row, tender, "opened", seen, now)


def _book(
    row: Row,
    tender: Tender,
    kind: str,
    entries: tuple[NewEntry, ...],
    *,
    seen: SeenDispute,
    now: datetime,
) -> None:
    txn = post(
        merchant_id=row.merchant_id,
        source=SOURCE,
        txn=NewTxn(
            key=f"{kind}:{row.id}",
            kind=kind,
            entries=entries,
            occurred_at=seen.at,
            reference=tender.intent.document,
        ),
        now=now,
    )
    moves: dict[str, tuple[MovementKind, int]] = {
        "dispute_opened": ("chargeback", -row.amount_minor),
        "dispute_won": ("chargeback_returned", row.amount_minor),
    }
    if kind not in moves:
        return
    moved, amount = moves[kind]
    Movement.objects.create(
        merchant_id=row.merchant_id,
        account=tender.account,
        kind=moved,
        reference=f"{tender.reference}-{row.id}",
        their_reference=seen.their_reference[:128],
        amount_minor=amount,
        currency=tender.intent.currency,
        moved_at=seen.at,
        recorded_at=now,
        document=tender.intent.document,
        subject=f"dispute:{row.id}",
        txn_id=txn.id,
    )


def _tell(row: Row, tender: Tender, before: str, seen: SeenDispute, now: datetime) -> None:
    state = "opened" if not before else seen.state
    audit.record(
        audit.Change(
            action="payments.see_dispute",
            subject="payment_intent",
            subject_id=tender.intent_id,
            reason=seen.why[:200] or state,
            before={"dispute": row.id, "state": before},
            after={"state": state, "amount_minor": row.amount_minor},
        ),
        now=now,
    )
    outbox.publish(
        DisputeChanged(
            dispute_id=row.id,
            tender_id=tender.id,
            document=tender.intent.document,
            state=state,
            currency=tender.intent.currency,
            amount_minor=row.amount_minor,
        ),
        now=now,
    )
