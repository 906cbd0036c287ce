"""Refunds for which nobody has to be asked: back on a card."""

from __future__ import annotations

from datetime import datetime

from santong.payments.contracts import SeenMove, Taken
from santong.payments.models import Refund, RefundPart, Tender
from santong.payments.services.see_refund import settle_part
from santong.payments.services.take_here import backend_named


def refund_here(*, row: Refund, part: RefundPart, tender: Tender, now: datetime) -> None:
    """Give a part back now. Its intent is locked. Emits RefundDone."""
    backend = backend_named(tender.account.provider)
    given: Taken | None = None
    if backend is not None:
        given = backend.refund(
            merchant_id=row.merchant_id,
            reference=tender.reference,
            refund_reference=part.reference,
            amount_minor=part.amount_minor,
            reason=row.reason,
            now=now,
        )
    settle_part(
        row=row,
        part=part,
        tender=tender,
        seen=SeenMove(state="done", amount_minor=part.amount_minor, at=now),
        given=given,
        now=now,
    )
