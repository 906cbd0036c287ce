"""One message to one endpoint: signed (Standard Webhooks), sent once; of the answer, the status."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from standardwebhooks import Webhook

from santong.kernel.outbound import Failed, call
from santong.messaging.rules.cloudevents import CONTENT_TYPE, cloud_event, message_id
from santong.messaging.rules.lanes import Parcel, Sent

WITHIN_SECONDS: Final = 10.0
# An answer's words are of no use to us; its status is.
LARGEST_ANSWER: Final = 16 * 1024

Clock = Callable[[], datetime]


def send_webhook(
    *, merchant_id: int, url: str, secrets: Sequence[str], parcel: Parcel, now: datetime
) -> Sent:
    """Send it; what came of it. Never raises what the other side caused; follows no redirect."""
    body = cloud_event(
        merchant_id=merchant_id,
        number=parcel.number,
        topic=parcel.topic,
        key=parcel.subject,
        content=parcel.content,
        at=parcel.at,
    )
    started = time.perf_counter()
    status: int | None = None
    why = ""
    try:
        answer = call(
            method="POST",
            url=url,
            headers=signed_headers(
                message=message_id(merchant_id=merchant_id, number=parcel.number),
                body=body,
                secrets=secrets,
                now=now,
            ),
            body=body,
            within_seconds=WITHIN_SECONDS,
            most_bytes=LARGEST_ANSWER,
        )
        status = answer.status
        why = "" if 200 <= status < 300 else "refused"  # noqa: PLR2004  the class of an answer
    except Failed as failure:
        why = failure.code
    return Sent(
        parcel=parcel,
        outcome="failed" if why else "delivered",
        milliseconds=round((time.perf_counter() - started) * 1_000),
        status=status,
        why=why,
    )


def signed_headers(
    *, message: str, body: bytes, secrets: Sequence[str], now: datetime
) -> dict[str, str]:
    """The three headers of the standard; each secret that is good signs."""
    at = now.astimezone(UTC)
    text = body.decode()
    return {
        "Content-Type": CONTENT_TYPE,
        "User-Agent": "Santong",
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(
            Webhook(secret).sign(msg_id=message, timestamp=at, data=text) for secret in secrets
        ),
    }
