"""Why orders went where they went, for agents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import Field

from santong.agents.rules.explaining import explained
from santong.agents.tools.orders import OrderAsked
from santong.agents.tools.registry import Call, Told, Tool, Words
from santong.agents.tools.shapes import MoneyMilli
from santong.kernel.http.pages import id_of
from santong.orders import public as orders
from santong.routing import public as routing
from santong.stores import public as stores

MOST_DECISIONS = 10
MOST_CANDIDATES = 30


class PlaceNamed(Told):
    """A place."""

    location_id: str
    code: str
    name: str


class UnitsOfLine(Told):
    """Units of one order line."""

    line_id: str
    sku_code: str
    quantity: int


class ParcelTold(Told):
    """What one place was to send, and what that costs, part by part."""

    place: PlaceNamed
    lines: list[UnitsOfLine]
    cost: MoneyMilli
    cost_milli_by_part: dict[str, int]


class CandidateTold(Told):
    """What a place would have cost had it alone sent all it could, or why it may not send."""

    place: PlaceNamed
    units: int
    sends_everything: bool
    refusal: str | None
    distance_metres: int | None
    cost: MoneyMilli
    cost_milli_by_part: dict[str, int]
    was_chosen: bool


class UnfilledTold(Told):
    """Units that no place was found for."""

    line_id: str
    sku_code: str
    quantity: int
    why: str


class DecisionTold(Told):
    """One decision: what was chosen, among which candidates, and why."""

    decision_id: str
    attempt: int
    cause: str
    decided_at: datetime
    why_zh: str
    why_en: str
    reason: str
    decided_by: str | None
    parcels: list[ParcelTold]
    unfilled: list[UnfilledTold]
    candidates: list[CandidateTold] = Field(description="Those chosen, then the cheapest.")
    candidates_left_out: int
    set_aside: dict[str, int] = Field(
        description="How many places held stock and were not compared, by reason."
    )
    rules_version: int


class RouteTold(Told):
    """Every decision on an order, first to last."""

    order_id: str
    external_number: str
    decisions: list[DecisionTold]
    decisions_left_out: int


def _explain(call: Call, asked: OrderAsked) -> RouteTold:
    order = orders.order_by_id(
        merchant_id=call.merchant_id,
        order_id=id_of(asked.order_id, kind="order"),
        location_ids=call.actor.location_ids,
    )
    every = routing.decisions_of(merchant_id=call.merchant_id, order_id=order.id)
    shown = every[-MOST_DECISIONS:]
    places = stores.locations_by_id(
        merchant_id=call.merchant_id, location_ids=_places_of(decision.choice for decision in shown)
    )
    return RouteTold(
        order_id=str(order.id),
        external_number=order.external_number,
        decisions=[_decision(each, order, places) for each in shown],
        decisions_left_out=len(every) - len(shown),
    )


def _places_of(choices: Iterable[routing.Choice]) -> set[int]:
    return {
        location_id
        for choice in choices
        for location_id in (
            *(quote.location_id for quote in choice.quotes),
            *(parcel.location_id for parcel in choice.parcels),
        )
    }


def _decision(
    decision: routing.Decision, order: orders.Order, places: dict[int, stores.Location]
) -> DecisionTold:
    choice = decision.choice
    words = explained(
        choice=choice,
        name_by_id={place.id: place.name for place in places.values()},
        currency=order.currency,
    )
    code_by_line = {line.id: line.sku_code for line in order.lines}
    quotes = _chosen_first(choice)
    return DecisionTold(
        decision_id=str(decision.id),
        attempt=decision.attempt,
        cause=decision.cause,
        decided_at=decision.decided_at,
        why_zh=words.zh,
        why_en=words.en,
        reason=choice.reason.code,
        decided_by=choice.reason.decided_by,
        parcels=[_parcel(each, code_by_line, order.currency, places) for each in choice.parcels],
        unfilled=[
            UnfilledTold(
                line_id=str(line.line_id),
                sku_code=code_by_line.get(line.line_id, ""),
                quantity=line.quantity,
                why=line.why,
            )
            for line in choice.unfilled
        ],
        candidates=[
            _candidate(quote, decision, order.currency, places)
            for quote in quotes[:MOST_CANDIDATES]
        ],
        candidates_left_out=max(0, len(quotes) - MOST_CANDIDATES),
        set_aside={reason: count for reason, count in decision.sourcing.set_aside.items() if count},
        rules_version=choice.rules_version,
    )


def _chosen_first(choice: routing.Choice) -> list[routing.Quote]:
    """The places that were chosen, then those that could send most, the cheapest first."""
    chosen = {parcel.location_id for parcel in choice.parcels}
    return sorted(
        choice.quotes,
        key=lambda quote: (
            quote.location_id not in chosen,
            quote.refusal is not None,
            not quote.is_whole,
            -quote.units,
            quote.cost.total_milli,
            quote.location_id,
        ),
    )


def _parcel(
    parcel: routing.PlannedParcel,
    code_by_line: dict[int, str],
    currency: str,
    places: dict[int, stores.Location],
) -> ParcelTold:
    return ParcelTold(
        place=_place(parcel.location_id, places),
        lines=[
            UnitsOfLine(
                line_id=str(portion.line_id),
                sku_code=code_by_line.get(portion.line_id, ""),
                quantity=portion.quantity,
            )
            for portion in parcel.portions
        ],
        cost=MoneyMilli(amount_milli=parcel.cost.total_milli, currency=currency),
        cost_milli_by_part=_parts(parcel.cost),
    )


def _candidate(
    quote: routing.Quote,
    decision: routing.Decision,
    currency: str,
    places: dict[int, stores.Location],
) -> CandidateTold:
    metres = {each.location_id: each.distance_metres for each in decision.sourcing.candidates}
    chosen = {parcel.location_id for parcel in decision.choice.parcels}
    return CandidateTold(
        place=_place(quote.location_id, places),
        units=quote.units,
        sends_everything=quote.is_whole,
        refusal=quote.refusal,
        distance_metres=metres.get(quote.location_id),
        cost=MoneyMilli(amount_milli=quote.cost.total_milli, currency=currency),
        cost_milli_by_part=_parts(quote.cost),
        was_chosen=quote.location_id in chosen,
    )


def _parts(cost: routing.CostParts) -> dict[str, int]:
    return {part: milli for part, milli in cost.as_json().items() if milli}


def _place(location_id: int, places: dict[int, stores.Location]) -> PlaceNamed:
    place = places.get(location_id)
    return PlaceNamed(
        location_id=str(location_id),
        code=place.code if place else "",
        name=place.name if place else "",
    )


TOOLS: tuple[Tool[Any, Any], ...] = (
    Tool(
        name="explain_route",
        title=Words(zh="订单为什么这样派", en="Why an order went there"),
        about=Words(
            zh="一张订单的每次派单决定：选了哪些地点、有哪些候选、每个候选的成本分项和不能发的原因。",
            en="Every routing decision on an order: which places were chosen, the candidates, what"
            " each would have cost part by part, and why some could not send.",
        ),
        permission="routing.view",
        takes=OrderAsked,
        gives=RouteTold,
        does=_explain,
    ),
)
