"""What buyers are told, and what of it did not leave."""

from __future__ import annotations

from collections.abc import Sequence

from santong.storefront import contracts
from santong.storefront.models import Notice


def phone_place(key: str) -> str:
    """Where a notice's phone is sealed for."""
    return f"storefront.notice_phone:{key}"


def text_place(key: str) -> str:
    """Where a notice's text is sealed for."""
    return f"storefront.notice_text:{key}"


def notices_page(
    *,
    merchant_id: int,
    states: Sequence[contracts.NoticeState] = (),
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.Notice]:
    """Notices, the newest first, before the one with an id."""
    rows = Notice.objects.of_merchant(merchant_id)
    if states:
        rows = rows.filter(state__in=list(states))
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return [_shown(row) for row in rows.order_by("-id")[:limit]]


def notices_of(*, merchant_id: int, subject: str) -> list[contracts.Notice]:
    """What was told about a thing (`visit:9`), in its order."""
    rows = Notice.objects.of_merchant(merchant_id).filter(subject=subject)
    return [_shown(row) for row in rows.order_by("id")]


def was_told(*, merchant_id: int, key: str) -> bool:
    """Whether there is a notice of this key, sent or not."""
    return Notice.objects.of_merchant(merchant_id).filter(key=key).exists()


def count_failed(*, merchant_id: int) -> int:
    """How many notices wait for a person."""
    return Notice.objects.of_merchant(merchant_id).filter(state="failed").count()


def _shown(row: Notice) -> contracts.Notice:
    state: contracts.NoticeState = row.state  # type: ignore[assignment]
    return contracts.Notice(
        id=row.id,
        subject=row.subject,
        kind=row.kind,
        phone=row.phone_shown,
        state=state,
        tries=row.tries,
        why=row.why,
        queued_at=row.queued_at,
        due_at=row.due_at,
        sent_at=row.sent_at,
    )
