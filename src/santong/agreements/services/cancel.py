"""Nothing is promised any more: an offer is withdrawn or over, or nothing is sold."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.agreements import contracts
from santong.agreements.errors import AgreementPassed
from santong.agreements.events import AgreementEnded
from santong.agreements.models import ServiceAgreement
from santong.agreements.selectors.agreements import agreement_by_id
from santong.agreements.services.lock import lock_agreement, lock_document
from santong.agreements.services.running import cancel_clocks
from santong.agreements.services.trail import write_down
from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_prose
from santong.kernel.tenancy import all_or_nothing

LONGEST_REASON: Final = 200
MOST_AT_ONCE: Final = 500
_CANCELLABLE: Final = ("draft", "offered", "accepted")


@all_or_nothing
def cancel(
    *, merchant_id: int, agreement_id: int, reason: str, now: datetime
) -> contracts.Agreement:
    """Give a draft, an offer or what was accepted up; what is broken already stays owed.

    Raises NoSuch, AgreementPassed, FieldInvalid. Emits AgreementEnded. Locks the document.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise FieldInvalid(pointer="/reason", reason=f"1 to {LONGEST_REASON} characters")
    check_prose(reason)
    row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
    if row.state not in _CANCELLABLE:
        raise AgreementPassed(state=row.state)
    end(row, state="cancelled", reason=reason, now=now)
    return agreement_by_id(merchant_id=merchant_id, agreement_id=row.id)


@all_or_nothing
def cancel_of_document(*, merchant_id: int, document: str, reason: str, now: datetime) -> int:
    """Give up whatever stands open or in force for a document that is not sold any more; how many.

    Emits AgreementEnded. Locks the document.
    """
    lock_document(merchant_id=merchant_id, document=document)
    rows = ServiceAgreement.objects.of_merchant(merchant_id).filter(
        document=document, state__in=_CANCELLABLE
    )
    found = list(rows.order_by("id"))
    for row in found:
        end(row, state="cancelled", reason=reason, now=now)
    return len(found)


@all_or_nothing
def expire(*, merchant_id: int, now: datetime) -> int:
    """Let offers end whose time is over; how many.

    Emits AgreementEnded. Locks their documents.
    """
    rows = ServiceAgreement.objects.of_merchant(merchant_id).filter(
        state="offered", expires_at__lte=now
    )
    ended = 0
    for agreement_id in list(rows.order_by("document").values_list("id", flat=True)[:MOST_AT_ONCE]):
        row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
        if row.state == "offered":
            end(row, state="cancelled", reason="the offer expired", now=now)
            ended += 1
    return ended


def end(row: ServiceAgreement, *, state: str, reason: str, now: datetime) -> None:
    """Let an agreement whose document is locked end in a state."""
    before = row.state
    if row.accepted_at is not None and state == "cancelled":
        cancel_clocks(row, now=now)
    row.state, row.ended_at, row.end_reason = state, now, reason
    row.save(update_fields=["state", "ended_at", "end_reason"])
    write_down(row, "end", before=before, reason=reason, now=now)
    outbox.publish(
        AgreementEnded(agreement_id=row.id, document=row.document, state=row.state, reason=reason),
        now=now,
    )
