"""Whoever delivers claims what is due, for a time: nobody else delivers it meanwhile."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from santong.gateway.rules.calls_out import member_state
from santong.gateway.selectors.lines import Line
from santong.gateway.selectors.standing import NOBODY, standings
from santong.gateway.selectors.sync import identity_place, operation_place
from santong.kernel import crypto
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement, from_octets

# The first of each lane, and of these what is due and in nobody's hands. Where another one's claim
# or settlement was awaited, the row is looked at again as it is now; a lane's next is no first
# then, and is found the next time.
_OPERATIONS: Final = Statement("""
WITH due AS MATERIALIZED (
  SELECT o.id FROM gateway_operation o
  WHERE o.id = ANY (ARRAY(
      SELECT DISTINCT ON (lane) id FROM gateway_operation
      WHERE merchant_id = %(merchant)s::bigint AND connection_id = %(connection)s::bigint
        AND state = 'waiting'
      ORDER BY lane, id))
    AND o.merchant_id = %(merchant)s::bigint AND o.state = 'waiting'
    AND o.due_at <= %(now)s::timestamptz
    AND (o.claimed_until IS NULL OR o.claimed_until <= %(now)s::timestamptz)
  ORDER BY o.id
  LIMIT %(most)s::int
  FOR NO KEY UPDATE OF o SKIP LOCKED
)
UPDATE gateway_operation o
SET claim = o.claim + 1, claimed_until = %(until)s::timestamptz
FROM due WHERE o.id = due.id
RETURNING o.id, o.claim, o.attempts, o.lane, o.method, o.serial_no, o.body_sealed::text
""")
_SYNCS: Final = Statement("""
WITH due AS MATERIALIZED (
  SELECT s.id FROM gateway_membersync s
  WHERE s.merchant_id = %(merchant)s::bigint AND s.connection_id = %(connection)s::bigint
    AND s.wanted > s.sent AND s.due_at <= %(now)s::timestamptz
    AND (s.claimed_until IS NULL OR s.claimed_until <= %(now)s::timestamptz)
  ORDER BY s.due_at, s.id
  LIMIT %(most)s::int
  FOR NO KEY UPDATE OF s SKIP LOCKED
)
UPDATE gateway_membersync s
SET claim = s.claim + 1, claimed_until = %(until)s::timestamptz,
  state_version = greatest(s.state_version + 1, %(version)s::bigint)
FROM due WHERE s.id = due.id
RETURNING s.id, s.claim, s.attempts, s.member_id, coalesce(s.carried_on_by, s.member_id),
  s.wanted, s.state_version, s.identity_sealed::text
""")


OperationRow = tuple[int, int, int, int, str, str, str]
SyncRow = tuple[int, int, int, int, int, int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One delivery that is claimed: what is sent, and how it is settled afterwards."""

    kind: Literal["operation", "sync"]
    connection_id: int
    id: int
    claim: int
    attempts: int
    method: str
    fields: dict[str, object]
    lane: int = 0
    wanted: int = 0
    told: str = ""


@all_or_nothing
def claim_work(
    *, merchant_id: int, line: Line, most: int, until: datetime, now: datetime
) -> list[Parcel]:
    """Claim what is due over a connection until then: operations first, then members' states.

    Locks the rows that it claims, and waits for none.
    """
    asked = {
        "merchant": str(merchant_id),
        "connection": str(line.id),
        "most": str(most),
        "until": until.isoformat(),
        "now": now.isoformat(),
        "version": str(int(now.timestamp()) * 1_000),
    }
    operations = [_operation(merchant_id, line, row) for row in _OPERATIONS.rows(asked)]
    if len(operations) == most:
        return operations
    rows = _SYNCS.rows({**asked, "most": str(most - len(operations))})
    return operations + _syncs(merchant_id, line, rows)


def _operation(merchant_id: int, line: Line, row: OperationRow) -> Parcel:
    operation_id, claim, attempts, lane, method, serial_no, sealed = row
    place = operation_place(connection_id=line.id, serial_no=serial_no)
    plain = crypto.decrypt(merchant_id=merchant_id, sealed=from_octets(sealed), place=place)
    return Parcel(
        kind="operation",
        connection_id=line.id,
        lane=lane,
        id=operation_id,
        claim=claim,
        attempts=attempts,
        method=method,
        fields=json.loads(plain),
    )


def _syncs(merchant_id: int, line: Line, rows: Sequence[SyncRow]) -> list[Parcel]:
    """States are read after the claim: whatever changes later is wanted once more."""
    found = standings(
        merchant_id=merchant_id,
        storefront_code=line.storefront_code,
        member_ids=[row[4] for row in rows],
    )
    parcels: list[Parcel] = []
    for sync_id, claim, attempts, member_id, current_id, wanted, state_version, sealed in rows:
        standing = found.get(current_id, NOBODY)
        place = identity_place(connection_id=line.id, member_id=member_id)
        plain = crypto.decrypt(merchant_id=merchant_id, sealed=from_octets(sealed), place=place)
        method, fields = member_state(
            identity=json.loads(plain),
            points=standing.points,
            level=standing.level,
            card_number=standing.card_number,
            state_version=state_version,
        )
        parcels.append(
            Parcel(
                kind="sync",
                connection_id=line.id,
                id=sync_id,
                claim=claim,
                attempts=attempts,
                method=method,
                fields=fields,
                wanted=wanted,
                told=standing.digest,
            )
        )
    return parcels
