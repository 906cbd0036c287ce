"""What sourcing is asked and what it answers: plain values, stored with the order and read back.

Every amount is an integer, so that a decision read back from storage is taken again bit for bit.
`_milli` counts thousandths of a minor unit of the order's currency (1,000 = one fen), `_micro`
millionths; `_ppm` is a share in millionths. Nothing here says who the buyer is or where: a place
is described by its distance only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal, Self, TypeGuard, get_args

Mode = Literal["ship", "pickup", "courier"]
CostPart = Literal[
    "parcel",
    "handling",
    "distance",
    "weight",
    "scarcity",
    "risk",
    "markdown",
    "lateness",
    "cross_owner",
]
COST_PARTS: tuple[CostPart, ...] = get_args(CostPart)
Refusal = Literal[
    "excluded",
    "not_the_chosen_place",
    "not_capable",
    "not_open",
    "no_consent",
    "no_capacity",
    "no_stock",
]
TieBreak = Literal["parcels", "arrival", "found", "load", "age", "location"]
WhyUnfilled = Literal["no_stock", "stock_only_at_refused_places", "split_limit"]
WhyChosen = Literal[
    "nothing_to_send",
    "chosen_by_buyer",
    "only_place",
    "cheapest_place",
    "tie_broken",
    "split_needed",
    "split_cheaper",
    "limit_kept",
]
Search = Literal["none", "lines", "places", "greedy"]


class _Stored:
    """Written as JSON by the names of its fields; `nested` says which of them hold contracts."""

    __slots__: tuple[str, ...] = ()
    nested: ClassVar["Nested"] = {}

    def as_json(self) -> dict[str, Any]:
        nested = self.nested
        return {
            name: _written(value) if name in nested or type(value) is tuple else value
            for name in self.__slots__
            for value in (getattr(self, name),)
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**{name: _read(value, cls.nested.get(name)) for name, value in stored.items()})


def _written(value: Any) -> Any:
    if isinstance(value, _Stored):
        return value.as_json()
    return [_written(row) for row in value] if _holds_rows(value) else value


def _read(value: Any, contract: type[_Stored] | None) -> Any:
    if _holds_rows(value):
        return tuple(_read(row, contract) for row in value)
    return contract.from_json(value) if contract else value


def _holds_rows(value: Any) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, tuple | list)


Nested = Mapping[str, type[_Stored]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandLine(_Stored):
    """One order line that has to be sourced. Weight and value are those of one unit."""

    line_id: int
    sku_id: int
    quantity: int
    weight_grams: int = 0
    value_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf(_Stored):
    """What one place can promise of one SKU, and what a unit taken from there is worth.

    `price_milli` is the scarcity price (the dual of the stock), `found_ppm` the chance that the
    picker finds the unit, `markdown_milli` the credit for moving stock that would be marked down.
    """

    sku_id: int
    atp: int
    price_milli: int = 0
    found_ppm: int = 1_000_000
    markdown_milli: int = 0
    age_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate(_Stored):
    """One place that may serve the order: what it holds, what a parcel from it costs, who it is.

    `tier` is what the operator's rules made of the place: a lower tier is asked first.
    `capacity_left` counts parcels today, None means without limit. For a pickup the parcel cost
    is what the hand-over at the counter costs.
    """

    nested: ClassVar[Nested] = {"shelves": Shelf}

    location_id: int
    shelves: tuple[Shelf, ...]
    distance_metres: int = 0
    arrives_in_minutes: int = 0
    parcel_cost_milli: int = 0
    handling_cost_milli: int = 0
    unit_handling_milli: int = 0
    accept_ppm: int = 1_000_000
    capacity_left: int | None = None
    recent_load: int = 0
    tier: int = 0
    is_open: bool = True
    is_capable: bool = True
    has_consent: bool = True
    is_cross_owner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff(_Stored):
    """The rates that turn distance, weight, doubt and delay into money.

    What a parcel, its handling and each unit in it cost comes on top of what the place itself
    takes, and is part of the candidates' costs when a decision is asked for. Every further parcel
    costs a parcel again: that is the price of splitting. A unit that stays unfilled costs
    `unfilled_cost_milli`, which no scarcity price exceeds; 0 means twice the dearest way.
    """

    parcel_cost_milli: int = 0
    handling_cost_milli: int = 0
    unit_handling_milli: int = 0
    unfilled_cost_milli: int = 0
    parcel_micro_per_km: int = 0
    weight_micro_per_kg: int = 0
    carriage_micro_per_kg_km: int = 0
    reroute_cost_milli: int = 0
    delay_cost_milli: int = 0
    lateness_milli_per_minute: int = 0
    cross_owner_fee_milli: int = 0
    cross_owner_ppm: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitLimit(_Stored):
    """How far an order may be split, and what gives way when stock lies further apart.

    "fill" sends the fewest parcels that leave nothing unfilled; "hold" keeps the limit and
    leaves lines unfilled.
    """

    parcels_max: int | None = None
    no_split_below_minor: int = 0
    when_exceeded: Literal["fill", "hold"] = "fill"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingPolicy:
    """What a merchant's parcels cost and how far its orders may be split.

    Version 0 is what holds where the merchant has said nothing.
    """

    tariff: Tariff
    limit: SplitLimit
    version: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcingInput(_Stored):
    """Everything a decision depends on. The same input has the same answer, today and in a year.

    `set_aside` counts the places that held stock and are not listed, by reason.
    """

    nested: ClassVar[Nested] = {
        "lines": DemandLine,
        "candidates": Candidate,
        "tariff": Tariff,
        "limit": SplitLimit,
    }

    lines: tuple[DemandLine, ...]
    candidates: tuple[Candidate, ...]
    mode: Mode = "ship"
    tariff: Tariff = field(default_factory=Tariff)
    limit: SplitLimit = field(default_factory=SplitLimit)
    promised_in_minutes: int | None = None
    pickup_location_id: int | None = None
    excluded_location_ids: tuple[int, ...] = ()
    set_aside: Mapping[Refusal, int] = field(default_factory=dict[Refusal, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class CostParts(_Stored):
    """What one parcel, or one candidate, costs, part by part. A markdown credit is negative."""

    parcel: int = 0
    handling: int = 0
    distance: int = 0
    weight: int = 0
    scarcity: int = 0
    risk: int = 0
    markdown: int = 0
    lateness: int = 0
    cross_owner: int = 0

    @property
    def total_milli(self) -> int:
        return (
            (self.parcel + self.handling + self.distance)
            + (self.weight + self.scarcity + self.risk)
            + (self.markdown + self.lateness + self.cross_owner)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(_Stored):
    """What a candidate would cost if it alone sent all that it can of the order."""

    nested: ClassVar[Nested] = {"cost": CostParts}

    location_id: int
    units: int
    is_whole: bool
    refusal: Refusal | None
    cost: CostParts


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion(_Stored):
    line_id: int
    sku_id: int
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedParcel(_Stored):
    """What one place is to send, and what that costs."""

    nested: ClassVar[Nested] = {"portions": Portion, "cost": CostParts}

    location_id: int
    portions: tuple[Portion, ...]
    cost: CostParts


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfilledLine(_Stored):
    line_id: int
    sku_id: int
    quantity: int
    why: WhyUnfilled


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(_Stored):
    """Why this choice, as a code and its numbers; the words are found where it is shown.

    `decided_by` is the cost part, or the tie-break, that weighed most against the runner-up.
    """

    code: WhyChosen
    decided_by: CostPart | TieBreak | None = None
    numbers: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(_Stored):
    """Which place sends what, what stays unfilled, what each candidate would cost, and why."""

    nested: ClassVar[Nested] = {
        "parcels": PlannedParcel,
        "unfilled": UnfilledLine,
        "quotes": Quote,
        "reason": Reason,
    }

    parcels: tuple[PlannedParcel, ...]
    unfilled: tuple[UnfilledLine, ...]
    quotes: tuple[Quote, ...]
    reason: Reason
    search: Search
    rules_version: int

    @property
    def cost_milli(self) -> int:
        return sum(parcel.cost.total_milli for parcel in self.parcels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A choice that was taken: what it depended on, what came of it, how long it took."""

    id: int
    order_id: int
    attempt: int
    cause: str
    sourcing: SourcingInput
    choice: Choice
    took_microseconds: int
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What became of an order that was handed in. Without a decision, nothing was decided yet."""

    order_id: int
    is_new: bool
    decision: Decision | None
