"""What a confirmation says of a line, by quality."""

from __future__ import annotations

from santong.qimen.errors import QuantityWrong
from santong.qimen.rules.shapes.common import ConfirmedLine


def quantity_by_quality(*, line: ConfirmedLine) -> dict[str, int]:
    """Units by inventory type: of the line, or of its batches, which have to add up to it.

    Raises QuantityWrong.
    """
    if not line.batchs:
        return {line.inventory_type: line.actual_qty}
    found: dict[str, int] = {}
    for batch in line.batchs:
        units = batch.actual_qty if batch.actual_qty is not None else batch.quantity or 0
        found[batch.inventory_type] = found.get(batch.inventory_type, 0) + units
    if sum(found.values()) != line.actual_qty:
        raise QuantityWrong(item_code=line.item_code, reason="batches do not add up to actualQty")
    return found
