"""Intents, found by what people know of them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from santong.payments.contracts import Intent, IntentState, Method
from santong.payments.models import Intent as Row
from santong.payments.models import RefundPart, Tender
from santong.payments.rules.tenders import LIVE, LIVE_INTENT
from santong.payments.selectors.intents import with_tenders

# More than one document may answer to a number that somebody types; nobody reads more of them.
MOST_FOUND = 200


def find_intents(
    *,
    merchant_id: int,
    below_id: int,
    limit: int,
    state: IntentState | None = None,
    documents: tuple[str, ...] | None = None,
    account_code: str = "",
    method: Method | None = None,
    opened_from: datetime | None = None,
    opened_until: datetime | None = None,
    reference: str = "",
) -> list[Intent]:
    """Intents, newest first; `reference` is a number of a payment or refund, ours or theirs.

    Without `documents` those of every document; `opened_until` is excluded.
    """
    rows = Row.objects.of_merchant(merchant_id).filter(id__lt=below_id).order_by("-id")
    if reference:
        rows = rows.filter(id__in=_referred_to(merchant_id, reference))
    if documents is not None:
        rows = rows.filter(document__in=documents)
    if state is not None:
        rows = rows.filter(state=state)
    if account_code or method is not None:
        parts = Tender.objects.of_merchant(merchant_id).filter(intent=OuterRef("id"))
        if account_code:
            parts = parts.filter(account__code=account_code)
        if method is not None:
            parts = parts.filter(account__method=method)
        rows = rows.filter(Exists(parts))
    if opened_from is not None:
        rows = rows.filter(opened_at__gte=opened_from)
    if opened_until is not None:
        rows = rows.filter(opened_at__lt=opened_until)
    return with_tenders(merchant_id=merchant_id, rows=rows[:limit])


def intents_with_money_over(*, merchant_id: int, limit: int) -> list[Intent]:
    """Money that nobody waits for, oldest first: paid twice, or after we had given up.

    An order gives back by itself what it does not need, so its money is not told of here.
    """
    rows = (
        Row.objects.of_merchant(merchant_id)
        .filter(
            Q(received_minor__gt=F("refunded_minor") + F("amount_minor"))
            | Q(state__in=["cancelled", "expired"], received_minor__gt=F("refunded_minor"))
        )
        .exclude(document__startswith="order:")
        .order_by("id")
    )
    return with_tenders(merchant_id=merchant_id, rows=rows[:limit])


def intents_without_answer(*, merchant_id: int, limit: int) -> list[Intent]:
    """Given up by us, and of a part of them no provider has said how it ended; oldest first."""
    waiting = Tender.objects.of_merchant(merchant_id).filter(state__in=LIVE)
    rows = (
        Row.objects.of_merchant(merchant_id)
        .exclude(state__in=LIVE_INTENT)
        .filter(id__in=waiting.values("intent_id"))
        .order_by("id")
    )
    return with_tenders(merchant_id=merchant_id, rows=rows[:limit])


def _referred_to(merchant_id: int, reference: str) -> set[int]:
    named = Q(reference=reference) | Q(their_reference=reference)
    tenders = Tender.objects.of_merchant(merchant_id).filter(named)
    parts = RefundPart.objects.of_merchant(merchant_id).filter(named)
    return {
        *tenders.values_list("intent_id", flat=True)[:MOST_FOUND],
        *parts.values_list("tender__intent_id", flat=True)[:MOST_FOUND],
    }
