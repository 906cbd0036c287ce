"""What presales does by the clock. Orders whose time is over are given up by `orders`."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.jobs import periodic
from santong.presales.services import open_balances as opening
from santong.presales.services import publish_offer as ending
from santong.presales.services import share_kept as sharing


@periodic(name="presales.open_balances", cron="* * * * *")
def open_balances(*, merchant_id: int, now: datetime) -> int:
    """Balance windows that have opened are told of."""
    return opening.open_balances(merchant_id=merchant_id, now=now)


@periodic(name="presales.share_kept", cron="* * * * *")
def share_kept(*, merchant_id: int, now: datetime) -> int:
    """What was kept and could not be shared yet."""
    return sharing.share_all_kept(merchant_id=merchant_id, now=now)


@periodic(name="presales.end_offers", cron="*/10 * * * *")
def end_offers(*, merchant_id: int, now: datetime) -> int:
    """Offers whose windows are over."""
    return ending.end_offers(merchant_id=merchant_id, now=now)
