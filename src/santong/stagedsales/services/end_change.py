"""A change order that comes to nothing: the buyer says no, or the store takes it back."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.stagedsales.contracts import ChangeState
from santong.stagedsales.errors import ChangePassed
from santong.stagedsales.models import ChangeOrder
from santong.stagedsales.services.lock import Held, lock_sale


@all_or_nothing
def decline_change(*, merchant_id: int, sale_id: int, version: int, now: datetime) -> None:
    """Note that the buyer does not agree; the contract stays; twice is once.

    Raises NoSuch, ChangePassed. Locks the sale.
    """
    _end(merchant_id, sale_id, version, "declined", now)


@all_or_nothing
def withdraw_change(*, merchant_id: int, sale_id: int, version: int, now: datetime) -> None:
    """Take a proposal back before its buyer decides; twice is once.

    Raises NoSuch, ChangePassed. Locks the sale.
    """
    _end(merchant_id, sale_id, version, "withdrawn", now)


def open_change(held: Held, *, version: int, wanted: ChangeState) -> ChangeOrder | None:
    """The change that waits under a version; None where it ended so already.

    Raises NoSuch, ChangePassed.
    """
    rows = ChangeOrder.objects.of_merchant(held.merchant_id).filter(sale=held.sale)
    row = rows.filter(version=version).first()
    if row is None:
        raise NoSuch(kind="change_order", key=str(version))
    if row.state == wanted:
        return None
    if row.state != "proposed":
        raise ChangePassed(version=version, state=row.state)
    return row


def _end(merchant_id: int, sale_id: int, version: int, to: ChangeState, now: datetime) -> None:
    held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    row = open_change(held, version=version, wanted=to)
    if row is None:
        return
    row.state, row.decided_at = to, now
    row.save(update_fields=["state", "decided_at"])
    audit.record(
        audit.Change(
            action="stagedsales.end_change",
            subject="staged_sale",
            subject_id=sale_id,
            reason=row.reason,
            before={"version": version, "state": "proposed"},
            after={"version": version, "state": to},
        ),
        now=now,
    )
