"""Under which name a marketplace knows a member: kept sealed, to tell it of their points."""

from __future__ import annotations

import json
from datetime import datetime

from santong.gateway.rules.member_calls import MemberCall
from santong.gateway.selectors.lines import Line
from santong.gateway.selectors.sync import identity_place
from santong.kernel import crypto
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement, octets

# The newest name counts; whoever is bound is told to the marketplace as they are.
_KNOW = Statement("""
INSERT INTO gateway_membersync AS s (merchant_id, connection_id, member_id, identity_sealed,
  wanted, due_at, changed_at)
VALUES (%(merchant)s::bigint, %(connection)s::bigint, %(member)s::bigint, %(identity)s::bytea, 1,
  %(now)s::timestamptz, %(now)s::timestamptz)
ON CONFLICT (merchant_id, connection_id, member_id) DO UPDATE
SET identity_sealed = excluded.identity_sealed, wanted = s.wanted + 1, attempts = 0,
  due_at = excluded.due_at,
  changed_at = CASE WHEN s.wanted > s.sent THEN s.changed_at ELSE excluded.changed_at END
""")


@all_or_nothing
def know_identity(
    *, merchant_id: int, line: Line, member_id: int, call: MemberCall, now: datetime
) -> None:
    """Remember how the marketplace names a bound member, and that it is to be told of them.

    Locks the member's place in the queue.
    """
    plain = json.dumps(dict(call.identities)).encode()
    place = identity_place(connection_id=line.id, member_id=member_id)
    sealed = crypto.encrypt(merchant_id=merchant_id, plain=plain, place=place)
    _KNOW.later(
        {
            "merchant": str(merchant_id),
            "connection": str(line.id),
            "member": str(member_id),
            "identity": octets(sealed),
            "now": now.isoformat(),
        }
    )
