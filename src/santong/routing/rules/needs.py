"""What an order needs of each SKU."""

from collections.abc import Sequence
from dataclasses import dataclass

from santong.routing.contracts import DemandLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """All lines of one SKU. Weight and value are those of one unit, the dearest line's."""

    sku_id: int
    quantity: int
    weight_grams: int
    value_minor: int


def needs_of(*, lines: Sequence[DemandLine]) -> list[Need]:
    """One need for each SKU, in the order of the lines."""
    lines_by_sku: dict[int, list[DemandLine]] = {}
    for line in lines:
        lines_by_sku.setdefault(line.sku_id, []).append(line)
    return [
        Need(
            sku_id=sku_id,
            quantity=sum(line.quantity for line in of_sku),
            weight_grams=max(line.weight_grams for line in of_sku),
            value_minor=max(line.value_minor for line in of_sku),
        )
        for sku_id, of_sku in lines_by_sku.items()
    ]
