"""What prepaid does by the clock. Bonus that has ended is swept by payments."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.jobs import periodic
from santong.prepaid.services.cancel_unpaid import cancel_unpaid
from santong.prepaid.services.expire_cards import expire_cards
from santong.prepaid.services.release_overdue import release_overdue


@periodic(name="prepaid.expire_cards", cron="11 * * * *")
def let_cards_end(*, merchant_id: int, now: datetime) -> int:
    """Bearer cards whose validity is over; what is on them stays."""
    return expire_cards(merchant_id=merchant_id, now=now)


@periodic(name="prepaid.release_overdue", cron="* * * * *")
def let_go_of_payments(*, merchant_id: int, now: datetime) -> int:
    """What was kept for a payment that nobody took can be spent again."""
    return release_overdue(merchant_id=merchant_id, now=now)


@periodic(name="prepaid.cancel_unpaid", cron="*/10 * * * *")
def stop_waiting(*, merchant_id: int, now: datetime) -> int:
    """Nobody pays any more for what was asked a day ago."""
    return cancel_unpaid(merchant_id=merchant_id, now=now)
