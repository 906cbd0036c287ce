"""What persons have consented to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.customers import contracts
from santong.customers.models import ConsentEvent
from santong.customers.rules.consents import checked_topic
from santong.customers.selectors.persons import rows_of
from santong.kernel.wire import Statement, array

# The last word of a person counts, by whichever of the rows that lead there it was said; of two
# words at one moment the one that takes back.
_STANDING = Statement("""
SELECT w.id, coalesce(p.state <> 'erased' AND (
  SELECT e.is_granted FROM customers_consentevent e
  WHERE e.merchant_id = %(merchant)s AND e.person_id IN (
      SELECT p.current_id UNION ALL
      SELECT m.id FROM customers_person m
      WHERE m.merchant_id = %(merchant)s AND m.current_id = p.current_id AND m.state = 'merged'
    )
    AND e.purpose = %(purpose)s AND e.channel = %(channel)s AND e.processor = %(processor)s
    AND e.given_at <= %(now)s::timestamptz
  ORDER BY e.given_at DESC, e.is_granted LIMIT 1
), false)
FROM unnest(%(ids)s::bigint[]) AS w(id)
LEFT JOIN customers_person p ON p.merchant_id = %(merchant)s AND p.id = w.id
""")


def may_contact(
    *,
    merchant_id: int,
    person_ids: Collection[int],
    purpose: contracts.Purpose,
    channel: contracts.Channel,
    now: datetime,
) -> dict[int, bool]:
    """Of some persons, who may be reached for a purpose by a channel. Raises FieldInvalid.

    Nobody may who has never said so.
    """
    topic = contracts.Topic(purpose=purpose, channel=channel)
    return _standing(merchant_id, person_ids, topic, now)


def may_share(
    *, merchant_id: int, person_ids: Collection[int], processor: str, now: datetime
) -> dict[int, bool]:
    """Of some persons, whose data may be handed to another processor (个人信息保护法, article 23).

    Raises FieldInvalid.
    """
    topic = contracts.Topic(purpose="sharing", processor=processor)
    return _standing(merchant_id, person_ids, topic, now)


def may_analyse(*, merchant_id: int, person_ids: Collection[int], now: datetime) -> dict[int, bool]:
    """Of some persons, whose behaviour may be analysed for themselves alone."""
    return _standing(merchant_id, person_ids, contracts.Topic(purpose="analysis"), now)


def consents_of(*, merchant_id: int, person_id: int) -> list[contracts.ConsentEvent]:
    """All that a person has said about consent, oldest first. Raises NoSuch."""
    rows = rows_of(merchant_id=merchant_id, person_id=person_id)
    events = ConsentEvent.objects.of_merchant(merchant_id)
    of_person = events.filter(person_id__in=[row.id for row in rows])
    return [event.as_contract() for event in of_person.order_by("given_at", "id")]


def _standing(
    merchant_id: int, person_ids: Collection[int], topic: contracts.Topic, now: datetime
) -> dict[int, bool]:
    checked_topic(topic)
    rows = _STANDING.rows(
        {
            "merchant": str(merchant_id),
            "ids": array(person_ids),
            "purpose": topic.purpose,
            "channel": topic.channel,
            "processor": topic.processor,
            "now": now.isoformat(),
        }
    )
    return dict(rows)
