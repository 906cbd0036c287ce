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
    Shelf,
    SourcingInput,
    SplitLimit,
    Tariff,
    UnfilledLine,
)
from santong.routing.errors import NothingCanServe, OutOfStock, TooContended
from santong.routing.rules.decide import decide
from santong.routing.selectors.checks import check_invariants
from santong.routing.selectors.decisions import decisions_of, replay_decision
from santong.routing.services.promise_order import promise_order
from santong.routing.services.reroute import reroute

__all__ = [
    "COST_PARTS",
    "Candidate",
    "Choice",
    "CostPart",
    "CostParts",
    "Decision",
    "DemandLine",
    "NothingCanServe",
    "OutOfStock",
    "PlannedParcel",
    "Portion",
    "Promise",
    "Quote",
    "Reason",
    "Shelf",
    "SourcingInput",
    "SplitLimit",
    "Tariff",
    "TooContended",
    "UnfilledLine",
    "check_invariants",
    "decide",
    "decisions_of",
    "promise_order",
    "replay_decision",
    "reroute",
]
