"""What a programme promises, as one value: tiers, accrual rules and every policy of its points."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

from pydantic import ConfigDict

MOST_POINTS = 1_000_000_000
MOST_PERCENT = 10_000
LONGEST_CODE = 40

# A misspelt field is a mistake, not a silence.
_EXACT = ConfigDict(extra="forbid")

Asset = Literal["points", "experience"]
Effect = Literal["base", "multiplier", "bonus"]
Rounding = Literal["down", "half_up", "up"]
Per = Literal["purchase", "line", "unit"]
ClawBackPolicy = Literal["clamp", "negative", "from_refund_money"]
CLAW_BACK_POLICIES: tuple[ClawBackPolicy, ...] = get_args(ClawBackPolicy)
Why = Literal[
    "earned", "kept", "graced", "missed", "returned", "granted", "grant_ended", "taken_over"
]
WHYS: tuple[Why, ...] = get_args(Why)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tier:
    """A step of the ladder. Its percents say how much more points are earned and worth there."""

    __pydantic_config__ = _EXACT

    code: str
    name: str
    threshold: int
    benefits: str = ""
    points_percent: int = 100
    burn_percent: int = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Conditions:
    """When an accrual rule applies. An empty condition asks for nothing."""

    __pydantic_config__ = _EXACT

    channels: tuple[str, ...] = ()
    location_codes: tuple[str, ...] = ()
    sku_codes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    # Monday is 0.
    weekdays: tuple[int, ...] = ()
    dates: tuple[date, ...] = ()
    birthday: Literal["any", "day", "month"] = "any"
    amount_minor_min: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Caps:
    """How much is given at most; None is without limit."""

    __pydantic_config__ = _EXACT

    per_purchase: int | None = None
    per_day: int | None = None
    per_member: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AccrualRule:
    """One reason why a purchase brings points, or experience.

    base: `points` for every `per_minor` of a line's amount, the sum of its lines rounded once.
    Each line has one base rule: the one of highest priority that fits.
    multiplier: `percent` of the base points, of which 100 are the base itself; several add up.
    bonus: so many `points` for the purchase, for each line that fits, or for each unit of it.
    Of multipliers and bonuses with one `group` only the best for the member applies.
    """

    __pydantic_config__ = _EXACT

    code: str
    name: str = ""
    asset: Asset = "points"
    effect: Effect = "base"
    points: int = 0
    per_minor: int = 100
    rounding: Rounding = "down"
    percent: int = 100
    per: Per = "purchase"
    group: str = ""
    priority: int = 0
    conditions: Conditions = field(default_factory=Conditions)
    caps: Caps = field(default_factory=Caps)
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TierTerms:
    """In which window experience counts, how long a tier is kept, and how it is lost.

    rolling: the last `window_months`; a tier is kept `kept_months` from the day it was reached.
    calendar: the calendar year; a tier is kept until the end of the year after.
    `grace` at the end of a period: one_step falls one tier at most, one_period keeps the tier once
    more and then falls to what was earned, none falls to what was earned.
    """

    __pydantic_config__ = _EXACT

    window: Literal["rolling", "calendar"] = "rolling"
    window_months: int = 12
    kept_months: int = 12
    grace: Literal["none", "one_step", "one_period"] = "one_step"
    on_return: Literal["at_period_end", "at_once"] = "at_period_end"


@dataclass(frozen=True, kw_only=True, slots=True)
class MaturityTerms:
    """How long points wait for the end of the return period, and when experience counts."""

    __pydantic_config__ = _EXACT

    pending_days: int = 7
    counted_from: Literal["purchase", "delivery"] = "purchase"
    experience: Literal["at_once", "at_maturity"] = "at_once"


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpiryTerms:
    """Until when points are good, counted from the day they were earned.

    months: to the end of that day so many months later. end_of_year: to the end of the year,
    `years` after. date: to the end of one fixed day. `reminder_days`: who is told, how long before.
    """

    __pydantic_config__ = _EXACT

    kind: Literal["never", "months", "end_of_year", "date"] = "months"
    months: int = 12
    years: int = 1
    on: date | None = None
    reminder_days: tuple[int, ...] = (30, 7)


@dataclass(frozen=True, kw_only=True, slots=True)
class BurnTerms:
    """What points are worth at checkout: steps of points for steps of money."""

    __pydantic_config__ = _EXACT

    points_per_step: int = 100
    amount_per_step: int = 100
    min_points: int = 0
    max_percent: int = 100
    give_back_grace_days: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferTerms:
    """How many points a member may hand on in a day, and above how many somebody must approve."""

    __pydantic_config__ = _EXACT

    per_day_max: int = 0
    approval_above: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """All that a programme promises. A draft is such a value; published, it is a version."""

    __pydantic_config__ = _EXACT

    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"
    # What a thousand points are worth: for refunds that keep money, and in the books.
    value_minor_per_1000: int = 1_000
    tiers: tuple[Tier, ...] = (Tier(code="base", name="普通会员", threshold=0),)
    rules: tuple[AccrualRule, ...] = ()
    caps: Caps = field(default_factory=Caps)
    tier: TierTerms = field(default_factory=TierTerms)
    maturity: MaturityTerms = field(default_factory=MaturityTerms)
    expiry: ExpiryTerms = field(default_factory=ExpiryTerms)
    claw_back: ClawBackPolicy = "clamp"
    burn: BurnTerms = field(default_factory=BurnTerms)
    transfer: TransferTerms = field(default_factory=TransferTerms)


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedTerms:
    """A version of a programme's terms, as it was published."""

    id: int
    programme_id: int
    version: int
    terms: Terms
    reason: str
    published_by: str
    published_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolTerms:
    """What those who share a pool have agreed on."""

    pool_id: int
    version: int
    breakage_minor_per_1000: int
    currency: str
    timezone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Authorisation:
    """What one brand of a pool lets another do, or itself, and at which rates for 1,000 points."""

    id: int
    pool_id: int
    by_brand_id: int
    to_brand_id: int
    may_see: bool
    may_accrue: bool
    may_burn: bool
    earn_rate: int
    burn_rate: int
    valid_from: datetime
    valid_until: datetime | None
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TierChange:
    """A tier that was reached, kept, lost or given, and what counted for it."""

    id: int
    card_id: int
    from_tier: str
    to_tier: str
    why: Why
    reason: str
    experience: int
    counted_from: datetime
    counted_until: datetime
    kept_until: datetime | None
    at: datetime
    actor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BrandStatement:
    """A brand's part of a month: what it pays the pool and gets from it, in minor units."""

    brand_id: int
    earned_points: int
    burned_points: int
    pays_minor: int
    gets_minor: int
    breakage_minor: int
    net_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SettlementStatement:
    """What brands that share a pool owe one another for a month; closed, it stays as it is."""

    pool_code: str
    month: date
    is_closed: bool
    closed_at: datetime | None
    currency: str
    expired_points: int
    breakage_minor_per_1000: int
    brands: tuple[BrandStatement, ...]
