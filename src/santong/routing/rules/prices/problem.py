"""What the price of stock depends on: demand expected, lanes that serve it, stock that is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketForecast:
    """Orders for one set of SKUs from one zone, expected before the next replenishment."""

    zone_id: int
    quantity_by_sku: tuple[tuple[int, int], ...]
    orders_milli: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What serving a zone from a place costs: a parcel, each unit in it, each gram in it.

    A zone needs its lanes to the places that would compete for it, not to all places.
    """

    zone_id: int
    location_id: int
    parcel_cost_milli: int
    unit_cost_milli: int = 0
    gram_cost_micro: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLeft:
    location_id: int
    sku_id: int
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceProblem:
    """`unfilled_cost_milli` is what a unit that is never sent costs: no price rises above it."""

    baskets: Sequence[BasketForecast]
    lanes: Sequence[Lane]
    stock: Sequence[StockLeft]
    unfilled_cost_milli: int
    weight_grams_by_sku: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """By (location, SKU) the price of a unit, zero where stock is plentiful and then left out.

    `bound_milli` is the least that the forecast demand can cost, in expectation.
    """

    price_milli_by_place: Mapping[tuple[int, int], int]
    bound_milli: int
