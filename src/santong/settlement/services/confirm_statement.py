"""A party says that its statement is right."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.errors import OpenClaims
from santong.settlement.models import Claim, Statement
from santong.settlement.selectors.statements import statement_by_id
from santong.settlement.services.signature import signature


@all_or_nothing
def confirm_statement(*, merchant_id: int, statement_id: int, now: datetime) -> contracts.Statement:
    """Note that a party has checked its month and agrees, once.

    Raises NoSuch, OpenClaims. Locks the statement.
    """
    row = Statement.objects.of_merchant(merchant_id).filter(id=statement_id).lock().first()
    if row is None:
        raise NoSuch(kind="statement", key=str(statement_id))
    if row.state != "confirmed":
        waiting = Claim.objects.of_merchant(merchant_id).filter(statement=row, state="open").count()
        if waiting:
            raise OpenClaims(statement_id=str(statement_id), claims=waiting)
        row.state, row.confirmed_by, row.confirmed_at = "confirmed", signature(), now
        row.save(update_fields=["state", "confirmed_by", "confirmed_at"])
        audit.record(
            audit.Change(
                action="settlement.confirm_statement",
                subject="statement",
                subject_id=row.id,
                reason="checked",
                before={"state": "closed"},
                after={"state": "confirmed"},
            ),
            now=now,
        )
    return statement_by_id(merchant_id=merchant_id, statement_id=statement_id)
