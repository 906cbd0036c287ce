from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from santong.kernel.tenancy import all_or_nothing
from santong.messaging.models import Mail, MailAddress
from santong.messaging.rules.alarms import ALARMS


@all_or_nothing
def mail_alarm(*, merchant_id: int, name: str, body: Mapping[str, Any], now: datetime) -> int:
    """Queue a mail for everybody who wants alarms; how many. The same alarm is mailed once."""
    words = ALARMS[name](body)
    address_ids = MailAddress.objects.of_merchant(merchant_id).values_list("id", flat=True)
    mails = Mail.objects.bulk_create(
        (
            Mail(
                merchant_id=merchant_id,
                address_id=address_id,
                # A webhook may be paused again another day: the instant tells these apart.
                key=f"{words.once}:{now.isoformat()}"[:120],
                subject=words.subject[:200],
                body=words.body,
                due_at=now,
            )
            for address_id in address_ids
        ),
        ignore_conflicts=True,
    )
    return len(mails)
