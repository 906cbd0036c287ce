"""What must hold of members' sessions and codes; `doctor` asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from santong.kernel.doctor import Finding
from santong.membership import public as membership
from santong.storefront.models import KeptMessage, MemberSession, OneTimeCode
from santong.storefront.rules.codes import KEPT_FOR, MESSAGES_KEPT_FOR
from santong.storefront.rules.sessions import LONGEST

MOST_FINDINGS = 50
# The job that forgets comes once an hour.
OVERDUE_AFTER = timedelta(hours=3)


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """The broken rules of one merchant, each with the rows that break it."""
    at = now or datetime.now(UTC)
    return [
        Finding("storefront", rule, detail)
        for rule, detail in [
            *_members(merchant_id, at),
            *_lengths(merchant_id),
            *_forgotten(merchant_id, at),
        ]
    ]


def _members(merchant_id: int, now: datetime) -> Iterator[tuple[str, str]]:
    """Facts of leaving are heard within minutes."""
    rows = dict(
        MemberSession.objects.of_merchant(merchant_id)
        .filter(expires_at__gt=now)
        .order_by("-id")
        .values_list("id", "member_id")[:10_000]
    )
    found = membership.members_by_id(merchant_id=merchant_id, member_ids=set(rows.values()))
    for session_id, member_id in rows.items():
        if member_id not in found:
            yield "a session is a member's", f"session {session_id} of member {member_id}"
        elif found[member_id].state == "closed":
            yield "who has left is logged out", f"session {session_id} of member {member_id}"


def _lengths(merchant_id: int) -> Iterator[tuple[str, str]]:
    for row in MemberSession.objects.of_merchant(merchant_id).order_by("-id")[:10_000]:
        if row.expires_at - row.opened_at > LONGEST:
            yield "no session lasts for ever", f"session {row.id} until {row.expires_at}"


def _forgotten(merchant_id: int, now: datetime) -> Iterator[tuple[str, str]]:
    codes = OneTimeCode.objects.of_merchant(merchant_id)
    for number in codes.filter(expires_at__lt=now - KEPT_FOR - OVERDUE_AFTER).values_list(
        "id", flat=True
    )[:MOST_FINDINGS]:
        yield "old codes are forgotten", f"code {number}"
    kept = KeptMessage.objects.of_merchant(merchant_id)
    for number in kept.filter(sent_at__lt=now - MESSAGES_KEPT_FOR - OVERDUE_AFTER).values_list(
        "id", flat=True
    )[:MOST_FINDINGS]:
        yield "old messages are forgotten", f"message {number}"
