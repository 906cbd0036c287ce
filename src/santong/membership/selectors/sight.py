"""How far somebody sees members, by the brands and places at which they have a permission."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import Actor
from santong.membership import contracts
from santong.membership.rules.authorisation import seen_programmes
from santong.membership.selectors.authorisations import authorisations_to
from santong.membership.selectors.bindings import bindings_of
from santong.membership.selectors.members import attributions_of
from santong.membership.selectors.programmes import programmes
from santong.merchants import public as merchants
from santong.stores import public as stores


def sight_of(*, merchant_id: int, actor: Actor, permission: str, now: datetime) -> contracts.Sight:
    """What somebody with a permission sees of members at `now`.

    Who has it everywhere sees everything. Who has it for a brand, or at places of one, sees the
    brand's own programme, and programmes of brands that let it see. A place of no brand sells for
    all of them.
    """
    location_ids = actor.at(permission).location_ids
    if location_ids is None:
        return contracts.Sight(location_ids=None)
    every = programmes(merchant_id=merchant_id)
    granted = _granted_brands(merchant_id, actor, permission)
    found: Collection[int | None] = granted or _brands_of_places(merchant_id, location_ids)
    own = {each.brand_id for each in every if None in found or each.brand_id in found}
    brand_ids = own | {brand_id for brand_id in found if brand_id is not None}
    seen = seen_programmes(
        every,
        authorisations_to(merchant_id=merchant_id, brand_ids=brand_ids),
        brand_ids=brand_ids,
        at=now,
    )
    return contracts.Sight(
        location_ids=location_ids,
        brand_ids=frozenset(brand_ids),
        own_programme_ids=frozenset(each.id for each in every if each.brand_id in own),
        seen_brand_ids=frozenset(brand_ids) | {each.brand_id for each in every if each.id in seen},
        programme_ids=seen,
        is_of_brand=bool(granted),
    )


def pools_in_sight(
    *, merchant_id: int, member: contracts.Member, sight: contracts.Sight
) -> frozenset[str]:
    """Codes of the pools in which a member has a card that is seen.

    A pool has one balance for all its programmes, so it is shown with any of them; what it is made
    of is not.
    """
    pool_by_id = {each.id: each.pool_code for each in programmes(merchant_id=merchant_id)}
    if sight.is_whole:
        return frozenset(pool_by_id.values())
    return frozenset(
        pool_by_id[card.programme_id]
        for card in member.cards
        if card.state != "merged" and sight.sees(card.programme_id)
    )


def sees_whole_pool(*, merchant_id: int, pool_code: str, sight: contracts.Sight) -> bool:
    """Whether every programme of a pool is seen, and so each entry of its statement."""
    return all(
        sight.sees(each.id)
        for each in programmes(merchant_id=merchant_id)
        if each.pool_code == pool_code
    )


def bindings_in_sight(
    *, merchant_id: int, member_id: int, sight: contracts.Sight
) -> list[contracts.Binding]:
    """Accounts that show a member or did, on storefronts that are seen; oldest first."""
    codes = storefronts_in_sight(merchant_id=merchant_id, sight=sight)
    rows = bindings_of(merchant_id=merchant_id, member_id=member_id)
    return [row for row in rows if codes is None or row.storefront_code in codes]


def storefronts_in_sight(*, merchant_id: int, sight: contracts.Sight) -> frozenset[str] | None:
    """Codes of the storefronts whose accounts are shown; None where all of them are."""
    if sight.is_whole:
        return None
    shops = merchants.storefronts(merchant_id=merchant_id)
    return frozenset(shop.code for shop in shops if sight.sees_brand(shop.brand_id))


def attributions_in_sight(
    *, merchant_id: int, member_id: int, sight: contracts.Sight
) -> list[contracts.Attribution]:
    """Who or what is credited with the cards that are seen."""
    rows = attributions_of(merchant_id=merchant_id, member_id=member_id)
    return [row for row in rows if sight.sees(row.programme_id)]


def check_acting(
    *, merchant_id: int, programme: contracts.Programme, brand_code: str, sight: contracts.Sight
) -> None:
    """Refuse somebody who earns or spends in the name of a brand that they do not work for.

    Raises NoSuch (brand).
    """
    if sight.is_whole:
        return
    brands = {each.code: each.id for each in merchants.brands(merchant_id=merchant_id)}
    brand_id = brands.get(brand_code) if brand_code else programme.brand_id
    if brand_id is None or not sight.acts_for(brand_id):
        raise NoSuch(kind="brand", key=brand_code[:40])


def _granted_brands(merchant_id: int, actor: Actor, permission: str) -> frozenset[int]:
    """The brands for which somebody was given a role that has the permission."""
    if actor.kind not in ("staff", "token"):
        return frozenset()
    staff_id = merchants.owner_of(merchant_id=merchant_id, actor=actor)
    return frozenset(
        grant.brand_id
        for grant in merchants.grants_of(merchant_id=merchant_id, staff_id=staff_id)
        if grant.brand_id is not None
        and permission in merchants.PERMISSIONS_BY_ROLE.get(grant.role, ())
    )


def _brands_of_places(merchant_id: int, location_ids: Collection[int]) -> frozenset[int | None]:
    places = stores.locations_by_id(merchant_id=merchant_id, location_ids=location_ids)
    return frozenset(place.brand_id for place in places.values())
