"""What messaging hears: every fact that has a topic, and the alarms that are mailed."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import Any

from santong.kernel import facts
from santong.messaging.rules.alarms import ALARMS
from santong.messaging.rules.top_topics import TOP_TOPICS
from santong.messaging.rules.topics import TOPICS
from santong.messaging.services.mail_alarm import mail_alarm
from santong.messaging.services.tell_fact import tell_fact


def _heard() -> list[type[Any]]:
    """The shapes of the facts that have a topic or are an alarm, by their names."""
    names = {
        *(topic.fact for topic in TOPICS),
        *(topic.fact for topic in TOP_TOPICS),
        *ALARMS,
    }
    for context in sorted({name.partition(".")[0] for name in names}):
        import_module(f"santong.{context}.events")
    return [facts.fact_types()[name].cls for name in sorted(names)]


@facts.subscribe(*_heard())
def tell_outside(fact: object, *, merchant_id: int, now: datetime) -> None:
    """A fact becomes messages for whoever wants them, and an alarm a mail."""
    kind = facts.type_of(fact)
    body: dict[str, Any] = facts.adapter(kind.cls).dump_python(fact, mode="json")
    key = facts.aggregate_of(fact)
    tell_fact(merchant_id=merchant_id, name=kind.name, key=key, body=body, now=now)
    if kind.name in ALARMS:
        mail_alarm(merchant_id=merchant_id, name=kind.name, body=body, now=now)
