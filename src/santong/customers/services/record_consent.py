"""What somebody said about consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.customers import contracts
from santong.customers.events import ConsentChanged
from santong.customers.models import ConsentEvent
from santong.customers.rules.consents import (
    checked_code,
    checked_moment,
    checked_text,
    checked_topic,
)
from santong.customers.services.living import living_person
from santong.customers.services.locks import lock_graph
from santong.kernel import outbox, tenancy


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody has seen before they consented."""

    version: str
    sha256: str


def record_consent(
    *,
    merchant_id: int,
    person_id: int,
    topic: contracts.Topic,
    text: Text | None,
    place: str,
    given_at: datetime,
    now: datetime,
) -> contracts.ConsentEvent:
    """Append it to what the current person has said, and tell it; without a text it is taken back.

    Raises NoSuch, PersonErased, FieldInvalid.
    """
    lock_graph(merchant_id=merchant_id)
    current = living_person(merchant_id=merchant_id, person_id=person_id)[0].id
    checked_topic(topic)
    checked_code(place, pointer="/place")
    given_at = checked_moment(given_at, now=now)
    text_hash = checked_text(version=text.version, text_hash=text.sha256) if text else b""
    is_granted = text is not None
    actor = tenancy.current().actor
    event = ConsentEvent.objects.create(
        merchant_id=merchant_id,
        person_id=current,
        purpose=topic.purpose,
        channel=topic.channel,
        processor=topic.processor,
        is_granted=is_granted,
        text_version=text.version if text else "",
        text_hash=text_hash,
        place=place,
        given_at=given_at,
        recorded_at=now,
        actor=f"{actor.kind}:{actor.id}",
    )
    outbox.publish(
        ConsentChanged(
            person_id=current,
            purpose=topic.purpose,
            channel=topic.channel,
            processor=topic.processor,
            is_granted=is_granted,
        ),
        now=now,
    )
    return event.as_contract()
