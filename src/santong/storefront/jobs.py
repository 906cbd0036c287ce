"""What storefront does on a schedule."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog

from santong.kernel import cells, jobs
from santong.storefront.senders import send_notices
from santong.storefront.services.forget_expired import forget_expired

log = structlog.get_logger(__name__)


@jobs.periodic(name="storefront.forget_expired", cron="27 * * * *")
def forget_what_has_expired(*, merchant_id: int, now: datetime) -> None:
    """Remove sessions that have ended, old codes and old messages."""
    forget_expired(merchant_id=merchant_id, now=now)


@jobs.periodic_in_cell(name="storefront.send_notices", cron="* * * * * */5")
def send_what_is_due(*, cell: cells.Cell, now: datetime) -> int:
    """Tell buyers what they are to be told. No scope is open: senders take their time."""
    tried = 0
    for entry in cells.merchants_of(cell):
        try:
            tried += send_notices(merchant_id=entry.merchant_id, clock=_now)
        except cells.MerchantIsMoving:
            continue
        except Exception:  # one merchant's notices do not stop the others'
            log.exception("send_notices_failed", merchant_id=entry.merchant_id)
    return tried


def _now() -> datetime:
    return datetime.now(UTC)
