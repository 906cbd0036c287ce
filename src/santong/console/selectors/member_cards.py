"""A member's cards and pools, as the pages of a member show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from santong.console.selectors.member_reach import Reach
from santong.kernel.http.pages import LARGEST_ID
from santong.membership import public as membership
from santong.payments import public as payments

CHANGES_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCard:
    """A card with its programme, its tier and how it came to it."""

    card: membership.Card
    programme: membership.Programme
    tier_name: str
    next_tier: membership.Tier | None
    experience: int
    changes: list[membership.TierChange]
    tier_names: dict[str, str]


def cards_of(*, merchant_id: int, member: membership.Member) -> list[HeldCard]:
    """The cards that were not merged into others, oldest first."""
    by_id = {each.id: each for each in membership.programmes(merchant_id=merchant_id)}
    cards = [card for card in member.cards if card.state != "merged"]
    keys = {
        card.id: payments.AccountKey(
            by_id[card.programme_id].experience_asset, "earned", member.owner
        )
        for card in cards
    }
    stands = payments.balances(merchant_id=merchant_id, accounts=list(keys.values()))
    return [
        _held(merchant_id, card, by_id[card.programme_id], stands[keys[card.id]].posted)
        for card in cards
    ]


def tier_names(*, merchant_id: int) -> dict[tuple[int, str], str]:
    """The names of tiers by programme and code, as programmes promise them now."""
    return {
        (programme.id, tier.code): tier.name
        for programme in membership.programmes(merchant_id=merchant_id)
        for tier in _tiers(merchant_id, programme.id)
    }


def rule_names(*, merchant_id: int, programme_id: int) -> dict[str, str]:
    """What a programme calls its rules; a rule without a name by its code."""
    try:
        terms = membership.terms_of(merchant_id=merchant_id, programme_id=programme_id).terms
    except membership.NothingPromised:
        return {}
    return {
        **{rule.code: rule.name or rule.code for rule in terms.rules},
        **{f"tier:{tier.code}": tier.name for tier in terms.tiers},
    }


def points_seen(
    *,
    merchant_id: int,
    members: Sequence[membership.Member],
    reach: Reach,
    now: datetime,
) -> dict[int, membership.PointsShown]:
    """What members have in the pools in which a card of theirs is seen, together."""
    found = membership.points_by_pool(
        merchant_id=merchant_id, member_ids=[each.id for each in members], now=now
    )
    return {
        member.id: _together(
            found[member.id],
            membership.pools_in_sight(merchant_id=merchant_id, member=member, sight=reach),
        )
        for member in members
    }


def visible_pools(*, merchant_id: int, member: membership.Member) -> list[membership.Pool]:
    """The pools of the programmes whose cards are shown."""
    seen = {card.programme_id for card in member.cards}
    codes = {
        each.pool_code for each in membership.programmes(merchant_id=merchant_id) if each.id in seen
    }
    return [pool for pool in membership.pools(merchant_id=merchant_id) if pool.code in codes]


def _together(
    by_pool: Mapping[str, membership.PointsShown], codes: frozenset[str]
) -> membership.PointsShown:
    seen = [shown for code, shown in by_pool.items() if code in codes]
    return membership.PointsShown(
        available=sum(each.available for each in seen),
        pending=sum(each.pending for each in seen),
        debt=sum(each.debt for each in seen),
    )


def _held(
    merchant_id: int, card: membership.Card, programme: membership.Programme, experience: int
) -> HeldCard:
    tiers = sorted(_tiers(merchant_id, programme.id), key=lambda tier: tier.threshold)
    names = {tier.code: tier.name for tier in tiers}
    current = next((tier.threshold for tier in tiers if tier.code == card.tier), 0)
    return HeldCard(
        card=card,
        programme=programme,
        tier_name=names.get(card.tier, card.tier),
        next_tier=next((tier for tier in tiers if tier.threshold > current), None),
        experience=experience,
        changes=membership.tier_changes_of(
            merchant_id=merchant_id, card_id=card.id, before_id=LARGEST_ID, limit=CHANGES_SHOWN
        ),
        tier_names=names,
    )


def _tiers(merchant_id: int, programme_id: int) -> tuple[membership.Tier, ...]:
    try:
        return membership.terms_of(merchant_id=merchant_id, programme_id=programme_id).terms.tiers
    except membership.NothingPromised:
        return ()
