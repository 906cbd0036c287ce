from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.messaging.contracts import LONGEST_GROUP
from santong.messaging.models import Permit, Queued, Subscription
from santong.messaging.rules.top_topics import TOP_NAMES, is_topic_of_an_app
from santong.messaging.rules.topics import NAMES
from santong.messaging.services.create_webhook import hold_log


@all_or_nothing
def permit(
    *,
    merchant_id: int,
    app_key: str,
    topics: Collection[str],
    user_id: int,
    user_nick: str,
    group_name: str = "default",
    now: datetime,
) -> None:
    """Let an app hear of these topics of the seller from now on, in place of those before.

    Without topics it hears of every one of TOP's. Raises FieldInvalid. Locks the log.
    """
    wanted = set(topics) or set(TOP_NAMES)
    for topic in wanted:
        if topic not in TOP_NAMES | NAMES and not is_topic_of_an_app(topic=topic):
            raise FieldInvalid(pointer="/topics", reason=f"there is no topic {topic[:60]!r}")
    if not 0 < len(group_name) <= LONGEST_GROUP:
        raise FieldInvalid(pointer="/group_name", reason=f"1 to {LONGEST_GROUP} characters")
    hold_log(merchant_id=merchant_id)
    row, _ = Permit.objects.update_or_create(
        merchant_id=merchant_id,
        app_key=app_key,
        defaults={"user_id": user_id, "user_nick": user_nick, "group_name": group_name},
        create_defaults={
            "user_id": user_id,
            "user_nick": user_nick,
            "group_name": group_name,
            "since": now,
        },
    )
    Queued.objects.of_merchant(merchant_id).filter(permit=row).exclude(
        group_name=group_name
    ).update(group_name=group_name)
    rows = Subscription.objects.of_merchant(merchant_id).filter(permit=row)
    rows.exclude(topic__in=wanted).delete()
    standing = set(rows.values_list("topic", flat=True))
    Subscription.objects.bulk_create(
        Subscription(merchant_id=merchant_id, permit=row, topic=topic)
        for topic in sorted(wanted - standing)
    )
    _note(row, "messaging.permit", {"topics": sorted(wanted), "group": group_name}, now)


@all_or_nothing
def cancel_permit(*, merchant_id: int, app_key: str, now: datetime) -> bool:
    """Let an app hear of nothing any more; what it has not confirmed is gone. False if it did not.

    Locks the log.
    """
    hold_log(merchant_id=merchant_id)
    row = Permit.objects.of_merchant(merchant_id).filter(app_key=app_key).first()
    if row is None:
        return False
    _note(row, "messaging.cancel_permit", {}, now)
    row.delete()
    return True


def _note(row: Permit, action: str, after: dict[str, object], now: datetime) -> None:
    audit.record(
        audit.Change(
            action=action,
            subject="message_permit",
            subject_id=row.id,
            reason="asked",
            after={"app_key": row.app_key, **after},
        ),
        now=now,
    )
