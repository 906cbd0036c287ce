"""What a replay found, ready to be told on screen and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from santong.simulation.rules.delivery.judge import Judgement
from santong.simulation.rules.olist.tables import OlistData
from santong.simulation.rules.replay.compare import Outcome
from santong.simulation.rules.replay.freight import FreightRates
from santong.simulation.rules.replay.world import World

BEST = "dual prices"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Policies on the same orders and stock. `bound_milli` is the least that sending could cost.

    `common_cost_minor` is what an order cost that every policy filled whole.
    """

    as_it_was: Outcome
    outcomes: tuple[Outcome, ...]
    common_orders: int
    common_cost_minor: Mapping[str, float]
    bound_milli: int

    def outcome(self, name: str) -> Outcome:
        """What one policy came to."""
        return next(outcome for outcome in self.outcomes if outcome.name == name)


@dataclass(frozen=True, slots=True)
class LiveRun:
    """What happened when the orders went through the doors that live orders go through."""

    orders_placed: int
    orders_served: int  # those that got anything
    orders_refused: Mapping[str, int]
    pieces_wanted: int
    pieces_promised: int
    parcels: int
    seconds_of_placing: float
    p50_ms: float
    p95_ms: float
    accepted: int
    declined: Mapping[str, int]
    rerouted: int
    delivered: int
    oversold_pieces: int
    shortfalls: int
    findings: tuple[str, ...]
    metres: tuple[int, ...]

    @property
    def median_km(self) -> float:
        return median(self.metres) / 1_000 if self.metres else 0.0

    @property
    def orders_per_s(self) -> float:
        return self.orders_placed / self.seconds_of_placing if self.seconds_of_placing else 0.0


@dataclass(frozen=True, slots=True)
class ReplayReport:
    made_at: datetime
    directory: str
    data: OlistData
    world: World
    rates: FreightRates
    comparison: Comparison
    judgement: Judgement | None
    live: LiveRun | None
