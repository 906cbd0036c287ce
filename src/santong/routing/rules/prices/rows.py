"""The price problem as a sparse linear programme, column by column.

Columns are orders of a basket: `sent` of one SKU from one place, `opened` parcels from it, and
`unfilled`. Rows say that each basket's SKUs are sent or unfilled, that what is sent lies in an
opened parcel, and that no place sends more than it holds (the fixed-cost relaxation of Jasin &
Sinha 2015). A basket of one SKU needs no `opened`: its parcel is paid with the unit. A stock row
that no demand could fill is left out, since its price is zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from santong.routing.rules.prices.problem import BasketForecast, Lane, PriceProblem

MILLI = 1_000
Entry = tuple[int, float]


class Rows:
    """Grows by columns; `stock_row` finds the row of a place's SKU."""

    def __init__(self, *, problem: PriceProblem) -> None:
        self.problem = problem
        self.costs: list[float] = []
        self.starts: list[int] = [0]
        self.indices: list[int] = []
        self.values: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.stock_row: dict[tuple[int, int], int] = {}
        self.held = {
            (row.location_id, row.sku_id): row.quantity for row in problem.stock if row.quantity > 0
        }
        lanes_by_zone: defaultdict[int, list[Lane]] = defaultdict(list)
        for lane in problem.lanes:
            lanes_by_zone[lane.zone_id].append(lane)
        self._price_what_may_run_out(lanes_by_zone)
        for basket in problem.baskets:
            self._add_basket(basket, lanes_by_zone[basket.zone_id])

    def _price_what_may_run_out(self, lanes_by_zone: Mapping[int, list[Lane]]) -> None:
        asked: defaultdict[tuple[int, int], int] = defaultdict(int)
        for basket in self.problem.baskets:
            for lane in lanes_by_zone[basket.zone_id]:
                for sku_id, quantity in basket.quantity_by_sku:
                    asked[lane.location_id, sku_id] += basket.orders_milli * quantity
        for place, quantity in self.held.items():
            if asked[place] > quantity * MILLI:
                self.stock_row[place] = self._row(float("-inf"), quantity)

    def _add_basket(self, basket: BasketForecast, lanes: Iterable[Lane]) -> None:
        orders = basket.orders_milli / MILLI
        demand_rows = [self._row(orders, orders) for _ in basket.quantity_by_sku]
        for demand_row, (_, quantity) in zip(demand_rows, basket.quantity_by_sku, strict=True):
            cost = self.problem.unfilled_cost_milli / MILLI * quantity
            self._column(cost, [(demand_row, 1.0)])
        for lane in lanes:
            self._add_lane(basket, lane, demand_rows)

    def _add_lane(self, basket: BasketForecast, lane: Lane, demand_rows: list[int]) -> None:
        is_single = len(basket.quantity_by_sku) == 1
        parcel_cost = lane.parcel_cost_milli / MILLI
        opened: list[Entry] = []
        for demand_row, (sku_id, quantity) in zip(demand_rows, basket.quantity_by_sku, strict=True):
            place = lane.location_id, sku_id
            if place not in self.held:
                continue
            entries = [(demand_row, 1.0)]
            if not is_single:
                link = self._row(float("-inf"), 0.0)
                entries.append((link, 1.0))
                opened.append((link, -1.0))
            if place in self.stock_row:
                entries.append((self.stock_row[place], float(quantity)))
            cost = self._unit_cost(lane, sku_id) * quantity
            self._column(cost + parcel_cost if is_single else cost, entries)
        if opened:
            self._column(parcel_cost, opened)

    def _unit_cost(self, lane: Lane, sku_id: int) -> float:
        grams = self.problem.weight_grams_by_sku.get(sku_id, 0)
        return (lane.unit_cost_milli + lane.gram_cost_micro * grams / MILLI) / MILLI

    def _row(self, lower: float, upper: float) -> int:
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.lower) - 1

    def _column(self, cost: float, entries: list[Entry]) -> None:
        self.costs.append(cost)
        for index, value in entries:
            self.indices.append(index)
            self.values.append(value)
        self.starts.append(len(self.indices))
