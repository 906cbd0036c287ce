"""Lock the members who carry on for some others, and find their cards."""

from __future__ import annotations

from collections.abc import Collection

from santong.kernel.errors import Busy
from santong.membership.errors import CardMissing
from santong.membership.models import Card
from santong.membership.selectors.members import current_member_ids
from santong.membership.services.lock import lock_members

USABLE = ("active", "dormant")


def lock_current(*, merchant_id: int, member_ids: Collection[int]) -> dict[int, int]:
    """Take who carries on for each member; say who that is. Raises NoSuch, Busy."""
    current = current_member_ids(merchant_id=merchant_id, member_ids=member_ids)
    state_by_id = lock_members(merchant_id=merchant_id, member_ids=list(current.values()))
    if "merged" in state_by_id.values():
        raise Busy
    return current


def usable_cards(
    *, merchant_id: int, member_ids: Collection[int], programme_ids: Collection[int]
) -> dict[tuple[int, int], Card]:
    """Cards that can earn and spend, by member and programme. Their members are locked."""
    rows = Card.objects.of_merchant(merchant_id).filter(
        member__in=list(member_ids), programme__in=list(programme_ids), state__in=USABLE
    )
    return {(row.member_id, row.programme_id): row for row in rows}


def usable_card(
    *, merchant_id: int, member_id: int, programme_id: int, programme_code: str
) -> Card:
    """One card that can earn and spend. Raises CardMissing."""
    found = usable_cards(
        merchant_id=merchant_id, member_ids=[member_id], programme_ids=[programme_id]
    )
    if (member_id, programme_id) not in found:
        raise CardMissing(member_id=member_id, programme_code=programme_code)
    return found[member_id, programme_id]
