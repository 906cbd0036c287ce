"""Every policy on one draw of the test-bed under one sequence of orders."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import NamedTuple

from _routing_policies import Outcome, Policy, Router, Stock, nearest_per_line, rule_engine, run
from _routing_testbed import MILLI_PER_DOLLAR, Instance, draw

SOLVES = 10
POLICIES = (
    "nearest_per_line",
    "rule_engine",
    "myopic",
    "one_solve",
    "one_solve_of_mean",
    "ten_solves",
)


class Task(NamedTuple):
    """Which draw, which sequence, how long a horizon."""

    scenario: str
    z: float
    seed: int
    sequence: int
    periods: int


@dataclass(frozen=True, slots=True)
class Result:
    """What each policy came to, and what no policy can do better than in expectation."""

    scenario: str
    bound_dollars: float
    outcome_by_policy: dict[str, Outcome] = field(default_factory=dict)
    solve_seconds: list[float] = field(default_factory=list)

    def to_bound(self, policy: str) -> float:
        return self.outcome_by_policy[policy].dollars / self.bound_dollars


def compared(task: Task) -> Result:
    """All policies from the same stock under the same orders."""
    instance = draw(seed=task.seed, z=task.z, periods=task.periods)
    sequence = instance.sequence(seed=2 * task.seed + task.sequence)
    started = time.perf_counter()
    prices = instance.prices(stock=instance.stock, periods_left=task.periods)
    result = Result(
        scenario=task.scenario,
        bound_dollars=prices.bound_milli / MILLI_PER_DOLLAR,
        solve_seconds=[time.perf_counter() - started],
    )
    once, of_mean = Router(instance), Router(instance)
    once.use(prices)
    of_mean.use(instance.prices_of_mean())
    policies: dict[str, Policy] = {
        "nearest_per_line": nearest_per_line(instance),
        "rule_engine": rule_engine(instance),
        "myopic": Router(instance),
        "one_solve": once,
        "one_solve_of_mean": of_mean,
        "ten_solves": _solving_again(instance, result.solve_seconds),
    }
    for name in POLICIES:
        result.outcome_by_policy[name] = run(
            instance=instance,
            sequence=sequence,
            policy=policies[name],
            stock=instance.stock.copy(),
        )
    return result


def _solving_again(instance: Instance, seconds: list[float]) -> Policy:
    """The router whose prices are solved again at each tenth of the horizon."""
    router = Router(instance)
    served = 0

    def senders(metro: int, order_type: int, stock: Stock) -> dict[int, int]:
        nonlocal served
        if served % (instance.periods // SOLVES) == 0:
            started = time.perf_counter()
            router.use(instance.prices(stock=stock, periods_left=instance.periods - served))
            seconds.append(time.perf_counter() - started)
        served += 1
        return router(metro, order_type, stock)

    return senders
