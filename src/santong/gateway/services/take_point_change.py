"""A marketplace's shop takes points or gives them back, and is called back with the outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction

from santong.gateway.models import Operation
from santong.gateway.rules.calls_out import POINT_CALLBACK
from santong.gateway.rules.point_changes import PointChange, callback_fields
from santong.gateway.selectors.lines import Line
from santong.gateway.selectors.standing import standings
from santong.gateway.services.answer_member_call import whom
from santong.gateway.services.note_change import note_change
from santong.gateway.services.queue_operation import queue_operation
from santong.kernel.errors import DomainError, NotFound
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.membership import public as membership

# As it is spelled by the platform.
NO_MEMBER: Final = "no-exsit-member"
NO_EXCHANGE: Final = "no-such-exchange"
REASON: Final = "given back by the storefront"

_ALONE: Final = Statement("""
SELECT pg_advisory_xact_lock(
  hashtextextended('gateway.record:' || %(connection)s::text || ':' || %(record)s::text,
    %(merchant)s::bigint)) IS NULL
""")


@all_or_nothing
def take_point_change(*, merchant_id: int, line: Line, change: PointChange, now: datetime) -> str:
    """Carry out a change of points once by its record; the error code, or nothing where it is done.

    What became of it is called back by the queue, in the same transaction. The same record again
    changes nothing.

    Emits PointsBurned. Locks the record, the member, accounts, then the member's lane.
    """
    _ALONE.later(
        {
            "merchant": str(merchant_id),
            "connection": str(line.id),
            "record": change.record_id,
        }
    )
    known = Operation.objects.of_merchant(merchant_id).filter(
        connection_id=line.id, serial_no=_serial_no(change)
    )
    if known.exists():
        return ""
    found = whom(merchant_id=merchant_id, line=line, call=change.who, now=now)
    member_id = found.member.member_id if found.member is not None else 0
    error_code = NO_MEMBER
    if member_id:
        error_code = _carried_out(merchant_id, line, change, member_id, now)
        change = _without_name_of_whoever_left(merchant_id, change, member_id)
        note_change(merchant_id=merchant_id, member_ids=[member_id], now=now)
    queue_operation(
        merchant_id=merchant_id,
        connection_id=line.id,
        lane=member_id,
        serial_no=_serial_no(change),
        method=POINT_CALLBACK,
        fields=callback_fields(
            change=change,
            error_code=error_code,
            points=_left(merchant_id, line, member_id),
        ),
        now=now,
    )
    return error_code


def _carried_out(
    merchant_id: int, line: Line, change: PointChange, member_id: int, now: datetime
) -> str:
    source = f"spi:{line.id}"
    try:
        with transaction.atomic():
            if change.is_deduction:
                membership.burn(
                    merchant_id=merchant_id,
                    source=source,
                    key=change.exchange,
                    member_id=member_id,
                    programme_code=_programme_code(merchant_id, line),
                    kind="shop",
                    points=change.points,
                    now=now,
                )
            else:
                membership.give_back_points(
                    merchant_id=merchant_id,
                    source=source,
                    key=change.exchange,
                    return_key=change.record_id,
                    points=change.points,
                    reason=REASON,
                    now=now,
                )
    except NotFound:
        return NO_EXCHANGE
    except DomainError as refused:
        return refused.code
    return ""


def _without_name_of_whoever_left(
    merchant_id: int, change: PointChange, member_id: int
) -> PointChange:
    """Somebody who was erased a moment ago is named in nothing that waits."""
    if membership.member_by_id(merchant_id=merchant_id, member_id=member_id).state != "closed":
        return change
    return replace(change, who=replace(change.who, mix_mobile=""))


def _programme_code(merchant_id: int, line: Line) -> str:
    return membership.programme_of_storefront(
        merchant_id=merchant_id, storefront_code=line.storefront_code
    ).code


def _left(merchant_id: int, line: Line, member_id: int) -> int | None:
    standing = standings(
        merchant_id=merchant_id,
        storefront_code=line.storefront_code,
        member_ids=[member_id] if member_id else [],
    ).get(member_id)
    return standing.points if standing else None


def _serial_no(change: PointChange) -> str:
    return f"record:{change.record_id}"
