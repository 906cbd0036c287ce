"""Something becomes of goods that came back damaged."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from santong.aftersales.errors import MoreThanAwaited
from santong.aftersales.models import ReceiptLine
from santong.aftersales.rules.fields import clean_reason
from santong.inventory import public as inventory
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def settle_damaged(
    *,
    merchant_id: int,
    receipt_line_id: int,
    units: int,
    becomes: Literal["restored", "scrapped"],
    reason: str,
    key: str,
    now: datetime,
) -> None:
    """Let damaged units be stock at their place again, or be gone.

    Raises NoSuch, FieldInvalid, MoreThanAwaited. Emits StockReceived. Locks the units, then stock
    levels.
    """
    why = clean_reason(reason)
    row = ReceiptLine.objects.of_merchant(merchant_id).filter(id=receipt_line_id).lock().first()
    if row is None:
        raise NoSuch(kind="damaged goods", key=str(receipt_line_id))
    left = row.damaged - row.restored - row.scrapped
    if units <= 0:
        raise FieldInvalid(pointer="/units", reason="at least one")
    if units > left:
        raise MoreThanAwaited(case_line_id=str(row.case_line_id), wanted=units, left=left)
    if becomes == "restored":
        row.restored += units
        inventory.receive(
            merchant_id=merchant_id,
            location_id=row.location_id,
            quantity_by_sku={row.sku_id: units},
            reason=why,
            key=f"damaged:{row.id}:{key}"[:100],
            now=now,
        )
    else:
        row.scrapped += units
    row.save(update_fields=["restored", "scrapped"])
    audit.record(
        audit.Change(
            action=f"aftersales.damaged_{becomes}",
            subject="case_receipt_line",
            subject_id=row.id,
            reason=why,
            after={"units": units, "left": left - units},
        ),
        now=now,
    )
