"""Let a member out."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.storefront.models import MemberSession


@all_or_nothing
def close_session(*, merchant_id: int, session_id: int, now: datetime) -> None:
    """Log a member out on one device; a session that has ended stays ended. Locks the session."""
    _close(merchant_id, {"id": session_id}, "asked for", now)


@all_or_nothing
def close_sessions_of(*, merchant_id: int, member_id: int, reason: str, now: datetime) -> int:
    """Log a member out everywhere; on how many devices. Locks the sessions."""
    return _close(merchant_id, {"member_id": member_id}, reason, now)


def _close(merchant_id: int, which: dict[str, int], reason: str, now: datetime) -> int:
    rows = list(MemberSession.objects.of_merchant(merchant_id).filter(**which).lock())
    MemberSession.objects.of_merchant(merchant_id).filter(id__in=[row.id for row in rows]).delete()
    audit.record(
        *(
            audit.Change(
                action="storefront.log_out",
                subject="member",
                subject_id=row.member_id,
                reason=reason,
                before={"session_id": row.id},
            )
            for row in rows
        ),
        now=now,
    )
    return len(rows)
