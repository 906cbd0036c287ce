"""What is said of points over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import AwareDatetime, Field

from santong.membership import contracts
from santong.membership.api.routes import (
    Body,
    Code,
    Key,
    Minor,
    Points,
    Reason,
    Source,
    Units,
)

LARGEST = 2**63 - 1


class PoolPointsOut(Schema):
    """What a member has in a pool."""

    pool_code: str
    available: int
    pending: int
    debt: int


class MemberPointsOut(Schema):
    """What a member has."""

    member_id: str
    pools: list[PoolPointsOut]


class AccrualOut(Schema):
    """What a purchase brought."""

    id: str
    source: str
    key: str
    member_id: str
    programme_code: str
    state: contracts.AccrualState
    points: int
    experience: int
    taken: int
    bought_at: datetime
    matures_at: datetime
    expires_at: datetime | None


class AccruedLineOut(Schema):
    """What one line brought, by rule."""

    line: int
    sku_code: str
    quantity: int
    returned: int
    points: int
    experience: int
    points_by_rule: dict[str, int]
    experience_by_rule: dict[str, int]


class LinesOut(Schema):
    """The lines of a purchase."""

    items: list[AccruedLineOut]


class TierChangeOut(Schema):
    """A tier that was reached, kept, lost or given."""

    id: str
    from_tier: str
    to_tier: str
    why: contracts.Why
    reason: str
    experience: int
    kept_until: datetime | None
    at: datetime


class LineIn(Body):
    """What was bought, and what was paid for it in all."""

    line: Annotated[int, Field(strict=True, ge=0, le=LARGEST)]
    sku_code: Annotated[str, Field(max_length=60)]
    category: Annotated[str, Field(max_length=120)] = ""
    quantity: Units
    amount_minor: Minor


class PurchaseIn(Body):
    """Something that a member bought. Source and key name it: it counts once, however often."""

    source: Source
    key: Key
    member_id: str
    programme_code: Code
    brand_code: Annotated[str, Field(max_length=40)] = ""
    channel: Annotated[str, Field(max_length=40)] = ""
    location_code: Annotated[str, Field(max_length=60)] = ""
    guide_code: Annotated[str, Field(max_length=60)] = ""
    bought_at: AwareDatetime
    delivered_at: AwareDatetime | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=contracts.MOST_LINES)]


class PurchaseReturnIn(Body):
    """What came back of a purchase, by line."""

    source: Source
    key: Key
    return_key: Key
    quantity_by_line: Annotated[
        dict[str, Units], Field(min_length=1, max_length=contracts.MOST_LINES)
    ]


class ClawBackOut(Schema):
    """What a return took back; `money_minor` is to be kept from the refund."""

    points: int
    from_pending: int
    from_available: int
    to_debt: int
    forgiven: int
    money_minor: int
    currency: str
    experience: int


class QuoteIn(Body):
    """Points that a member would like to use for an amount."""

    member_id: str
    programme_code: Code
    brand_code: Annotated[str, Field(max_length=40)] = ""
    requested: Points
    amount_minor: Minor


class BurnQuoteOut(Schema):
    """So many points are worth so much money."""

    points: int
    amount_minor: int


class BurnIn(Body):
    """Points for the points shop or a benefit."""

    source: Source
    key: Key
    member_id: str
    programme_code: Code
    brand_code: Annotated[str, Field(max_length=40)] = ""
    kind: contracts.BurnKind
    points: Points


class HoldIn(Body):
    """Points for a checkout, kept until a moment."""

    source: Source
    key: Key
    member_id: str
    programme_code: Code
    brand_code: Annotated[str, Field(max_length=40)] = ""
    requested: Points
    amount_minor: Minor
    expires_at: AwareDatetime


class NamedIn(Body):
    """A burn, by its source and key."""

    source: Source
    key: Key


class ReleaseIn(NamedIn):
    """A checkout that was given up."""

    reason: Reason


class BurnReturnIn(NamedIn):
    """Points that come back because what they paid for came back."""

    return_key: Key
    points: Points
    reason: Reason


class BurnOut(Schema):
    """Points held, or gone."""

    id: str
    source: str
    key: str
    member_id: str
    kind: contracts.BurnKind
    state: contracts.BurnState
    points: int
    given_back: int
    amount_minor: int
    currency: str
    expires_at: datetime | None
