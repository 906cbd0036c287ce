"""Asking no longer: what giving intents up writes. They are locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.db.models import F

from santong.kernel import audit, outbox
from santong.payments.contracts import Seen
from santong.payments.events import IntentEnded
from santong.payments.models import Intent as IntentRow
from santong.payments.models import Tender, Work
from santong.payments.rules.tenders import LIVE
from santong.payments.services.see_payment import see_payment
from santong.payments.services.take_here import backend_named


def give_up_intents(
    rows: Sequence[IntentRow],
    *,
    state: Literal["cancelled", "expired"],
    reason: str,
    now: datetime,
) -> None:
    """End live intents of one merchant: their providers are told, cards let go.

    What came in by a part of them stays with the document, whose owner hears of it.
    Emits IntentEnded.
    """
    if not rows:
        return
    merchant_id = rows[0].merchant_id
    ids = [row.id for row in rows]
    before = {row.id: row.state for row in rows}
    IntentRow.objects.of_merchant(merchant_id).filter(id__in=ids).update(state=state, ended_at=now)
    live = Tender.objects.of_merchant(merchant_id).filter(intent__in=ids, state__in=LIVE)
    for tender in live.select_related("account").order_by("id"):
        backend = backend_named(tender.account.provider)
        if backend is None:
            continue
        backend.void(merchant_id=merchant_id, reference=tender.reference, reason=state, now=now)
        see_payment(
            merchant_id=merchant_id,
            reference=tender.reference,
            seen=Seen(state="closed", why=state),
            now=now,
        )
    Work.objects.of_merchant(merchant_id).filter(
        about="payment", subject_id__in=list(live.values_list("id", flat=True))
    ).update(step="close", due_at=now, attempts=0, claim=F("claim") + 1, claimed_until=None)
    audit.record(*[_ended(row, before[row.id], state, reason) for row in rows], now=now)
    outbox.publish(*[_fact(row, state) for row in rows], now=now)


def _ended(row: IntentRow, before: str, state: str, reason: str) -> audit.Change:
    return audit.Change(
        action="payments.end_intent",
        subject="payment_intent",
        subject_id=row.id,
        reason=reason,
        before={"state": before},
        after={"state": state},
    )


def _fact(row: IntentRow, state: Literal["cancelled", "expired"]) -> IntentEnded:
    return IntentEnded(
        intent_id=row.id,
        document=row.document,
        state=state,
        currency=row.currency,
        amount_minor=row.amount_minor,
        received_minor=row.received_minor,
    )
