"""What must always hold, asked of all rows at once."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from santong.kernel.doctor import Finding

MOST_FINDINGS = 50

_RULES = {
    "an app has one newest secret": """
SELECT format('app %%s has %%s', a.app_key, count(s.id)) FROM openplatform_app a
LEFT JOIN openplatform_appsecret s ON s.merchant_id = a.merchant_id AND s.app_id = a.id
  AND s.good_until IS NULL
WHERE a.merchant_id = %(merchant)s GROUP BY a.id HAVING count(s.id) <> 1
""",
    "an app's key leads to its owner": """
SELECT format('app %%s', a.app_key) FROM openplatform_app a
WHERE a.merchant_id = %(merchant)s AND NOT EXISTS (
  SELECT FROM directory.name n
  WHERE n.kind = 'app' AND n.name = a.app_key AND n.merchant_id = a.merchant_id)
""",
    "of what is revoked no session is open": """
SELECT format('session %%s', s.id) FROM openplatform_appsession s
JOIN openplatform_authorisation a ON a.merchant_id = s.merchant_id AND a.id = s.authorisation_id
WHERE s.merchant_id = %(merchant)s AND s.ended_at IS NULL AND a.revoked_at IS NOT NULL
""",
    "a budget grants no more than an app may call": """
SELECT format('%%s %%s: %%s', b.app_key, b.method, b.granted) FROM openplatform_callbudget b
WHERE b.merchant_id = %(merchant)s AND b.granted > 10000000
""",
    "a used code gave a session or nothing, an unused one nothing": """
SELECT format('code %%s', c.id) FROM openplatform_authorisationcode c
WHERE c.merchant_id = %(merchant)s AND c.used_at IS NULL AND c.session_id IS NOT NULL
""",
}


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Compare apps, what they hold and what they are granted. Nothing depends on `now`."""
    del now
    found: list[Finding] = []
    with connection.cursor() as cursor:
        for rule, statement in _RULES.items():
            cursor.execute(f"{statement} LIMIT {MOST_FINDINGS}", {"merchant": merchant_id})
            found += [
                Finding(context="openplatform", rule=rule, detail=str(detail))
                for (detail,) in cursor.fetchall()
            ]
    return found
