"""What somebody said about consent."""

from __future__ import annotations

from datetime import datetime

from santong.customers import contracts
from santong.customers.events import ConsentChanged
from santong.customers.models import ConsentEvent
from santong.customers.services.living import living_person
from santong.customers.services.locks import lock_graph
from santong.kernel import outbox, tenancy


def record_consent(
    *,
    merchant_id: int,
    person_id: int,
    topic: contracts.Topic,
    is_granted: bool,
    text_version: str,
    text_hash: bytes,
    place: str,
    given_at: datetime,
    now: datetime,
) -> contracts.ConsentEvent:
    """Append it to what the current person has said, and tell it."""
    lock_graph(merchant_id=merchant_id)
    current = living_person(merchant_id=merchant_id, person_id=person_id)[0].id
    actor = tenancy.current().actor
    event = ConsentEvent.objects.create(
        merchant_id=merchant_id,
        person_id=current,
        purpose=topic.purpose,
        channel=topic.channel,
        processor=topic.processor,
        is_granted=is_granted,
        text_version=text_version,
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
