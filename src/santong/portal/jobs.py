"""What the portal does by the clock: it carries out the suites that developers asked for."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog

from santong.kernel import cells, tenancy
from santong.kernel.jobs import periodic_in_cell
from santong.portal.selectors.runs import merchants_with_runs
from santong.portal.spi.carry_out import carry_out

log = structlog.get_logger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


@periodic_in_cell(name="portal.conformance", cron="* * * * * */3")
def run_suites(*, cell: cells.Cell, now: datetime) -> int:
    """Runs that wait. No scope is open: calls take their time."""
    made = 0
    with tenancy.system_scope(cell):
        wanted = merchants_with_runs()
    for merchant_id in wanted:
        try:
            made += carry_out(merchant_id=merchant_id, clock=_now)
        except cells.MerchantIsMoving:
            continue
        except Exception:  # one developer's endpoint does not stop the others'
            log.exception("suite_failed", merchant_id=merchant_id)
    return made
