"""A refund that nobody can be asked about: somebody says that it went."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import LONGEST_THEIR_REFERENCE, Refund, SeenMove
from santong.payments.errors import PartPassed
from santong.payments.models import RefundPart
from santong.payments.rules.intents import check_no_card
from santong.payments.rules.txns import check_text
from santong.payments.selectors.refunds import refund_by_id
from santong.payments.services.see_refund import lock_part, settle_part


@all_or_nothing
def confirm_refund(
    *,
    merchant_id: int,
    part_id: int,
    went: bool,
    their_reference: str,
    reason: str,
    now: datetime,
) -> Refund:
    """Say of a part that waits for a channel whether it gave the money back; twice is once.

    Raises NoSuch, FieldInvalid, PartPassed. Emits RefundDone, RefundFailed. Locks the intent, the
    refund, then accounts of the ledger.
    """
    check_text(their_reference, most=LONGEST_THEIR_REFERENCE, pointer="/their_reference")
    check_no_card(their_reference, pointer="/their_reference")
    check_text(reason, most=120, pointer="/reason")
    if not went and not reason:
        raise FieldInvalid(pointer="/reason", reason="why it did not go")
    found = RefundPart.objects.of_merchant(merchant_id).filter(id=part_id).first()
    if found is None:
        raise NoSuch(kind="refund_part", key=str(part_id))
    row, part, tender = lock_part(merchant_id=merchant_id, reference=found.reference)
    state: Literal["done", "failed"] = "done" if went else "failed"
    if part.state == "sent" and tender.account.provider == "external":
        settle_part(
            row=row,
            part=part,
            tender=tender,
            seen=SeenMove(state=state, their_reference=their_reference, at=now, why=reason),
            given=None,
            now=now,
        )
    elif part.state != state:
        raise PartPassed(part_id=str(part_id), state=part.state)
    return refund_by_id(merchant_id=merchant_id, refund_id=row.id)
