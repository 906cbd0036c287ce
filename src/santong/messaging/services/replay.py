from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.messaging.models import Message, Parked, Place
from santong.messaging.rules.topics import TEST_TOPIC
from santong.messaging.services.lock_webhook import lock_webhook
from santong.messaging.services.note_message import note_message


@all_or_nothing
def replay_from(
    *,
    merchant_id: int,
    webhook_id: int,
    number: int | None = None,
    since: datetime | None = None,
    reason: str,
    now: datetime,
) -> int:
    """Send everything again from a message on, or from an instant on; the first number of these.

    What was given up since then is tried anew. Ids of messages stay the same.

    Raises NoSuch, FieldInvalid. Locks the endpoint and its place.
    """
    if (number is None) == (since is None):
        raise FieldInvalid(pointer="/from_number", reason="a number or an instant, not both")
    row, place = lock_webhook(merchant_id=merchant_id, webhook_id=webhook_id)
    first = number if number is not None else _first_since(merchant_id, since)
    through = max(first - 1, 0)
    if through >= place.read_through:
        return first
    before, place.read_through = place.read_through, through
    place.claim += 1
    place.claimed_until = None
    place.save(update_fields=["read_through", "claim", "claimed_until"])
    Parked.objects.of_merchant(merchant_id).filter(endpoint_id=row.id, number__gte=first).delete()
    _note(row.id, {"read_through": before}, {"read_through": through}, reason, now)
    return first


@all_or_nothing
def replay_one(
    *, merchant_id: int, webhook_id: int, number: int, reason: str, now: datetime
) -> None:
    """Send one message again, whether it was delivered, waits, or was given up.

    Raises NoSuch. Locks the endpoint and its place.
    """
    row, place = lock_webhook(merchant_id=merchant_id, webhook_id=webhook_id)
    message = Message.objects.of_merchant(merchant_id).filter(number=number).first()
    if message is None or number > place.read_through:
        raise NoSuch(kind="message", key=str(number))
    Parked.objects.of_merchant(merchant_id).update_or_create(
        merchant_id=merchant_id,
        endpoint_id=row.id,
        number=number,
        defaults={"key": message.key, "attempts": 0, "next_at": now, "is_dead": False},
    )
    _ask_soon(place, now)
    _note(row.id, {}, {"number": number}, reason, now)


@all_or_nothing
def send_test(*, merchant_id: int, webhook_id: int, now: datetime) -> int:
    """Send an endpoint a message that means nothing, as any other is sent; its number.

    Raises NoSuch. Locks the endpoint, its place, the log.
    """
    row, place = lock_webhook(merchant_id=merchant_id, webhook_id=webhook_id)
    key = f"webhook_id:{row.id}"
    number = note_message(
        merchant_id=merchant_id,
        topic=TEST_TOPIC,
        key=key,
        content={"webhook_id": str(row.id), "text": "This is a test."},
        now=now,
    )
    # Under a key of its own: it does not wait behind what this endpoint could not take.
    Parked.objects.create(
        merchant_id=merchant_id,
        endpoint_id=row.id,
        number=number,
        key=f"test:{number}",
        next_at=now,
    )
    _ask_soon(place, now)
    return number


def _ask_soon(place: Place, now: datetime) -> None:
    place.retry_at = now
    place.rests_until = None
    place.save(update_fields=["retry_at", "rests_until"])


def _first_since(merchant_id: int, since: datetime | None) -> int:
    assert since is not None
    rows = Message.objects.of_merchant(merchant_id).filter(at__gte=since).order_by("number")
    first = rows.values_list("number", flat=True).first()
    if first is None:
        raise NoSuch(kind="message", key=since.isoformat())
    return int(first)


def _note(
    webhook_id: int, before: dict[str, int], after: dict[str, int], reason: str, now: datetime
) -> None:
    audit.record(
        audit.Change(
            action="messaging.replay",
            subject="webhook",
            subject_id=webhook_id,
            reason=reason,
            before=before,
            after=after,
        ),
        now=now,
    )
