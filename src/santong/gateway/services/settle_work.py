"""What became of a delivery: done, refused for good, or to be tried again."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.gateway.rules.backoff import wait_before
from santong.gateway.rules.calls_out import MEMBER_QUERY, POINT_OPERATE
from santong.gateway.rules.masking import shown_code
from santong.gateway.rules.said import Said
from santong.gateway.services.claim_work import Parcel
from santong.gateway.services.take_standing import settle_question
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

# Only whoever still holds the claim says how it ended. What it said of somebody goes with it.
_END: Final = Statement("""
UPDATE gateway_operation
SET state = %(state)s, ended_at = %(now)s::timestamptz, code = %(code)s, claimed_until = NULL,
  body_sealed = ''
WHERE merchant_id = %(merchant)s::bigint AND id = %(id)s::bigint AND claim = %(claim)s::bigint
  AND state = 'waiting'
""")
# What it has taken over is no change of its own when it is asked next.
_TAKEN_OVER: Final = Statement("""
WITH ended AS (
  UPDATE gateway_operation
  SET state = 'done', ended_at = %(now)s::timestamptz, code = %(code)s, claimed_until = NULL,
    body_sealed = ''
  WHERE merchant_id = %(merchant)s::bigint AND id = %(id)s::bigint AND claim = %(claim)s::bigint
    AND state = 'waiting'
  RETURNING merchant_id, connection_id, lane
)
UPDATE gateway_standingbehind s
SET points = s.points + %(points)s::bigint, sequence = s.sequence + 1
FROM ended e WHERE s.merchant_id = e.merchant_id AND s.connection_id = e.connection_id
  AND s.member_id = e.lane
""")
_TRY_AGAIN: Final = Statement("""
UPDATE gateway_operation
SET attempts = attempts + %(failures)s::int, due_at = %(due)s::timestamptz, code = %(code)s,
  claimed_until = NULL
WHERE merchant_id = %(merchant)s::bigint AND id = %(id)s::bigint AND claim = %(claim)s::bigint
  AND state = 'waiting'
""")
_SENT: Final = Statement("""
UPDATE gateway_membersync
SET sent = greatest(sent, %(wanted)s::bigint), told = %(told)s, attempts = 0, code = '',
  claimed_until = NULL, changed_at = %(now)s::timestamptz, due_at = %(now)s::timestamptz
WHERE merchant_id = %(merchant)s::bigint AND id = %(id)s::bigint AND claim = %(claim)s::bigint
""")
_SEND_AGAIN: Final = Statement("""
UPDATE gateway_membersync
SET attempts = attempts + %(failures)s::int, due_at = %(due)s::timestamptz, code = %(code)s,
  claimed_until = NULL
WHERE merchant_id = %(merchant)s::bigint AND id = %(id)s::bigint AND claim = %(claim)s::bigint
""")


@all_or_nothing
def settle_work(
    *, merchant_id: int, parcel: Parcel, said: Said, jitter_thousandths: int, now: datetime
) -> None:
    """Write down how a delivery ended. A member's state that was refused is tried again, too.

    Locks the row; where an older CRM told how a member stands, the member and accounts before it.
    """
    named = _named(merchant_id, parcel, said.code, now)
    if said.outcome == "ok" and parcel.kind == "sync":
        _SENT.later({**named, "wanted": str(parcel.wanted), "told": parcel.told})
    elif said.outcome in {"ok", "no"} and parcel.method == MEMBER_QUERY:
        settle_question(merchant_id=merchant_id, parcel=parcel, said=said, now=now)
    elif said.outcome == "ok" and parcel.method == POINT_OPERATE:
        _TAKEN_OVER.later({**named, "points": str(parcel.fields["point"])})
    elif said.outcome in {"ok", "no"} and parcel.kind == "operation":
        _END.later({**named, "state": "done" if said.outcome == "ok" else "refused"})
    else:
        wait = wait_before(attempt=parcel.attempts + 1, jitter_thousandths=jitter_thousandths)
        _later(parcel, named, due_at=now + wait, failures=1)


@all_or_nothing
def return_work(*, merchant_id: int, parcel: Parcel, due_at: datetime, now: datetime) -> None:
    """Give back what was claimed and not sent, because its line rests. Locks the row."""
    _later(parcel, _named(merchant_id, parcel, "line_rests", now), due_at=due_at, failures=0)


def _later(
    parcel: Parcel, named: dict[str, str | None], *, due_at: datetime, failures: int
) -> None:
    statement = _SEND_AGAIN if parcel.kind == "sync" else _TRY_AGAIN
    statement.later({**named, "due": due_at.isoformat(), "failures": str(failures)})


def _named(merchant_id: int, parcel: Parcel, code: str, now: datetime) -> dict[str, str | None]:
    return {
        "merchant": str(merchant_id),
        "id": str(parcel.id),
        "claim": str(parcel.claim),
        "code": shown_code(code=code[:60]),
        "now": now.isoformat(),
    }
