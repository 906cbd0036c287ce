"""Forget what nobody can use any more."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.storefront.models import KeptMessage, MemberSession, Notice, OneTimeCode
from santong.storefront.rules.codes import KEPT_FOR, MESSAGES_KEPT_FOR
from santong.storefront.rules.notices import KEPT_FOR as NOTICES_KEPT_FOR
from santong.storefront.rules.notices import LISTED_FOR


@all_or_nothing
def forget_expired(*, merchant_id: int, now: datetime) -> int:
    """Remove ended sessions, codes past their time and messages of yesterday; how many.

    Of a notice its phone and its text are forgotten first, and what it was about in the end.
    """
    notices = Notice.objects.of_merchant(merchant_id)
    notices.filter(ended_at__lte=now - NOTICES_KEPT_FOR, state__in=("sent", "unwanted")).exclude(
        text_sealed=b""
    ).update(phone_sealed=b"", text_sealed=b"")
    removed = 0
    for rows in (
        MemberSession.objects.of_merchant(merchant_id).filter(expires_at__lte=now),
        OneTimeCode.objects.of_merchant(merchant_id).filter(expires_at__lte=now - KEPT_FOR),
        notices.filter(ended_at__lte=now - LISTED_FOR),
        KeptMessage.objects.of_merchant(merchant_id).filter(sent_at__lte=now - MESSAGES_KEPT_FOR),
    ):
        count, _ = rows.delete()
        removed += count
    return removed
