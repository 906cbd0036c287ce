"""What must always hold of contracts and of what was said over them, asked of all rows at once."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.kernel.doctor import Finding
from santong.kernel.wire import Statement

MOST_FINDINGS: Final = 50

_RULES: Final = {
    "what an app says for a customer is taken for one merchant": Statement("""
SELECT format('contract %%s: %%s:%%s is not its name', c.id, c.app_key, c.customer_id)
FROM qimen_contract c
LEFT JOIN directory.name n ON n.kind = 'qimen' AND n.name = c.app_key || ':' || c.customer_id
WHERE c.merchant_id = %(merchant)s::bigint AND n.merchant_id IS DISTINCT FROM c.merchant_id
"""),
}


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Contracts, documents and queues; report what cannot be right."""
    values: dict[str, str | None] = {
        "merchant": str(merchant_id),
        "now": now.isoformat() if now else None,
    }
    return [
        Finding(context="qimen", rule=rule, detail=detail)
        for rule, statement in _RULES.items()
        for (detail,) in statement.rows(values)[:MOST_FINDINGS]
    ]
