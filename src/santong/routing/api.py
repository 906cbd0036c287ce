"""Decisions over HTTP: where goods come from, and why; and what they are decided by."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.etags import expected_version, set_etag
from santong.kernel.http.pages import id_of
from santong.orders import public as orders
from santong.routing.contracts import (
    Choice,
    Decision,
    PlannedParcel,
    Quote,
    RoutingPolicy,
    SplitLimit,
    Tariff,
)
from santong.routing.rules.tariffs import LARGEST
from santong.routing.selectors import decisions
from santong.routing.selectors.policies import current_policy
from santong.routing.services.set_policy import set_policy

router = Router(tags=["routing"])


class PortionOut(Schema):
    order_line_id: str
    sku_id: str
    quantity: int


class PlannedParcelOut(Schema):
    """What one place is to send. Costs are in 1/1,000 of a minor unit, part by part."""

    location_id: str
    portions: list[PortionOut]
    cost_milli_by_part: dict[str, int]


class PlaceQuoteOut(Schema):
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
    parcels: list[PlannedParcelOut]
    unfilled: list[UnfilledOut]
    candidates: list[PlaceQuoteOut]


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


def _rate(name: str) -> Any:
    return Field(strict=True, ge=0, le=LARGEST[name])


class TariffBody(Schema):
    """What turns parcels, distance, weight, doubt and delay into money.

    `_milli` are 1/1,000 of a minor unit of the order's currency, `_micro` 1/1,000,000, `_ppm`
    millionths of the goods' value. Parcel and handling come on top of what a place takes itself.
    """

    model_config = ConfigDict(extra="forbid")

    parcel_cost_milli: int = _rate("parcel_cost_milli")
    handling_cost_milli: int = _rate("handling_cost_milli")
    unit_handling_milli: int = _rate("unit_handling_milli")
    unfilled_cost_milli: int = _rate("unfilled_cost_milli")
    parcel_micro_per_km: int = _rate("parcel_micro_per_km")
    weight_micro_per_kg: int = _rate("weight_micro_per_kg")
    carriage_micro_per_kg_km: int = _rate("carriage_micro_per_kg_km")
    reroute_cost_milli: int = _rate("reroute_cost_milli")
    delay_cost_milli: int = _rate("delay_cost_milli")
    lateness_milli_per_minute: int = _rate("lateness_milli_per_minute")
    cross_owner_fee_milli: int = _rate("cross_owner_fee_milli")
    cross_owner_ppm: int = _rate("cross_owner_ppm")


class SplitLimitBody(Schema):
    """How many parcels an order may become, and below which value it stays one.

    Null is as many as it takes. Where the limit would leave lines unfilled, `hold` leaves them so
    and `fill` sends the fewest parcels that do not.
    """

    model_config = ConfigDict(extra="forbid")

    parcels_max: int | None = Field(strict=True, ge=1, le=LARGEST["parcels_max"])
    no_split_below_minor: int = _rate("no_split_below_minor")
    when_exceeded: Literal["fill", "hold"]


class PolicyIn(Schema):
    """Every rate is said, so that none is forgotten."""

    model_config = ConfigDict(extra="forbid")

    tariff: TariffBody
    limit: SplitLimitBody


class PolicyOut(Schema):
    """What holds. Version 0, changed never, is what holds where nothing has been said."""

    version: int
    changed_at: datetime | None
    tariff: TariffBody
    limit: SplitLimitBody


@router.get("/routing-policy", response=PolicyOut, auth=requires("routing.view"))
def show_the_policy(request: MerchantRequest, response: HttpResponse) -> Any:
    """What orders are routed by, with its version as ETag."""
    return _policy(response, current_policy(merchant_id=request.merchant_id))


@router.put("/routing-policy", response=PolicyOut, auth=requires("routing.edit"))
def replace_the_policy(request: MerchantRequest, response: HttpResponse, body: PolicyIn) -> Any:
    """Put another policy in place of the one that the caller saw (`If-Match`)."""
    policy = set_policy(
        merchant_id=request.merchant_id,
        tariff=Tariff(**body.tariff.dict()),
        limit=SplitLimit(**body.limit.dict()),
        expected_version=expected_version(request),
        now=datetime.now(UTC),
    )
    return _policy(response, policy)


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


def _policy(response: HttpResponse, policy: RoutingPolicy) -> dict[str, Any]:
    set_etag(response, version=policy.version)
    return {
        "version": policy.version,
        "changed_at": policy.changed_at,
        "tariff": policy.tariff.as_json(),
        "limit": policy.limit.as_json(),
    }


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
