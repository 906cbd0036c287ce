"""The audit trail is written once and stays."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from santong.kernel import audit, tenancy
from santong.kernel.audit import Change
from santong.kernel.models import AuditEntry

SHELF = Change(
    action="stock.adjust",
    subject="shelf",
    subject_id=7,
    reason="broken",
    before={"quantity": 3},
    after={"quantity": 2},
)


def test_a_change_has_an_actor_a_time_a_reason_and_both_states(
    merchant: int, now: datetime
) -> None:
    clerk = tenancy.Actor(kind="staff", id="12", name="林静")

    with tenancy.scope(merchant_id=merchant, actor=clerk, request_id="r-1"):
        audit.record(SHELF, now=now)
        (entry,) = audit.trail_of(merchant_id=merchant, subject="shelf", subject_ids=[7])

    assert entry == audit.Entry(
        number=entry.number,
        at=now,
        actor_kind="staff",
        actor_name="林静",
        action="stock.adjust",
        reason="broken",
        before={"quantity": 3},
        after={"quantity": 2},
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_auditentry SET reason = 'another'",
        "DELETE FROM kernel_auditentry",
        "TRUNCATE kernel_auditentry",
    ],
)
def test_postgresql_lets_nobody_change_the_trail(
    merchant_id: int, now: datetime, statement: str
) -> None:
    audit.record(SHELF, now=now)

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert AuditEntry.objects.filter(subject="shelf", reason="broken").count() == 1


def test_what_is_rolled_back_leaves_no_trail(merchant: int, now: datetime) -> None:
    with tenancy.scope(merchant_id=merchant):
        audit.record(SHELF, now=now)
        transaction.set_rollback(True)

    with tenancy.scope(merchant_id=merchant):
        assert audit.trail_of(merchant_id=merchant, subject="shelf", subject_ids=[7]) == []
