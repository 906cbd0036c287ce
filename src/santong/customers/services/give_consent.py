"""Somebody consents."""

from __future__ import annotations

from datetime import datetime

from santong.customers import contracts
from santong.customers.services.record_consent import Text, record_consent
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def give_consent(
    *,
    merchant_id: int,
    person_id: int,
    topic: contracts.Topic,
    text_version: str,
    text_hash: str,
    place: str,
    given_at: datetime,
    now: datetime,
) -> contracts.ConsentEvent:
    """Keep as proof that somebody consented: to what, having seen which text, where and when.

    Raises NoSuch, PersonErased, FieldInvalid. Emits ConsentChanged. Locks the graph.
    """
    return record_consent(
        merchant_id=merchant_id,
        person_id=person_id,
        topic=topic,
        text=Text(text_version, text_hash),
        place=place,
        given_at=given_at,
        now=now,
    )
