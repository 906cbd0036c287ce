"""What must always hold, asked of all rows at once."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from santong.aftersales.models import Claim
from santong.aftersales.selectors.proposals import decisions_that_differ
from santong.kernel.doctor import Finding
from santong.payments import public as payments

MOST_FINDINGS = 50
REPLAYED = 200

_RULES = {
    "units of a line are in cases as often as it says": """
SELECT format('line %%s: %%s, cases say %%s', u.order_line_id, u.in_cases, coalesce(c.units, 0))
FROM aftersales_lineunits u
LEFT JOIN (
  SELECT l.order_line_id,
    sum(CASE WHEN c.ended_at IS NULL THEN l.quantity ELSE l.settled END) AS units
  FROM aftersales_caseline l JOIN aftersales_case c ON c.id = l.case_id
  WHERE l.merchant_id = %(merchant)s GROUP BY 1
) c ON c.order_line_id = u.order_line_id
WHERE u.merchant_id = %(merchant)s AND u.in_cases <> coalesce(c.units, 0)
""",
    "units of a line are settled as its cases say": """
SELECT format('line %%s: %%s, cases say %%s', u.order_line_id, u.settled, coalesce(c.units, 0))
FROM aftersales_lineunits u
LEFT JOIN (
  SELECT order_line_id, sum(settled) AS units
  FROM aftersales_caseline WHERE merchant_id = %(merchant)s GROUP BY 1
) c ON c.order_line_id = u.order_line_id
WHERE u.merchant_id = %(merchant)s AND u.settled <> coalesce(c.units, 0)
""",
    "no more goes back of a document than was taken off its lines": """
SELECT format('%%s: %%s asked back, %%s off its lines', s.document, s.amount,
  coalesce(o.amount, 0) + coalesce(v.amount, 0))
FROM (
  SELECT document, sum(amount_minor) AS amount FROM aftersales_refundstep
  WHERE merchant_id = %(merchant)s AND what <> 'freight' GROUP BY 1
) s
LEFT JOIN (
  SELECT 'order:' || order_id AS document, sum(settled_minor) AS amount
  FROM aftersales_lineunits WHERE merchant_id = %(merchant)s GROUP BY 1
) o ON o.document = s.document
LEFT JOIN (
  SELECT document, sum(settled_minor - amount_minor) AS amount
  FROM aftersales_carriedvalue WHERE merchant_id = %(merchant)s GROUP BY 1
) v ON v.document = s.document
WHERE s.amount > coalesce(o.amount, 0) + coalesce(v.amount, 0)
""",
    "what came back of a case's line is what was received": """
SELECT format('case line %%s', l.id)
FROM aftersales_caseline l
JOIN aftersales_case c ON c.id = l.case_id AND c.kind <> 'repair'
LEFT JOIN (
  SELECT case_line_id, sum(sellable) AS sellable, sum(damaged) AS damaged
  FROM aftersales_receiptline WHERE merchant_id = %(merchant)s GROUP BY 1
) r ON r.case_line_id = l.id
WHERE l.merchant_id = %(merchant)s
  AND (l.sellable, l.damaged) <> (coalesce(r.sellable, 0), coalesce(r.damaged, 0))
""",
    "a case that is done has nothing open": """
SELECT format('case %%s', c.id) FROM aftersales_case c
WHERE c.merchant_id = %(merchant)s AND c.state = 'done' AND (
  EXISTS (SELECT FROM aftersales_refundstep s WHERE s.merchant_id = c.merchant_id
    AND s.case_id = c.id AND s.state <> 'done')
  OR EXISTS (SELECT FROM aftersales_replacement r WHERE r.merchant_id = c.merchant_id
    AND r.case_id = c.id AND NOT r.is_delivered AND NOT r.is_given_up))
""",
    "a breach is made good by one case": """
SELECT format('breach %%s: %%s cases', split_part(key, ':', 2), count(*)) FROM aftersales_case
WHERE merchant_id = %(merchant)s AND key LIKE 'breach:%%' AND channel = 'agreement'
  AND state NOT IN ('refused', 'cancelled')
GROUP BY split_part(key, ':', 2) HAVING count(*) > 1
""",
    "compensation that counts was taken off its line": """
SELECT format('line %%s: %%s counts, %%s is off', c.order_line_id, c.amount, u.settled_minor)
FROM (
  SELECT order_line_id, sum(amount_minor) AS amount FROM aftersales_linecompensation
  WHERE merchant_id = %(merchant)s GROUP BY 1
) c
JOIN aftersales_lineunits u
  ON u.merchant_id = %(merchant)s AND u.order_line_id = c.order_line_id
WHERE c.amount > u.settled_minor
""",
}
_CLAIMS = "what was paid for a claim is in the ledger"
_REPLAY = "a decision that is asked again is the same"


def _unbooked_claims(merchant_id: int) -> list[str]:
    """Claims whose money the ledger does not have at the account to which it came."""
    rows = (
        Claim.objects.of_merchant(merchant_id).filter(state="paid").exclude(received_at_account="")
    )
    found = []
    for row in rows.order_by("-id")[:REPLAYED]:
        moved = payments.movements_by_reference(
            merchant_id=merchant_id, account_code=row.received_at_account, references=[row.number]
        )
        booked = sum(each.amount_minor for each in moved.get(row.number, []))
        if booked != row.received_minor:
            found.append(f"{row.number}: {row.received_minor}, the ledger has {booked}")
    return found


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Compare cases with what was counted, received and asked back, and replay decisions.

    Some findings of each rule. Nothing depends on `now`.
    """
    del now
    found = [
        Finding(context="aftersales", rule=rule, detail=detail)
        for rule, statement in _RULES.items()
        for detail in _texts(statement, merchant_id)
    ]
    found += [
        Finding(context="aftersales", rule=_CLAIMS, detail=detail)
        for detail in _unbooked_claims(merchant_id)
    ]
    return found + [
        Finding(context="aftersales", rule=_REPLAY, detail=f"decision {decision_id}")
        for decision_id in decisions_that_differ(merchant_id=merchant_id, most=REPLAYED)
    ]


def _texts(statement: str, merchant_id: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"merchant": merchant_id})
        return [detail for (detail,) in cursor.fetchmany(MOST_FINDINGS)]
