"""What is given, in which batches, and within which limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

Kind = Literal[
    "spend_and_save",
    "percent",
    "cash",
    "exchange",
    "parking",
    "pickup",
    "red_packet",
    "experience_card",
    "gift",
    "third_party_code",
    "product",
    "service",
    "points",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
# What brings its member something the moment it is used, with nothing to buy and nobody to hand it
# over: whoever has it can use it alone.
BRING_AT_ONCE: frozenset[Kind] = frozenset({"points", "experience_card"})

BatchState = Literal["draft", "approved", "active", "paused", "ended"]
BATCH_STATES: tuple[BatchState, ...] = get_args(BatchState)

# What becomes of a coupon when what it was used for goes back.
ReturnPolicy = Literal["restore", "restore_with_grace", "forfeit"]
RETURN_POLICIES: tuple[ReturnPolicy, ...] = get_args(ReturnPolicy)

Channel = Literal["store", "till", "online", "storefront", "guide", "console", "rule", "program"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)

Terms = Mapping[str, int | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """What is given, on which terms: amounts in minor units, parts of a hundred as basis points."""

    id: int
    code: str
    name: str
    kind: Kind
    currency: str | None
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many may be given out: in all, to one member, on one day. None: as many as are wanted."""

    total: int | None = None
    per_member: int | None = None
    per_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWindow:
    """When members may take one; the end excluded, None without an end."""

    opens_at: datetime
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """When a coupon can be used: between two moments, or so many days from when it was given."""

    valid_from: datetime | None = None
    valid_until: datetime | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Coupons of one benefit that are given out under the same limits."""

    id: int
    code: str
    name: str
    benefit_id: int
    kind: Kind
    state: BatchState
    terms: Terms
    currency: str | None
    limits: Limits
    window: ClaimWindow
    validity: Validity
    return_policy: ReturnPolicy
    grace_days: int
    budget_minor: int | None
    spent_minor: int
    supply_id: int | None
    created_by: str
    approved_by: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotUse:
    """What one slot of a limit has given out, and how much it may."""

    slot: int
    quota: int
    used: int
