from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import VersionMoved
from santong.kernel.tenancy import all_or_nothing
from santong.messaging import contracts
from santong.messaging.models import Endpoint
from santong.messaging.rules.endpoints import check_name, check_topics, check_url
from santong.messaging.services.create_webhook import hold_log, subscribe
from santong.messaging.services.lock_webhook import lock_webhook


@all_or_nothing
def update_webhook(
    *,
    merchant_id: int,
    webhook_id: int,
    change: contracts.EndpointChange,
    expected_version: int | None,
    now: datetime,
) -> None:
    """Change an endpoint. A topic that is new to it is heard from now on.

    Raises NoSuch, FieldInvalid, VersionMoved. Locks the endpoint, its place, the log.
    """
    row, _ = lock_webhook(merchant_id=merchant_id, webhook_id=webhook_id)
    if expected_version is not None and row.version != expected_version:
        raise VersionMoved(version=row.version)
    before = {"name": row.name, "url": row.url}
    _apply(row, change)
    if change.topics is not None:
        check_topics(topics=change.topics)
        hold_log(merchant_id=merchant_id)
        subscribe(merchant_id=merchant_id, endpoint_id=row.id, topics=change.topics)
    row.version += 1
    row.save(update_fields=["name", "url", "version"])
    after: dict[str, object] = {"name": row.name, "url": row.url}
    if change.topics is not None:
        after["topics"] = sorted(set(change.topics))
    audit.record(
        audit.Change(
            action="messaging.update_webhook",
            subject="webhook",
            subject_id=row.id,
            reason="changed",
            before=before,
            after=after,
        ),
        now=now,
    )


def _apply(row: Endpoint, change: contracts.EndpointChange) -> None:
    if change.name is not None:
        check_name(name=change.name)
        row.name = change.name.strip()
    if change.url is not None:
        check_url(url=change.url)
        row.url = change.url
