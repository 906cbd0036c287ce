"""What must always hold, asked of all rows at once."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from santong.fieldservice.models import Decision
from santong.fieldservice.rules.dispatch import chosen_of, decide
from santong.fieldservice.rules.states import AHEAD
from santong.fieldservice.rules.written import (
    asked_from_json,
    candidate_from_json,
    offers_to_json,
)
from santong.kernel.doctor import Finding

REPLAYED = 500
OURS = "santong.fieldservice.rules.travel.great_circle_minutes"

_RULES = {
    "nobody is in two places at once": """
SELECT format('technician %%s: slots %%s and %%s', a.technician_id, a.id, b.id)
FROM fieldservice_slot a JOIN fieldservice_slot b
  ON b.merchant_id = %(merchant)s AND b.technician_id = a.technician_id AND b.id > a.id
  AND b.state IN ('held', 'booked') AND b.busy_from < a.busy_until AND b.busy_until > a.busy_from
WHERE a.merchant_id = %(merchant)s AND a.state IN ('held', 'booked') LIMIT 51
""",
    "a visit ahead has one booked slot, and says the same as it": """
SELECT format('visit %%s', v.id) FROM fieldservice_visit v
LEFT JOIN fieldservice_slot s
  ON s.merchant_id = %(merchant)s AND s.visit_id = v.id AND s.state = 'booked'
WHERE v.merchant_id = %(merchant)s AND v.state = ANY(%(ahead)s)
  AND (s.id IS NULL OR s.technician_id <> v.technician_id OR s.starts_at <> v.starts_at
    OR s.window_from <> v.window_from OR s.window_until <> v.window_until)
LIMIT 51
""",
    "a visit that waits for nobody takes nobody's time": """
SELECT format('visit %%s is %%s', v.id, v.state) FROM fieldservice_visit v
JOIN fieldservice_slot s
  ON s.merchant_id = %(merchant)s AND s.visit_id = v.id AND s.state = 'booked'
WHERE v.merchant_id = %(merchant)s AND v.state IN ('requested', 'offered', 'cancelled', 'missed')
LIMIT 51
""",
    "a visit's technician belongs to its provider": """
SELECT format('visit %%s', v.id) FROM fieldservice_visit v
JOIN fieldservice_technician t ON t.merchant_id = %(merchant)s AND t.id = v.technician_id
WHERE v.merchant_id = %(merchant)s AND v.state = ANY(%(ahead)s)
  AND v.provider_id <> t.provider_id LIMIT 51
""",
}


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Compare visits with slots, and make the newest decisions again."""
    del now
    found = [
        Finding("fieldservice", rule, detail)
        for rule, statement in _RULES.items()
        for detail in _details(merchant_id, statement)
    ]
    rule = "a stored decision, made again, is the same"
    return [*found, *(Finding("fieldservice", rule, each) for each in _unlike(merchant_id))]


def _details(merchant_id: int, statement: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"merchant": merchant_id, "ahead": list(AHEAD)})
        return [detail for (detail,) in cursor.fetchall()]


def _unlike(merchant_id: int) -> list[str]:
    """Decisions that were made with our own matrix: another one may have changed since."""
    rows = Decision.objects.of_merchant(merchant_id).filter(matrix=OURS).order_by("-id")[:REPLAYED]
    return [f"decision {row.id} of visit {row.visit_id}" for row in rows if not is_replayed(row)]


def is_replayed(row: Decision) -> bool:
    """Whether a decision, made again from what was written down, is the same."""
    offers = decide(
        asked=asked_from_json(row.asked),
        candidates=[candidate_from_json(each) for each in row.candidates],
    )
    chosen = chosen_of(offers)
    return offers_to_json(offers) == row.offers and (
        row.by_hand or row.chosen_id == (chosen.technician_id if chosen else None)
    )
