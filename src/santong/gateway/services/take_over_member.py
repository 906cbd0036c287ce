"""Whom the older CRM has just bound is a member here from now on, with what they have there."""

from __future__ import annotations

from datetime import datetime

from santong.gateway.rules.member_calls import MemberCall
from santong.gateway.rules.standings import Told
from santong.gateway.selectors.lines import Line
from santong.gateway.services.answer_member_call import identities_of
from santong.gateway.services.know_identity import know_identity
from santong.gateway.services.take_standing import take_told
from santong.gateway.services.tell_crm import tell_behind
from santong.kernel.tenancy import all_or_nothing
from santong.membership import public as membership


@all_or_nothing
def take_over_member(
    *, merchant_id: int, line: Line, call: MemberCall, told: Told | None, now: datetime
) -> int:
    """Make somebody whom the older CRM behind a line has bound a member here; their id.

    Their points and level there are opening balances, once, however often they are bound. What the
    answer did not tell is asked for.

    Raises what membership refuses. Emits MemberJoined, MemberBound, TierChanged. Locks what
    membership locks, then the member's standing there and their lane.
    """
    mix_mobile = "" if call.mobile else call.mix_mobile
    registered = membership.register(
        merchant_id=merchant_id,
        storefront_code=line.storefront_code,
        phone=call.mobile,
        mix_mobile=mix_mobile,
        mix_scope=line.storefront_code if mix_mobile else "",
        identities=identities_of(line=line, call=call),
        now=now,
    )
    member, card = registered.joined.member, registered.joined.card
    know_identity(merchant_id=merchant_id, line=line, member_id=member.id, call=call, now=now)
    is_first = tell_behind(
        merchant_id=merchant_id, line=line, member_id=member.id, card=card, call=call, now=now
    )
    if is_first and told is not None and line.behind_id is not None:
        take_told(
            merchant_id=merchant_id,
            connection_id=line.behind_id,
            member_id=member.id,
            told=told,
            now=now,
        )
    return member.id
