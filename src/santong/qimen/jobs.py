"""What qimen does by the clock: it sends what waits, gathers changes of stock, forgets the log."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog

from santong.kernel import cells
from santong.kernel.jobs import periodic, periodic_in_cell
from santong.qimen.services.gather_parts import forget_parts
from santong.qimen.services.log_message import KEPT_FOR, forget_messages
from santong.qimen.services.tell_stock import send_stock_changes
from santong.qimen.spi.deliver import deliver

log = structlog.get_logger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


@periodic_in_cell(name="qimen.deliver", cron="* * * * * */2")
def deliver_waiting(*, cell: cells.Cell, now: datetime) -> int:
    """What waits for ERPs and WMSs. No scope is open: calls take their time."""
    made = 0
    for entry in cells.merchants_of(cell):
        try:
            made += deliver(merchant_id=entry.merchant_id, clock=_now)
        except cells.MerchantIsMoving:
            continue
        except Exception as failure:  # one merchant's line does not stop the others'
            told = RuntimeError(type(failure).__name__)
            log.exception("deliver_failed", exc_info=told, merchant_id=entry.merchant_id)
    return made


@periodic(name="qimen.send_stock_changes", cron="* * * * * */10")
def gather_stock_changes(*, merchant_id: int, now: datetime) -> int:
    """Systems that want to know are told what has changed, a hundred lines at a time."""
    return send_stock_changes(merchant_id=merchant_id, now=now)


@periodic(name="qimen.forget_messages", cron="41 3 * * *")
def forget_old_messages(*, merchant_id: int, now: datetime) -> int:
    """The log is kept for a month."""
    forget_parts(merchant_id=merchant_id, before=now - KEPT_FOR)
    return forget_messages(merchant_id=merchant_id, now=now)
