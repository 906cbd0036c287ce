"""What members become when persons turn out to be one, or two."""

from __future__ import annotations

from datetime import datetime

from santong.customers.events import MergeUndone, PersonsMerged
from santong.kernel.facts import subscribe
from santong.membership.services.part import part
from santong.membership.services.unite import unite


@subscribe(PersonsMerged)
def unite_members(fact: PersonsMerged, *, merchant_id: int, now: datetime) -> None:
    """Their members are one."""
    unite(
        merchant_id=merchant_id,
        merge_id=fact.merge_id,
        kept_person_id=fact.kept_id,
        gone_person_id=fact.gone_id,
        now=now,
    )


@subscribe(MergeUndone)
def part_members(fact: MergeUndone, *, merchant_id: int, now: datetime) -> None:
    """Their members are two again."""
    part(merchant_id=merchant_id, merge_id=fact.merge_id, now=now)
