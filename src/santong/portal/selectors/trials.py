"""The session key with which somebody tries an app."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import crypto
from santong.portal.models import TrialKey
from santong.portal.models.trials import trial_place


def trial_key(*, merchant_id: int, app_key: str, staff_id: int, now: datetime) -> str:
    """The key, as long as it is good; nothing otherwise. It is for a call and for no page."""
    rows = TrialKey.objects.of_merchant(merchant_id).filter(
        app_key=app_key, staff_id=staff_id, expires_at__gt=now
    )
    row = rows.first()
    if row is None:
        return ""
    place = trial_place(app_key, staff_id)
    sealed = bytes(row.sealed)
    return crypto.decrypt(merchant_id=merchant_id, sealed=sealed, place=place).decode()


def trial_ends_at(
    *, merchant_id: int, app_key: str, staff_id: int, now: datetime
) -> datetime | None:
    """Until when somebody's key is good, if they have one."""
    rows = TrialKey.objects.of_merchant(merchant_id).filter(
        app_key=app_key, staff_id=staff_id, expires_at__gt=now
    )
    return rows.values_list("expires_at", flat=True).first()
