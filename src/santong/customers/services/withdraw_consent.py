"""Somebody takes a consent back."""

from __future__ import annotations

from datetime import datetime

from santong.customers import contracts
from santong.customers.rules.consents import checked_code, checked_moment, checked_topic
from santong.customers.services.record_consent import record_consent
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def withdraw_consent(
    *,
    merchant_id: int,
    person_id: int,
    topic: contracts.Topic,
    place: str,
    given_at: datetime,
    now: datetime,
) -> contracts.ConsentEvent:
    """Keep that somebody takes a consent back, also one that was never given here.

    Raises NoSuch, PersonErased, FieldInvalid. Emits ConsentChanged. Locks the graph.
    """
    return record_consent(
        merchant_id=merchant_id,
        person_id=person_id,
        topic=checked_topic(topic),
        is_granted=False,
        text_version="",
        text_hash=b"",
        place=checked_code(place, pointer="/place"),
        given_at=checked_moment(given_at, now=now),
        now=now,
    )
