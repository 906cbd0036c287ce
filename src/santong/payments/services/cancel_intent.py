"""Ask for money no longer."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import LONGEST_REASON, Intent
from santong.payments.errors import IntentPassed
from santong.payments.models import Intent as IntentRow
from santong.payments.models.money import LIVE_INTENTS
from santong.payments.rules.txns import check_text
from santong.payments.selectors.intents import intent_by_id
from santong.payments.services.give_up_intents import give_up_intents


@all_or_nothing
def cancel_intent(*, merchant_id: int, intent_id: int, reason: str, now: datetime) -> Intent:
    """Give up an intent that has not been paid; twice is once. Providers are told to close it.

    Raises NoSuch, IntentPassed, FieldInvalid. Emits IntentEnded. Locks the intent.
    """
    check_text(reason, most=LONGEST_REASON, pointer="/reason", least=1)
    row = IntentRow.objects.of_merchant(merchant_id).filter(id=intent_id).lock().first()
    if row is None:
        raise NoSuch(kind="payment_intent", key=str(intent_id))
    if row.state in LIVE_INTENTS:
        give_up_intents([row], state="cancelled", reason=reason, now=now)
    elif row.state != "cancelled":
        raise IntentPassed(intent_id=str(intent_id), state=row.state)
    return intent_by_id(merchant_id=merchant_id, intent_id=intent_id)


@all_or_nothing
def cancel_intents_of(*, merchant_id: int, document: str, reason: str, now: datetime) -> int:
    """Give up whatever is still asked for a document; how many intents.

    Emits IntentEnded. Locks the intents.
    """
    rows = list(
        IntentRow.objects.of_merchant(merchant_id)
        .filter(document=document, state__in=LIVE_INTENTS)
        .lock()
    )
    give_up_intents(rows, state="cancelled", reason=reason, now=now)
    return len(rows)
