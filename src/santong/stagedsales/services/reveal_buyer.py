"""Who buys, in clear text, for somebody who says why."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.kernel import audit, tenancy
from santong.kernel.errors import NoSuch, PermissionMissing
from santong.kernel.tenancy import all_or_nothing
from santong.stagedsales.contracts import Buyer
from santong.stagedsales.models import StagedSale
from santong.stagedsales.rules.terms import clean_reason
from santong.stagedsales.selectors.sealing import opened_buyer

REVEAL: Final = "personal_data.reveal"


@all_or_nothing
def reveal_buyer(*, merchant_id: int, sale_id: int, reason: str, now: datetime) -> Buyer:
    """Give name, telephone number and wish of a buyer; the trail says who asked and why.

    The system itself may ask, to tell them something; others need `personal_data.reveal`.

    Raises NoSuch, FieldInvalid, PermissionMissing.
    """
    actor = tenancy.current().actor
    if actor.kind != "system" and not actor.may(REVEAL):
        raise PermissionMissing(permission=REVEAL)
    reason = clean_reason(reason)
    row = StagedSale.objects.of_merchant(merchant_id).filter(id=sale_id).first()
    if row is None:
        raise NoSuch(kind="staged_sale", key=str(sale_id))
    audit.record(
        audit.Change(
            action="stagedsales.reveal_buyer",
            subject="staged_sale",
            subject_id=sale_id,
            reason=reason,
        ),
        now=now,
    )
    return opened_buyer(row)
