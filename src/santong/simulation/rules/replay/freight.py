"""What carrying a parcel costs, fitted on the freight that buyers really paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from santong.simulation.rules.places import Floats
from santong.simulation.rules.replay.world import World, metres_to

MICRO_PER_MINOR = 1_000_000
MILLI_PER_MINOR = 1_000
SAMPLE_MIN = 50


@dataclass(frozen=True, slots=True)
class FreightRates:
    """A parcel's cost = so much each, so much a kilometre, a kilogram, a kilogram-kilometre.

    `_milli` are thousandths of a centavo, `_micro` millionths.
    """

    parcel_milli: int
    parcel_micro_per_km: int
    weight_micro_per_kg: int
    carriage_micro_per_kg_km: int
    fitted_on: int
    explained_percent: int

    def parcel_cost_milli(self, *, metres: int, grams: int) -> int:
        """The whole cost of one parcel of this weight over this distance."""
        distance = metres * self.parcel_micro_per_km // 1_000_000
        per_kg_micro = metres * self.carriage_micro_per_kg_km // 1_000 + self.weight_micro_per_kg
        return self.parcel_milli + distance + per_kg_micro * grams // 1_000_000


def fitted_rates(world: World) -> FreightRates:
    """The non-negative rates that come nearest to the freight of all orders of a single piece."""
    kilometres, kilograms, paid = _single_pieces(world)
    columns = np.column_stack(
        [np.ones_like(kilometres), kilometres, kilograms, kilometres * kilograms]
    )
    rates, left = _non_negative(columns, paid)
    spread = float(((paid - paid.mean()) ** 2).sum())
    return FreightRates(
        parcel_milli=round(rates[0] * MILLI_PER_MINOR),
        parcel_micro_per_km=round(rates[1] * MICRO_PER_MINOR),
        weight_micro_per_kg=round(rates[2] * MICRO_PER_MINOR),
        carriage_micro_per_kg_km=round(rates[3] * MICRO_PER_MINOR),
        fitted_on=len(paid),
        explained_percent=round(100 * (1 - left / spread)) if spread else 0,
    )


def _single_pieces(world: World) -> tuple[Floats, Floats, Floats]:
    rows = [
        (
            metres_to(place=world.places[line.seller], point=order.point) / 1_000,
            world.goods[line.good].weight_grams / 1_000,
            float(line.freight_minor),
        )
        for order in world.orders
        if order.pieces == 1
        for line in order.lines
        if line.freight_minor  # free shipping says nothing of the cost
    ]
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _non_negative(columns: Floats, wanted: Floats) -> tuple[Sequence[float], float]:
    """Least squares without a negative rate: with four columns every choice can be tried."""
    width = columns.shape[1]
    best: tuple[float, Sequence[float]] = (float((wanted**2).sum()), [0.0] * width)
    for size in range(1, width + 1):
        for chosen in combinations(range(width), size):
            found = np.linalg.lstsq(columns[:, chosen], wanted, rcond=None)[0]
            if (found < 0).any():
                continue
            left = float(((wanted - columns[:, chosen] @ found) ** 2).sum())
            if left < best[0]:
                rates = [0.0] * width
                for column, rate in zip(chosen, found, strict=True):
                    rates[column] = float(rate)
                best = (left, rates)
    return best[1], best[0]
