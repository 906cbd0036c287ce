"""Take what buyers have authorised."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import Intent
from santong.payments.errors import IntentPassed
from santong.payments.models import Intent as IntentRow
from santong.payments.models import Tender, Work
from santong.payments.selectors.intents import intent_by_id
from santong.payments.services.take_here import backend_named, capture_stored


@all_or_nothing
def capture_intent(*, merchant_id: int, intent_id: int, now: datetime) -> Intent:
    """Have every authorised part of an intent captured; twice is once.

    Providers do it after the commit; stored value is taken now.

    Raises NoSuch, IntentPassed. Emits MoneyReceived. Locks the intent, then accounts of the ledger.
    """
    row = IntentRow.objects.of_merchant(merchant_id).filter(id=intent_id).lock().first()
    if row is None:
        raise NoSuch(kind="payment_intent", key=str(intent_id))
    if row.state == "paid":
        return intent_by_id(merchant_id=merchant_id, intent_id=intent_id)
    if row.state != "authorised":
        raise IntentPassed(intent_id=str(intent_id), state=row.state)
    tenders = (
        Tender.objects.of_merchant(merchant_id)
        .filter(intent=row, state="authorised")
        .select_related("account")
        .order_by("id")
    )
    for tender in tenders:
        backend = backend_named(tender.account.provider)
        if backend is not None:
            capture_stored(
                backend,
                merchant_id=merchant_id,
                reference=tender.reference,
                amount_minor=tender.authorised_minor,
                now=now,
            )
            continue
        _ask(tender, now)
    audit.record(
        audit.Change(
            action="payments.capture_intent",
            subject="payment_intent",
            subject_id=row.id,
            reason=row.document,
        ),
        now=now,
    )
    return intent_by_id(merchant_id=merchant_id, intent_id=intent_id)


def _ask(tender: Tender, now: datetime) -> None:
    Work.objects.of_merchant(tender.merchant_id).filter(
        about="payment", subject_id=tender.id
    ).exclude(step="capture", due_at__isnull=False).update(
        step="capture", due_at=now, attempts=0, claim=F("claim") + 1, claimed_until=None
    )
