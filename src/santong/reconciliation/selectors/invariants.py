"""What must always hold, asked of all rows at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from santong.kernel.doctor import Finding
from santong.payments import public as payments
from santong.reconciliation.contracts import LIVE
from santong.reconciliation.models import Account, StatementFile
from santong.reconciliation.selectors.files import UNFINISHED

MOST_FINDINGS = 50
# The job comes every minute, and takes minutes for a million lines.
OVERDUE_AFTER = timedelta(hours=2)

_LIVE = "d.state = ANY (%(live)s)"
# Every rule is asked of one account.
_RULES = {
    "a line of a matched file is matched or differs, in one way": """
SELECT format('file %%s, line %%s: %%s times', f.id, l.line, count(x.line_id))
FROM reconciliation_statementfile f
JOIN reconciliation_statementline l ON l.merchant_id = f.merchant_id AND l.file_id = f.id
LEFT JOIN (
  SELECT line_id FROM reconciliation_match WHERE merchant_id = %(merchant)s
  UNION ALL
  SELECT d.line_id FROM reconciliation_difference d
  WHERE d.merchant_id = %(merchant)s AND {live}
) x ON x.line_id = l.id
WHERE f.merchant_id = %(merchant)s AND f.account_code = %(account)s AND f.state = 'matched'
GROUP BY f.id, l.id, l.line HAVING count(x.line_id) <> 1
""",
    "a movement of a matched day is matched or differs, in one way": """
SELECT format('movement %%s (%%s %%s): %%s times', m.id, m.kind, m.reference, count(x.id))
FROM {movements} m
JOIN reconciliation_statementfile f ON f.merchant_id = %(merchant)s
  AND f.account_code = %(account)s AND f.state = 'matched'
  AND f.day = (m.moved_at AT TIME ZONE 'Asia/Shanghai')::date
LEFT JOIN ({sides}) x ON x.id = m.id
WHERE m.reference NOT LIKE 'statement:%%' AND m.recorded_at <= f.matched_at
GROUP BY m.id, m.kind, m.reference HAVING count(x.id) <> 1
""",
    "nothing is matched or differs twice": """
SELECT format('movement %%s: %%s times', x.id, count(*)) FROM ({sides}) x
JOIN {movements} m ON m.id = x.id
GROUP BY x.id HAVING count(*) > 1
""",
    "a file's sum is that of its lines": """
SELECT format('file %%s: %%s, its lines %%s', f.id, f.theirs_minor, coalesce(sum(
  l.amount_minor - l.fee_minor) FILTER (WHERE l.currency = f.currency), 0))
FROM reconciliation_statementfile f
LEFT JOIN reconciliation_statementline l ON l.merchant_id = f.merchant_id AND l.file_id = f.id
WHERE f.merchant_id = %(merchant)s AND f.account_code = %(account)s AND f.state = 'matched'
GROUP BY f.id
HAVING f.theirs_minor <> coalesce(sum(
  l.amount_minor - l.fee_minor) FILTER (WHERE l.currency = f.currency), 0)
  OR f.lines <> count(l.id)
""",
    "our side of a file is what moved in the books": """
SELECT format('file %%s: %%s, the books %%s', f.id, f.ours_minor, coalesce(sum(m.amount_minor), 0))
FROM reconciliation_statementfile f
LEFT JOIN ({files}) x ON x.file_id = f.id
LEFT JOIN {movements} m ON m.id = x.id
WHERE f.merchant_id = %(merchant)s AND f.account_code = %(account)s AND f.state = 'matched'
GROUP BY f.id HAVING f.ours_minor <> coalesce(sum(m.amount_minor), 0)
""",
    "what differs of a file is the sum of its differences": """
SELECT format('file %%s: %%s in %%s, its differences %%s in %%s', f.id, f.differences_minor,
  f.differences, coalesce(sum(d.theirs_minor - d.ours_minor), 0), count(d.id))
FROM reconciliation_statementfile f
LEFT JOIN reconciliation_difference d ON d.merchant_id = f.merchant_id AND d.file_id = f.id
  AND {live}
WHERE f.merchant_id = %(merchant)s AND f.account_code = %(account)s AND f.state = 'matched'
GROUP BY f.id
HAVING f.differences_minor <> coalesce(sum(d.theirs_minor - d.ours_minor), 0)
  OR f.differences <> count(d.id)
""",
    "no minor unit is unexplained": """
SELECT format('file %%s: %%s', f.id,
  f.theirs_minor - f.ours_minor - f.booked_minor - f.differences_minor)
FROM reconciliation_statementfile f
WHERE f.merchant_id = %(merchant)s AND f.account_code = %(account)s AND f.state = 'matched'
  AND f.theirs_minor <> f.ours_minor + f.booked_minor + f.differences_minor
""",
    "what was booked because of a file is in the books": """
SELECT format('%%s: files %%s, the books %%s', %(account)s::text, f.booked, m.booked)
FROM (
  SELECT coalesce(sum(booked_minor), 0) AS booked FROM reconciliation_statementfile
  WHERE merchant_id = %(merchant)s AND account_code = %(account)s AND state = 'matched'
) f, (
  SELECT coalesce(sum(amount_minor), 0) AS booked FROM {movements} m
  WHERE m.reference LIKE 'statement:%%' AND m.kind = 'fee'
) m, (
  SELECT coalesce(sum(l.amount_minor), 0) AS booked FROM reconciliation_match x
  JOIN reconciliation_statementline l ON l.merchant_id = x.merchant_id AND l.id = x.line_id
  JOIN reconciliation_statementfile o ON o.id = x.file_id AND o.account_code = %(account)s
  WHERE x.merchant_id = %(merchant)s AND x.net_of_id IS NOT NULL
) n
WHERE f.booked <> m.booked + n.booked
""",
}
_SIDES = """
  SELECT movement_id AS id, file_id FROM reconciliation_match
  WHERE merchant_id = %(merchant)s AND movement_id IS NOT NULL
  UNION ALL
  SELECT fee_movement_id, file_id FROM reconciliation_match
  WHERE merchant_id = %(merchant)s AND fee_movement_id IS NOT NULL
  UNION ALL
  SELECT d.movement_id, d.file_id FROM reconciliation_difference d
  WHERE d.merchant_id = %(merchant)s AND d.movement_id IS NOT NULL AND {live}
  UNION ALL
  SELECT d.fee_movement_id, d.file_id FROM reconciliation_difference d
  WHERE d.merchant_id = %(merchant)s AND d.fee_movement_id IS NOT NULL AND {live}
"""


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Compare files with their lines, their differences and the books, account by account.

    Some findings of each rule, with how many more there are; and files that nobody has read.
    """
    codes = Account.objects.of_merchant(merchant_id).order_by("code").values_list("code", flat=True)
    found = [
        Finding(context="reconciliation", rule=rule, detail=detail)
        for code in codes
        for rule, statement in _RULES.items()
        for detail in _details(
            _run(statement, {"merchant": merchant_id, "account": code, "live": list(LIVE)})
        )
    ]
    return [*found, *_overdue(merchant_id, now or datetime.now(UTC))]


def _overdue(merchant_id: int, now: datetime) -> list[Finding]:
    rows = StatementFile.objects.of_merchant(merchant_id).filter(
        state__in=UNFINISHED, received_at__lt=now - OVERDUE_AFTER
    )
    return [
        Finding("reconciliation", "a file is read within hours", f"file {row.id}: {row.state}")
        for row in rows.order_by("id")[:MOST_FINDINGS]
    ]


def _run(statement: str, values: dict[str, Any]) -> list[str]:
    for name, part in (
        ("sides", _SIDES),
        ("files", _SIDES),
        ("movements", payments.ALL_MOVEMENTS_OF),
        ("live", _LIVE),
    ):
        statement = statement.replace(f"{{{name}}}", part)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [detail for (detail,) in cursor.fetchall()]


def _details(found: list[str]) -> list[str]:
    if len(found) <= MOST_FINDINGS:
        return found
    return [*found[:MOST_FINDINGS], f"and {len(found) - MOST_FINDINGS} more"]
