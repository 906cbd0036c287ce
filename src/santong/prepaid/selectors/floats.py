"""The float: what programmes owe to their cards, and how it moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from santong.kernel.errors import FieldInvalid
from santong.payments import public as payments
from santong.prepaid import contracts
from santong.prepaid.rules.profiles import reserve, reserve_percent
from santong.prepaid.selectors.programmes import programme_by_code, terms_of

MOST_DAYS = 400
MOST_MONTHS = 36
A_QUARTER = timedelta(days=92)
_BEGINNING = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
_LAST = datetime.fromisoformat("2200-01-01T00:00:00+00:00")


def float_begins(*, until: datetime) -> datetime:
    """A quarter before the end of a report. Raises FieldInvalid."""
    _check(_BEGINNING + A_QUARTER, until)
    return until - A_QUARTER


def float_report(
    *, merchant_id: int, programme_code: str, since: datetime, until: datetime
) -> contracts.FloatReport:
    """What a programme reports of a quarter, or any time: recorded from `since`, before `until`.

    Raises NoSuch (programme), NothingOnSale, FieldInvalid.
    """
    _check(since, until)
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    terms = terms_of(merchant_id=merchant_id, programme=programme).terms
    asset = programme.principal_asset
    moved = _moved(merchant_id, asset, since, until)
    principal = _stood(merchant_id, asset, until)
    percent = reserve_percent(terms.profile, issuer_kind=programme.issuer_kind)
    return contracts.FloatReport(
        programme_code=programme.code,
        party=programme.party,
        issuer_kind=programme.issuer_kind,
        currency=programme.currency,
        since=since,
        until=until,
        sold_minor=-moved.get("received", 0),
        spent_minor=moved.get("redeemed", 0),
        paid_back_minor=moved.get("refunded", 0),
        principal_minor=principal,
        reserve_percent=percent,
        reserve_minor=reserve(principal, percent=percent),
    )


def floats_by_day(
    *, merchant_id: int, programme_code: str, first: date, last: date, timezone: str
) -> Sequence[contracts.FloatDay]:
    """What a programme owed at the end of each day, both days included, and what moved on it.

    Raises NoSuch (programme), FieldInvalid.
    """
    if not 0 <= (last - first).days < MOST_DAYS:
        raise FieldInvalid(pointer="/last", reason=f"at most {MOST_DAYS} days from the first")
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    zone = ZoneInfo(timezone)
    begin = datetime(first.year, first.month, first.day, tzinfo=zone)
    assets = (programme.principal_asset, programme.bonus_asset)
    stood = [_stood(merchant_id, asset, begin) for asset in assets]
    days = []
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        since = datetime(day.year, day.month, day.day, tzinfo=zone)
        until = since + timedelta(days=1)
        moved = [_moved(merchant_id, asset, since, until) for asset in assets]
        stood = [stand - sum(each.values()) for stand, each in zip(stood, moved, strict=True)]
        days.append(
            contracts.FloatDay(
                day=day,
                principal_minor=stood[0],
                bonus_minor=stood[1],
                sold_minor=-moved[0].get("received", 0),
                spent_minor=moved[0].get("redeemed", 0),
                paid_back_minor=moved[0].get("refunded", 0),
            )
        )
    return days


def floats_by_month(
    *, merchant_id: int, programme_code: str, last: date, months: int, timezone: str
) -> Sequence[contracts.FloatMonth]:
    """What a programme owed at the end of each of so many months, and what moved, oldest first.

    `last` is a day of the newest; of a month that has not ended, what there is so far.

    Raises NoSuch (programme), FieldInvalid.
    """
    if not 0 < months <= MOST_MONTHS:
        raise FieldInvalid(pointer="/months", reason=f"1 to {MOST_MONTHS}")
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    zone = ZoneInfo(timezone)
    assets = (programme.principal_asset, programme.bonus_asset)
    firsts = [_month(last, back) for back in range(months - 1, -2, -1)]
    begins = [datetime(each.year, each.month, 1, tzinfo=zone) for each in firsts]
    stood = [_stood(merchant_id, asset, begins[0]) for asset in assets]
    found = []
    for first, since, until in zip(firsts, begins, begins[1:], strict=False):
        moved = [_moved(merchant_id, asset, since, until) for asset in assets]
        stood = [stand - sum(each.values()) for stand, each in zip(stood, moved, strict=True)]
        found.append(
            contracts.FloatMonth(
                month=first,
                principal_minor=stood[0],
                bonus_minor=stood[1],
                sold_minor=-moved[0].get("received", 0),
                spent_minor=moved[0].get("redeemed", 0),
                paid_back_minor=moved[0].get("refunded", 0),
            )
        )
    return found


def _month(day: date, back: int) -> date:
    """The first day of the month so many months before a day's; of the next one for -1."""
    count = day.year * 12 + day.month - 1 - back
    return date(count // 12, count % 12 + 1, 1)


def _moved(merchant_id: int, asset: str, since: datetime, until: datetime) -> dict[str, int]:
    found: dict[str, int] = {}
    rows = payments.flows(merchant_id=merchant_id, asset=asset, since=since, until=until)
    for total in rows:
        found[total.kind] = found.get(total.kind, 0) + total.amount
    return found


def _stood(merchant_id: int, asset: str, at: datetime) -> int:
    """What cards had at a moment: what left the sinks before it."""
    return -sum(_moved(merchant_id, asset, _BEGINNING, at).values())


def _check(since: datetime, until: datetime) -> None:
    if not _BEGINNING <= since < until <= _LAST:
        raise FieldInvalid(
            pointer="/query/until", reason="after since, in this or the next century"
        )
