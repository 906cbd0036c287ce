"""Refunds with their parts."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import QuerySet

from santong.kernel.errors import NoSuch
from santong.payments.contracts import METHODS, PART_STATES, REFUND_STATES, Refund, RefundPart
from santong.payments.models import Refund as Row
from santong.payments.models import RefundPart as PartRow


def refund_by_id(*, merchant_id: int, refund_id: int) -> Refund:
    """A refund with its parts. Raises NoSuch."""
    found = _with_parts(merchant_id, Row.objects.of_merchant(merchant_id).filter(id=refund_id))
    if not found:
        raise NoSuch(kind="payment_refund", key=str(refund_id))
    return found[0]


def refunds_of(*, merchant_id: int, document: str) -> list[Refund]:
    """What went or goes back for a document, oldest first."""
    rows = Row.objects.of_merchant(merchant_id).filter(document=document).order_by("id")
    return _with_parts(merchant_id, rows)


def refunds_page(
    *, merchant_id: int, states: tuple[str, ...] = (), below_id: int, limit: int
) -> list[Refund]:
    """Refunds, newest first."""
    rows = Row.objects.of_merchant(merchant_id).filter(id__lt=below_id).order_by("-id")
    if states:
        rows = rows.filter(state__in=states)
    return _with_parts(merchant_id, rows[:limit])


def refunds_that_failed(*, merchant_id: int, limit: int) -> list[Refund]:
    """Refunds of which something did not go back, oldest first."""
    rows = Row.objects.of_merchant(merchant_id).filter(state__in=["failed", "partly"])
    return _with_parts(merchant_id, rows.order_by("id")[:limit])


def refunds_outside(*, merchant_id: int, limit: int) -> list[Refund]:
    """Refunds of which a part waits until somebody says that a channel gave it back."""
    parts = PartRow.objects.of_merchant(merchant_id).filter(
        state="sent", tender__account__provider="external"
    )
    ids = list(parts.order_by("id").values_list("refund_id", flat=True)[:limit])
    rows = Row.objects.of_merchant(merchant_id).filter(id__in=ids)
    return _with_parts(merchant_id, rows.order_by("id"))


def _with_parts(merchant_id: int, rows: QuerySet[Row]) -> list[Refund]:
    refunds = list(rows)
    parts: dict[int, list[RefundPart]] = defaultdict(list)
    if refunds:
        found = PartRow.objects.of_merchant(merchant_id).filter(
            refund__in=[row.id for row in refunds]
        )
        for part in found.select_related("tender__account").order_by("refund_id", "number"):
            parts[part.refund_id].append(_part_of(part))
    return [
        Refund(
            id=row.id,
            key=row.key,
            document=row.document,
            currency=row.currency,
            amount_minor=row.amount_minor,
            done_minor=row.done_minor,
            failed_minor=row.failed_minor,
            given_up_minor=row.given_up_minor,
            reason=row.reason,
            state=REFUND_STATES[REFUND_STATES.index(row.state)],
            asked_at=row.asked_at,
            actor=row.actor,
            parts=tuple(parts[row.id]),
        )
        for row in refunds
    ]


def _part_of(row: PartRow) -> RefundPart:
    account = row.tender.account
    return RefundPart(
        id=row.id,
        tender_id=row.tender_id,
        account_code=account.code,
        method=METHODS[METHODS.index(account.method)],
        reference=row.reference,
        their_reference=row.their_reference,
        amount_minor=row.amount_minor,
        state=PART_STATES[PART_STATES.index(row.state)],
        why=row.why,
        done_at=row.done_at,
    )
