"""What must always hold of what applications have told."""

from __future__ import annotations

from typing import Final

from santong.kernel.doctor import Finding
from santong.kernel.wire import Statement

MOST_FINDINGS: Final = 50

_RULES: Final = {
    "an answer is about a change of points that there was": Statement("""
SELECT format('%%s of %%s', a.record_id, a.app_key) FROM topgateway_pointanswer a
WHERE a.merchant_id = %(merchant)s::bigint
  AND NOT EXISTS (SELECT FROM membership_burn b
    WHERE b.merchant_id = a.merchant_id AND a.record_id = 'burn:' || b.id)
  AND NOT EXISTS (SELECT FROM membership_accrual c
    WHERE c.merchant_id = a.merchant_id AND a.record_id = 'accrual:' || c.id)
"""),
    "what was told is about a member that there is": Statement("""
SELECT format('member %%s', t.member_id) FROM topgateway_toldstanding t
WHERE t.merchant_id = %(merchant)s::bigint AND NOT EXISTS (SELECT FROM membership_member m
  WHERE m.merchant_id = t.merchant_id AND m.id = t.member_id)
"""),
}


def check_invariants(*, merchant_id: int) -> list[Finding]:
    """Answers and tellings; report what cannot be right."""
    return [
        Finding(context="topgateway", rule=rule, detail=detail)
        for rule, statement in _RULES.items()
        for (detail,) in statement.rows({"merchant": str(merchant_id)})[:MOST_FINDINGS]
    ]
