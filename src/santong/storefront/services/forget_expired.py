"""Forget what nobody can use any more."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.storefront.models import KeptMessage, MemberSession, OneTimeCode
from santong.storefront.rules.codes import KEPT_FOR, MESSAGES_KEPT_FOR


@all_or_nothing
def forget_expired(*, merchant_id: int, now: datetime) -> int:
    """Remove ended sessions, codes past their time and messages of yesterday; how many."""
    removed = 0
    for rows in (
        MemberSession.objects.of_merchant(merchant_id).filter(expires_at__lte=now),
        OneTimeCode.objects.of_merchant(merchant_id).filter(expires_at__lte=now - KEPT_FOR),
        KeptMessage.objects.of_merchant(merchant_id).filter(sent_at__lte=now - MESSAGES_KEPT_FOR),
    ):
        count, _ = rows.delete()
        removed += count
    return removed
