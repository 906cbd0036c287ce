"""What has happened to members: ids and codes, never who they are."""

from __future__ import annotations

from dataclasses import dataclass

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
