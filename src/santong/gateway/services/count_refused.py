from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from santong.gateway.rules.refusals import Counted, Place
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

_COUNT: Final = Statement("""
INSERT INTO gateway_refusedcalls AS r (merchant_id, connection_id, code, minute, calls, last_at,
  app_key, method)
VALUES (%(merchant)s::bigint, %(connection)s::bigint, %(code)s, %(minute)s::timestamptz,
  %(calls)s::bigint, %(last)s::timestamptz, %(key)s, %(method)s)
ON CONFLICT (merchant_id, connection_id, minute, code) DO UPDATE
SET calls = r.calls + excluded.calls, last_at = greatest(r.last_at, excluded.last_at),
  app_key = excluded.app_key, method = excluded.method
""")


@all_or_nothing
def count_refused(*, merchant_id: int, counted: Mapping[Place, Counted]) -> None:
    """Add what a process has counted of a merchant. Locks the counters, in their order."""
    ordered = sorted(counted, key=lambda each: (each.connection_id, each.minute, each.code))
    for place in ordered:
        one = counted[place]
        _COUNT.later(
            {
                "merchant": str(merchant_id),
                "connection": str(place.connection_id),
                "code": place.code,
                "minute": place.minute.isoformat(),
                "calls": str(one.calls),
                "last": one.last_at.isoformat(),
                "key": one.app_key,
                "method": one.method,
            }
        )
