from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import connection

from santong.kernel import audit, crypto
from santong.kernel.tenancy import all_or_nothing
from santong.messaging import contracts
from santong.messaging.errors import TooManyWebhooks
from santong.messaging.models import (
    Endpoint,
    EndpointSecret,
    Place,
    Subscription,
    sealing_place,
)
from santong.messaging.rules.endpoints import check_name, check_topics, check_url

MOST: Final = 50
SECRET_BYTES: Final = 24
# Whoever counts or reads the log's end before subscribing must not miss what is written meanwhile.
_HOLD_LOG: Final = (
    "INSERT INTO messaging_log AS l (merchant_id, last_number) VALUES (%s, 0)"
    " ON CONFLICT (merchant_id) DO UPDATE SET last_number = l.last_number"
    " RETURNING last_number"
)


@all_or_nothing
def create_webhook(
    *, merchant_id: int, wanted: contracts.NewEndpoint, now: datetime
) -> tuple[int, contracts.Secret]:
    """Set up an address that is told of topics from now on; its id, and its secret, shown once.

    Raises FieldInvalid, TooManyWebhooks. Locks the log.
    """
    check_name(name=wanted.name)
    check_url(url=wanted.url)
    check_topics(topics=wanted.topics)
    through = hold_log(merchant_id=merchant_id)
    if Endpoint.objects.of_merchant(merchant_id).count() >= MOST:
        raise TooManyWebhooks(most=MOST)
    row = Endpoint.objects.create(
        merchant_id=merchant_id, name=wanted.name.strip(), url=wanted.url, created_at=now
    )
    Place.objects.create(merchant_id=merchant_id, endpoint=row, read_through=through)
    subscribe(merchant_id=merchant_id, endpoint_id=row.id, topics=wanted.topics)
    secret = keep_secret(merchant_id=merchant_id, endpoint_id=row.id, number=1, now=now)
    audit.record(
        audit.Change(
            action="messaging.create_webhook",
            subject="webhook",
            subject_id=row.id,
            reason="created",
            after={"name": row.name, "url": row.url, "topics": sorted(set(wanted.topics))},
        ),
        now=now,
    )
    return row.id, contracts.Secret(number=1, secret=secret, older_until=None)


def hold_log(*, merchant_id: int) -> int:
    """The log's last number; nobody writes into it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_LOG, [merchant_id])
        return int(cursor.fetchone()[0])


def subscribe(*, merchant_id: int, endpoint_id: int, topics: Collection[str]) -> None:
    """Let an endpoint of a held log hear of these topics and no others."""
    rows = Subscription.objects.of_merchant(merchant_id).filter(endpoint_id=endpoint_id)
    rows.exclude(topic__in=topics).delete()
    standing = set(rows.values_list("topic", flat=True))
    Subscription.objects.bulk_create(
        Subscription(merchant_id=merchant_id, endpoint_id=endpoint_id, topic=topic)
        for topic in sorted(set(topics) - standing)
    )


def keep_secret(*, merchant_id: int, endpoint_id: int, number: int, now: datetime) -> str:
    """Make a secret, keep it sealed, and give it this once."""
    made = "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    place = sealing_place(endpoint_id=endpoint_id, number=number)
    EndpointSecret.objects.create(
        merchant_id=merchant_id,
        endpoint_id=endpoint_id,
        number=number,
        sealed=crypto.encrypt(merchant_id=merchant_id, plain=made.encode(), place=place),
        created_at=now,
    )
    return made
