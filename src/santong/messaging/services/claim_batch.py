from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Q

from santong.kernel import crypto
from santong.kernel.tenancy import all_or_nothing
from santong.messaging.models import (
    Endpoint,
    EndpointSecret,
    Log,
    Message,
    Parked,
    Place,
    Subscription,
    sealing_place,
)
from santong.messaging.rules.lanes import Parcel

BATCH: Final = 60
# Of the keys whose first message is due: all that waits behind it comes along, in order.
_DUE: Final = """
SELECT p.number, p.key, p.attempts FROM messaging_parked p JOIN (
    SELECT DISTINCT ON (key) key, next_at FROM messaging_parked
    WHERE merchant_id = %(merchant)s AND endpoint_id = %(endpoint)s AND NOT is_dead
    ORDER BY key, number) head ON head.key = p.key
WHERE p.merchant_id = %(merchant)s AND p.endpoint_id = %(endpoint)s AND NOT p.is_dead
    AND head.next_at <= %(now)s
ORDER BY p.number LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one sender has taken for one endpoint until `claimed_until`."""

    merchant_id: int
    endpoint_id: int
    claim: int
    url: str
    secrets: tuple[str, ...]
    read_from: int
    read_to: int
    parcels: tuple[Parcel, ...]
    behind: tuple[Parcel, ...]


@all_or_nothing
def claim_batch(
    *, merchant_id: int, endpoint_id: int, until: datetime, now: datetime
) -> Batch | None:
    """Take what an endpoint gets next: what is due again, then what is new; or nothing.

    An endpoint that is failing gets one message, to see whether it takes it. New messages whose
    key waits are taken to wait behind. Nobody else takes any until the claim ends.

    Locks the endpoint's place.
    """
    place = (
        Place.objects.of_merchant(merchant_id)
        .filter(endpoint_id=endpoint_id)
        .select_for_update(skip_locked=True, no_key=True)
        .first()
    )
    if place is None or not _may_be_asked(place, now):
        return None
    endpoint = Endpoint.objects.of_merchant(merchant_id).get(id=endpoint_id)
    most = 1 if endpoint.state == "failing" else BATCH
    due = _due(merchant_id, endpoint_id, most, now)
    fresh, reached = _fresh(place, 0 if most == 1 and due else most)
    waiting = _keys_that_wait(merchant_id, endpoint_id)
    place.claim += 1
    place.claimed_until = until
    place.save(update_fields=["claim", "claimed_until"])
    return Batch(
        merchant_id=merchant_id,
        endpoint_id=endpoint_id,
        claim=place.claim,
        url=endpoint.url,
        secrets=secrets_of(merchant_id=merchant_id, endpoint_id=endpoint_id, now=now),
        read_from=place.read_through,
        read_to=reached,
        parcels=tuple(due) + tuple(each for each in fresh if each.key not in waiting),
        behind=tuple(each for each in fresh if each.key in waiting),
    )


def secrets_of(*, merchant_id: int, endpoint_id: int, now: datetime) -> tuple[str, ...]:
    """The secrets that sign now, the newest first."""
    rows = (
        EndpointSecret.objects.of_merchant(merchant_id)
        .filter(Q(good_until=None) | Q(good_until__gt=now), endpoint_id=endpoint_id)
        .order_by("-number")
    )
    return tuple(
        crypto.decrypt(
            merchant_id=merchant_id,
            sealed=bytes(row.sealed),
            place=sealing_place(endpoint_id=endpoint_id, number=row.number),
        ).decode()
        for row in rows
    )


def _may_be_asked(place: Place, now: datetime) -> bool:
    is_free = place.claimed_until is None or place.claimed_until <= now
    has_rested = place.rests_until is None or place.rests_until <= now
    return place.is_open and is_free and has_rested


def _due(merchant_id: int, endpoint_id: int, most: int, now: datetime) -> list[Parcel]:
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE, {"merchant": merchant_id, "endpoint": endpoint_id, "now": now, "most": most}
        )
        found = cursor.fetchall()
    messages = {
        row.number: row
        for row in Message.objects.of_merchant(merchant_id).filter(
            number__in=[number for number, _, _ in found]
        )
    }
    forgotten = [number for number, _, _ in found if number not in messages]
    if forgotten:
        Parked.objects.of_merchant(merchant_id).filter(
            endpoint_id=endpoint_id, number__in=forgotten
        ).delete()
    return [
        _parcel(messages[number], key=key, attempts=attempts, was_parked=True)
        for number, key, attempts in found
        if number in messages
    ]


def _fresh(place: Place, most: int) -> tuple[list[Parcel], int]:
    """The next messages of its topics, and how far the log was read to find them."""
    if not most:
        return [], place.read_through
    ends_at = (
        Log.objects.of_merchant(place.merchant_id).values_list("last_number", flat=True).first()
    )
    topics = Subscription.objects.of_merchant(place.merchant_id).filter(
        endpoint_id=place.endpoint_id
    )
    rows = list(
        Message.objects.of_merchant(place.merchant_id)
        .filter(
            number__gt=place.read_through,
            number__lte=ends_at or 0,
            topic__in=list(topics.values_list("topic", flat=True)),
        )
        .order_by("number")[:most]
    )
    reached = rows[-1].number if len(rows) == most else max(ends_at or 0, place.read_through)
    return [_parcel(row, key=row.key, attempts=0, was_parked=False) for row in rows], reached


def _keys_that_wait(merchant_id: int, endpoint_id: int) -> set[str]:
    rows = Parked.objects.of_merchant(merchant_id).filter(endpoint_id=endpoint_id, is_dead=False)
    return set(rows.values_list("key", flat=True))


def _parcel(row: Message, *, key: str, attempts: int, was_parked: bool) -> Parcel:
    return Parcel(
        number=row.number,
        topic=row.topic,
        key=key,
        subject=row.key,
        content=row.content,
        at=row.at,
        attempts=attempts,
        was_parked=was_parked,
    )
