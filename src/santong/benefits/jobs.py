"""What benefits does by the clock."""

from __future__ import annotations

from datetime import datetime

import structlog

from santong.benefits.contracts.events import Event
from santong.benefits.rules.occasions import days_celebrated
from santong.benefits.rules.validity import day_of
from santong.benefits.selectors.event_rules import rules_of_event
from santong.benefits.selectors.issues import running_issues
from santong.benefits.services.ask_suppliers import ask_suppliers
from santong.benefits.services.celebrate import celebrate
from santong.benefits.services.continue_issue import continue_issue
from santong.benefits.services.expire_due import expire_due
from santong.benefits.services.record_failure import record_failure
from santong.benefits.services.record_receipt import record_receipt
from santong.benefits.services.watch_supplies import watch_supplies
from santong.benefits.suppliers import supplier_named
from santong.kernel import cells, tenancy
from santong.kernel.jobs import periodic, periodic_in_cell

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 1_000
MEMBERS_AT_ONCE = 200
YEARLY: tuple[Event, ...] = ("birthday", "anniversary")


@periodic(name="benefits.expire_due", cron="* * * * *")
def let_coupons_expire(*, merchant_id: int, now: datetime) -> int:
    """Holds and coupons whose time is over."""
    return expire_due(merchant_id=merchant_id, now=now, limit=MOST_AT_ONCE)


@periodic(name="benefits.continue_issues", cron="* * * * * */5")
def go_on_with_issues(*, merchant_id: int, now: datetime) -> None:
    """The next part of every mass issue that goes on."""
    for run_id in running_issues(merchant_id=merchant_id):
        continue_issue(merchant_id=merchant_id, run_id=run_id, now=now, limit=MOST_AT_ONCE)


@periodic(name="benefits.watch_supplies", cron="*/5 * * * *")
def look_for_low_supplies(*, merchant_id: int, now: datetime) -> int:
    """Supplies that run low."""
    return watch_supplies(merchant_id=merchant_id, now=now)


@periodic_in_cell(name="benefits.ask_suppliers", cron="* * * * * */10")
def ask_for_what_is_owed(*, cell: cells.Cell, now: datetime) -> None:
    """Ask suppliers for what members have been promised, outside of any transaction."""
    for entry in cells.merchants_of(cell):
        try:
            ask_for_merchant(merchant_id=entry.merchant_id, now=now)
        except cells.MerchantIsMoving:
            continue
        except Exception:
            log.exception("suppliers_not_asked", merchant_id=entry.merchant_id)


def ask_for_merchant(*, merchant_id: int, now: datetime) -> int:
    """Ask for one merchant's coupons; say how many were delivered."""
    with tenancy.scope(merchant_id=merchant_id, request_id="job:benefits.ask_suppliers"):
        asks = ask_suppliers(merchant_id=merchant_id, now=now)
    delivered = 0
    for ask in asks:
        receipt, error = "", "nobody knows this supplier"
        supplier = supplier_named(ask.adapter)
        if supplier is not None:
            try:
                receipt = supplier.deliver(key=ask.key, product=ask.product, attempt=ask.attempt)
            except (OSError, ValueError) as failure:
                error = f"{type(failure).__name__}: {failure}"
        with tenancy.scope(merchant_id=merchant_id, request_id="job:benefits.ask_suppliers"):
            if receipt:
                delivered += record_receipt(
                    merchant_id=merchant_id,
                    request_id=ask.request_id,
                    receipt=receipt,
                    now=now,
                )
            else:
                record_failure(
                    merchant_id=merchant_id,
                    request_id=ask.request_id,
                    error=error,
                    now=now,
                )
    return delivered


@periodic_in_cell(name="benefits.celebrate", cron="20 * * * *")
def celebrate_the_day(*, cell: cells.Cell, now: datetime) -> None:
    """Birthdays and anniversaries; every hour, so that one that failed is made up for."""
    for entry in cells.merchants_of(cell):
        try:
            celebrate_for_merchant(merchant_id=entry.merchant_id, now=now)
        except cells.MerchantIsMoving:
            continue
        except Exception:
            log.exception("day_not_celebrated", merchant_id=entry.merchant_id)


def celebrate_for_merchant(*, merchant_id: int, now: datetime) -> None:
    """All rules of the day of one merchant, a page of members at a time."""
    today = day_of(at=now, timezone="Asia/Shanghai")
    with tenancy.scope(merchant_id=merchant_id, request_id="job:benefits.celebrate"):
        rules = [
            rule
            for event in YEARLY
            for rule in rules_of_event(merchant_id=merchant_id, event=event)
        ]
    for rule in rules:
        days = days_celebrated(today=today, days_before=rule.days_before)
        for day in days:
            after_id: int | None = 0
            while after_id is not None:
                with tenancy.scope(merchant_id=merchant_id, request_id="job:benefits.celebrate"):
                    after_id = celebrate(
                        merchant_id=merchant_id,
                        rule=rule,
                        day=day,
                        year=days[0].year,
                        after_id=after_id,
                        limit=MEMBERS_AT_ONCE,
                        now=now,
                    )
