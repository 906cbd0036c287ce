"""Somebody takes a consent back."""

from __future__ import annotations

from datetime import datetime

from santong.customers import contracts
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
        topic=topic,
        text=None,
        place=place,
        given_at=given_at,
        now=now,
    )
