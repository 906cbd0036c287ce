"""What somebody sees of members who belong to several brands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from santong.membership.contracts.members import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """For which brands somebody acts, and whose cards, purchases and accounts they see.

    Who works for the whole merchant sees everything. Whoever works for some brands, or at their
    places, sees what belongs to these brands, and to those that let them see.
    """

    location_ids: frozenset[int] | None
    # For whom they act: their own brands, and these brands' programmes.
    brand_ids: frozenset[int] = frozenset()
    own_programme_ids: frozenset[int] = frozenset()
    # Whom they see: their own, and those that let them.
    seen_brand_ids: frozenset[int] = frozenset()
    programme_ids: frozenset[int] = frozenset()
    # Whether they work for a brand as such, and not only at places of it.
    is_of_brand: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the merchant is hidden."""
        return self.location_ids is None

    @property
    def may_browse(self) -> bool:
        """Whether they may page through members; a store finds them by a whole number."""
        return self.is_whole or self.is_of_brand

    def sees(self, programme_id: int) -> bool:
        """Whether cards, tiers and purchases of a programme are shown."""
        return self.is_whole or programme_id in self.programme_ids

    def sees_brand(self, brand_id: int | None) -> bool:
        """Whether what happened at a brand's storefronts is shown; those of no brand are all's."""
        return self.is_whole or brand_id is None or brand_id in self.seen_brand_ids

    def acts_for(self, brand_id: int) -> bool:
        """Whether they may earn and spend in the name of a brand."""
        return self.is_whole or brand_id in self.brand_ids

    def of_member(self, member: Member) -> Member | None:
        """The member with the cards that are seen; None where no card of theirs is."""
        if self.is_whole:
            return member
        seen = tuple(card for card in member.cards if self.sees(card.programme_id))
        return replace(member, cards=seen) if seen else None

    def of_members(self, members: Iterable[Member]) -> list[Member]:
        """Those of some members of whom a card is seen, with the cards that are."""
        return [seen for member in members if (seen := self.of_member(member)) is not None]
