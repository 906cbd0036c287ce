"""What membership does by the clock."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.jobs import periodic
from santong.membership.selectors.merges import merges_with_leftovers
from santong.membership.services.date_tiers import date_tiers
from santong.membership.services.fold_leftovers import fold_leftovers
from santong.membership.services.mature_due import mature_due
from santong.membership.services.note_joining_days import note_joining_days
from santong.membership.services.remind_of_expiry import remind_of_expiry
from santong.membership.services.review_dormancy import review_dormancy
from santong.membership.services.review_tiers import review_tiers

MOST_AT_ONCE = 1_000
MOST_NOTED = 10_000


@periodic(name="membership.review_dormancy", cron="7 * * * *")
def let_members_sleep(*, merchant_id: int, now: datetime) -> int:
    """Who was not seen for long is dormant."""
    return review_dormancy(merchant_id=merchant_id, limit=MOST_AT_ONCE, now=now)


@periodic(name="membership.fold_leftovers", cron="*/10 * * * *")
def let_points_follow(*, merchant_id: int, now: datetime) -> int:
    """What was held when members were merged follows when it is free."""
    merges = merges_with_leftovers(merchant_id=merchant_id)
    return sum(
        fold_leftovers(merchant_id=merchant_id, merge_id=merge_id, now=now) for merge_id in merges
    )


@periodic(name="membership.mature_due", cron="*/5 * * * *")
def let_points_mature(*, merchant_id: int, now: datetime) -> int:
    """Points whose return period is over can be spent."""
    return mature_due(merchant_id=merchant_id, now=now, limit=MOST_AT_ONCE)


@periodic(name="membership.note_joining_days", cron="* * * * *")
def let_anniversaries_be_found(*, merchant_id: int, now: datetime) -> int:
    """Members of before get the day of the year on which they joined, until all have one."""
    del now
    return note_joining_days(merchant_id=merchant_id, limit=MOST_NOTED)


@periodic(name="membership.date_tiers", cron="2-59/5 * * * *")
def let_tiers_have_an_end(*, merchant_id: int, now: datetime) -> int:
    """Tiers that somebody brought along are kept as long as the terms say."""
    return date_tiers(merchant_id=merchant_id, now=now, limit=MOST_AT_ONCE)


@periodic(name="membership.review_tiers", cron="*/5 * * * *")
def let_periods_end(*, merchant_id: int, now: datetime) -> int:
    """Tiers whose period has ended are kept, or fall."""
    return review_tiers(merchant_id=merchant_id, now=now, limit=MOST_AT_ONCE)


@periodic(name="membership.remind_of_expiry", cron="23 1 * * *")
def remind_members(*, merchant_id: int, now: datetime) -> int:
    """Who will lose points is told in time."""
    return remind_of_expiry(merchant_id=merchant_id, now=now)
