"""What openplatform does by the clock: it forgets what is past its time, and renews a key."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import cells
from santong.kernel.jobs import periodic, periodic_in_cell
from santong.openplatform.oauth.signing import renew_key
from santong.openplatform.services.forget_calls import forget_calls
from santong.openplatform.services.forget_keys import forget_keys


@periodic(name="openplatform.forget_calls", cron="37 * * * *")
def forget_old_calls(*, merchant_id: int, now: datetime) -> int:
    """The log is kept for a month."""
    return forget_calls(merchant_id=merchant_id, now=now)


@periodic(name="openplatform.forget_keys", cron="53 3 * * *")
def forget_old_keys(*, merchant_id: int, now: datetime) -> int:
    """What opens nothing any more, a month after it ended."""
    return forget_keys(merchant_id=merchant_id, now=now)


@periodic_in_cell(name="openplatform.renew_signing_key", cron="7 4 * * *")
def renew_signing_key(*, cell: cells.Cell, now: datetime) -> bool:
    """Every three months; of several cells the first does it."""
    return renew_key(now=now)
