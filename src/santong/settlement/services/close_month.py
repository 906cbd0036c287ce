"""Close a month: every party gets its statement."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.settlement.errors import MonthOpen
from santong.settlement.events import StatementsClosed
from santong.settlement.services.signature import signature

# Whoever began to write before midnight has ended by then.
AFTERWARDS = timedelta(days=1)

_CLOSE = """
INSERT INTO settlement_statement (merchant_id, party_id, month, currency, counted_from,
  counted_until, opening_minor, shared_minor, reversed_minor, paid_out_minor, corrected_minor,
  closing_minor, entries, state, closed_by, closed_at, confirmed_by)
SELECT %(merchant)s, e.party_id, %(month)s, e.currency, %(since)s, %(until)s, e.opening, e.shared,
  e.reversed, e.paid_out, e.corrected, e.closing, e.entries, 'closed', %(actor)s, %(now)s, ''
FROM (
  SELECT party_id, currency, sum(amount_minor)::bigint AS closing,
    coalesce(sum(amount_minor) FILTER (WHERE at < %(since)s), 0)::bigint AS opening,
    coalesce(sum(amount_minor) FILTER (
      WHERE at >= %(since)s AND kind IN ('shared', 'assigned')), 0)::bigint AS shared,
    coalesce(sum(amount_minor) FILTER (
      WHERE at >= %(since)s AND kind IN ('cancelled', 'reversed', 'restored')), 0)::bigint
      AS reversed,
    coalesce(sum(amount_minor) FILTER (
      WHERE at >= %(since)s AND kind IN ('paid_out', 'came_back')), 0)::bigint AS paid_out,
    coalesce(sum(amount_minor) FILTER (
      WHERE at >= %(since)s AND kind IN ('corrected', 'borne')), 0)::bigint
      AS corrected,
    count(*) FILTER (WHERE at >= %(since)s) AS entries
  FROM settlement_entry
  WHERE merchant_id = %(merchant)s AND at < %(until)s
  GROUP BY party_id, currency
) e
JOIN settlement_party p ON p.id = e.party_id AND p.merchant_id = %(merchant)s
WHERE p.kind <> 'to_come' AND (e.entries > 0 OR e.opening <> 0)
ORDER BY e.party_id, e.currency
ON CONFLICT (merchant_id, party_id, currency, month) DO NOTHING
"""


@all_or_nothing
def close_month(*, merchant_id: int, month: date, now: datetime) -> int:
    """Freeze what every party was owed, got and was paid in a month; say how many are new.

    A month is closed a day after its end, in the merchant's time. Closed once, it stays: what
    comes later is in a later month.

    Raises MonthOpen. Emits StatementsClosed.
    """
    month = month.replace(day=1)
    since, until = bounds(month, timezone=merchants.merchant(merchant_id=merchant_id).timezone)
    if now < until + AFTERWARDS:
        raise MonthOpen(month=month.isoformat())
    with connection.cursor() as cursor:
        cursor.execute(
            _CLOSE,
            {
                "merchant": merchant_id,
                "month": month,
                "since": since,
                "until": until,
                "actor": signature(),
                "now": now,
            },
        )
        closed: int = cursor.rowcount
    if closed:
        audit.record(
            audit.Change(
                action="settlement.close_month",
                subject="statements",
                subject_id=month.year * 100 + month.month,
                reason=month.isoformat(),
                after={"statements": closed},
            ),
            now=now,
        )
        outbox.publish(StatementsClosed(month=month, statements=closed), now=now)
    return closed


def bounds(month: date, *, timezone: str) -> tuple[datetime, datetime]:
    """When a month begins and ends where the merchant is."""
    zone = ZoneInfo(timezone)
    following = (month + timedelta(days=31)).replace(day=1)
    return (
        datetime(month.year, month.month, 1, tzinfo=zone).astimezone(UTC),
        datetime(following.year, following.month, 1, tzinfo=zone).astimezone(UTC),
    )
