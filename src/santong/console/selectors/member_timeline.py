"""What happened to a member: joined, bound, promoted, corrected, revealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from santong.console.selectors.member_reach import Reach
from santong.kernel import audit
from santong.membership import public as membership

MOST_SHOWN: Final = 200
# What the audit trail and the tables of a member can tell, by the name of the action.
HAPPENED: Final = (
    "membership.joined",
    "membership.bind",
    "membership.unbind",
    "membership.unite",
    "membership.part",
    "membership.close_member",
    "membership.reopen_member",
    "customers.merge",
    "customers.undo_merge",
    "customers.reveal_person",
    "customers.export_person",
    "customers.erase_person",
)
MERGED_WHY: Final = ("asked", "resolved", "matched")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened, its name as the catalogue of words knows it, and by whom."""

    at: datetime
    what: str
    detail: str
    reason: str
    actor: str


def timeline_of(*, merchant_id: int, member: membership.Member, reach: Reach) -> list[Moment]:
    """The newest first; of very much, the newest part. Accounts that are not seen are left out."""
    bindings = membership.bindings_in_sight(
        merchant_id=merchant_id, member_id=member.id, sight=reach
    )
    seen = None if reach.is_whole else frozenset(binding.id for binding in bindings)
    moments = [
        *_joined(merchant_id, member),
        *_audited(merchant_id, "member", member.id, bindings=seen),
        *_audited(merchant_id, "person", member.person_id, bindings=seen),
    ]
    return sorted(moments, key=lambda each: each.at, reverse=True)[:MOST_SHOWN]


def _joined(merchant_id: int, member: membership.Member) -> list[Moment]:
    code_by_id = {each.id: each.name for each in membership.programmes(merchant_id=merchant_id)}
    seen = {card.id for card in member.cards}
    return [
        Moment(
            at=each.at,
            what="membership.joined",
            detail=code_by_id.get(each.programme_id, ""),
            reason="",
            actor=each.guide_code,
        )
        for each in membership.attributions_of(merchant_id=merchant_id, member_id=member.id)
        if each.card_id in seen
    ]


def _audited(
    merchant_id: int, subject: str, subject_id: int, *, bindings: frozenset[int] | None
) -> list[Moment]:
    trail = audit.trail_of(merchant_id=merchant_id, subject=subject, subject_ids=[subject_id])
    return [
        Moment(
            at=entry.at,
            what=entry.action if entry.action in HAPPENED else "",
            detail="" if entry.action in HAPPENED else entry.action,
            reason=entry.reason,
            actor=f"{entry.actor_kind}:{entry.actor_name}",
        )
        for entry in trail
        if bindings is None or entry.after.get("binding_id") in {None, *bindings}
    ]
