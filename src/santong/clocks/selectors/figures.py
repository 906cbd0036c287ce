"""Promises kept and broken over a time, by whatever clocks are looked at by.

Clocks that have ended are read from one index, in the order in which they ended; whatever else
there is of them is not touched.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from santong.clocks import contracts

# A number after a term says which time it is that it was promised: `arrival_2` is an arrival.
FAMILY: Final = "regexp_replace(term, '_[0-9]+$', '')"
_COLUMNS: Final = {
    "term": FAMILY,
    "store": "store",
    "provider": "provider",
    "technician": "technician",
    "brand": "brand",
}
MOST_ROWS: Final = 200

_ENDED = """
SELECT {column} AS name, count(*) FILTER (WHERE is_kept), count(*) FILTER (WHERE NOT is_kept),
  percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY elapsed_seconds),
  percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP
    (ORDER BY elapsed_seconds * 100 / greatest(target_seconds, 1)),
  grouping({column})
FROM clocks_clock
WHERE merchant_id = %(merchant)s AND state = 'stopped'
  AND ended_at >= %(since)s AND ended_at < %(until)s {seen}
GROUP BY GROUPING SETS (({column}), ())
"""
_OPEN = """
SELECT {column} AS name, count(*), count(*) FILTER (WHERE due_at < %(now)s),
  min(due_at) FILTER (WHERE due_at < %(now)s), grouping({column})
FROM clocks_clock
WHERE merchant_id = %(merchant)s AND state IN ('running', 'paused') {seen}
GROUP BY GROUPING SETS (({column}), ())
"""
_DAYS = """
SELECT (ended_at AT TIME ZONE %(zone)s)::date, count(*) FILTER (WHERE is_kept),
  count(*) FILTER (WHERE NOT is_kept)
FROM clocks_clock
WHERE merchant_id = %(merchant)s AND state = 'stopped'
  AND ended_at >= %(since)s AND ended_at < %(until)s {seen}
GROUP BY 1 ORDER BY 1
"""


def dashboard(
    *,
    merchant_id: int,
    by: contracts.By,
    since: date,
    until: date,
    time_zone: str,
    sight: contracts.Sight,
    term: str = "",
    now: datetime,
) -> contracts.Dashboard:
    """Promises that ended from one day to another (excluded), and what is open now.

    By term, store, provider, technician or brand; those with the most first. `term` narrows to one.
    """
    zone = ZoneInfo(time_zone)
    values: dict[str, Any] = {
        "merchant": merchant_id,
        "since": datetime(since.year, since.month, since.day, tzinfo=zone).astimezone(UTC),
        "until": datetime(until.year, until.month, until.day, tzinfo=zone).astimezone(UTC),
        "zone": time_zone,
        "now": now,
        "term": term,
        "stores": sorted(sight.stores or ()),
    }
    seen = _seen(sight, term)
    ended = _by_name(_ENDED.format(column=_COLUMNS[by], seen=seen), values)
    live = _by_name(_OPEN.format(column=_COLUMNS[by], seen=seen), values)
    rows = [
        _figures(name, ended.get(name), live.get(name))
        for name in sorted({name for name in (*ended, *live) if name is not None})
    ]
    rows.sort(key=lambda row: (-row.ended - row.open, row.name))
    return contracts.Dashboard(
        all=_figures("", ended.get(None), live.get(None)),
        rows=rows[:MOST_ROWS],
        days=[
            contracts.DayFigures(on=on, kept=kept, broken=broken)
            for on, kept, broken in _rows(_DAYS.format(seen=seen), values)
        ],
    )


def clock_terms(*, merchant_id: int) -> list[str]:
    """What clocks are of, without the numbers that say which time it is."""
    statement = (
        f"SELECT DISTINCT {FAMILY} FROM clocks_clock"  # noqa: S608  our own words
        " WHERE merchant_id = %(merchant)s ORDER BY 1 LIMIT 100"
    )
    return [term for (term,) in _rows(statement, {"merchant": merchant_id})]


def _seen(sight: contracts.Sight, term: str) -> str:
    """What narrows a question, in words of ours alone."""
    return "".join(
        (
            " AND store = ANY(%(stores)s)" if sight.stores is not None else "",
            f" AND {FAMILY} = %(term)s" if term else "",
        )
    )


def _by_name(statement: str, values: dict[str, Any]) -> dict[str | None, tuple[Any, ...]]:
    """Rows by name; what is of all of them has none."""
    return {
        None if is_all else name: tuple(rest) for name, *rest, is_all in _rows(statement, values)
    }


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _figures(
    name: str, ended: tuple[Any, ...] | None, live: tuple[Any, ...] | None
) -> contracts.Figures:
    kept, broken, elapsed, percent = ended or (0, 0, None, None)
    count, late, oldest = live or (0, 0, None)
    elapsed_median, elapsed_p95 = elapsed or (0, 0)
    percent_median, percent_p95 = percent or (0, 0)
    return contracts.Figures(
        name=name,
        kept=kept,
        broken=broken,
        elapsed_median=elapsed_median or 0,
        elapsed_p95=elapsed_p95 or 0,
        percent_median=percent_median or 0,
        percent_p95=percent_p95 or 0,
        open=count,
        late=late,
        oldest_due_at=oldest,
    )
