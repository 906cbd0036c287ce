"""Money goes back along the tenders by which it came in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import (
    LONGEST_KEY,
    LONGEST_REASON,
    Refund,
)
from santong.payments.errors import IntentKeyTaken, MoreThanReceived
from santong.payments.models import Intent, RefundPart, Tender, Work
from santong.payments.models import Refund as Row
from santong.payments.rules.books import document_account
from santong.payments.rules.documents import check_document
from santong.payments.rules.intents import check_no_card
from santong.payments.rules.refunds import Part, plan
from santong.payments.rules.txns import check_amount, check_text
from santong.payments.selectors.balances import balances
from santong.payments.selectors.refund_plan import refundable_of
from santong.payments.selectors.refunds import refund_by_id
from santong.payments.services.lock import lock_keys
from santong.payments.services.open_intent import new_reference
from santong.payments.services.refund_here import refund_here
from santong.payments.services.signature import signature

# Providers that nobody can call: a channel gives the money back, and says so.
TOLD_OF = frozenset({"external"})


@all_or_nothing
def refund(
    *,
    merchant_id: int,
    document: str,
    key: str,
    amount_minor: int,
    currency: str,
    reason: str,
    now: datetime,
    tender_id: int | None = None,
) -> Refund:
    """Give money of a document back: once for the key, and never more than came in.

    It goes the way by which it came, the newest from outside of us first (or along `tender_id`
    alone). Providers do it after the commit; stored value is settled now; what a channel has
    collected waits until the channel says that it gave it back.

    Raises FieldInvalid, MoreThanReceived, IntentKeyTaken. Emits RefundDone. Locks the document's
    intents, then accounts of the ledger.
    """
    _check(document, key, amount_minor, reason)
    content = _content(document, amount_minor, currency, tender_id)
    intents = list(
        Intent.objects.of_merchant(merchant_id).filter(document=document, currency=currency).lock()
    )
    before = Row.objects.of_merchant(merchant_id).filter(key=key).first()
    if before is not None:
        if before.request_hash != content:
            raise IntentKeyTaken(key=key)
        return refund_by_id(merchant_id=merchant_id, refund_id=before.id)
    tenders = tenders_of(merchant_id, intents, tender_id)
    left = left_of(merchant_id, document, currency, intents)
    parts = plan([refundable_of(tender) for tender in tenders], amount_minor=amount_minor)
    if parts is None or amount_minor > left:
        raise MoreThanReceived(
            document=document,
            wanted_minor=amount_minor,
            refundable_minor=min(
                left, sum(refundable_of(tender).refundable_minor for tender in tenders)
            ),
        )
    row = Row.objects.create(
        merchant_id=merchant_id,
        key=key,
        request_hash=content,
        document=document,
        currency=currency,
        amount_minor=amount_minor,
        reason=reason,
        state="working",
        asked_at=now,
        actor=signature(),
    )
    audit.record(_asked(row, parts), now=now)
    add_parts(row, parts, {tender.id: tender for tender in tenders}, first_number=1, now=now)
    return refund_by_id(merchant_id=merchant_id, refund_id=row.id)


def add_parts(
    row: Row, parts: Sequence[Part], tenders: dict[int, Tender], *, first_number: int, now: datetime
) -> None:
    """Write parts of a refund and have them done. Their intents are locked."""
    for number, part in enumerate(parts, first_number):
        tender = tenders[part.tender_id]
        tender.refunding_minor += part.amount_minor
        tender.save(update_fields=["refunding_minor"])
        made = RefundPart.objects.create(
            merchant_id=row.merchant_id,
            refund=row,
            tender=tender,
            number=number,
            reference=new_reference(now),
            amount_minor=part.amount_minor,
            state="sent" if tender.account.provider in TOLD_OF else "queued",
        )
        if tender.account.provider in settings.SANTONG_TENDER_BACKENDS:
            refund_here(row=row, part=made, tender=tender, now=now)
        elif tender.account.provider not in TOLD_OF:
            Work.objects.create(
                merchant_id=row.merchant_id,
                account=tender.account,
                about="refund",
                subject_id=made.id,
                step="refund",
                due_at=now,
            )


def _check(document: str, key: str, amount_minor: int, reason: str) -> None:
    check_document(document)
    check_text(key, most=LONGEST_KEY, pointer="/key", least=1)
    check_text(reason, most=LONGEST_REASON, pointer="/reason", least=1)
    check_no_card(reason, pointer="/reason")
    check_amount(amount_minor, pointer="/amount_minor")


def _content(document: str, amount_minor: int, currency: str, tender_id: int | None) -> str:
    said = f"{document}|{amount_minor}|{currency}|{tender_id or ''}"
    return hashlib.sha256(said.encode()).hexdigest()


def tenders_of(merchant_id: int, intents: Sequence[Intent], tender_id: int | None) -> list[Tender]:
    """What came in by some intents, or by one of their parts. Raises FieldInvalid."""
    rows = (
        Tender.objects.of_merchant(merchant_id)
        .filter(intent__in=[intent.id for intent in intents], state="captured")
        .select_related("account", "intent")
        .order_by("id")
    )
    if tender_id is None:
        return list(rows)
    found = [row for row in rows if row.id == tender_id]
    if not found:
        raise FieldInvalid(pointer="/tender_id", reason="no money of the document came in by it")
    return found


def left_of(merchant_id: int, document: str, currency: str, intents: Sequence[Intent]) -> int:
    """What the books still have for a document that is not on its way back already.

    Whoever owns it may have used the money: what paid for a card's value is the card's.
    """
    tenders = tenders_of(merchant_id, intents, None)
    account = document_account(currency=currency, document=document)
    lock_keys(merchant_id=merchant_id, accounts=[account])
    stands = balances(merchant_id=merchant_id, accounts=[account])[account].posted
    under_way = sum(tender.refunding_minor - tender.refunded_minor for tender in tenders)
    return max(0, stands - under_way - sum(tender.disputed_minor for tender in tenders))


def _asked(row: Row, parts: Sequence[Part]) -> audit.Change:
    return audit.Change(
        action="payments.refund",
        subject="payment_refund",
        subject_id=row.id,
        reason=row.reason,
        after={
            "document": row.document,
            "amount_minor": row.amount_minor,
            "parts": [[part.tender_id, part.amount_minor] for part in parts],
        },
    )
