"""What the clock does with checkout sessions: ends those whose time or order has ended, forgets."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from santong.agents import contracts
from santong.agents.models import CheckoutSession
from santong.agents.services.keep_session import catch_up
from santong.kernel.tenancy import all_or_nothing

MOST_AT_ONCE = 500


@all_or_nothing
def end_due(*, merchant_id: int, now: datetime) -> int:
    """End sessions that nobody goes on with, and those whose order was paid for or given up.

    Gives how many were looked at. Locks them.
    """
    due = CheckoutSession.objects.of_merchant(merchant_id).filter(
        Q(state="open", expires_at__lte=now) | Q(state="placed")
    )
    rows = list(due.order_by("expires_at", "id")[:MOST_AT_ONCE])
    for row in (
        CheckoutSession.objects.of_merchant(merchant_id)
        .filter(id__in=[row.id for row in rows], state__in=("open", "placed"))
        .lock()
    ):
        catch_up(row, now=now)
    return len(rows)


@all_or_nothing
def erase_old(*, merchant_id: int, now: datetime) -> int:
    """Forget what buyers gave for sessions that ended long ago; gives how many."""
    old = CheckoutSession.objects.of_merchant(merchant_id).filter(
        ended_at__lt=now - contracts.KEPT, erased_at__isnull=True
    )
    ids = list(old.order_by("ended_at").values_list("id", flat=True)[:MOST_AT_ONCE])
    return (
        CheckoutSession.objects.of_merchant(merchant_id)
        .filter(id__in=ids)
        .update(asked_sealed=b"", shown_sealed=b"", erased_at=now)
    )
