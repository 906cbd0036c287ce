from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from santong.gateway.errors import SerialNumberTaken
from santong.gateway.models import Operation
from santong.gateway.selectors.sync import operation_place
from santong.kernel import crypto
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement, octets

LONGEST_SERIAL: Final = 100
LARGEST_BODY: Final = 6_000

# Numbers are drawn while the lane is locked: their order is the order in which they are committed.
_ALONE: Final = Statement("""
SELECT pg_advisory_xact_lock(
  hashtextextended('gateway.lane:' || %(connection)s::text || ':' || %(lane)s::text,
    %(merchant)s::bigint)) IS NULL
""")
_QUEUE: Final = Statement("""
INSERT INTO gateway_operation (merchant_id, connection_id, lane, serial_no, method, body_sealed,
  state, due_at, created_at)
VALUES (%(merchant)s::bigint, %(connection)s::bigint, %(lane)s::bigint, %(serial)s, %(method)s,
  %(body)s::bytea, 'waiting', %(now)s::timestamptz, %(now)s::timestamptz)
ON CONFLICT (merchant_id, connection_id, serial_no) DO NOTHING
RETURNING id
""")


@all_or_nothing
def queue_operation(
    *,
    merchant_id: int,
    connection_id: int,
    lane: int,
    serial_no: str,
    method: str,
    fields: Mapping[str, object],
    now: datetime,
) -> bool:
    """Let a connection take something over, once, after what its lane has queued before.

    False where the same is queued already. It leaves after the transaction has ended, whenever
    the line works.

    Raises SerialNumberTaken, FieldInvalid. Locks the lane.
    """
    if not 0 < len(serial_no) <= LONGEST_SERIAL or not serial_no.isprintable():
        raise FieldInvalid(pointer="/serial_no", reason=f"1 to {LONGEST_SERIAL} characters")
    plain = json.dumps(dict(fields), ensure_ascii=False, sort_keys=True).encode()
    if len(plain) > LARGEST_BODY:
        raise FieldInvalid(pointer="/fields", reason=f"at most {LARGEST_BODY} bytes")
    place = operation_place(connection_id=connection_id, serial_no=serial_no)
    lane_values = {
        "merchant": str(merchant_id),
        "connection": str(connection_id),
        "lane": str(lane),
    }
    _ALONE.later(lane_values)
    made = _QUEUE.rows(
        {
            **lane_values,
            "serial": serial_no,
            "method": method,
            "body": octets(crypto.encrypt(merchant_id=merchant_id, plain=plain, place=place)),
            "now": now.isoformat(),
        }
    )
    if made:
        return True
    there = Operation.objects.of_merchant(merchant_id).get(
        connection_id=connection_id, serial_no=serial_no
    )
    # Of one that has ended only the number is kept.
    sealed = bytes(there.body_sealed)
    body = crypto.decrypt(merchant_id=merchant_id, sealed=sealed, place=place) if sealed else plain
    if (there.lane, there.method, body) != (lane, method, plain):
        raise SerialNumberTaken(serial_no=serial_no)
    return False
