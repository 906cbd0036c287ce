"""Whoever asks for a refund says which lines it is for."""

from __future__ import annotations

from collections.abc import Mapping

from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.settlement.models import RefundedLines


@all_or_nothing
def name_refunded_lines(
    *, merchant_id: int, document: str, key: str, amount_by_line: Mapping[int, int]
) -> None:
    """Let the shares of these lines, and of no other, go back with a refund; once for its key.

    The amounts by order line add up to the refund. To be called where the refund is asked for, in
    the same transaction. Where a line has less left than that, the shares of all lines go back.

    Raises FieldInvalid.
    """
    if not amount_by_line or min(amount_by_line.values()) <= 0:
        raise FieldInvalid(pointer="/amount_by_line", reason="an amount for each line")
    RefundedLines.objects.get_or_create(
        merchant_id=merchant_id,
        document=document,
        key=key,
        defaults={"amount_by_line": {str(line): each for line, each in amount_by_line.items()}},
    )
