"""What goes in and out of points: purchases, what they brought and why, returns, burns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

from santong.membership.contracts.programmes import ClawBackPolicy

LONGEST_KEY = 100
LONGEST_SOURCE = 40
MOST_LINES = 500
MOST_UNITS = 1_000_000
MOST_MINOR = 1_000_000_000_000

AccrualState = Literal["pending", "mature", "cancelled"]
BurnKind = Literal["checkout", "shop", "benefit"]
BurnState = Literal["held", "burned", "released"]
RequestKind = Literal["correction", "transfer"]
RequestState = Literal["requested", "posted", "rejected"]
ExperienceCause = Literal["accrual", "claw_back", "correction", "opening"]
ACCRUAL_STATES: tuple[AccrualState, ...] = get_args(AccrualState)
BURN_KINDS: tuple[BurnKind, ...] = get_args(BurnKind)
BURN_STATES: tuple[BurnState, ...] = get_args(BurnState)
REQUEST_KINDS: tuple[RequestKind, ...] = get_args(RequestKind)
REQUEST_STATES: tuple[RequestState, ...] = get_args(RequestState)
EXPERIENCE_CAUSES: tuple[ExperienceCause, ...] = get_args(ExperienceCause)


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """What was bought, and what was paid for it in all."""

    line: int
    sku_code: str
    category: str
    quantity: int
    amount_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Purchase:
    """Something that a member bought, wherever that was. (source, key) names it.

    The programme is named itself, or by its storefront. `brand_code` says whose shop it was where
    that is another brand than the programme's own. `awaits_delivery` says that the goods are still
    on their way: `record_delivery` tells when they have come.
    """

    source: str
    key: str
    member_id: int
    bought_at: datetime
    currency: str
    lines: tuple[PurchaseLine, ...]
    programme_code: str = ""
    storefront_code: str = ""
    brand_code: str = ""
    channel: str = ""
    location_code: str = ""
    guide_code: str = ""
    delivered_at: datetime | None = None
    awaits_delivery: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Basket:
    """A purchase as the rules read it: what the answer depends on, and nothing else."""

    bought_at: datetime
    bought_on: date
    channel: str
    location_code: str
    tier: str
    is_birthday: bool
    is_birthday_month: bool
    lines: tuple[PurchaseLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Used:
    """What was given before, by rule; the rule without a name is all of them together."""

    day: Mapping[str, int] = field(default_factory=dict[str, int])
    member: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Part:
    """So much for a line, because of a rule."""

    line: int
    rule: str
    amount: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """What a purchase brings, in parts that say why."""

    points: tuple[Part, ...] = ()
    experience: tuple[Part, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Accrued:
    """What a purchase brought."""

    id: int
    source: str
    key: str
    member_id: int
    programme_code: str
    brand_id: int
    state: AccrualState
    points: int
    experience: int
    taken: int
    experience_taken: int
    bought_at: datetime
    matures_at: datetime
    matured_at: datetime | None
    expires_at: datetime | None
    is_new: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class AccruedLine:
    """What one line of a purchase brought, by rule."""

    line: int
    sku_code: str
    category: str
    quantity: int
    returned: int
    amount_minor: int
    points: int
    experience: int
    points_by_rule: Mapping[str, int]
    experience_by_rule: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClawedBack:
    """What a return took back, and from where. `money_minor` is to be kept from the refund."""

    accrual_id: int
    return_key: str
    policy: ClawBackPolicy
    points: int
    from_pending: int
    from_available: int
    to_debt: int
    forgiven: int
    money_minor: int
    currency: str
    experience: int
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """So many points are worth so much money here."""

    points: int
    amount_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Burned:
    """Points on their way out, or gone."""

    id: int
    source: str
    key: str
    member_id: int
    programme_code: str
    brand_id: int
    kind: BurnKind
    state: BurnState
    points: int
    given_back: int
    amount_minor: int
    currency: str
    expires_at: datetime | None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class PointsShown:
    """What a member has in a pool."""

    available: int
    pending: int
    debt: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PointsRequest:
    """A correction or a transfer that waits for somebody else's yes, or has its answer."""

    id: int
    kind: RequestKind
    state: RequestState
    member_id: int
    to_member_id: int | None
    pool_code: str
    points: int
    reason: str
    requested_by: str
    requested_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision_reason: str


@dataclass(frozen=True, slots=True)
class EndingPoints:
    """So many points end in a month (its first day); None is never."""

    month: date | None
    points: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PointsLiability:
    """What is outstanding of a pool's points, and what of it is expected to be used."""

    pool_code: str
    available: int
    pending: int
    debt: int
    redeemed: int
    expired: int
    by_month: tuple[EndingPoints, ...]
    breakage_per_10000: int
    expected_breakage: int
    expected_to_be_used: int
    currency: str
    value_minor: int
