"""Which lines stay unfilled, and why."""

from collections.abc import Mapping, Sequence

from santong.routing.contracts import DemandLine, UnfilledLine, WhyUnfilled
from santong.routing.rules.needs import Need
from santong.routing.rules.pricing import PricedPlace


def unfilled_lines(
    *,
    lines: Sequence[DemandLine],
    left_by_line: Mapping[int, int],
    needs: Sequence[Need],
    places: Sequence[PricedPlace],
    eligible: Sequence[PricedPlace],
) -> tuple[UnfilledLine, ...]:
    """What no parcel carries: because nobody has it, only refused places do, or the limit."""
    why_by_sku: dict[int, WhyUnfilled] = {
        need.sku_id: _why(position, need.quantity, places, eligible)
        for position, need in enumerate(needs)
    }
    return tuple(
        UnfilledLine(
            line_id=line.line_id,
            sku_id=line.sku_id,
            quantity=left_by_line[line.line_id],
            why=why_by_sku[line.sku_id],
        )
        for line in lines
        if left_by_line.get(line.line_id)
    )


def _why(
    need: int, wanted: int, places: Sequence[PricedPlace], eligible: Sequence[PricedPlace]
) -> WhyUnfilled:
    offered = sum(place.held[need] for place in eligible)
    if offered >= wanted:
        return "split_limit"
    held = sum(place.held[need] for place in places)
    return "stock_only_at_refused_places" if held > offered else "no_stock"
