"""Keep what somebody agreed to, with proof."""

from __future__ import annotations

from datetime import datetime

from santong.customers import public as customers
from santong.kernel.tenancy import all_or_nothing
from santong.storefront.contracts import Agreed
from santong.storefront.rules.texts import version_in
from santong.storefront.selectors.texts import text_hash

PLACE = "storefront"
# What a membership cannot do without, and what it can.
MEMBERSHIP = customers.Topic(purpose="service", channel="sms")
MARKETING = customers.Topic(purpose="marketing", channel="sms")


@all_or_nothing
def record_consents(*, merchant_id: int, person_id: int, agreed: Agreed, now: datetime) -> None:
    """Keep which text somebody ticked, in which language, and what for.

    Raises what customers refuses. Emits ConsentChanged. Locks the graph.
    """
    for topic, is_ticked in ((MEMBERSHIP, agreed.membership), (MARKETING, agreed.marketing)):
        if is_ticked:
            give(
                merchant_id=merchant_id,
                person_id=person_id,
                topic=topic,
                agreed=agreed,
                now=now,
            )


@all_or_nothing
def give(
    *,
    merchant_id: int,
    person_id: int,
    topic: customers.Topic,
    agreed: Agreed,
    now: datetime,
) -> None:
    """Keep one consent with the text that was shown. Emits ConsentChanged. Locks the graph."""
    customers.give_consent(
        merchant_id=merchant_id,
        person_id=person_id,
        topic=topic,
        text_version=version_in(agreed.language, version=agreed.version),
        text_hash=text_hash(agreed.language, agreed.version),
        place=PLACE,
        given_at=now,
        now=now,
    )
