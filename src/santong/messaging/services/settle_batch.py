from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.messaging.events import WebhookFailing, WebhookPausedByItself, WebhookRecovered
from santong.messaging.models import Endpoint, Parked, Place, Try
from santong.messaging.rules.lanes import Parcel, Sent, failures_at_the_end
from santong.messaging.rules.pauses import (
    FAILURES_THAT_REST,
    is_dead,
    is_over,
    pause_after,
    rest_after,
)
from santong.messaging.services.claim_batch import Batch
from santong.messaging.services.lock_webhook import lock_webhook

GONE = 410


@all_or_nothing
def settle_batch(
    *, batch: Batch, sent: Sequence[Sent], jitter_thousandths: int, now: datetime
) -> None:
    """Write down what came of a batch, and move the endpoint's place behind it.

    What failed is parked, and what is of its key behind it. Five failures in a row and the
    endpoint is left alone for a while; after three days of that, or when it says that it is gone,
    it is paused. A claim that has ended meanwhile moves nothing.

    Emits WebhookFailing, WebhookRecovered, WebhookPausedByItself. Locks the endpoint, its place.
    """
    endpoint, place = lock_webhook(merchant_id=batch.merchant_id, webhook_id=batch.endpoint_id)
    _log(batch, sent, now)
    _forget_delivered(batch, sent)
    if place.claim != batch.claim:
        return
    _judge(endpoint, place, sent, jitter_thousandths, now)
    _park(batch, sent, endpoint, jitter_thousandths, now)
    place.read_through = batch.read_to
    place.claimed_until = None
    place.retry_at = _next_retry(batch)
    place.save()
    endpoint.save(update_fields=["state", "paused_why", "failing_since", "version"])


def _log(batch: Batch, sent: Sequence[Sent], now: datetime) -> None:
    Try.objects.bulk_create(
        Try(
            merchant_id=batch.merchant_id,
            endpoint_id=batch.endpoint_id,
            number=each.parcel.number,
            topic=each.parcel.topic,
            attempt=each.parcel.attempts + 1,
            at=now,
            milliseconds=each.milliseconds,
            outcome=each.outcome,
            status=each.status,
            why=each.why,
        )
        for each in sent
        if each.outcome != "untried"
    )


def _forget_delivered(batch: Batch, sent: Sequence[Sent]) -> None:
    delivered = [
        each.parcel.number
        for each in sent
        if each.outcome == "delivered" and each.parcel.was_parked
    ]
    if delivered:
        Parked.objects.of_merchant(batch.merchant_id).filter(
            endpoint_id=batch.endpoint_id, number__in=delivered
        ).delete()


def _judge(
    endpoint: Endpoint, place: Place, sent: Sequence[Sent], jitter: int, now: datetime
) -> None:
    """Whether the endpoint is well, is left alone for a while, or is not asked any more."""
    if any(each.status == GONE for each in sent):
        _stop(endpoint, place, why="gone", now=now)
        return
    place.failures = failures_at_the_end(sent=sent, before=place.failures)
    if any(each.outcome == "delivered" for each in sent):
        place.trips, place.rests_until = 0, None
        _recover(endpoint, now)
    elif place.failures >= FAILURES_THAT_REST and sent:
        place.trips += 1
        place.rests_until = now + rest_after(trips=place.trips, jitter_thousandths=jitter)
        _fail(endpoint, place, now)


def _fail(endpoint: Endpoint, place: Place, now: datetime) -> None:
    if endpoint.failing_since is None:
        endpoint.state, endpoint.failing_since = "failing", now
        told = WebhookFailing(webhook_id=endpoint.id, name=endpoint.name, since=now)
        _note(endpoint, "failing", now)
        outbox.publish(told, now=now)
    elif is_over(failing_since=endpoint.failing_since, now=now):
        _stop(endpoint, place, why="failed_too_long", now=now)


def _recover(endpoint: Endpoint, now: datetime) -> None:
    if endpoint.state == "failing":
        endpoint.state, endpoint.failing_since = "active", None
        _note(endpoint, "recovered", now)
        outbox.publish(WebhookRecovered(webhook_id=endpoint.id, name=endpoint.name), now=now)


def _stop(endpoint: Endpoint, place: Place, *, why: str, now: datetime) -> None:
    endpoint.state = "gone" if why == "gone" else "paused"
    endpoint.paused_why, endpoint.failing_since = why, None
    endpoint.version += 1
    place.is_open = False
    _note(endpoint, why, now)
    outbox.publish(
        WebhookPausedByItself(webhook_id=endpoint.id, name=endpoint.name, why=why), now=now
    )


def _park(
    batch: Batch, sent: Sequence[Sent], endpoint: Endpoint, jitter: int, now: datetime
) -> None:
    """What failed is tried later; what was of its key, or came after too many, waits behind."""
    new = [_parked(batch, each, attempts=0, next_at=now) for each in batch.behind]
    for each in sent:
        if each.outcome == "delivered":
            continue
        counts = each.outcome == "failed" and endpoint.state == "active"
        attempts = each.parcel.attempts + counts
        next_at = now + pause_after(attempts=attempts, jitter_thousandths=jitter) if counts else now
        row = _parked(batch, each.parcel, attempts=attempts, next_at=next_at)
        row.is_dead = counts and is_dead(attempts=attempts)
        if each.parcel.was_parked:
            Parked.objects.of_merchant(batch.merchant_id).filter(
                endpoint_id=batch.endpoint_id, number=row.number
            ).update(attempts=row.attempts, next_at=row.next_at, is_dead=row.is_dead)
        else:
            new.append(row)
    Parked.objects.bulk_create(new, ignore_conflicts=True)


def _parked(batch: Batch, parcel: Parcel, *, attempts: int, next_at: datetime) -> Parked:
    return Parked(
        merchant_id=batch.merchant_id,
        endpoint_id=batch.endpoint_id,
        number=parcel.number,
        key=parcel.key,
        attempts=attempts,
        next_at=next_at,
    )


def _next_retry(batch: Batch) -> datetime | None:
    """When the first of what waits is due: the heads of their keys decide."""
    heads = (
        Parked.objects.of_merchant(batch.merchant_id)
        .filter(endpoint_id=batch.endpoint_id, is_dead=False)
        .order_by("key", "number")
        .distinct("key")
        .values_list("next_at", flat=True)
    )
    found: datetime | None = min(heads, default=None)
    return found


def _note(endpoint: Endpoint, what: str, now: datetime) -> None:
    audit.record(
        audit.Change(
            action="messaging.webhook_state",
            subject="webhook",
            subject_id=endpoint.id,
            reason=what,
            after={"state": endpoint.state},
        ),
        now=now,
    )
