"""Rules by event, and what they have done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

Event = Literal["joined", "birthday", "tier_changed", "first_purchase", "dormant", "anniversary"]
EVENTS: tuple[Event, ...] = get_args(Event)
Outcome = Literal["given", "told", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRule:
    """When this happens to a member, they are given this and told that."""

    id: int
    code: str
    name: str
    event: Event
    programme_id: int | None
    to_tier: str
    days_before: int
    batch_id: int | None
    package_id: int | None
    message_template: str
    message_channel: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """What a rule did for one member on one occasion."""

    id: int
    rule_id: int
    member_id: int
    occasion: str
    outcome: Outcome
    why: str
    coupon_ids: tuple[int, ...]
    is_told: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Benefits that are given together: so many of each batch."""

    id: int
    code: str
    name: str
    quantity_by_batch: tuple[tuple[int, int], ...]
