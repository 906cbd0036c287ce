"""How members stand, as a marketplace shows them: the card, the tier, the points to spend."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.payments import public as payments


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One member in the programme that a storefront shows."""

    points: int
    level: str
    card_number: str


def standings(
    *, merchant_id: int, storefront_code: str, member_ids: Collection[int]
) -> dict[int, Standing]:
    """Members by id as a storefront shows them; who has no card of its programme is left out."""
    if not member_ids:
        return {}
    programme = _programme(merchant_id, storefront_code)
    members = membership.members_by_id(merchant_id=merchant_id, member_ids=member_ids)
    if programme is None:
        return {}
    account_by_id = {
        member.id: payments.AccountKey(programme.points_asset, "available", member.owner)
        for member in members.values()
    }
    balances = payments.balances(merchant_id=merchant_id, accounts=list(account_by_id.values()))
    return {
        member.id: Standing(
            points=balances[account_by_id[member.id]].available,
            level=card.tier,
            card_number=card.number,
        )
        for member in members.values()
        if (card := member.card_of(programme.code)) is not None
    }


def _programme(merchant_id: int, storefront_code: str) -> membership.Programme | None:
    """That of the storefront's brand, or the only one there is."""
    storefront = merchants.storefront_by_code(merchant_id=merchant_id, code=storefront_code)
    if storefront.brand_id is not None:
        return membership.programme_of_brand(merchant_id=merchant_id, brand_id=storefront.brand_id)
    every = membership.programmes(merchant_id=merchant_id)
    return every[0] if len(every) == 1 else None
