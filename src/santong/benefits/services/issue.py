"""A batch is given to many members, a part at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from santong.benefits.contracts import LONGEST_KEY, Channel, IssueProgress
from santong.benefits.errors import KeyTaken
from santong.benefits.models import IssueRun
from santong.benefits.selectors.issues import progress_of, run_by_key
from santong.benefits.selectors.limits import batch_by_id
from santong.benefits.selectors.statements import signature
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing

MOST_MEMBERS = 1_000_000

_INSERT_TARGETS = """
INSERT INTO benefits_issuetarget (merchant_id, run_id, member_id, state, why)
SELECT %s, %s, member_id, 'waiting', '' FROM unnest(%s::bigint[]) AS member_id
"""


@all_or_nothing
def issue(
    *,
    merchant_id: int,
    batch_id: int,
    member_ids: Sequence[int],
    channel: Channel,
    key: str,
    now: datetime,
) -> IssueProgress:
    """Begin to give one coupon of a batch to each of many members; `continue_issue` does it.

    The same key again gives how far it has come. The caller has looked whether the members are
    the merchant's.

    Raises NoSuch, KeyTaken, FieldInvalid.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise FieldInvalid(pointer="/key", reason=f"1 to {LONGEST_KEY} characters")
    wanted = list(dict.fromkeys(member_ids))
    if not 0 < len(wanted) <= MOST_MEMBERS:
        raise FieldInvalid(pointer="/member_ids", reason=f"1 to {MOST_MEMBERS}")
    batch_by_id(merchant_id=merchant_id, batch_id=batch_id)
    asked = _Asked(merchant_id, batch_id, key, len(wanted))
    if first := _first_of(asked):
        return first
    row, is_new = IssueRun.objects.get_or_create(
        merchant_id=merchant_id,
        key=key,
        defaults={
            "batch_id": batch_id,
            "channel": channel,
            "state": "running",
            "total": len(wanted),
            "started_at": now,
            "actor": signature(),
        },
    )
    if not is_new:
        again = _first_of(asked)
        assert again is not None
        return again
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_TARGETS, [merchant_id, row.id, wanted])
    audit.record(
        audit.Change(
            action="benefits.issue",
            subject="benefit_batch",
            subject_id=batch_id,
            reason=key,
            after={"members": len(wanted), "run": row.id},
        ),
        now=now,
    )
    return progress_of(row)


@dataclass(frozen=True, slots=True)
class _Asked:
    merchant_id: int
    batch_id: int
    key: str
    total: int


def _first_of(asked: _Asked) -> IssueProgress | None:
    first = run_by_key(merchant_id=asked.merchant_id, key=asked.key)
    if first is not None and (first.batch_id, first.total) != (asked.batch_id, asked.total):
        raise KeyTaken(key=asked.key)
    return first
