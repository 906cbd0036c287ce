"""How members stand, as a marketplace shows them: the card, the tier, the points to spend."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from santong.gateway.rules.calls_out import digest_of
from santong.membership import public as membership
from santong.payments import public as payments


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One member in the programme that a storefront shows."""

    points: int
    level: str
    card_number: str

    @property
    def digest(self) -> str:
        return digest_of(points=self.points, level=self.level, card_number=self.card_number)


NOBODY = Standing(points=0, level="", card_number="")


def standings(
    *, merchant_id: int, storefront_code: str, member_ids: Collection[int]
) -> dict[int, Standing]:
    """Members by id as a storefront shows them; who has no card of its programme is left out.

    Raises NoSuch (storefront, programme).
    """
    if not member_ids:
        return {}
    programme = membership.programme_of_storefront(
        merchant_id=merchant_id, storefront_code=storefront_code
    )
    members = membership.members_by_id(merchant_id=merchant_id, member_ids=member_ids)
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
