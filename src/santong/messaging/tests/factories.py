"""Webhooks and messages, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from santong.kernel import tenancy
from santong.messaging import public as messaging
from santong.messaging.rules.lanes import Sent
from santong.messaging.services.claim_batch import claim_batch
from santong.messaging.services.note_message import note_message
from santong.messaging.services.settle_batch import settle_batch

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
PAID = "santong.order.paid.v1"
SHIPPED = "santong.order.shipped.v1"


class Clock:
    """A clock that only a test moves."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


def make_webhook(
    merchant_id: int, url: str, *, topics: Sequence[str] = (PAID,), now: datetime = NOW
) -> tuple[int, str]:
    """A webhook's id and its secret. In a scope of its own."""
    with tenancy.scope(merchant_id=merchant_id):
        wanted = messaging.NewEndpoint(name="ERP", url=url, topics=tuple(topics))
        webhook_id, secret = messaging.create_webhook(
            merchant_id=merchant_id, wanted=wanted, now=now
        )
        return webhook_id, secret.secret


def make_messages(
    merchant_id: int, keys: Sequence[str], *, topic: str = PAID, now: datetime = NOW
) -> list[int]:
    """Messages of these keys, in this order; their numbers. In a scope of its own."""
    with tenancy.scope(merchant_id=merchant_id):
        return [
            note_message(
                merchant_id=merchant_id, topic=topic, key=key, content={"of": key}, now=now
            )
            for key in keys
        ]


def look(merchant_id: int, webhook_id: int, *, now: datetime = NOW) -> messaging.Endpoint:
    """How a webhook stands. In a scope of its own."""
    with tenancy.scope(merchant_id=merchant_id):
        return messaging.webhook_by_id(merchant_id=merchant_id, webhook_id=webhook_id, now=now)


def findings(merchant_id: int) -> list[Any]:
    """What of messaging is not as it must be. In a scope of its own."""
    with tenancy.scope(merchant_id=merchant_id):
        return messaging.check_invariants(merchant_id=merchant_id)


def make_tried(merchant_id: int, webhook_id: int, *, now: datetime = NOW) -> None:
    """Six messages to a webhook: three it took, one it refuses, one too slow, one still waits."""
    make_messages(merchant_id, [f"order_id:{number}" for number in range(5)], now=now)
    with tenancy.scope(merchant_id=merchant_id):
        batch = claim_batch(
            merchant_id=merchant_id,
            endpoint_id=webhook_id,
            until=now + timedelta(minutes=1),
            now=now,
        )
        assert batch is not None
        said: list[tuple[Literal["delivered", "failed"], int | None, str]] = [
            ("delivered", 204, ""),
            ("delivered", 204, ""),
            ("delivered", 204, ""),
            ("failed", 422, "refused"),
            ("failed", None, "too_slow"),
        ]
        settle_batch(
            batch=batch,
            sent=[
                Sent(
                    parcel=parcel,
                    outcome=outcome,
                    milliseconds=40 + 7 * number,
                    status=status,
                    why=why,
                )
                for number, (parcel, (outcome, status, why)) in enumerate(
                    zip(batch.parcels, said, strict=True)
                )
            ],
            jitter_thousandths=0,
            now=now,
        )
    make_messages(merchant_id, ["order_id:9"], now=now)
