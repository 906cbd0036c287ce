"""What a provider would not give back is tried again, the same way or another."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db.models import Max

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import LONGEST_REASON, Refund
from santong.payments.errors import MoreThanReceived
from santong.payments.models import Intent, RefundPart
from santong.payments.models import Refund as Row
from santong.payments.rules.refunds import plan
from santong.payments.rules.txns import check_text
from santong.payments.selectors.refund_plan import refundable_of
from santong.payments.selectors.refunds import refund_by_id
from santong.payments.services.refund import add_parts, left_of, tenders_of

log = structlog.get_logger(__name__)


def retry_refunds_of(
    *, merchant_id: int, document: str, currency: str, reason: str, now: datetime
) -> int:
    """Try whatever failed of a document's refunds again, as far as there is money; how many.

    Emits RefundDone. Locks as `retry_refund` does.
    """
    tried = 0
    failed = Row.objects.of_merchant(merchant_id).filter(
        document=document, currency=currency, failed_minor__gt=0
    )
    for refund_id in list(failed.order_by("id").values_list("id", flat=True)):
        try:
            retry_refund(merchant_id=merchant_id, refund_id=refund_id, reason=reason, now=now)
            tried += 1
        except MoreThanReceived:
            log.info("refund_waits", refund_id=refund_id)
    return tried


@all_or_nothing
def retry_refund(
    *,
    merchant_id: int,
    refund_id: int,
    reason: str,
    now: datetime,
    tender_id: int | None = None,
) -> Refund:
    """Give what failed of a refund back in new parts; nothing where nothing has failed.

    With `tender_id` it goes along that one alone: back in cash, say, what a closed card refused.

    Raises NoSuch, FieldInvalid, MoreThanReceived. Emits RefundDone. Locks the document's intents,
    the refund, then accounts of the ledger.
    """
    check_text(reason, most=LONGEST_REASON, pointer="/reason", least=1)
    found = Row.objects.of_merchant(merchant_id).filter(id=refund_id).first()
    if found is None:
        raise NoSuch(kind="payment_refund", key=str(refund_id))
    intents = list(
        Intent.objects.of_merchant(merchant_id)
        .filter(document=found.document, currency=found.currency)
        .lock()
    )
    row = Row.objects.of_merchant(merchant_id).lock().get(id=refund_id)
    if not row.failed_minor:
        return refund_by_id(merchant_id=merchant_id, refund_id=refund_id)
    tenders = tenders_of(merchant_id, intents, tender_id)
    parts = plan([refundable_of(tender) for tender in tenders], amount_minor=row.failed_minor)
    left = left_of(merchant_id, row.document, row.currency, intents)
    if parts is None or row.failed_minor > left:
        raise MoreThanReceived(
            document=row.document,
            wanted_minor=row.failed_minor,
            refundable_minor=min(
                left, sum(refundable_of(tender).refundable_minor for tender in tenders)
            ),
        )
    last = RefundPart.objects.of_merchant(merchant_id).filter(refund=row).aggregate(n=Max("number"))
    audit.record(
        audit.Change(
            action="payments.retry_refund",
            subject="payment_refund",
            subject_id=row.id,
            reason=reason,
            before={"state": row.state, "failed_minor": row.failed_minor},
            after={"parts": [[part.tender_id, part.amount_minor] for part in parts]},
        ),
        now=now,
    )
    row.failed_minor = 0
    row.state = "working"
    row.ended_at = None
    row.save(update_fields=["failed_minor", "state", "ended_at"])
    by_id = {tender.id: tender for tender in tenders}
    add_parts(row, parts, by_id, first_number=(last["n"] or 0) + 1, now=now)
    return refund_by_id(merchant_id=merchant_id, refund_id=refund_id)
