"""Say in time that points will end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from santong.kernel import outbox
from santong.kernel.bulk import insert_new
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.events import PointsExpiring
from santong.membership.models import ExpiryReminder
from santong.membership.rules.calendar import day_of, end_of, start_of
from santong.membership.rules.expiry import notices
from santong.membership.selectors.programmes import programmes
from santong.membership.selectors.terms import newest_terms
from santong.payments import public as payments

MOST_OWNERS = 5_000
_MEMBER = "member:"
_MOMENT = timedelta(microseconds=1)


@all_or_nothing
def remind_of_expiry(*, merchant_id: int, now: datetime) -> int:
    """Tell of every member whose points end on a day of which notice is due; say how many.

    Each notice of a day is given once, however often this runs. One that was missed is given as
    long as the next one is not due.

    Emits PointsExpiring. Locks nothing.
    """
    return sum(_remind(notice) for notice in _notices(merchant_id, now))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Notice:
    merchant_id: int
    pool_id: int
    asset: str
    timezone: str
    expires_on: date
    days_before: int
    now: datetime

    def owners(self, *, after: str) -> list[payments.Expiring]:
        """Whose points are good to the end of that day: they end with the moment after it."""
        return payments.expiring(
            merchant_id=self.merchant_id,
            asset=self.asset,
            after=start_of(self.expires_on, timezone=self.timezone) + _MOMENT,
            before=end_of(self.expires_on, timezone=self.timezone) + _MOMENT,
            limit=MOST_OWNERS,
            after_owner=after,
        )


def _notices(merchant_id: int, now: datetime) -> Iterator[_Notice]:
    for programme, terms in _pools(merchant_id):
        today = day_of(now, timezone=terms.timezone)
        for days_ahead, days_before in notices(terms.expiry):
            yield _Notice(
                merchant_id=merchant_id,
                pool_id=programme.pool_id,
                asset=programme.points_asset,
                timezone=terms.timezone,
                expires_on=today + timedelta(days_ahead),
                days_before=days_before,
                now=now,
            )


def _pools(merchant_id: int) -> list[tuple[contracts.Programme, contracts.Terms]]:
    """Each pool once, by the oldest programme that promises something in it."""
    every = programmes(merchant_id=merchant_id)
    terms = newest_terms(merchant_id=merchant_id, programme_ids=[each.id for each in every])
    found: dict[int, tuple[contracts.Programme, contracts.Terms]] = {}
    for each in every:
        if each.id in terms:
            found.setdefault(each.pool_id, (each, terms[each.id].terms))
    return list(found.values())


def _remind(notice: _Notice) -> int:
    told, after = 0, ""
    while True:
        found = notice.owners(after=after)
        rows = _written(notice, found)
        outbox.publish(
            *(
                PointsExpiring(
                    member_id=row.member_id,
                    pool_id=notice.pool_id,
                    points=row.points,
                    expires_on=notice.expires_on,
                    days_before=notice.days_before,
                )
                for row in rows
            ),
            now=notice.now,
        )
        told += len(rows)
        if len(found) < MOST_OWNERS:
            return told
        after = found[-1].owner


def _written(notice: _Notice, found: Sequence[payments.Expiring]) -> list[ExpiryReminder]:
    return insert_new(
        [
            ExpiryReminder(
                merchant_id=notice.merchant_id,
                pool_id=notice.pool_id,
                member_id=int(each.owner.removeprefix(_MEMBER)),
                expires_on=notice.expires_on,
                days_before=notice.days_before,
                points=each.amount,
                at=notice.now,
            )
            for each in found
            if each.owner.startswith(_MEMBER)
        ],
        unique=["merchant_id", "pool", "member", "expires_on", "days_before"],
    )
