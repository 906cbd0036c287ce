"""A member's cards, as the page of a member shows them."""

from __future__ import annotations

from dataclasses import dataclass

from santong.membership import public as membership


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCard:
    """A card with its programme and the name of its tier."""

    card: membership.Card
    programme: membership.Programme


def cards_of(*, merchant_id: int, member: membership.Member) -> list[HeldCard]:
    """The cards that were not merged into others, oldest first."""
    by_id = {each.id: each for each in membership.programmes(merchant_id=merchant_id)}
    return [
        HeldCard(card=card, programme=by_id[card.programme_id])
        for card in member.cards
        if card.state != "merged"
    ]
