"""Who paid, as the provider names them. Whoever asks has a reason, and keeps it nowhere open."""

from __future__ import annotations

from santong.kernel import crypto
from santong.payments.models import Tender
from santong.payments.rules.payers import payer_place


def payer_of(*, merchant_id: int, tender_id: int) -> str:
    """The provider's name of whoever paid by a tender; empty where it named nobody."""
    row = Tender.objects.of_merchant(merchant_id).filter(id=tender_id).first()
    if row is None or row.payer_sealed is None:
        return ""
    plain = crypto.decrypt(
        merchant_id=merchant_id,
        sealed=bytes(row.payer_sealed),
        place=payer_place(row.reference),
    )
    return plain.decode()
