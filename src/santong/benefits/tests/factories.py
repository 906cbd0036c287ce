"""Batches and coupons for tests. Each function makes what the test is about."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from santong.benefits.contracts import (
    Batch,
    Benefit,
    Channel,
    ClaimWindow,
    Coupon,
    Kind,
    Limits,
    Validity,
)
from santong.benefits.services.activate_batch import activate_batch
from santong.benefits.services.add_signing_key import add_signing_key
from santong.benefits.services.approve_batch import approve_batch
from santong.benefits.services.claim import claim
from santong.benefits.services.create_benefit import create_benefit
from santong.benefits.services.draft_batch import draft_batch
from santong.kernel import tenancy
from santong.kernel.facts import adapter, fact_types
from santong.kernel.models import OutboxEvent
from santong.kernel.tenancy import Actor

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
NEXT_WEEK = NOW + timedelta(days=7)
ANOTHER = Actor(kind="staff", id="another", name="周敏")

TERMS: Mapping[Kind, Mapping[str, object]] = {
    "spend_and_save": {"threshold_minor": 30_000, "off_minor": 5_000},
    "percent": {"off_basis_points": 1_000},
    "cash": {"value_minor": 2_000},
    "red_packet": {"value_minor": 2_000},
    "third_party_code": {"product": "video-month"},
}

_numbers = itertools.count(1)


def make_benefit(
    *, merchant_id: int, kind: Kind = "cash", terms: Mapping[str, object] | None = None
) -> Benefit:
    return create_benefit(
        merchant_id=merchant_id,
        code=f"benefit-{next(_numbers)}",
        name="满减券",
        kind=kind,
        terms=terms or TERMS[kind],
        currency="CNY",
        now=NOW,
    )


def make_draft(
    *,
    merchant_id: int,
    kind: Kind = "cash",
    total: int | None = 10,
    per_member: int | None = None,
    per_day: int | None = None,
    opens_at: datetime = NOW - timedelta(days=1),
    closes_at: datetime | None = None,
    validity: Validity | None = None,
    terms: Mapping[str, object] | None = None,
    **named: Any,
) -> Batch:
    return draft_batch(
        merchant_id=merchant_id,
        benefit_id=make_benefit(merchant_id=merchant_id, kind=kind, terms=terms).id,
        code=f"batch-{next(_numbers)}",
        name="双十一券",
        limits=Limits(total=total, per_member=per_member, per_day=per_day),
        window=ClaimWindow(opens_at=opens_at, closes_at=closes_at),
        validity=validity or Validity(days=30),
        now=NOW,
        **named,
    )


def make_batch(*, merchant_id: int, **named: Any) -> Batch:
    """A batch that runs: drafted, approved by another, opened."""
    batch = make_draft(merchant_id=merchant_id, **named)
    with tenancy.acting_as(ANOTHER):
        approve_batch(merchant_id=merchant_id, batch_id=batch.id, now=NOW)
    return activate_batch(merchant_id=merchant_id, batch_id=batch.id, now=NOW)


def make_coupon(
    *,
    merchant_id: int,
    batch: Batch | None = None,
    member_id: int = 0,
    channel: Channel = "online",
    now: datetime = NOW,
    **named: Any,
) -> Coupon:
    """A coupon of a new batch, or of this one, that a member has taken."""
    batch = batch or make_batch(merchant_id=merchant_id, **named)
    return claim(
        merchant_id=merchant_id,
        batch_id=batch.id,
        member_id=member_id or new_member(),
        channel=channel,
        key=new_key(),
        now=now,
    )


def new_member() -> int:
    """The number of a member whom nobody else has; who they are is no matter here."""
    return 1_000_000 + next(_numbers)


def new_key() -> str:
    return f"key-{next(_numbers)}"


def facts_told(*, merchant_id: int, kind: type[Any]) -> list[Any]:
    """Facts of one kind in the outbox of a merchant, oldest first."""
    names = [name for name, known in fact_types().items() if known.cls is kind]
    events = OutboxEvent.objects.filter(merchant_id=merchant_id, name__in=names).order_by("id")
    return [adapter(kind).validate_python(event.body) for event in events]


def make_signing_key(merchant_id: int) -> None:
    """A key pair for offline codes."""
    add_signing_key(merchant_id=merchant_id, reason="opening", now=NOW)
