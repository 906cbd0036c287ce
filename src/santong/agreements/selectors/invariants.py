"""What must always hold of agreements, asked of all rows at once and of a sample of papers."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection

from santong.agreements.models import ServiceAgreement
from santong.agreements.selectors.chain import broken_links
from santong.agreements.selectors.verification import all_findings
from santong.kernel.doctor import Finding

SAMPLE: Final = 20

_RULES: Final = {
    "what was accepted is in the chain": """
SELECT format('agreement %%s', a.number) FROM agreements_serviceagreement a
LEFT JOIN agreements_chainlink l ON l.merchant_id = a.merchant_id AND l.agreement_id = a.id
WHERE a.merchant_id = %(merchant)s AND a.accepted_at IS NOT NULL AND l.id IS NULL LIMIT 51
""",
    "what is in the chain was accepted": """
SELECT format('link %%s', l.number) FROM agreements_chainlink l
LEFT JOIN agreements_serviceagreement a ON a.merchant_id = l.merchant_id AND a.id = l.agreement_id
WHERE l.merchant_id = %(merchant)s AND a.accepted_at IS NULL LIMIT 51
""",
    "a term costs what its breaches were paid": """
SELECT format('agreement %%s, term %%s: %%s, paid %%s', t.agreement_id, t.number, t.spent_minor,
  coalesce(sum(c.amount_minor), 0))
FROM agreements_agreementterm t
LEFT JOIN agreements_breach b ON b.merchant_id = t.merchant_id AND b.term_id = t.id
LEFT JOIN agreements_compensation c ON c.merchant_id = t.merchant_id AND c.breach_id = b.id
WHERE t.merchant_id = %(merchant)s
GROUP BY t.id HAVING t.spent_minor < coalesce(sum(c.amount_minor), 0) LIMIT 51
""",
}


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """The whole chain, every acceptance in it, and the newest agreements in all their parts."""
    del now
    found = [
        Finding("agreements", "the chain has no gap, no fork and no changed link", f"{what}: {n}")
        for n, what in broken_links(merchant_id=merchant_id)
    ]
    for rule, statement in _RULES.items():
        with connection.cursor() as cursor:
            cursor.execute(statement, {"merchant": merchant_id})
            found += [Finding("agreements", rule, detail) for (detail,) in cursor.fetchall()]
    return [*found, *_of_a_sample(merchant_id)]


def _of_a_sample(merchant_id: int) -> list[Finding]:
    rows = ServiceAgreement.objects.of_merchant(merchant_id).filter(accepted_at__isnull=False)
    return [
        Finding(
            "agreements",
            "an accepted agreement is unchanged",
            f"agreement {row.number}: {each.kind} {each.where}",
        )
        for row in rows.order_by("-id")[:SAMPLE]
        for each in all_findings(row)
    ]
