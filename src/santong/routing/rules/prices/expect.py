"""Prices for demand that is only expected: the mean over many ways that it may turn out.

A programme over mean demand holds a unit for free where demand, on average, leaves it over. But
of three shirts that one is expected to ask for, the third is sometimes asked for too. Solving
for demand that is drawn, and taking the mean of the prices, gives a unit its chance of being
missed (Talluri & van Ryzin, "A randomized linear programming method for computing network bid
prices", Transportation Science 1999).
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from santong.routing.rules.prices.problem import PriceProblem, Prices
from santong.routing.rules.prices.rows import MILLI
from santong.routing.rules.prices.solve import solve_prices

# As many draws as tell a unit that is sometimes missed from one that never is; any seed would do.
DRAWS = 10
SEED = 1


def expected_prices(*, problem: PriceProblem, draws: int = DRAWS, seed: int = SEED) -> Prices:
    """The mean price of each place's stock over so many draws of demand; the same for a seed.

    The bound is that of the mean demand.
    """
    total: dict[tuple[int, int], int] = {}
    for drawn in _drawn(problem, draws, seed):
        for place, price_milli in solve_prices(problem=drawn).price_milli_by_place.items():
            total[place] = total.get(place, 0) + price_milli
    return Prices(
        price_milli_by_place={
            place: mean for place, sum_milli in total.items() if (mean := sum_milli // draws)
        },
        bound_milli=solve_prices(problem=problem).bound_milli,
    )


def _drawn(problem: PriceProblem, draws: int, seed: int) -> Iterator[PriceProblem]:
    """The problem with as many orders of each basket as chance, a Poisson law, makes of them."""
    random = np.random.Generator(np.random.PCG64(seed))
    expected = [basket.orders_milli / MILLI for basket in problem.baskets]
    for _ in range(draws):
        orders = random.poisson(expected).tolist()
        baskets = [
            replace(basket, orders_milli=count * MILLI)
            for basket, count in zip(problem.baskets, orders, strict=True)
            if count
        ]
        yield replace(problem, baskets=baskets)
