"""What must always hold, asked of all rows at once."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.doctor import Finding
from santong.kernel.wire import Statement

MOST_FINDINGS = 50

_RULES = {
    "every way leads to a person who leads nowhere": """
SELECT format('person %%s is %%s and leads to %%s', p.id, p.state, p.current_id)
FROM customers_person p LEFT JOIN customers_person c ON c.id = p.current_id
WHERE p.merchant_id = %(merchant)s AND (
  c.id IS NULL OR c.merchant_id <> p.merchant_id OR c.state = 'merged'
  OR (p.state = 'active' AND p.current_id <> p.id)
  OR (p.state = 'merged' AND p.current_id IS DISTINCT FROM (
    SELECT m.current_id FROM customers_person m WHERE m.id = p.merged_into_id
  ))
)
""",
    "a person is merged by exactly one merge that stands": """
SELECT format('person %%s: %%s, merged into %%s; the ledger says %%s', id, p.state,
  p.merged_into_id, l.kept_id)
FROM (
  SELECT id, state, merged_into_id FROM customers_person
  WHERE merchant_id = %(merchant)s AND state <> 'erased'
) p FULL JOIN (
  SELECT gone_id AS id, min(kept_id) AS kept_id, count(*) AS times FROM customers_merge m
  WHERE merchant_id = %(merchant)s
    AND NOT EXISTS (SELECT FROM customers_mergeundo u WHERE u.merge_id = m.id)
    AND NOT EXISTS (
      SELECT FROM customers_person e WHERE e.id = m.gone_id AND e.state = 'erased'
    )
  GROUP BY 1
) l USING (id)
WHERE p.merged_into_id IS DISTINCT FROM l.kept_id OR l.times > 1
""",
    "an identifier that is shared joins nobody": """
SELECT format('identity %%s of person %%s', i.id, i.person_id)
FROM customers_identity i JOIN customers_sharedidentifier s
  ON s.merchant_id = i.merchant_id AND s.blind_index = i.blind_index
WHERE i.merchant_id = %(merchant)s AND i.joins AND i.ended_at IS NULL
""",
    "a weak identifier joins nobody": """
SELECT format('identity %%s of person %%s', id, person_id) FROM customers_identity
WHERE merchant_id = %(merchant)s AND joins AND kind = 'device'
""",
    "nobody is compared who was erased": """
SELECT format('key %%s of person %%s', k.id, k.person_id)
FROM customers_matchkey k JOIN customers_person p ON p.id = k.person_id
WHERE k.merchant_id = %(merchant)s AND p.state = 'erased'
""",
    "nobody is recognised who was erased": """
SELECT format('identity %%s of person %%s', i.id, i.person_id)
FROM customers_identity i JOIN customers_person p ON p.id = i.person_id
WHERE i.merchant_id = %(merchant)s AND p.state = 'erased'
""",
}
_STATEMENTS = {rule: Statement(text) for rule, text in _RULES.items()}


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Compare persons, edges and the ledger of merges; report what differs."""
    del now
    return [
        Finding(context="customers", rule=rule, detail=detail)
        for rule, statement in _STATEMENTS.items()
        for detail in _details(
            [detail for (detail,) in statement.rows({"merchant": str(merchant_id)})]
        )
    ]


def _details(found: list[str]) -> list[str]:
    if len(found) <= MOST_FINDINGS:
        return found
    return [*found[:MOST_FINDINGS], f"and {len(found) - MOST_FINDINGS} more"]
