from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from santong.kernel.tenancy import all_or_nothing
from santong.messaging.models import Mail, Message, Parked, Queued, Try

KEPT: Final = timedelta(days=30)


@all_or_nothing
def forget_old(*, merchant_id: int, now: datetime) -> int:
    """Forget messages, tries and mails of more than 30 days ago; how many messages.

    What somebody has still not taken after a month is forgotten too.
    """
    before = now - KEPT
    last = (
        Message.objects.of_merchant(merchant_id)
        .filter(at__lt=before)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    Try.objects.of_merchant(merchant_id).filter(at__lt=before).delete()
    Mail.objects.of_merchant(merchant_id).filter(due_at__lt=before).delete()
    if last is None:
        return 0
    Parked.objects.of_merchant(merchant_id).filter(number__lte=last).delete()
    Queued.objects.of_merchant(merchant_id).filter(number__lte=last).delete()
    gone, _ = Message.objects.of_merchant(merchant_id).filter(number__lte=last).delete()
    return int(gone)
