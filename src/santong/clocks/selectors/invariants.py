"""What must always hold of clocks, asked of all rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from santong.clocks.models import Clock
from santong.clocks.rules.working_time import instant_of
from santong.clocks.selectors.standing import standings
from santong.clocks.selectors.years import years_wanting
from santong.kernel.doctor import Finding

MOST_FINDINGS = 50
AT_ONCE = 1_000

_RULES = {
    "every event of a clock is counted": """
SELECT format('clock %%s', c.id) FROM clocks_clock c
LEFT JOIN (
  SELECT clock_id, count(*) AS events, max(number) AS last FROM clocks_clockevent
  WHERE merchant_id = %(merchant)s GROUP BY 1
) e ON e.clock_id = c.id
WHERE c.merchant_id = %(merchant)s
  AND (c.events <> coalesce(e.events, 0) OR c.events <> coalesce(e.last, 0))
LIMIT %(limit)s
""",
    "nobody has to see to a clock that has ended": """
SELECT format('escalation %%s', e.id) FROM clocks_escalation e
JOIN clocks_clock c ON c.merchant_id = e.merchant_id AND c.id = e.clock_id
WHERE e.merchant_id = %(merchant)s AND e.state IN ('told', 'seen')
  AND c.state NOT IN ('running', 'paused')
LIMIT %(limit)s
""",
    "a clock that runs and is due some day is looked at": """
SELECT format('clock %%s', c.id) FROM clocks_clock c
WHERE c.merchant_id = %(merchant)s AND c.state = 'running' AND c.due_at IS NOT NULL
  AND c.broken_at IS NULL AND c.next_at IS NULL
LIMIT %(limit)s
""",
    "a promise that was broken was late": """
SELECT format('clock %%s', c.id) FROM clocks_clock c
WHERE c.merchant_id = %(merchant)s AND c.state = 'stopped' AND NOT c.is_kept
  AND c.broken_at IS NULL
LIMIT %(limit)s
""",
    "calendars know the years that they name": """
SELECT format('calendar version %%s', v.id) FROM clocks_calendarversion v
WHERE v.merchant_id = %(merchant)s AND EXISTS (
  SELECT FROM jsonb_array_elements_text(v.year_ids) y(id)
  WHERE NOT EXISTS (SELECT FROM clocks_calendaryear k WHERE k.merchant_id = v.merchant_id
    AND k.id = y.id::bigint AND k.region = v.region))
LIMIT %(limit)s
""",
}
WANTING = "calendars need a year that nobody has told"
RECOMPUTED = "what a clock says is what its events give"


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Recompute clocks from their events, and ask the tables about all of them.

    Some findings of each rule. Nothing depends on `now`.
    """
    del now
    return [
        *(
            Finding(context="clocks", rule=rule, detail=detail)
            for rule, statement in _RULES.items()
            for detail in _texts(statement, merchant_id)
        ),
        *(
            Finding(context="clocks", rule=RECOMPUTED, detail=detail)
            for detail in _recomputed(merchant_id)
        ),
    ]


def check_warnings(*, merchant_id: int, now: datetime) -> list[Finding]:
    """Years that calendars need and nobody has told: nothing is wrong yet, but will be."""
    return [
        Finding(context="clocks", rule=WANTING, detail=f"{region} {year}")
        for region, years in years_wanting(merchant_id=merchant_id, now=now).items()
        for year in years
    ]


def _recomputed(merchant_id: int) -> list[str]:
    found: list[str] = []
    for rows in _batches(merchant_id):
        stand = standings(merchant_id=merchant_id, clocks=rows, now=None)
        for row in rows:
            said = (row.state, row.due_at, row.warn_at, row.target_seconds, row.ended_at)
            again = stand[row.id]
            gives = (
                again.state,
                None if again.due_at is None else instant_of(again.due_at),
                None if again.warn_at is None else instant_of(again.warn_at),
                again.target_seconds,
                None if again.ended_at is None else instant_of(again.ended_at),
            )
            if said != gives:
                found.append(f"clock {row.id}: {said}; its events give {gives}")
        if len(found) >= MOST_FINDINGS:
            break
    return found[:MOST_FINDINGS]


def _batches(merchant_id: int) -> Iterator[list[Clock]]:
    last_id = 0
    while True:
        rows = Clock.objects.of_merchant(merchant_id).filter(id__gt=last_id).order_by("id")
        batch = list(rows[:AT_ONCE])
        if not batch:
            return
        yield batch
        last_id = batch[-1].id


def _texts(statement: str, merchant_id: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"merchant": merchant_id, "limit": MOST_FINDINGS})
        return [detail for (detail,) in cursor.fetchall()]
