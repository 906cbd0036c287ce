"""Decisions over HTTP: where goods come from, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Router, Schema

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of
from santong.orders import public as orders
from santong.routing.contracts import Choice, Decision, PlannedParcel, Quote
from santong.routing.selectors import decisions

router = Router(tags=["routing"])


class PortionOut(Schema):
    order_line_id: str
    sku_id: str
    quantity: int


class ParcelOut(Schema):
    """What one place is to send. Costs are in 1/1,000 of a minor unit, part by part."""

    location_id: str
    portions: list[PortionOut]
    cost_milli_by_part: dict[str, int]


class QuoteOut(Schema):
    """What a candidate would cost if it alone sent all that it can, or why it may not send."""

    location_id: str
    units: int
    is_whole: bool
    refusal: str | None
    cost_milli_by_part: dict[str, int]


class UnfilledOut(Schema):
    order_line_id: str
    sku_id: str
    quantity: int
    why: str


class ChoiceOut(Schema):
    """Which place sends what, what stays unfilled, what each candidate would cost, and why."""

    reason: str
    decided_by: str | None
    numbers: dict[str, int]
    cost_milli: int
    rules_version: int
    parcels: list[ParcelOut]
    unfilled: list[UnfilledOut]
    candidates: list[QuoteOut]


class DecisionOut(Schema):
    """A choice that was taken."""

    id: str
    order_id: str
    attempt: int
    cause: str
    decided_at: datetime
    took_microseconds: int
    choice: ChoiceOut


class ReplayOut(Schema):
    """The decision taken again from what it depended on."""

    is_same: bool
    choice: ChoiceOut


@router.get(
    "/orders/{order_id}/decisions", response=list[DecisionOut], auth=requires("routing.view")
)
def list_decisions(request: MerchantRequest, order_id: str) -> Any:
    """Every decision on an order, first to last."""
    return [_decision(each) for each in _seen(request, order_id)]


@router.get(
    "/orders/{order_id}/decisions/{decision_id}/replay",
    response=ReplayOut,
    auth=requires("routing.view"),
)
def replay(request: MerchantRequest, order_id: str, decision_id: str) -> Any:
    """Take a decision again: today's rules, the facts of its day."""
    wanted = id_of(decision_id, kind="decision")
    known = {each.id: each for each in _seen(request, order_id)}
    choice = decisions.replay_decision(
        merchant_id=request.merchant_id, decision_id=wanted if wanted in known else 0
    )
    return {"is_same": choice == known[wanted].choice, "choice": _choice(choice)}


def _seen(request: MerchantRequest, order_id: str) -> list[Decision]:
    """Decisions on an order that the caller may see."""
    order = orders.order_by_id(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        location_ids=request.actor.location_ids,
    )
    return decisions.decisions_of(merchant_id=request.merchant_id, order_id=order.id)


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "id": str(decision.id),
        "order_id": str(decision.order_id),
        "attempt": decision.attempt,
        "cause": decision.cause,
        "decided_at": decision.decided_at,
        "took_microseconds": decision.took_microseconds,
        "choice": _choice(decision.choice),
    }


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "reason": choice.reason.code,
        "decided_by": choice.reason.decided_by,
        "numbers": dict(choice.reason.numbers),
        "cost_milli": choice.cost_milli,
        "rules_version": choice.rules_version,
        "parcels": [_parcel(parcel) for parcel in choice.parcels],
        "unfilled": [
            {
                "order_line_id": str(line.line_id),
                "sku_id": str(line.sku_id),
                "quantity": line.quantity,
                "why": line.why,
            }
            for line in choice.unfilled
        ],
        "candidates": [_quote(quote) for quote in choice.quotes],
    }


def _parcel(parcel: PlannedParcel) -> dict[str, Any]:
    return {
        "location_id": str(parcel.location_id),
        "portions": [
            {
                "order_line_id": str(portion.line_id),
                "sku_id": str(portion.sku_id),
                "quantity": portion.quantity,
            }
            for portion in parcel.portions
        ],
        "cost_milli_by_part": parcel.cost.as_json(),
    }


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "location_id": str(quote.location_id),
        "units": quote.units,
        "is_whole": quote.is_whole,
        "refusal": quote.refusal,
        "cost_milli_by_part": quote.cost.as_json(),
    }
