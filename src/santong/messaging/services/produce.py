from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.messaging.rules.top_topics import is_topic_of_an_app
from santong.messaging.services.note_message import note_message, wanted_of

LONGEST_CONTENT: Final = 16_000


@all_or_nothing
def produce(*, merchant_id: int, app_key: str, topic: str, content: str, now: datetime) -> bool:
    """Pass on what an app has to say of a seller, to the other apps that the seller lets hear it.

    The platform's own topics are not an app's to say. True if anybody hears it.

    Raises FieldInvalid. Locks the log.
    """
    if not is_topic_of_an_app(topic=topic):
        raise FieldInvalid(pointer="/topic", reason="not a topic that an app may produce")
    said = _document(content)
    if topic not in wanted_of(merchant_id=merchant_id, topics=[topic]):
        return False
    note_message(
        merchant_id=merchant_id,
        topic=topic,
        key=f"app_key:{app_key}",
        content=said,
        publisher=app_key,
        now=now,
    )
    return True


def _document(content: str) -> dict[str, Any]:
    if len(content) > LONGEST_CONTENT:
        raise FieldInvalid(pointer="/content", reason=f"at most {LONGEST_CONTENT} characters")
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or "\\u0000" in content:
        raise FieldInvalid(pointer="/content", reason="a JSON object")
    return said
