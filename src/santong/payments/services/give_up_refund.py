"""What a provider would not give back is not tried any more."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import LONGEST_REASON, Refund
from santong.payments.models import Intent
from santong.payments.models import Refund as Row
from santong.payments.rules.refunds import refund_state
from santong.payments.rules.txns import check_text
from santong.payments.selectors.refunds import refund_by_id
from santong.payments.services.refund import left_of


@all_or_nothing
def give_up_refund(*, merchant_id: int, refund_id: int, reason: str, now: datetime) -> Refund:
    """Leave it at what went back: the rest that failed was settled otherwise, or is not owed.

    Nothing where nothing has failed. A provider that gave it back after all is still believed.

    Raises NoSuch, FieldInvalid. Locks the document's intents, then the refund.
    """
    check_text(reason, most=LONGEST_REASON, pointer="/reason", least=1)
    found = Row.objects.of_merchant(merchant_id).filter(id=refund_id).first()
    if found is None:
        raise NoSuch(kind="payment_refund", key=str(refund_id))
    lock_document(merchant_id=merchant_id, document=found.document, currency=found.currency)
    row = Row.objects.of_merchant(merchant_id).lock().get(id=refund_id)
    if row.failed_minor:
        _give_up(row, amount_minor=row.failed_minor, reason=reason, now=now)
    return refund_by_id(merchant_id=merchant_id, refund_id=refund_id)


@all_or_nothing
def give_up_beyond(
    *, merchant_id: int, document: str, currency: str, reason: str, now: datetime
) -> int:
    """Give up what can never go back, for the buyer has taken it otherwise; how much that was.

    What failed of a document's refunds is left as far as there is money of the document.

    Locks the document's intents, its refunds, then the document's account of the ledger.
    """
    intents = lock_document(merchant_id=merchant_id, document=document, currency=currency)
    rows = list(
        Row.objects.of_merchant(merchant_id)
        .filter(document=document, currency=currency, failed_minor__gt=0)
        .order_by("id")
        .lock()
    )
    if not rows:
        return 0
    left = left_of(merchant_id, document, currency, intents)
    given_up = 0
    for row in rows:
        stays = min(row.failed_minor, left)
        left -= stays
        if amount := row.failed_minor - stays:
            _give_up(row, amount_minor=amount, reason=reason, now=now)
            given_up += amount
    return given_up


def lock_document(*, merchant_id: int, document: str, currency: str) -> list[Intent]:
    """Take all intents of a document until the transaction ends."""
    of_document = Intent.objects.of_merchant(merchant_id).filter(document=document)
    return list(of_document.filter(currency=currency).lock())


def _give_up(row: Row, *, amount_minor: int, reason: str, now: datetime) -> None:
    before = {"state": row.state, "failed_minor": row.failed_minor}
    row.failed_minor -= amount_minor
    row.given_up_minor += amount_minor
    row.state = refund_state(
        amount_minor=row.amount_minor,
        done_minor=row.done_minor,
        failed_minor=row.failed_minor,
        given_up_minor=row.given_up_minor,
    )
    row.save(update_fields=["failed_minor", "given_up_minor", "state"])
    audit.record(
        audit.Change(
            action="payments.give_up_refund",
            subject="payment_refund",
            subject_id=row.id,
            reason=reason,
            before=before,
            after={"state": row.state, "given_up_minor": row.given_up_minor},
        ),
        now=now,
    )
