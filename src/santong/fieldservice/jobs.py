"""What fieldservice does by the clock."""

from __future__ import annotations

from datetime import datetime

from santong.fieldservice.services.accept_visit import accept_silent
from santong.fieldservice.services.hold_slot import release_overdue_holds
from santong.fieldservice.services.offer_visit import offer_what_has_come
from santong.fieldservice.services.plan_day import work_out_day_plans
from santong.fieldservice.services.report_no_show import settle_absences
from santong.kernel.jobs import periodic

AT_ONCE = 500
PLANS_AT_ONCE = 4


@periodic(name="fieldservice.release_holds", cron="* * * * *")
def let_holds_go(*, merchant_id: int, now: datetime) -> int:
    """What was held for a buyer who did not decide is free again."""
    return release_overdue_holds(merchant_id=merchant_id, now=now)


@periodic(name="fieldservice.work_out_plans", cron="* * * * * */5")
def let_plans_be_worked_out(*, merchant_id: int, now: datetime) -> int:
    """Somebody has asked for a day's plan, and looks at its page."""
    return work_out_day_plans(merchant_id=merchant_id, limit=PLANS_AT_ONCE, now=now)


@periodic(name="fieldservice.offer_visits", cron="*/5 * * * *")
def let_visits_be_offered(*, merchant_id: int, now: datetime) -> int:
    """Goods may have come while their visit was being asked for."""
    return offer_what_has_come(merchant_id=merchant_id, limit=AT_ONCE, now=now)


@periodic(name="fieldservice.settle_absences", cron="*/5 * * * *")
def let_absences_be_settled(*, merchant_id: int, now: datetime) -> int:
    """Reports that waited for time alone."""
    return settle_absences(merchant_id=merchant_id, now=now)


@periodic(name="fieldservice.accept_silent", cron="*/5 * * * *")
def let_silence_accept(*, merchant_id: int, now: datetime) -> int:
    """What nobody objected to for 48 hours."""
    return accept_silent(merchant_id=merchant_id, limit=AT_ONCE, now=now)
