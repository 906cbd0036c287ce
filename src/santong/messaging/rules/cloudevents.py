"""CloudEvents 1.0 in the structured mode: one JSON document for each message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"


def message_id(*, merchant_id: int, number: int) -> str:
    """The id of a message: the same however often, and to whomever, it is sent."""
    return f"msg_{merchant_id}_{number}"


def cloud_event(
    *,
    merchant_id: int,
    number: int,
    topic: str,
    key: str,
    content: Mapping[str, Any],
    at: datetime,
) -> bytes:
    """A message as a receiver gets it. `sequence` grows by one or more from message to message."""
    document = {
        "specversion": "1.0",
        "id": message_id(merchant_id=merchant_id, number=number),
        "source": f"/merchants/{merchant_id}",
        "type": topic,
        "subject": key,
        "time": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "sequence": str(number),
        "data": content,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
