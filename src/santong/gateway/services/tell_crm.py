"""What an older CRM is to take over: new members, and every change of their points."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from santong.gateway.models import Connection
from santong.gateway.rules.calls_out import MEMBER_REGISTER, POINT_OPERATE
from santong.gateway.rules.member_calls import MemberCall
from santong.gateway.selectors.lines import Line
from santong.gateway.services.follow_standing import ask_for_standing, follow_standing
from santong.gateway.services.queue_operation import LONGEST_SERIAL, queue_operation
from santong.kernel.tenancy import all_or_nothing
from santong.membership import public as membership

_MOST_LINES: Final = 20


@all_or_nothing
def tell_crm(
    *,
    merchant_id: int,
    programme_id: int,
    member_id: int,
    serial_no: str,
    point: int,
    why: str,
    now: datetime,
) -> int:
    """Let every older CRM of a programme take over a change of points; how many there are.

    Locks the member's lane.
    """
    if not point:
        return 0
    programme = membership.programme_by_id(merchant_id=merchant_id, programme_id=programme_id)
    line_ids = list(
        Connection.objects.of_merchant(merchant_id)
        .filter(kind="crm", programme_code=programme.code)
        .order_by("id")
        .values_list("id", flat=True)[:_MOST_LINES]
    )
    if not line_ids:
        return 0
    member = membership.member_by_id(merchant_id=merchant_id, member_id=member_id)
    card = member.card_of(programme.code)
    if card is None:
        return 0
    for line_id in line_ids:
        queue_operation(
            merchant_id=merchant_id,
            connection_id=line_id,
            lane=member_id,
            serial_no=_short(serial_no),
            method=POINT_OPERATE,
            fields={
                "serial_no": _short(serial_no),
                "card_number": card.number,
                "type": "add" if point > 0 else "minus",
                "point": point,
                "biz_code": why,
            },
            now=now,
        )
    return len(line_ids)


@all_or_nothing
def tell_behind(
    *,
    merchant_id: int,
    line: Line,
    member_id: int,
    card: membership.Card,
    call: MemberCall,
    now: datetime,
) -> bool:
    """Let the older CRM behind a marketplace know who has become a member, and ask what they have.

    True for the first time. The member is locked by the caller. Locks their lane.
    """
    if line.behind_id is None or not follow_standing(
        merchant_id=merchant_id,
        connection_id=line.behind_id,
        member_id=member_id,
        programme_code=card.programme_code,
        now=now,
    ):
        return False
    serial_no = f"register:{member_id}:{line.storefront_code}"
    who = {"mobile": call.mobile, "mix_mobile": "" if call.mobile else call.mix_mobile}
    queue_operation(
        merchant_id=merchant_id,
        connection_id=line.behind_id,
        lane=member_id,
        serial_no=_short(serial_no),
        method=MEMBER_REGISTER,
        fields={"serial_no": _short(serial_no), "card_number": card.number, **who},
        now=now,
    )
    ask_for_standing(
        merchant_id=merchant_id,
        connection_id=line.behind_id,
        member_id=member_id,
        who=who,
        now=now,
    )
    return True


def _short(serial_no: str) -> str:
    """A number that somebody else made part of may be long: then its end is a digest."""
    if len(serial_no) <= LONGEST_SERIAL and serial_no.isprintable():
        return serial_no
    digest = hashlib.blake2b(serial_no.encode("utf-8", "surrogatepass"), digest_size=16)
    return f"{serial_no.partition(':')[0]}:{digest.hexdigest()}"
