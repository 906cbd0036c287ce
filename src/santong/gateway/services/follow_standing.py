"""How a member stands in an older CRM is followed: asked for, and taken over here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F

from santong.gateway.models import StandingBehind
from santong.gateway.rules.calls_out import MEMBER_QUERY
from santong.gateway.services.queue_operation import queue_operation
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.membership import public as membership

ASKED_EVERY: Final = timedelta(days=1)
MOST_AT_ONCE: Final = 200

_FOLLOW: Final = Statement("""
INSERT INTO gateway_standingbehind (merchant_id, connection_id, member_id, programme_code, points,
  level, sequence, asked, answered, asked_at)
VALUES (%(merchant)s::bigint, %(connection)s::bigint, %(member)s::bigint, %(programme)s, 0, '', 0,
  0, 0, %(now)s::timestamptz)
ON CONFLICT (merchant_id, connection_id, member_id) DO NOTHING
RETURNING id
""")
# Whoever asks counts the question: of two only one does.
_ASK: Final = Statement("""
UPDATE gateway_standingbehind SET asked = asked + 1, asked_at = %(now)s::timestamptz
WHERE merchant_id = %(merchant)s::bigint AND connection_id = %(connection)s::bigint
  AND member_id = %(member)s::bigint AND asked = answered
RETURNING asked, programme_code
""")


@all_or_nothing
def follow_standing(
    *, merchant_id: int, connection_id: int, member_id: int, programme_code: str, now: datetime
) -> bool:
    """Begin to follow how a member stands in an older CRM; False if that is followed already.

    The member is locked by the caller.
    """
    return bool(
        _FOLLOW.rows(
            {
                **_named(merchant_id, connection_id, member_id),
                "programme": programme_code,
                "now": now.isoformat(),
            }
        )
    )


@all_or_nothing
def ask_for_standing(
    *,
    merchant_id: int,
    connection_id: int,
    member_id: int,
    who: Mapping[str, str],
    now: datetime,
) -> bool:
    """Let an older CRM be asked how a member stands, after all that the member's lane holds.

    False while a question waits for its answer. `who` names the shopper, where the CRM may not know
    the card yet. Locks the member's lane.
    """
    asked = _ASK.rows({**_named(merchant_id, connection_id, member_id), "now": now.isoformat()})
    if not asked:
        return False
    ((number, programme_code),) = asked
    member = membership.member_by_id(merchant_id=merchant_id, member_id=member_id)
    card = member.card_of(programme_code)
    named = {name: value for name, value in who.items() if value}
    serial_no = f"standing:{member_id}:{number}"
    return queue_operation(
        merchant_id=merchant_id,
        connection_id=connection_id,
        lane=member_id,
        serial_no=serial_no,
        method=MEMBER_QUERY,
        fields={"serial_no": serial_no, "card_number": card.number if card else "", **named},
        now=now,
    )


@all_or_nothing
def ask_for_standings(*, merchant_id: int, now: datetime) -> int:
    """Ask older CRMs again for members of whom they were asked a day ago; how many were."""
    due = list(
        StandingBehind.objects.of_merchant(merchant_id)
        .filter(
            asked=F("answered"),
            asked_at__lt=now - ASKED_EVERY,
            connection__state="active",
        )
        .order_by("asked_at")[:MOST_AT_ONCE]
    )
    return sum(
        ask_for_standing(
            merchant_id=merchant_id,
            connection_id=row.connection_id,
            member_id=row.member_id,
            who={},
            now=now,
        )
        for row in sorted(due, key=lambda row: row.id)
    )


def _named(merchant_id: int, connection_id: int, member_id: int) -> dict[str, str | None]:
    return {
        "merchant": str(merchant_id),
        "connection": str(connection_id),
        "member": str(member_id),
    }
