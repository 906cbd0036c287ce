"""Intents with their tenders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import QuerySet

from santong.kernel.errors import NoSuch
from santong.payments.contracts import (
    INTENT_STATES,
    METHODS,
    TENDER_STATES,
    WAYS,
    Intent,
    IntentState,
    Tender,
)
from santong.payments.models import Intent as IntentRow
from santong.payments.models import Tender as TenderRow


def intent_by_id(*, merchant_id: int, intent_id: int) -> Intent:
    """An intent with its tenders. Raises NoSuch."""
    rows = IntentRow.objects.of_merchant(merchant_id).filter(id=intent_id)
    found = with_tenders(merchant_id=merchant_id, rows=rows)
    if not found:
        raise NoSuch(kind="payment_intent", key=str(intent_id))
    return found[0]


def intent_by_key(*, merchant_id: int, key: str) -> Intent | None:
    """The intent that was opened under a key; None if none was."""
    found = with_tenders(
        merchant_id=merchant_id, rows=IntentRow.objects.of_merchant(merchant_id).filter(key=key)
    )
    return found[0] if found else None


def intents_of(*, merchant_id: int, document: str) -> list[Intent]:
    """What was asked for a document, oldest first."""
    rows = IntentRow.objects.of_merchant(merchant_id).filter(document=document).order_by("id")
    return with_tenders(merchant_id=merchant_id, rows=rows)


def intents_page(
    *,
    merchant_id: int,
    state: IntentState | None = None,
    document: str | None = None,
    below_id: int,
    limit: int,
) -> list[Intent]:
    """Intents, newest first."""
    rows = IntentRow.objects.of_merchant(merchant_id).filter(id__lt=below_id).order_by("-id")
    if state is not None:
        rows = rows.filter(state=state)
    if document is not None:
        rows = rows.filter(document=document)
    return with_tenders(merchant_id=merchant_id, rows=rows[:limit])


def with_tenders(*, merchant_id: int, rows: QuerySet[IntentRow]) -> list[Intent]:
    """Rows of intents as others know them, in their order."""
    intents = list(rows)
    tenders = _tenders_of(merchant_id, [intent.id for intent in intents])
    return [
        Intent(
            id=row.id,
            key=row.key,
            document=row.document,
            subject=row.subject,
            currency=row.currency,
            amount_minor=row.amount_minor,
            state=INTENT_STATES[INTENT_STATES.index(row.state)],
            received_minor=row.received_minor,
            refunded_minor=row.refunded_minor,
            authorise_only=row.authorise_only,
            opened_at=row.opened_at,
            expires_at=row.expires_at,
            ended_at=row.ended_at,
            tenders=tuple(tenders[row.id]),
        )
        for row in intents
    ]


def tender_by_id(*, merchant_id: int, tender_id: int) -> Tender:
    """One tender. Raises NoSuch."""
    rows = tender_rows(merchant_id=merchant_id).filter(id=tender_id)
    for row in rows:
        return tender_of(row)
    raise NoSuch(kind="tender", key=str(tender_id))


def tender_rows(*, merchant_id: int) -> QuerySet[TenderRow]:
    """Rows of tenders with what their contract needs beside them."""
    return TenderRow.objects.of_merchant(merchant_id).select_related("account", "intent")


def tender_of(row: TenderRow) -> Tender:
    """A row as others know it."""
    return Tender(
        id=row.id,
        intent_id=row.intent_id,
        document=row.intent.document,
        number=row.number,
        account_id=row.account_id,
        account_code=row.account.code,
        provider=row.account.provider,
        method=METHODS[METHODS.index(row.account.method)],
        way=WAYS[WAYS.index(row.way)],
        reference=row.reference,
        their_reference=row.their_reference,
        amount_minor=row.amount_minor,
        state=TENDER_STATES[TENDER_STATES.index(row.state)],
        authorised_minor=row.authorised_minor,
        captured_minor=row.captured_minor,
        refunding_minor=row.refunding_minor,
        refunded_minor=row.refunded_minor,
        disputed_minor=row.disputed_minor,
        change_minor=row.change_minor,
        instalments=row.instalments,
        is_late=row.is_late,
        why=row.why,
        asked_at=row.asked_at,
        captured_at=row.captured_at,
        payload=row.payload,
    )


def _tenders_of(merchant_id: int, intent_ids: Sequence[int]) -> dict[int, list[Tender]]:
    found: dict[int, list[Tender]] = defaultdict(list)
    if intent_ids:
        rows = tender_rows(merchant_id=merchant_id).filter(intent_id__in=intent_ids)
        for row in rows.order_by("intent_id", "number"):
            found[row.intent_id].append(tender_of(row))
    return found
