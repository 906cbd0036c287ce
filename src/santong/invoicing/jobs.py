"""What invoicing does by the clock: it asks issuers."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog

from santong.invoicing.providers.work import work_off
from santong.kernel import cells
from santong.kernel.jobs import periodic_in_cell

log = structlog.get_logger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


@periodic_in_cell(name="invoicing.work_off", cron="* * * * * */3")
def work_on_invoices(*, cell: cells.Cell, now: datetime) -> int:
    """Invoices on their way. No scope is open: issuers take their time."""
    made = 0
    for entry in cells.merchants_of(cell):
        try:
            made += work_off(merchant_id=entry.merchant_id, clock=_now)
        except cells.MerchantIsMoving:
            continue
        except Exception:  # one merchant's issuer does not stop the others'
            log.exception("invoices_not_worked_on", merchant_id=entry.merchant_id)
    return made
