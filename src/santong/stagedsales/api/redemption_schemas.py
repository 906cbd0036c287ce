"""What is said of codes over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import AwareDatetime, Field

from santong.stagedsales import contracts
from santong.stagedsales.api.routes import Body, Device, Id, Key, Typed


class CodeRedemptionIn(Body):
    """A code that was typed or scanned; `nonce` makes the same one of a repeated request."""

    code: Typed
    location_id: Id
    device: Device
    nonce: Key


class CodeRedemptionOut(Schema):
    """A code that was taken."""

    staged_sale_id: str
    redeemed_at: datetime
    location_id: str | None
    device: str
    is_provisional: bool
    is_repeat: bool


class OfflineRedemptionIn(Body):
    """A code that a device took while it could not ask."""

    nonce: Key
    code: Typed
    redeemed_at: AwareDatetime


class RedemptionBatchIn(Body):
    """What a device at a place took offline."""

    device: Device
    location_id: Id
    rows: Annotated[
        list[OfflineRedemptionIn], Field(min_length=1, max_length=contracts.MOST_SYNCED)
    ]


class RedemptionResultOut(Schema):
    """What became of one: confirmed, taken by another before, or refused, and why."""

    nonce: str
    outcome: contracts.SyncOutcome
    why: str
    staged_sale_id: str | None
    first_at: datetime | None
    first_location_id: str | None


class RedemptionBatchOut(Schema):
    """Results in the order of the rows."""

    results: list[RedemptionResultOut]


class OfflineKeyOut(Schema):
    """An Ed25519 public key, base64."""

    version: int
    public: str


class OfflineRulesOut(Schema):
    """What a device needs to take codes offline, and what it cannot know of them."""

    merchant_id: str
    keys: list[OfflineKeyOut]
    not_checked_offline: list[str]


class DoubleRedemptionOut(Schema):
    """A code that a second device took offline."""

    id: str
    staged_sale_id: str
    device: str
    location_id: str
    redeemed_at: datetime
    synced_at: datetime
    first_device: str
    first_location_id: str | None
    first_at: datetime | None
