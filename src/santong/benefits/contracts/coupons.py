"""What a member holds, what was done with it, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from santong.benefits.contracts.batches import Kind, Terms

CouponState = Literal["created", "issued", "held", "redeemed", "returned", "expired", "void"]
COUPON_STATES: tuple[CouponState, ...] = get_args(CouponState)

EventKind = Literal[
    "created",
    "issued",
    "held",
    "given_back",
    "hold_ended",
    "redeemed",
    "returned_in_part",
    "restored",
    "returned",
    "void",
    "frozen",
    "unfrozen",
    "expired",
]

WalletState = Literal["usable", "upcoming", "held", "frozen", "used", "expired", "void"]
ReturnOutcome = Literal["restored", "forfeited", "in_part"]

LONGEST_KEY = 100
LONGEST_HOLDER = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """One coupon: whose it is, where it stands, until when it can be used."""

    id: int
    batch_id: int
    member_id: int | None
    state: CouponState
    is_frozen: bool
    valid_from: datetime
    valid_until: datetime | None
    holder: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A coupon with the code by which its member shows it."""

    coupon: Coupon
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletEntry:
    """A line of the wallet (卡券包). A coupon that cannot be used shows no code."""

    coupon_id: int
    batch_id: int
    batch_code: str
    name: str
    kind: Kind
    terms: Terms
    currency: str | None
    state: WalletState
    valid_from: datetime
    valid_until: datetime | None
    code: str | None
    supplier_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponEvent:
    """One step of a coupon; never edited."""

    id: int
    kind: EventKind
    from_state: str
    to_state: CouponState
    at: datetime
    actor: str
    reason: str
    holder: str
    amount_minor: int
    channel: str
    location_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionLine:
    """So many units of a line that a coupon was used for."""

    line: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """A coupon that was used: where, for what, and what it was worth there."""

    coupon_id: int
    batch_id: int
    member_id: int | None
    attempt: int
    amount_minor: int
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a coupon that stands used brought its member at once: points, or a tier for a time."""

    programme_code: str
    points: int
    tier: str
    tier_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What a return made of a coupon."""

    coupon_id: int
    outcome: ReturnOutcome
    valid_until: datetime | None
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueProgress:
    """How far a mass issue has come."""

    run_id: int
    batch_id: int
    state: Literal["running", "done"]
    total: int
    issued: int
    refused: int
