"""Who somebody was is forgotten on the lines, too."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.customers import public as customers
from santong.gateway.selectors.persons import (
    names_of_person,
    operations_of_person,
    standings_of_person,
)
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement, array

CODE: Final = "person_erased"

# An operation that a worker holds at this moment is not settled by it any more.
_FORGET: Final = Statement("""
WITH those AS MATERIALIZED (
  SELECT id FROM gateway_operation
  WHERE merchant_id = %(merchant)s::bigint AND id = ANY (%(ids)s::bigint[]) AND state = 'waiting'
  ORDER BY id FOR NO KEY UPDATE
)
UPDATE gateway_operation o
SET state = 'refused', code = %(code)s, body_sealed = '', claimed_until = NULL,
  ended_at = %(now)s::timestamptz
FROM those WHERE o.id = those.id
RETURNING o.id, o.connection_id
""")


@all_or_nothing
def forget_person(*, merchant_id: int, person: customers.PersonRecord, now: datetime) -> None:
    """Forget how marketplaces name a person, and what waits to be told of them anywhere.

    Called when the person's members have left: nothing new is queued of whoever has left. What is
    being sent at this moment may still arrive.

    Locks the person's places in the queues.
    """
    names = list(names_of_person(merchant_id=merchant_id, person=person).lock())
    names_of_person(merchant_id=merchant_id, person=person).delete()
    standings_of_person(merchant_id=merchant_id, person=person).delete()
    waiting = operations_of_person(merchant_id=merchant_id, person=person)
    ended = _FORGET.rows(
        {
            "merchant": str(merchant_id),
            "ids": array(waiting),
            "code": CODE,
            "now": now.isoformat(),
        }
    )
    lines = {row.connection_id for row in names} | {connection_id for _, connection_id in ended}
    audit.record(
        *(
            audit.Change(
                action="gateway.forget_person",
                subject="connection",
                subject_id=connection_id,
                reason="the person was erased",
            )
            for connection_id in sorted(lines)
        ),
        now=now,
    )
