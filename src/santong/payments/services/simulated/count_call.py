"""Calls to the simulated provider are counted, whatever comes of them."""

from __future__ import annotations

from typing import Final

from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

_COUNT: Final = Statement("""
INSERT INTO payments_simulatedcalls AS c (merchant_id, account_code, about, calls)
VALUES (%(merchant)s::bigint, %(account)s, %(about)s, 1)
ON CONFLICT (merchant_id, account_code, about) DO UPDATE SET calls = c.calls + 1
RETURNING c.calls
""")


@all_or_nothing
def count_call(*, merchant_id: int, account_code: str, about: str) -> int:
    """How often this has been asked, this time included. Locks the counter."""
    values = {"merchant": str(merchant_id), "account": account_code, "about": about}
    ((calls,),) = _COUNT.rows(values)
    return int(calls)
