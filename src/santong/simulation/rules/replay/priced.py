"""The two policies that price: Santong's own sourcing rules, without and with scarcity prices."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from santong.routing import public as routing
from santong.simulation.rules.olist.tables import Point
from santong.simulation.rules.replay.freight import FreightRates
from santong.simulation.rules.replay.policies import metres_by_place, wanted_by_good
from santong.simulation.rules.replay.shelves import Portion, Shelves
from santong.simulation.rules.replay.world import WantedOrder, World, metres_to

SOLVES = 10
DRAWS = 5  # ways in which demand may turn out
SALES_WORTH_OF_THE_OPENING_STOCK = 2.0
ZONE_SHARE_MIN = 0.015
PRICED_FROM_PIECES = 3  # what sells less has no forecast to price by
MILLI = 1_000
NEVER_WORTH_IT = 20  # times the dearest parcel: a piece left unsent
UNFILLED_COST_TIMES = 2  # of the dearest parcel: filling always pays


class Numbers:
    """The whole numbers that sourcing knows places and goods by."""

    def __init__(self, *, world: World) -> None:
        self.places = tuple(sorted(world.places))
        self.goods = tuple(sorted(world.goods))
        self.number_by_place = {code: number for number, code in enumerate(self.places)}
        self.number_by_good = {code: number for number, code in enumerate(self.goods)}


@dataclass(frozen=True, slots=True)
class Myopic:
    """The cheapest set of places for this order, as if no other order came."""

    world: World
    rates: FreightRates
    numbers: Numbers
    name: str = "myopic"

    def portions(self, *, order: WantedOrder, shelves: Shelves) -> Sequence[Portion]:
        return decided(
            order=order,
            shelves=shelves,
            world=self.world,
            rates=self.rates,
            numbers=self.numbers,
            price_milli={},
        )


@dataclass(slots=True)
class DualPrices:
    """The same with a price on scarce stock, solved again ten times over the period.

    A price comes from sales before it only. At the start the opening stock is the forecast.
    """

    world: World
    rates: FreightRates
    numbers: Numbers
    name: str = "dual prices"
    _sold: Counter[str] = field(default_factory=Counter[str])
    _buyers: dict[str, list[Point]] = field(default_factory=lambda: defaultdict(list))
    _price_milli: Mapping[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])
    _next_solve_at: datetime | None = None

    def portions(self, *, order: WantedOrder, shelves: Shelves) -> Sequence[Portion]:
        if self._next_solve_at is None or order.placed_at >= self._next_solve_at:
            self._solve(order.placed_at, shelves)
        for good, pieces in wanted_by_good(order=order).items():
            self._sold[good] += pieces
        self._buyers[order.address.state].append(order.point)
        return decided(
            order=order,
            shelves=shelves,
            world=self.world,
            rates=self.rates,
            numbers=self.numbers,
            price_milli=self._price_milli,
        )

    def _solve(self, now: datetime, shelves: Shelves) -> None:
        starts_at, ends_at = self.world.orders[0].placed_at, self.world.orders[-1].placed_at
        self._next_solve_at = now + (ends_at - starts_at) / SOLVES + timedelta(seconds=1)
        zones = zones_of(self._buyers)
        if not zones:
            return
        expected = self._expected(now, starts_at=starts_at, ends_at=ends_at)
        problem = price_problem(
            expected=expected,
            zones=zones,
            shelves=shelves,
            world=self.world,
            rates=self.rates,
            numbers=self.numbers,
        )
        prices = routing.expected_prices(problem=problem, draws=DRAWS, seed=self.world.rule.seed)
        self._price_milli = prices.price_milli_by_place

    def _expected(
        self, now: datetime, *, starts_at: datetime, ends_at: datetime
    ) -> dict[str, float]:
        """The pieces of each product still to be sold, as far as one can tell now."""
        period = (ends_at - starts_at) / timedelta(days=1)
        gone, left = (now - starts_at) / timedelta(days=1), (ends_at - now) / timedelta(days=1)
        opening: Counter[str] = Counter()
        for (_, good), pieces in self.world.stock.items():
            opening[good] += pieces
        worth = SALES_WORTH_OF_THE_OPENING_STOCK
        spare = 1 + self.world.rule.spare_percent / 100
        expected: dict[str, float] = {}
        for good, pieces in opening.items():
            planned_per_day = pieces / spare / period
            per_day = (self._sold[good] + worth) / (gone + worth / planned_per_day)
            expected[good] = per_day * left
        return expected


@dataclass(frozen=True, slots=True)
class Zone:
    """Buyers of one state, or of several small ones: where they are, and their share."""

    point: Point
    share: float


def zones_of(buyers: Mapping[str, Sequence[Point]]) -> list[Zone]:
    """A zone for each state with enough buyers; the small states' buyers are one more."""
    everyone = sum(len(points) for points in buyers.values())
    zones: list[Zone] = []
    rest: list[Point] = []
    for _, points in sorted(buyers.items()):
        if len(points) >= ZONE_SHARE_MIN * everyone:
            zones.append(Zone(_middle(points), len(points) / everyone))
        else:
            rest += points
    return [*zones, Zone(_middle(rest), len(rest) / everyone)] if rest else zones


def price_problem(
    *,
    expected: Mapping[str, float],
    zones: Sequence[Zone],
    shelves: Shelves,
    world: World,
    rates: FreightRates,
    numbers: Numbers,
) -> routing.PriceProblem:
    """What sourcing is to price: products that lie in several places and may run out in one."""
    scarce = {
        good: dict(holding)
        for good in numbers.goods
        if len(holding := shelves.holding(good=good)) > 1
        and expected.get(good, 0.0) > PRICED_FROM_PIECES
    }
    places = sorted({place for holding in scarce.values() for place in holding})
    baskets = [
        routing.BasketForecast(
            zone_id=number,
            quantity_by_sku=((numbers.number_by_good[good], 1),),
            orders_milli=round(expected[good] * zone.share * MILLI),
        )
        for good in scarce
        for number, zone in enumerate(zones)
    ]
    stock = [
        routing.StockLeft(
            location_id=numbers.number_by_place[place],
            sku_id=numbers.number_by_good[good],
            quantity=pieces,
        )
        for good, holding in scarce.items()
        for place, pieces in holding.items()
    ]
    lanes = [
        _lane(number, zone, place, world=world, rates=rates, numbers=numbers)
        for number, zone in enumerate(zones)
        for place in places
    ]
    dearest = max((lane.parcel_cost_milli for lane in lanes), default=0)
    return routing.PriceProblem(
        baskets=baskets,
        lanes=lanes,
        stock=stock,
        unfilled_cost_milli=UNFILLED_COST_TIMES * dearest,
        weight_grams_by_sku={
            numbers.number_by_good[good]: world.goods[good].weight_grams for good in scarce
        },
    )


def bound_milli(*, world: World, rates: FreightRates, numbers: Numbers, unfilled: int) -> int:
    """The least that sending all but so many pieces could have cost, had one known all orders."""
    shelves = Shelves(stock=world.stock)
    baskets: list[routing.BasketForecast] = []
    lanes: list[routing.Lane] = []
    for number, order in enumerate(world.orders):
        wanted = wanted_by_good(order=order)
        baskets.append(
            routing.BasketForecast(
                zone_id=number,
                quantity_by_sku=tuple(
                    (numbers.number_by_good[good], pieces) for good, pieces in wanted.items()
                ),
                orders_milli=MILLI,
            )
        )
        zone = Zone(order.point, 0.0)
        lanes += [
            _lane(number, zone, place, world=world, rates=rates, numbers=numbers)
            for place in metres_by_place(order=order, places=world.places, shelves=shelves)
        ]
    stock = [
        routing.StockLeft(
            location_id=numbers.number_by_place[place],
            sku_id=numbers.number_by_good[good],
            quantity=pieces,
        )
        for (place, good), pieces in world.stock.items()
    ]
    unfilled_cost_milli = NEVER_WORTH_IT * max(lane.parcel_cost_milli for lane in lanes)
    prices = routing.prices_of(
        problem=routing.PriceProblem(
            baskets=baskets,
            lanes=lanes,
            stock=stock,
            unfilled_cost_milli=unfilled_cost_milli,
            weight_grams_by_sku={
                number: world.goods[good].weight_grams
                for good, number in numbers.number_by_good.items()
            },
        )
    )
    return prices.bound_milli - unfilled * unfilled_cost_milli


def decided(
    *,
    order: WantedOrder,
    shelves: Shelves,
    world: World,
    rates: FreightRates,
    numbers: Numbers,
    price_milli: Mapping[tuple[int, int], int],
) -> list[Portion]:
    """What Santong's sourcing rules send, asked as a live order asks them."""
    metres = metres_by_place(order=order, places=world.places, shelves=shelves)
    choice = routing.decide(
        sourcing=routing.SourcingInput(
            lines=tuple(
                routing.DemandLine(
                    line_id=number,
                    sku_id=numbers.number_by_good[good],
                    quantity=pieces,
                    weight_grams=world.goods[good].weight_grams,
                )
                for number, (good, pieces) in enumerate(wanted_by_good(order=order).items())
            ),
            candidates=tuple(
                _candidate(
                    place,
                    away,
                    order=order,
                    shelves=shelves,
                    rates=rates,
                    numbers=numbers,
                    price_milli=price_milli,
                )
                for place, away in metres.items()
            ),
            tariff=tariff_of(rates=rates),
        )
    )
    return [
        Portion(numbers.places[parcel.location_id], numbers.goods[portion.sku_id], portion.quantity)
        for parcel in choice.parcels
        for portion in parcel.portions
    ]


def tariff_of(*, rates: FreightRates) -> routing.Tariff:
    """The fitted freight as sourcing's own tariff. What a refusal costs, nobody has published."""
    return routing.Tariff(
        parcel_cost_milli=rates.parcel_milli,
        parcel_micro_per_km=rates.parcel_micro_per_km,
        weight_micro_per_kg=rates.weight_micro_per_kg,
        carriage_micro_per_kg_km=rates.carriage_micro_per_kg_km,
    )


def _candidate(
    place: str,
    away: int,
    *,
    order: WantedOrder,
    shelves: Shelves,
    rates: FreightRates,
    numbers: Numbers,
    price_milli: Mapping[tuple[int, int], int],
) -> routing.Candidate:
    location_id = numbers.number_by_place[place]
    shelf: list[routing.Shelf] = []
    for good in wanted_by_good(order=order):
        pieces = shelves.holding(good=good).get(place, 0)
        if pieces:
            sku_id = numbers.number_by_good[good]
            price = price_milli.get((location_id, sku_id), 0)
            shelf.append(routing.Shelf(sku_id=sku_id, atp=pieces, price_milli=price))
    return routing.Candidate(
        location_id=location_id,
        shelves=tuple(shelf),
        distance_metres=away,
        parcel_cost_milli=rates.parcel_milli,
    )


def _lane(
    number: int, zone: Zone, place: str, *, world: World, rates: FreightRates, numbers: Numbers
) -> routing.Lane:
    metres = metres_to(place=world.places[place], point=zone.point)
    per_kg_micro = metres * rates.carriage_micro_per_kg_km // 1_000 + rates.weight_micro_per_kg
    return routing.Lane(
        zone_id=number,
        location_id=numbers.number_by_place[place],
        parcel_cost_milli=rates.parcel_cost_milli(metres=metres, grams=0),
        gram_cost_micro=per_kg_micro // 1_000,
    )


def _middle(points: Sequence[Point]) -> Point:
    return Point(
        latitude=median(point.latitude for point in points),
        longitude=median(point.longitude for point in points),
    )
