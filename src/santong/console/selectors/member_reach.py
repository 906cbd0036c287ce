"""Which members somebody may open, and how far they see them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import Actor
from santong.membership import public as membership

Reach = membership.Sight


def reach_of(*, merchant_id: int, actor: Actor, now: datetime) -> Reach:
    """How far somebody sees members: `membership.sight_of` with what the pages ask for.

    Head office sees everybody. Whoever works for a brand sees the members of its programme, and
    more of them where another brand lets it. A store finds a member by a whole number, as the till
    does, and opens those whom it has won.
    """
    return membership.sight_of(
        merchant_id=merchant_id, actor=actor, permission="members.view", now=now
    )


def opened(*, merchant_id: int, member_id: int, reach: Reach) -> membership.Member:
    """One member with the cards that somebody may see. Raises NoSuch."""
    whole = membership.member_by_id(merchant_id=merchant_id, member_id=member_id)
    member = reach.of_member(whole)
    if member is None or not _opens(merchant_id, member, reach):
        raise NoSuch(kind="member", key=str(member_id))
    return member


def openable(
    *, merchant_id: int, members: Collection[membership.Member], reach: Reach
) -> frozenset[int]:
    """Of some members who are seen, whose pages somebody may open."""
    return frozenset(each.id for each in members if _opens(merchant_id, each, reach))


def _opens(merchant_id: int, member: membership.Member, reach: Reach) -> bool:
    if reach.may_browse:
        return True
    won = membership.attributions_of(merchant_id=merchant_id, member_id=member.id)
    return any(each.location_id in (reach.location_ids or ()) for each in won)
