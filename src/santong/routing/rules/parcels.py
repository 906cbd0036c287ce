"""The parcels that a plan makes, with what each carries of which line."""

from collections.abc import Mapping, Sequence

from santong.routing.contracts import DemandLine, PlannedParcel, Portion
from santong.routing.rules.needs import Need
from santong.routing.rules.tiers import Planned


def parcels_of(
    *, planned: Planned, needs: Sequence[Need], lines: Sequence[DemandLine]
) -> tuple[PlannedParcel, ...]:
    """One parcel a place, by location id; what is sent of a SKU goes to the earlier lines first."""
    left_by_line = {line.line_id: line.quantity for line in lines}
    parcels: list[PlannedParcel] = []
    for place, quantities in _quantities_by_place(planned, len(needs)):
        sent_by_sku = {need.sku_id: sent for need, sent in zip(needs, quantities, strict=True)}
        priced = planned.among[place]
        parcels.append(
            PlannedParcel(
                location_id=priced.candidate.location_id,
                portions=_portions(lines, sent_by_sku, left_by_line),
                cost=priced.cost_of(quantities),
            )
        )
    return tuple(parcels)


def left_by_line(
    *, lines: Sequence[DemandLine], parcels: Sequence[PlannedParcel]
) -> Mapping[int, int]:
    """What the parcels do not carry, for the lines that miss something."""
    left = {line.line_id: line.quantity for line in lines}
    for parcel in parcels:
        for portion in parcel.portions:
            left[portion.line_id] -= portion.quantity
    return {line_id: quantity for line_id, quantity in left.items() if quantity}


def _quantities_by_place(planned: Planned, needs: int) -> list[tuple[int, list[int]]]:
    asked = list(planned.quantity_by_need)
    quantities_by_place: dict[int, list[int]] = {}
    for take in planned.plan.takes:
        quantities = quantities_by_place.setdefault(take.place, [0] * needs)
        quantities[asked[take.need]] += take.quantity
    return sorted(quantities_by_place.items())


def _portions(
    lines: Sequence[DemandLine], sent_by_sku: dict[int, int], left_by_line: dict[int, int]
) -> tuple[Portion, ...]:
    portions: list[Portion] = []
    for line in lines:
        quantity = min(sent_by_sku[line.sku_id], left_by_line[line.line_id])
        if quantity:
            sent_by_sku[line.sku_id] -= quantity
            left_by_line[line.line_id] -= quantity
            portions.append(Portion(line_id=line.line_id, sku_id=line.sku_id, quantity=quantity))
    return tuple(portions)
