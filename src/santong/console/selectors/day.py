"""What happened today, what waits, and how places answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from santong.console.selectors import facts
from santong.fulfilment import public as fulfilment
from santong.orders import public as orders
from santong.stores import public as stores

HOURS = 24
STATES = (
    "placed",
    "paid",
    "paid_without_stock",
    "partly_shipped",
    "shipped",
    "delivered",
    "cancelled",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day's orders: by state, by hour, and what they come to in each currency."""

    begins: datetime
    ends: datetime
    count_by_state: dict[str, int]
    count_by_hour: list[int]
    before_by_hour: list[int]
    minor_by_currency: dict[str, int]

    @property
    def orders(self) -> int:
        return sum(self.count_by_state.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How one place has answered, with its name."""

    place: stores.Location | None
    accepted: int
    asked: int
    declined: int
    timed_out: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for a person or a machine."""

    cases: list[fulfilment.ExceptionCase]
    case_count: int
    lag: facts.Lag
    dead: int


def day_of(
    *, merchant_id: int, timezone: str, location_ids: frozenset[int] | None, now: datetime
) -> Day:
    """The day that it is on the merchant's clock, beside the day before."""
    zone = ZoneInfo(timezone)
    begins = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = begins + timedelta(days=1)
    figures = orders.figures_by_hour(
        merchant_id=merchant_id,
        placed_from=begins - timedelta(days=1),
        placed_until=ends,
        location_ids=location_ids,
    )
    today = [figure for figure in figures if figure.hour >= begins]
    by_state: Counter[str] = Counter()
    money: Counter[str] = Counter()
    for figure in today:
        by_state[figure.state] += figure.orders
        if figure.state != "cancelled":
            money[figure.currency] += figure.total_minor
    return Day(
        begins=begins,
        ends=ends,
        count_by_state={state: by_state[state] for state in STATES},
        count_by_hour=_by_hour(today, zone),
        before_by_hour=_by_hour([figure for figure in figures if figure.hour < begins], zone),
        minor_by_currency=dict(money.most_common()),
    )


def answers_of(*, merchant_id: int, location_ids: frozenset[int] | None) -> list[Answers]:
    """How places have answered the newest offers, those with the most refusals first."""
    found = fulfilment.answers_by_place(merchant_id=merchant_id, location_ids=location_ids)
    places = stores.locations_by_id(
        merchant_id=merchant_id, location_ids=[each.location_id for each in found]
    )
    answers = [
        Answers(
            place=places.get(each.location_id),
            accepted=each.accepted,
            asked=each.accepted + each.declined + each.timed_out,
            declined=each.declined,
            timed_out=each.timed_out,
            waiting=each.waiting,
        )
        for each in found
    ]
    return sorted(answers, key=lambda each: (-(each.declined + each.timed_out), -each.asked))


def waiting_of(*, merchant_id: int, location_ids: frozenset[int] | None) -> Waiting:
    """Exceptions with their age, and facts that were not taken."""
    return Waiting(
        cases=fulfilment.open_cases(merchant_id=merchant_id, location_ids=location_ids, limit=5),
        case_count=fulfilment.count_open_cases(merchant_id=merchant_id, location_ids=location_ids),
        lag=facts.lag_of(merchant_id=merchant_id),
        dead=facts.count_dead(merchant_id=merchant_id),
    )


def _by_hour(figures: list[orders.HourFigure], zone: ZoneInfo) -> list[int]:
    counts = [0] * HOURS
    for figure in figures:
        counts[figure.hour.astimezone(zone).hour] += figure.orders
    return counts
