"""The demand until the next replenishment, as what was ordered lately goes on.

Baskets that come often keep their shape, since sharing a parcel is what they are worth together;
the long tail of rare ones is counted SKU by SKU, which keeps the programme small.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from santong.routing.rules.prices.problem import BasketForecast

MILLI = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PastOrder:
    zone_id: int
    quantity_by_sku: tuple[tuple[int, int], ...]


def forecast_baskets(
    *, past: Iterable[PastOrder], days_observed: int, days_ahead: int, baskets_max: int
) -> list[BasketForecast]:
    """Orders expected by zone and basket, the `baskets_max` most frequent baskets kept whole."""
    counts = Counter((order.zone_id, _in_order(order.quantity_by_sku)) for order in past)
    times_by_basket = Counter[tuple[tuple[int, int], ...]]()
    for (_, basket), times in counts.items():
        times_by_basket[basket] += times if len(basket) > 1 else 0
    ranked = sorted(times_by_basket.items(), key=lambda entry: (-entry[1], entry[0]))
    kept = {basket for basket, _ in ranked[:baskets_max]}
    expected = Counter[tuple[int, tuple[tuple[int, int], ...]]]()
    for (zone_id, basket), times in counts.items():
        for part in [basket] if basket in kept else [(line,) for line in basket]:
            expected[zone_id, part] += times
    return [
        BasketForecast(
            zone_id=zone_id,
            quantity_by_sku=basket,
            orders_milli=times * MILLI * days_ahead // days_observed,
        )
        for (zone_id, basket), times in sorted(expected.items())
    ]


def _in_order(quantity_by_sku: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(quantity_by_sku))
