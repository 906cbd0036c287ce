from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.openplatform import contracts
from santong.openplatform.rules.budgets import largest_part

# Of what is left, a quarter at most: the last calls of a minute go one by one to whoever asks.
_GRANT: Final = Statement("""
INSERT INTO openplatform_callbudget AS b
  (merchant_id, app_key, method, minute, granted, last_granted)
VALUES (%(merchant)s::bigint, %(app)s, %(method)s, %(minute)s::timestamptz,
  least(%(part)s::int, greatest(%(most)s::int / 4, 1)),
  least(%(part)s::int, greatest(%(most)s::int / 4, 1)))
ON CONFLICT (merchant_id, app_key, method) DO UPDATE
SET minute = excluded.minute,
  granted = CASE WHEN b.minute < excluded.minute THEN excluded.granted
    ELSE b.granted + least(%(part)s::int, greatest((%(most)s::int - b.granted) / 4, 1)) END,
  last_granted = CASE WHEN b.minute < excluded.minute THEN excluded.last_granted
    ELSE least(%(part)s::int, greatest((%(most)s::int - b.granted) / 4, 1)) END
WHERE b.minute < excluded.minute OR (b.minute = excluded.minute AND b.granted < %(most)s::int)
RETURNING last_granted
""")
_UNHURRIED: Final = Statement("SELECT set_config('synchronous_commit', 'off', true) IS NULL")


@all_or_nothing
def grant_calls(*, merchant_id: int, app_key: str, method: str, most: int, minute: datetime) -> int:
    """Grant a process a part of a minute's calls, of which there are `most`; 0 if all are given.

    One guarded statement; nobody else's commit is waited for longer than that. Locks the budget.
    """
    _UNHURRIED.later({})
    rows = _GRANT.rows(
        {
            "merchant": str(merchant_id),
            "app": app_key,
            "method": method[: contracts.LONGEST_METHOD],
            "minute": minute.isoformat(),
            "part": str(largest_part(calls_per_minute=most)),
            "most": str(most),
        }
    )
    return int(rows[0][0]) if rows else 0
