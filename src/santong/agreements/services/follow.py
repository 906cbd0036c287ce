"""What happens to a document is heard: shipped, delivered, installed; in time it is fulfilled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction

from santong.agreements import contracts
from santong.agreements.models import Breach, ServiceAgreement
from santong.agreements.models.breaches import VOID
from santong.agreements.selectors.records import terms_of_row
from santong.agreements.selectors.settings import settings_of
from santong.agreements.services.cancel import end
from santong.agreements.services.find_broken import settle_grown
from santong.agreements.services.lock import lock_agreement, lock_breach, lock_document
from santong.agreements.services.outcomes import keep_term
from santong.agreements.services.pay import try_again
from santong.agreements.services.running import stop_clocks
from santong.kernel.errors import DomainError
from santong.kernel.tenancy import all_or_nothing

log = structlog.get_logger(__name__)

MOST_AT_ONCE: Final = 200
_ENDED: Final = (*VOID, "done")


@all_or_nothing
def follow_document(
    *, merchant_id: int, document: str, what: str, at: datetime, now: datetime
) -> None:
    """A document's goods were shipped or delivered, or its work was done: clocks stop.

    The time for claims runs from then. Locks the document, then clocks.
    """
    lock_document(merchant_id=merchant_id, document=document)
    rows = ServiceAgreement.objects.of_merchant(merchant_id).filter(
        document=document, accepted_at__isnull=False
    )
    for row in rows.order_by("id"):
        stop_clocks(row, what=what, at=at, now=now)
        if what != "ship" and row.state in contracts.IN_FORCE:
            _open_claims(row, what=what, at=at)


@all_or_nothing
def fulfil(*, merchant_id: int, now: datetime) -> int:
    """Let agreements end whose terms were kept and whose time for claims is over; how many.

    Emits TermKept, AgreementEnded. Locks their documents.
    """
    rows = ServiceAgreement.objects.of_merchant(merchant_id).filter(
        state="accepted", claims_until__lte=now
    )
    ended = 0
    for agreement_id in list(rows.order_by("document").values_list("id", flat=True)[:MOST_AT_ONCE]):
        row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
        if row.state == "accepted" and not _is_waiting(row):
            for term in terms_of_row(row):
                keep_term(row, term, at=now, now=now)
            end(row, state="fulfilled", reason="all terms were kept", now=now)
            ended += 1
    return ended


@all_or_nothing
def settle_due(*, merchant_id: int, now: datetime) -> int:
    """What has grown to its cap is owed; what could not be paid is tried again; how many.

    Emits RemedyOwed. Locks their documents, then payments' intents.
    """
    rows = Breach.objects.of_merchant(merchant_id).filter(settle_at__lte=now, ended_at=None)
    tried = 0
    for breach_id in list(rows.order_by("settle_at").values_list("id", flat=True)[:MOST_AT_ONCE]):
        try:
            with transaction.atomic():
                _settle_one(merchant_id, breach_id, now=now)
            tried += 1
        except DomainError as refused:
            log.warning("breach_not_settled", breach_id=breach_id, why=refused.code)
    return tried


def _settle_one(merchant_id: int, breach_id: int, *, now: datetime) -> None:
    breach = lock_breach(merchant_id=merchant_id, breach_id=breach_id)
    if breach.settle_at is None or breach.settle_at > now:
        return
    if breach.state == "growing":
        settle_grown(breach, at=breach.settle_at, now=now)
    else:
        try_again(merchant_id=merchant_id, breach_id=breach.id, now=now)


def _open_claims(row: ServiceAgreement, *, what: str, at: datetime) -> None:
    """From delivery or the work's end on, so many days, and the hours that terms give."""
    days = settings_of(merchant_id=row.merchant_id).claim_days
    hours = [term.params.get("report_hours", 0) for term in terms_of_row(row)]
    until = at + max(timedelta(days=days), timedelta(hours=max(hours, default=0)))
    if what == "delivery":
        row.delivered_at = at
    row.claims_until = max(until, row.claims_until or until)
    row.save(update_fields=["delivered_at", "claims_until"])


def _is_waiting(row: ServiceAgreement) -> bool:
    """Whether a clock still runs or a breach is undecided or not made good."""
    rows = Breach.objects.of_merchant(row.merchant_id).filter(agreement=row)
    if rows.exclude(state__in=_ENDED).exists():
        return True
    return any(
        term.outcome == "open" and term.kind in contracts.CLOCKED for term in terms_of_row(row)
    )
