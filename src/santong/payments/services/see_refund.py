"""What a provider says of a refund becomes what we know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db.models import F

from santong.kernel import audit, outbox
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import NewEntry, NewTxn, PartState, SeenMove, Taken
from santong.payments.events import RefundDone, RefundFailed
from santong.payments.models import Intent, Movement, Refund, RefundPart, Tender, Work
from santong.payments.rules.books import SOURCE, opposite, received, received_from_card
from santong.payments.rules.refunds import refund_state
from santong.payments.services.post import post

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """Money that has gone back along one part."""

    row: Refund
    part: RefundPart
    tender: Tender
    seen: SeenMove
    of_card: Taken | None
    at: datetime
    now: datetime


@all_or_nothing
def see_refund(*, merchant_id: int, reference: str, seen: SeenMove, now: datetime) -> PartState:
    """Take in how a part of a refund stands. What is done is done once, and stays done.

    A part that failed can be given back another way. Money is booked when it has gone.

    Raises NoSuch. Emits RefundDone, RefundFailed. Locks the intent, then accounts of the ledger.
    """
    row, part, tender = lock_part(merchant_id=merchant_id, reference=reference)
    return settle_part(row=row, part=part, tender=tender, seen=seen, given=None, now=now)


def lock_part(*, merchant_id: int, reference: str) -> tuple[Refund, RefundPart, Tender]:
    """Take a part's intent until the transaction ends, and read all about it. Raises NoSuch."""
    parts = RefundPart.objects.of_merchant(merchant_id)
    found = parts.filter(reference=reference).select_related("tender").first()
    if found is None:
        raise NoSuch(kind="refund_part", key=reference)
    list(Intent.objects.of_merchant(merchant_id).filter(id=found.tender.intent_id).lock())
    part = parts.select_related("refund", "tender__account", "tender__intent").get(id=found.id)
    # Parts of one refund may belong to different intents: their sum changes under its own lock.
    refund = Refund.objects.of_merchant(merchant_id).lock().get(id=part.refund_id)
    return refund, part, part.tender


def settle_part(
    *,
    row: Refund,
    part: RefundPart,
    tender: Tender,
    seen: SeenMove,
    given: Taken | None,
    now: datetime,
) -> PartState:
    """Write what became of a part. Its intent is locked; so is its refund."""
    if part.state in {"done", "failed"} and not (part.state == "failed" and seen.state == "done"):
        return "done" if part.state == "done" else "failed"
    before = part.state
    if seen.state == "done":
        if part.state == "failed" and not _takes_again(row, part, tender):
            return "failed"
        _done(
            _Given(
                row=row,
                part=part,
                tender=tender,
                seen=seen,
                of_card=given,
                at=seen.at or now,
                now=now,
            )
        )
    elif seen.state in {"failed", "returned"}:
        _failed(row, part, tender, seen, now)
    elif part.state == "queued" and seen.state == "working":
        part.state = "sent"
    else:
        return "queued" if part.state == "queued" else "sent"
    part.their_reference = seen.their_reference[:128] or part.their_reference
    part.why = seen.why[:120]
    part.save(update_fields=["state", "their_reference", "why", "done_at"])
    if part.state in {"done", "failed"}:
        _end(row, part, now)
    audit.record(_change(row, part, before, seen), now=now)
    return part.state  # type: ignore[return-value]  # one of the states that are written above


def _takes_again(row: Refund, part: RefundPart, tender: Tender) -> bool:
    """A part that had failed went after all: what was let go of is taken again, if it is there.

    Where it has gone back another way meanwhile, the provider gave it twice: that is not ours to
    book, and the reconciliation finds it at the provider.
    """
    has_room = tender.refunding_minor + part.amount_minor <= tender.captured_minor
    if not has_room or row.failed_minor + row.given_up_minor < part.amount_minor:
        log.error("refunded_twice", refund_id=row.id, part_id=part.id)
        return False
    tender.refunding_minor += part.amount_minor
    of_failed = min(part.amount_minor, row.failed_minor)
    row.failed_minor -= of_failed
    row.given_up_minor -= part.amount_minor - of_failed
    return True


def _done(given: _Given) -> None:
    row, part, tender = given.row, given.part, given.tender
    part.state = "done"
    part.done_at = given.at
    txn = post(
        merchant_id=row.merchant_id,
        source=SOURCE,
        txn=NewTxn(
            key=f"refunded:{part.reference}",
            kind="refunded",
            entries=_entries(given),
            occurred_at=given.at,
            reference=row.document,
        ),
        now=given.now,
    )
    tender.refunded_minor += part.amount_minor
    tender.save(update_fields=["refunding_minor", "refunded_minor"])
    Intent.objects.of_merchant(row.merchant_id).filter(id=tender.intent_id).update(
        refunded_minor=F("refunded_minor") + part.amount_minor
    )
    row.done_minor += part.amount_minor
    if given.of_card is None:
        _moved(given, txn.id)
    outbox.publish(
        RefundDone(
            refund_id=row.id,
            part_id=part.id,
            tender_id=tender.id,
            document=row.document,
            key=row.key,
            currency=row.currency,
            amount_minor=part.amount_minor,
            refunded_at=given.at,
        ),
        now=given.now,
    )


def _entries(given: _Given) -> tuple[NewEntry, ...]:
    row, card = given.row, given.of_card
    if card is not None:
        return opposite(
            received_from_card(
                currency=row.currency,
                document=row.document,
                programme=given.tender.programme,
                principal_minor=card.principal_minor,
                bonus_minor=card.bonus_minor,
            )
        )
    return opposite(
        received(
            currency=row.currency,
            document=row.document,
            account=given.tender.account.code,
            amount_minor=given.part.amount_minor,
        )
    )


def _moved(given: _Given, txn_id: int) -> None:
    row, part = given.row, given.part
    Movement.objects.create(
        merchant_id=row.merchant_id,
        account=given.tender.account,
        kind="refund",
        reference=part.reference,
        their_reference=given.seen.their_reference[:128],
        amount_minor=-part.amount_minor,
        currency=row.currency,
        moved_at=given.at,
        recorded_at=given.now,
        document=row.document,
        subject=f"refund_part:{part.id}",
        txn_id=txn_id,
    )


def _failed(row: Refund, part: RefundPart, tender: Tender, seen: SeenMove, now: datetime) -> None:
    part.state = "failed"
    tender.refunding_minor -= part.amount_minor
    tender.save(update_fields=["refunding_minor"])
    row.failed_minor += part.amount_minor
    outbox.publish(
        RefundFailed(
            refund_id=row.id,
            part_id=part.id,
            document=row.document,
            key=row.key,
            currency=row.currency,
            amount_minor=part.amount_minor,
            why=seen.why[:120],
        ),
        now=now,
    )


def _end(row: Refund, part: RefundPart, now: datetime) -> None:
    row.state = refund_state(
        amount_minor=row.amount_minor,
        done_minor=row.done_minor,
        failed_minor=row.failed_minor,
        given_up_minor=row.given_up_minor,
    )
    row.ended_at = None if row.state == "working" else now
    row.save(update_fields=["state", "ended_at", "done_minor", "failed_minor", "given_up_minor"])
    Work.objects.of_merchant(row.merchant_id).filter(about="refund", subject_id=part.id).update(
        due_at=None, claimed_until=None
    )


def _change(row: Refund, part: RefundPart, before: str, seen: SeenMove) -> audit.Change:
    return audit.Change(
        action="payments.see_refund",
        subject="payment_refund",
        subject_id=row.id,
        reason=seen.why[:200] or seen.state,
        before={"part": part.id, "state": before},
        after={"state": part.state, "refund": row.state},
    )
