"""Which members somebody may see, and with which cards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import Actor
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.stores import public as stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The programmes whose cards somebody sees, and whether they may page through members.

    Head office sees everybody. Whoever works for a brand sees the members of its programme. A
    store finds a member by a whole number, as the till does, and opens those whom it has won.
    """

    location_ids: frozenset[int] | None
    programme_ids: frozenset[int]
    may_browse: bool


def reach_of(*, merchant_id: int, actor: Actor) -> Reach:
    """How far somebody sees, by the brands and places at which they have the permission."""
    programmes = membership.programmes(merchant_id=merchant_id)
    if actor.location_ids is None:
        return Reach(
            location_ids=None,
            programme_ids=frozenset(each.id for each in programmes),
            may_browse=True,
        )
    brand_ids = _granted_brands(merchant_id, actor)
    found: frozenset[int | None] = brand_ids or _brands_of_places(merchant_id, actor.location_ids)
    # A place of no brand sells for all of them.
    seen = [each for each in programmes if each.brand_id in found or None in found]
    return Reach(
        location_ids=actor.location_ids,
        programme_ids=frozenset(each.id for each in seen),
        may_browse=bool(brand_ids),
    )


def opened(*, merchant_id: int, member_id: int, reach: Reach) -> membership.Member:
    """One member with the cards that somebody may see. Raises NoSuch."""
    member = membership.member_by_id(merchant_id=merchant_id, member_id=member_id)
    if not _opens(merchant_id, member, reach):
        raise NoSuch(kind="member", key=str(member_id))
    return in_reach(member=member, reach=reach)


def openable(
    *, merchant_id: int, members: Collection[membership.Member], reach: Reach
) -> frozenset[int]:
    """Of some members, whose pages somebody may open."""
    return frozenset(each.id for each in members if _opens(merchant_id, each, reach))


def in_reach(*, member: membership.Member, reach: Reach) -> membership.Member:
    """The member without the cards of programmes that somebody does not see."""
    if reach.location_ids is None:
        return member
    seen = tuple(card for card in member.cards if card.programme_id in reach.programme_ids)
    return replace(member, cards=seen)


def _opens(merchant_id: int, member: membership.Member, reach: Reach) -> bool:
    if reach.location_ids is None:
        return True
    if not any(card.programme_id in reach.programme_ids for card in member.cards):
        return False
    if reach.may_browse:
        return True
    won = membership.attributions_of(merchant_id=merchant_id, member_id=member.id)
    return any(each.location_id in reach.location_ids for each in won)


def _granted_brands(merchant_id: int, actor: Actor) -> frozenset[int]:
    if actor.kind != "staff":
        return frozenset()
    grants = merchants.grants_of(merchant_id=merchant_id, staff_id=int(actor.id))
    return frozenset(grant.brand_id for grant in grants if grant.brand_id is not None)


def _brands_of_places(merchant_id: int, location_ids: Collection[int]) -> frozenset[int | None]:
    places = stores.locations_by_id(merchant_id=merchant_id, location_ids=location_ids)
    return frozenset(place.brand_id for place in places.values())
