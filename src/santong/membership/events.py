"""What has happened to members: ids and codes, never who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

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


@fact("membership.terms_published.v1", aggregate="programme_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class TermsPublished:
    """A programme gives by other terms from now on."""

    programme_id: int
    version: int


@fact("membership.points_accrued.v1", aggregate="member_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PointsAccrued:
    """A purchase brought points, which wait until `matures_at`, and experience."""

    accrual_id: int
    member_id: int
    programme_id: int
    source: str
    key: str
    points: int
    experience: int
    matures_at: datetime


@fact("membership.points_clawed_back.v1", aggregate="member_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PointsClawedBack:
    """A return took points back; `money_minor` of them is to be kept from the refund."""

    accrual_id: int
    member_id: int
    programme_id: int
    return_key: str
    points: int
    money_minor: int
    currency: str


@fact("membership.points_burned.v1", aggregate="member_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PointsBurned:
    """Points were spent."""

    burn_id: int
    member_id: int
    programme_id: int
    kind: str
    points: int


@fact("membership.points_expiring.v1", aggregate="member_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PointsExpiring:
    """So many points of a member end with a day, unless they are used before."""

    member_id: int
    pool_id: int
    points: int
    expires_on: date
    days_before: int


@fact("membership.tier_changed.v1", aggregate="member_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class TierChanged:
    """A member stands on another tier of a programme."""

    member_id: int
    programme_id: int
    card_id: int
    from_tier: str
    to_tier: str
    why: str


@fact("membership.month_settled.v1", aggregate="pool_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MonthSettled:
    """What the brands of a pool owe one another for a month stands."""

    pool_id: int
    settlement_id: int
    month: date


@fact("membership.members_imported.v1", aggregate="batch_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MembersImported:
    """Members of another system were taken in. Nobody of them is told to have joined."""

    batch_id: int
    programme_id: int
    members: int
