"""What the gateway does by the clock: it sends what waits, judges its lines, forgets old calls."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog

from santong.gateway.services.compare_told import compare_told
from santong.gateway.services.follow_standing import ask_for_standings
from santong.gateway.services.forget_calls import forget_calls
from santong.gateway.services.judge_all import judge_all
from santong.gateway.spi.deliver import deliver
from santong.gateway.spi.failures import unsaid
from santong.kernel import cells
from santong.kernel.jobs import periodic, periodic_in_cell

log = structlog.get_logger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


@periodic_in_cell(name="gateway.deliver", cron="* * * * * */2")
def deliver_waiting(*, cell: cells.Cell, now: datetime) -> int:
    """What waits for marketplaces and older CRMs. No scope is open: calls take their time."""
    made = 0
    for entry in cells.merchants_of(cell):
        try:
            made += deliver(merchant_id=entry.merchant_id, clock=_now)
        except cells.MerchantIsMoving:
            continue
        except Exception as failure:  # one merchant's line does not stop the others'
            log.exception("deliver_failed", exc_info=unsaid(failure), merchant_id=entry.merchant_id)
    return made


@periodic(name="gateway.compare_told", cron="* * * * *")
def compare_what_was_told(*, merchant_id: int, now: datetime) -> int:
    """A sixtieth of all bound members every minute: points ripen and end without a fact."""
    return compare_told(merchant_id=merchant_id, part=now.minute, of_parts=60, now=now)


@periodic(name="gateway.judge_connections", cron="* * * * * */20")
def judge_connections(*, merchant_id: int, now: datetime) -> int:
    """Alarms begin and end."""
    return judge_all(merchant_id=merchant_id, now=now)


@periodic(name="gateway.ask_for_standings", cron="* * * * *")
def ask_older_crms(*, merchant_id: int, now: datetime) -> int:
    """What has changed in an older CRM is found by asking it, once a day of each member."""
    return ask_for_standings(merchant_id=merchant_id, now=now)


@periodic(name="gateway.forget_calls", cron="23 3 * * *")
def forget_old_calls(*, merchant_id: int, now: datetime) -> int:
    """The log is kept for a month."""
    return forget_calls(merchant_id=merchant_id, now=now)
