"""Accounts no longer show a member. The member is locked by whoever calls."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.wire import Statement
from santong.membership.events import MemberUnbound
from santong.membership.selectors.statements import as_sent, run

_RELEASE = Statement("""
UPDATE membership_binding
SET state = 'unbound', unbound_at = %(now)s::timestamptz, reason = %(reason)s
WHERE merchant_id = %(merchant)s AND member_id = %(member)s AND state = 'bound'
  AND (%(binding)s::bigint IS NULL OR id = %(binding)s::bigint)
RETURNING id, storefront_code
""")

_FREE = Statement("""
UPDATE membership_boundidentity SET is_live = false
WHERE merchant_id = %(merchant)s AND binding_id = %(binding)s AND is_live
""")


def release_bindings(
    *,
    merchant_id: int,
    member_id: int,
    binding_id: int | None = None,
    reason: str,
    now: datetime,
) -> list[int]:
    """Unbind one account of a member, or all; say which. Emits MemberUnbound."""
    released = run(
        _RELEASE,
        {
            "merchant": merchant_id,
            "member": member_id,
            "binding": binding_id,
            "reason": reason,
            "now": now,
        },
    )
    for released_id, storefront_code in sorted(released):
        _FREE.later(as_sent({"merchant": merchant_id, "binding": released_id}))
        audit.record(
            audit.Change(
                action="membership.unbind",
                subject="member",
                subject_id=member_id,
                reason=reason,
                before={"binding_id": released_id, "state": "bound"},
                after={"binding_id": released_id, "state": "unbound"},
            ),
            now=now,
        )
        told = MemberUnbound(
            member_id=member_id,
            binding_id=released_id,
            storefront_code=storefront_code,
        )
        outbox.publish(told, now=now)
    return [released_id for released_id, _ in released]
