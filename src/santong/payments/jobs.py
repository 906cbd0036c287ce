"""What payments does by the clock: the ledger's sweeping, and the calls to providers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from santong.kernel import cells
from santong.kernel.jobs import periodic, periodic_in_cell
from santong.payments.providers.errands import run_errands
from santong.payments.providers.look_for_disputes import look_for_disputes
from santong.payments.providers.simulated_post import let_time_pass
from santong.payments.selectors.assets import assets_with_lots
from santong.payments.services.expire_holds import expire_holds
from santong.payments.services.expire_intents import expire_intents
from santong.payments.services.expire_lots import expire_lots
from santong.payments.services.rebuild import rebuild
from santong.payments.services.simulated.forget_notices import forget_notices

log = structlog.get_logger(__name__)

MOST_HOLDS_AT_ONCE = 500
MOST_LOTS_AT_ONCE = 2_000
MOST_TOLD = 20
MOST_FORGOTTEN = 100_000


@periodic(name="payments.expire_holds", cron="* * * * * */30")
def let_holds_expire(*, merchant_id: int, now: datetime) -> int:
    """Holds that have run out keep nothing any more."""
    return expire_holds(merchant_id=merchant_id, now=now, limit=MOST_HOLDS_AT_ONCE)


@periodic(name="payments.expire_lots", cron="* * * * *")
def let_lots_expire(*, merchant_id: int, now: datetime) -> int:
    """What has ended is written down; nobody could spend it since."""
    return sum(
        expire_lots(merchant_id=merchant_id, asset=asset.code, now=now, limit=MOST_LOTS_AT_ONCE)
        for asset in assets_with_lots(merchant_id=merchant_id)
    )


@periodic(name="payments.compare_with_the_log", cron="17 3 * * *")
def compare_with_the_log(*, merchant_id: int, now: datetime) -> int:
    """Every night the log is replayed beside what is stored; what differs is an alarm."""
    found = rebuild(merchant_id=merchant_id)
    for difference in found[:MOST_TOLD]:
        log.error(
            "ledger_differs_from_its_log",
            merchant_id=merchant_id,
            differences=len(found),
            table=difference.table,
            row_id=difference.row_id,
            column=difference.column,
            stored=difference.stored,
            replayed=difference.replayed,
        )
    return len(found)


def _now() -> datetime:
    return datetime.now(UTC)


def _for_each_merchant(cell: cells.Cell, act: Callable[[int], int], *, failed: str) -> int:
    done = 0
    for entry in cells.merchants_of(cell):
        try:
            done += act(entry.merchant_id)
        except cells.MerchantIsMoving:
            continue
        except Exception:  # one merchant's provider does not stop the others'
            log.exception(failed, merchant_id=entry.merchant_id)
    return done


@periodic_in_cell(name="payments.ask_providers", cron="* * * * * *")
def ask_providers(*, cell: cells.Cell, now: datetime) -> int:
    """What is to be asked of providers. No scope is open: calls take their time."""
    return _for_each_merchant(
        cell,
        lambda merchant_id: run_errands(merchant_id=merchant_id, clock=_now),
        failed="ask_providers_failed",
    )


@periodic_in_cell(name="payments.let_time_pass_at_simulated", cron="* * * * * */2")
def let_time_pass_at_simulated(*, cell: cells.Cell, now: datetime) -> int:
    """The simulated provider settles what is due, and tells. No scope is open: calls take time."""
    return _for_each_merchant(
        cell,
        lambda merchant_id: let_time_pass(merchant_id=merchant_id, clock=_now),
        failed="let_time_pass_failed",
    )


@periodic_in_cell(name="payments.look_for_disputes", cron="*/10 * * * *")
def look_for_disputes_at_providers(*, cell: cells.Cell, now: datetime) -> int:
    """What buyers fight about and nobody told of. No scope is open: calls take their time."""
    return _for_each_merchant(
        cell,
        lambda merchant_id: look_for_disputes(merchant_id=merchant_id, clock=_now),
        failed="look_for_disputes_failed",
    )


@periodic(name="payments.forget_simulated_notices", cron="41 3 * * *")
def forget_what_simulated_told(*, merchant_id: int, now: datetime) -> int:
    """What the simulated provider told more than a month ago."""
    return forget_notices(merchant_id=merchant_id, now=now, limit=MOST_FORGOTTEN)


@periodic(name="payments.expire_intents", cron="* * * * * */10")
def let_intents_expire(*, merchant_id: int, now: datetime) -> int:
    """What nobody has paid in time is asked for no longer."""
    return expire_intents(merchant_id=merchant_id, now=now)
