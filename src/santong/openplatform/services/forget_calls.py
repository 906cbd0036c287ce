from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from santong.kernel.tenancy import all_or_nothing

KEPT_FOR: Final = timedelta(days=30)
MOST_AT_ONCE: Final = 200_000
_CALLS: Final = """
DELETE FROM openplatform_call WHERE merchant_id = %(merchant)s AND id IN (
  SELECT id FROM openplatform_call WHERE merchant_id = %(merchant)s AND at < %(before)s
  ORDER BY id LIMIT %(most)s)
"""
_COUNTS: Final = """
DELETE FROM openplatform_callcount WHERE merchant_id = %(merchant)s AND minute < %(before)s
"""


@all_or_nothing
def forget_calls(*, merchant_id: int, now: datetime) -> int:
    """Drop calls of the log past their time, some at once; how many."""
    named: dict[str, int | datetime] = {
        "merchant": merchant_id,
        "before": now - KEPT_FOR,
        "most": MOST_AT_ONCE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CALLS, named)
        dropped: int = cursor.rowcount
        cursor.execute(_COUNTS, {"merchant": merchant_id, "before": now - KEPT_FOR})
    return dropped
