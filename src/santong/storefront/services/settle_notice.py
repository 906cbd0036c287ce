"""What became of a message that was claimed, and what a person does about one that stayed."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.storefront.models import Notice
from santong.storefront.rules.notices import next_try


@all_or_nothing
def settle_notice(*, merchant_id: int, notice_id: int, claim: int, why: str, now: datetime) -> None:
    """Note that a notice has left, or (with `why`) that it has not: then it is tried again.

    Whoever's claim is over settles nothing. Locks the notice.
    """
    row = (
        Notice.objects.of_merchant(merchant_id)
        .filter(id=notice_id, claim=claim, state="queued")
        .lock()
        .first()
    )
    if row is None:
        return
    row.why, row.claimed_until = why[:80], None
    again = next_try(tries=row.tries, now=now) if why else None
    if not why:
        row.state, row.sent_at, row.ended_at = "sent", now, now
    elif again is None:
        row.state, row.ended_at = "failed", now
    else:
        row.due_at = again
    row.save(update_fields=["state", "why", "claimed_until", "due_at", "sent_at", "ended_at"])


@all_or_nothing
def send_notice_again(*, merchant_id: int, notice_id: int, now: datetime) -> None:
    """Queue a notice that failed once more. Raises NoSuch. Locks the notice."""
    row = _failed(merchant_id, notice_id)
    row.state, row.tries, row.due_at, row.ended_at = "queued", 0, now, None
    row.save(update_fields=["state", "tries", "due_at", "ended_at"])
    _record("send_notice_again", row, now)


@all_or_nothing
def drop_notice(*, merchant_id: int, notice_id: int, now: datetime) -> None:
    """Let a notice that failed be: somebody has told the buyer. Raises NoSuch. Locks the notice."""
    row = _failed(merchant_id, notice_id)
    row.state, row.ended_at = "unwanted", now
    row.save(update_fields=["state", "ended_at"])
    _record("drop_notice", row, now)


def _failed(merchant_id: int, notice_id: int) -> Notice:
    rows = Notice.objects.of_merchant(merchant_id)
    row = rows.filter(id=notice_id, state="failed").lock().first()
    if row is None:
        raise NoSuch(kind="failed notice", key=str(notice_id))
    return row


def _record(action: str, row: Notice, now: datetime) -> None:
    audit.record(
        audit.Change(
            action=f"storefront.{action}",
            subject="notice",
            subject_id=row.id,
            reason=row.why,
            after={"state": row.state},
        ),
        now=now,
    )
