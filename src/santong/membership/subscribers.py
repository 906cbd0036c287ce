"""What becomes of members when persons are one, or two, and of points whose hold has run out."""

from __future__ import annotations

from datetime import datetime

from santong.customers.events import MergeUndone, PersonsMerged
from santong.kernel.facts import subscribe
from santong.membership.services.end_held_burn import end_held_burn
from santong.membership.services.part import part
from santong.membership.services.unite import unite
from santong.payments.events import HoldExpired


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


@subscribe(HoldExpired)
def give_up_checkout(fact: HoldExpired, *, merchant_id: int, now: datetime) -> None:
    """The points that it held can be spent again."""
    end_held_burn(merchant_id=merchant_id, hold_id=fact.hold_id, now=now)
