"""What benefits does by the clock."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.selectors.issues import running_issues
from santong.benefits.services.continue_issue import continue_issue
from santong.benefits.services.expire_due import expire_due
from santong.kernel.jobs import periodic

MOST_AT_ONCE = 1_000


@periodic(name="benefits.expire_due", cron="* * * * *")
def let_coupons_expire(*, merchant_id: int, now: datetime) -> int:
    """Holds and coupons whose time is over."""
    return expire_due(merchant_id=merchant_id, now=now, limit=MOST_AT_ONCE)


@periodic(name="benefits.continue_issues", cron="* * * * * */5")
def go_on_with_issues(*, merchant_id: int, now: datetime) -> None:
    """The next part of every mass issue that goes on."""
    for run_id in running_issues(merchant_id=merchant_id):
        continue_issue(merchant_id=merchant_id, run_id=run_id, now=now, limit=MOST_AT_ONCE)
