"""What may be sent now, over all merchants of a cell."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from santong.kernel import cells, tenancy

_DUE = """
SELECT p.merchant_id, p.endpoint_id, p.trips > 0 FROM messaging_place p
JOIN messaging_log l ON l.merchant_id = p.merchant_id
WHERE p.is_open AND (p.claimed_until IS NULL OR p.claimed_until <= %(now)s)
    AND (p.rests_until IS NULL OR p.rests_until <= %(now)s)
    AND (l.last_number > p.read_through OR p.retry_at <= %(now)s)
ORDER BY p.trips > 0, p.id
"""


class DueEndpoint(NamedTuple):
    """An endpoint that may be asked."""

    merchant_id: int
    endpoint_id: int
    is_failing: bool


def due_endpoints(*, cell: cells.Cell, now: datetime) -> list[DueEndpoint]:
    """Endpoints of a cell that have something to get and may be asked; the well ones first."""
    with tenancy.system_scope(cell), connection.cursor() as cursor:
        cursor.execute(_DUE, {"now": now})
        return [DueEndpoint(*row) for row in cursor.fetchall()]
