"""The door of routing: where an order's goods come from, and why."""

from santong.routing.contracts import (
    COST_PARTS,
    Candidate,
    Choice,
    CostPart,
    CostParts,
    Decision,
    DemandLine,
    PlannedParcel,
    Portion,
    Promise,
    Quote,
    Reason,
    Refusal,
    RoutingPolicy,
    Shelf,
    SourcingInput,
    SplitLimit,
    Tariff,
    TieBreak,
    UnfilledLine,
    WhyChosen,
    WhyUnfilled,
)
from santong.routing.errors import NothingCanServe, OutOfStock, TooContended
from santong.routing.rules.decide import decide
from santong.routing.rules.prices.expect import expected_prices
from santong.routing.rules.prices.problem import (
    BasketForecast,
    Lane,
    PriceProblem,
    Prices,
    StockLeft,
)
from santong.routing.rules.prices.solve import solve_prices as prices_of
from santong.routing.selectors.checks import check_invariants
from santong.routing.selectors.decisions import decisions_of, replay_decision
from santong.routing.selectors.policies import current_policy
from santong.routing.services.promise_order import promise_order
from santong.routing.services.reroute import reroute
from santong.routing.services.set_policy import set_policy
from santong.routing.services.solve_prices import solve_prices
from santong.routing.services.source_rest import source_rest

__all__ = [
    "COST_PARTS",
    "BasketForecast",
    "Candidate",
    "Choice",
    "CostPart",
    "CostParts",
    "Decision",
    "DemandLine",
    "Lane",
    "NothingCanServe",
    "OutOfStock",
    "PlannedParcel",
    "Portion",
    "PriceProblem",
    "Prices",
    "Promise",
    "Quote",
    "Reason",
    "Refusal",
    "RoutingPolicy",
    "Shelf",
    "SourcingInput",
    "SplitLimit",
    "StockLeft",
    "Tariff",
    "TieBreak",
    "TooContended",
    "UnfilledLine",
    "WhyChosen",
    "WhyUnfilled",
    "check_invariants",
    "current_policy",
    "decide",
    "decisions_of",
    "expected_prices",
    "prices_of",
    "promise_order",
    "replay_decision",
    "reroute",
    "set_policy",
    "solve_prices",
    "source_rest",
]
