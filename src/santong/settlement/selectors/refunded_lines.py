"""Which lines a part of a refund is for, and who bears it."""

from __future__ import annotations

from santong.payments import public as payments
from santong.settlement.models import RefundBearer, RefundedLines
from santong.settlement.rules.slices import slice_of


def lines_of_part(
    *, merchant_id: int, document: str, key: str, refund_id: int, part_id: int
) -> dict[int, int]:
    """Amounts by order line of one part of a refund; nothing where nobody has named them."""
    rows = RefundedLines.objects.of_merchant(merchant_id).filter(document=document, key=key)
    named = rows.first()
    if named is None:
        return {}
    amounts = {int(line): int(each) for line, each in named.amount_by_line.items()}
    refund = payments.refund_by_id(merchant_id=merchant_id, refund_id=refund_id)
    before: list[int] = []
    for part in refund.parts:
        if part.id == part_id:
            return slice_of(amounts, before=before, amount_minor=part.amount_minor)
        before.append(part.amount_minor)
    return {}


def bearer_of(*, merchant_id: int, document: str, key: str) -> int | None:
    """The party that bears a refund alone; none where nobody was named: all that have a share."""
    rows = RefundBearer.objects.of_merchant(merchant_id).filter(document=document, key=key)
    return rows.values_list("party", flat=True).first()
