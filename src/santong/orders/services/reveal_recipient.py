"""Personal data in clear text, for a reason."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, tenancy
from santong.kernel.errors import FieldInvalid, NoSuch, PermissionMissing
from santong.kernel.tenancy import all_or_nothing
from santong.orders import contracts
from santong.orders.models import Order
from santong.orders.services.cancel_order import LONGEST_REASON

REVEAL = "personal_data.reveal"


@all_or_nothing
def reveal_recipient(
    *, merchant_id: int, order_id: int, reason: str, now: datetime
) -> contracts.RevealedRecipient:
    """Who gets an order and what the buyer wrote, in clear text; the trail says who asked and why.

    The system itself may ask, for a label; a person or a program needs `personal_data.reveal`.

    Raises NoSuch, FieldInvalid, PermissionMissing.
    """
    actor = tenancy.current().actor
    if actor.kind != "system" and not actor.may(REVEAL):
        raise PermissionMissing(permission=REVEAL)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise FieldInvalid(pointer="/reason", reason=f"1 to {LONGEST_REASON} characters")
    row: Order | None = Order.objects.of_merchant(merchant_id).filter(id=order_id).first()
    if row is None:
        raise NoSuch(kind="order", key=str(order_id))
    audit.record(
        audit.Change(
            action="orders.reveal_recipient",
            subject="order",
            subject_id=row.id,
            reason=reason,
        ),
        now=now,
    )
    recipient, note = row.recipient()
    return contracts.RevealedRecipient(recipient=recipient, buyer_note=note)
