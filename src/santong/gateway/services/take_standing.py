"""What an older CRM tells of a member is so here, too."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from santong.gateway.models import StandingBehind
from santong.gateway.rules.said import Said
from santong.gateway.rules.standings import Told, standing_told
from santong.gateway.services.claim_work import Parcel
from santong.gateway.services.note_change import note_change
from santong.kernel.errors import DomainError
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.membership import public as membership

UNTOLD: Final = "no_standing"

# Only what it was told against is overwritten: a change that it took over meanwhile counts.
_TAKE: Final = Statement("""
UPDATE gateway_standingbehind
SET points = %(points)s::bigint, level = %(level)s, sequence = sequence + 1
WHERE merchant_id = %(merchant)s::bigint AND connection_id = %(connection)s::bigint
  AND member_id = %(member)s::bigint AND sequence = %(sequence)s::bigint
RETURNING id
""")
_END: Final = Statement("""
WITH ended AS (
  UPDATE gateway_operation
  SET state = %(state)s, ended_at = %(now)s::timestamptz, code = %(code)s, claimed_until = NULL,
    body_sealed = ''
  WHERE merchant_id = %(merchant)s::bigint AND id = %(id)s::bigint AND claim = %(claim)s::bigint
    AND state = 'waiting'
  RETURNING id, merchant_id, connection_id, lane
), answered AS (
  UPDATE gateway_standingbehind s SET answered = s.asked
  FROM ended e WHERE s.merchant_id = e.merchant_id AND s.connection_id = e.connection_id
    AND s.member_id = e.lane
)
SELECT id FROM ended
""")


class Moved(Exception):
    """Somebody else has settled it, or has changed what was known: it is asked again."""


@all_or_nothing
def settle_question(*, merchant_id: int, parcel: Parcel, said: Said, now: datetime) -> None:
    """Take over what the older CRM answered of a member, and end the question.

    An answer to a claim that has ended is nobody's: it may be older than what was told since.

    Locks the member, accounts, the member's standing there, then the operation.
    """
    told = standing_told(document=said.document)
    code = said.code if told else UNTOLD
    if told is not None:
        try:
            with transaction.atomic():
                take_told(
                    merchant_id=merchant_id,
                    connection_id=parcel.connection_id,
                    member_id=parcel.lane,
                    told=told,
                    now=now,
                )
                _end_held(merchant_id, parcel, code, now)
        except Moved:
            return
        except DomainError as refused:
            code = refused.code
        else:
            return
    _end(merchant_id, parcel, "refused", code, now)


def take_told(
    *, merchant_id: int, connection_id: int, member_id: int, told: Told, now: datetime
) -> None:
    """Let a member have here what differs from what was known of the older CRM.

    Raises Moved, and what membership refuses. Locks the member, accounts, then the standing.
    """
    known = StandingBehind.objects.of_merchant(merchant_id).filter(
        connection_id=connection_id, member_id=member_id
    )
    row = known.first()
    if row is None:
        raise Moved
    membership.take_over(
        merchant_id=merchant_id,
        programme_code=row.programme_code,
        member_id=member_id,
        key=f"{connection_id}:{member_id}:{row.sequence + 1}",
        points=told.points - row.points,
        tier=told.level if told.level != row.level else "",
        now=now,
    )
    taken = _TAKE.rows(
        {
            "merchant": str(merchant_id),
            "connection": str(connection_id),
            "member": str(member_id),
            "points": str(told.points),
            "level": told.level,
            "sequence": str(row.sequence),
        }
    )
    if not taken:
        raise Moved
    note_change(merchant_id=merchant_id, member_ids=[member_id], now=now)


def _end_held(merchant_id: int, parcel: Parcel, code: str, now: datetime) -> None:
    if not _end(merchant_id, parcel, "done", code, now):
        raise Moved


def _end(merchant_id: int, parcel: Parcel, state: str, code: str, now: datetime) -> bool:
    return bool(
        _END.rows(
            {
                "merchant": str(merchant_id),
                "id": str(parcel.id),
                "claim": str(parcel.claim),
                "state": state,
                "code": code[:60],
                "now": now.isoformat(),
            }
        )
    )
