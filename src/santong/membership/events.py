"""What has happened to members: ids and codes, never who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel.facts import fact


@fact("membership.member_joined.v1", aggregate="member_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MemberJoined:
    """Somebody has a card in a programme from now on; `is_new` where it is the member's first."""

    member_id: int
    card_id: int
    programme_id: int
    programme_code: str
    kind: str
    channel: str
    storefront_code: str
    location_code: str
    guide_code: str
    is_new: bool


@fact("membership.member_woken.v1", aggregate="member_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MemberWoken:
    """A member who had not been seen in a programme for long is back."""

    member_id: int
    card_id: int
    programme_id: int


@fact("membership.member_reopened.v1", aggregate="member_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MemberReopened:
    """A member who had left is one again."""

    member_id: int


@fact("membership.member_closed.v1", aggregate="member_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MemberClosed:
    """A member has left every programme."""

    member_id: int


@fact("membership.member_dormant.v1", aggregate="member_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MemberDormant:
    """A member was not seen in a programme for as long as it says."""

    member_id: int
    card_id: int
    programme_id: int
    programme_code: str
    last_active_at: datetime


@fact("membership.member_bound.v1", aggregate="member_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MemberBound:
    """A member shows under an account of a storefront."""

    member_id: int
    binding_id: int
    storefront_code: str
    programme_id: int


@fact("membership.member_unbound.v1", aggregate="member_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MemberUnbound:
    """A member no longer shows under an account of a storefront."""

    member_id: int
    binding_id: int
    storefront_code: str


@fact("membership.members_merged.v1", aggregate="kept_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MembersMerged:
    """Two members were one person: `gone_id` is carried on by `kept_id`."""

    kept_id: int
    gone_id: int
    merge_id: int


@fact("membership.members_parted.v1", aggregate="kept_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MembersParted:
    """That merge is undone: each member has again what was theirs."""

    kept_id: int
    gone_id: int
    merge_id: int
