"""What stagedsales does by the clock."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.jobs import periodic
from santong.stagedsales.services.accept_stage import accept_silently
from santong.stagedsales.services.expire_sales import expire_sales
from santong.stagedsales.services.fall_due import fall_due


@periodic(name="stagedsales.expire", cron="*/5 * * * *")
def let_sales_end(*, merchant_id: int, now: datetime) -> int:
    """Deposits that nobody paid; codes that nobody used, whose deposits go back."""
    return expire_sales(merchant_id=merchant_id, now=now)


@periodic(name="stagedsales.fall_due", cron="3-59/10 * * * *")
def let_stages_fall_due(*, merchant_id: int, now: datetime) -> int:
    """Stages whose day has come."""
    return fall_due(merchant_id=merchant_id, now=now)


@periodic(name="stagedsales.accept_silently", cron="7-59/10 * * * *")
def take_silence_for_acceptance(*, merchant_id: int, now: datetime) -> int:
    """Work that nobody said anything about for as long as agreed."""
    return accept_silently(merchant_id=merchant_id, now=now)
