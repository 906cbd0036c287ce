"""Who has alarms by mail."""

from __future__ import annotations

from santong.messaging import contracts
from santong.messaging.models import MailAddress


def mail_entries(*, merchant_id: int) -> list[contracts.MailEntry]:
    """Everybody who has alarms by mail, masked, the first to ask first."""
    return [
        contracts.MailEntry(id=row.id, masked=row.masked, since=row.created_at)
        for row in MailAddress.objects.of_merchant(merchant_id).order_by("id")
    ]
