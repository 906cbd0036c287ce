"""How many days an order will take, from what is known when it is placed.

log(days) = a line through distance, weight, weekday, hour and payment
          + what the buyer's region and state, the seller's state and the corridor usually add
          + how fast this seller handed over so far
          + the pace: how much slower than usual everything has run in the last three weeks

The usual is fitted once; the pace moves with every day and is what saw Black Friday's backlog.
Effects of small groups are shrunk to nothing by a penalty.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from santong.simulation.rules.delivery import survival
from santong.simulation.rules.delivery.examples import Examples, Integers, Words
from santong.simulation.rules.delivery.survival import Booleans
from santong.simulation.rules.places import Floats

PACE_WEEKS = 3
PACE_DEVIATION = 0.15  # log days: a usual swing is 15 %
PACE_WORTH_AT_MOST = 150.0
SELLER_PRIOR_WORTH = 5.0  # orders that a seller's usual handover counts for
LINE_PENALTY = 1.0
GROUP_PENALTY = 25.0
GROUP_MEMBERS_MIN = 15
AFTERNOON = 14
EVERYONE = ""
KNOWN_DAYS_MIN = 1 / 24
LOG_DISTANCE_MIDDLE = 6.0  # about 400 km
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the fit: its name as shown, and how hard it is shrunk."""

    name: str
    penalty: float


@dataclass(frozen=True, slots=True)
class Usual:
    """What was fitted as known at `cut_off`."""

    cut_off: float
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    columns: tuple[Column, ...]
    weights: Floats
    scale: float
    fitted_on: int
    not_yet_delivered: int


def seller_history(examples: Examples) -> Floats:
    """For each example: how much slower than others its seller had handed over until then.

    In log days, shrunk to nothing for sellers with few orders.
    """
    logs = np.log(examples.handover_days)
    handed_over = examples.purchased + examples.handover_days
    on_the_way: list[tuple[float, str, float]] = []
    total: defaultdict[str, float] = defaultdict(float)
    count: Counter[str] = Counter()
    history = np.zeros(len(examples))
    for row in np.argsort(examples.purchased, kind="stable"):
        while on_the_way and on_the_way[0][0] < examples.purchased[row]:
            _, seller, log = heappop(on_the_way)
            for name in (seller, EVERYONE):
                total[name] += log
                count[name] += 1
        seller = str(examples.seller[row])
        usual = total[EVERYONE] / max(count[EVERYONE], 1)
        slower = total[seller] - usual * count[seller]
        history[row] = slower / (count[seller] + SELLER_PRIOR_WORTH)
        heappush(on_the_way, (float(handed_over[row]), seller, float(logs[row])))
    return history


def fitted_usual(examples: Examples, *, history: Floats, cut_off: float) -> Usual:
    """The usual days as one could know them at `cut_off`: later deliveries are "not yet"."""
    rows = np.nonzero(examples.purchased < cut_off)[0]
    log_days, has_ended = _as_known(examples, rows, at=cut_off)
    groups = _groups(examples, rows)
    table, columns = _table(examples, history, groups)
    weights, scale = survival.fitted(
        columns=table[rows],
        log_days=log_days,
        has_ended=has_ended,
        penalty=np.array([column.penalty for column in columns]),
    )
    return Usual(
        cut_off=cut_off,
        groups=groups,
        columns=columns,
        weights=weights,
        scale=scale,
        fitted_on=len(rows),
        not_yet_delivered=int((~has_ended).sum()),
    )


def usual_log_days(examples: Examples, *, history: Floats, usual: Usual) -> Floats:
    """What each example would usually take, in log days, without the pace."""
    table, _ = _table(examples, history, usual.groups)
    log_days: Floats = table @ usual.weights
    return log_days


def pace_by_day(
    *, examples: Examples, usual_days: Floats, scale: float, days: Sequence[int]
) -> dict[int, float]:
    """For each day, how much slower than usual it runs, from what was known that midnight."""
    return {
        day: _pace(examples, usual_days, scale=scale, midnight=float(day)) for day in sorted(days)
    }


def residuals_as_known(
    *, examples: Examples, rows: Integers, estimate: Floats, at: float
) -> tuple[Floats, Booleans]:
    """By how much those orders took longer than estimated, as far as known at that instant."""
    log_days, has_ended = _as_known(examples, rows, at=at)
    return log_days - estimate[rows], has_ended


def _pace(examples: Examples, usual_days: Floats, *, scale: float, midnight: float) -> float:
    recent = (examples.purchased < midnight) & (examples.purchased >= midnight - 7 * PACE_WEEKS)
    rows = np.nonzero(recent)[0]
    log_days, has_ended = _as_known(examples, rows, at=midnight)
    return survival.likeliest_shift(
        log_days - usual_days[rows],
        has_ended=has_ended,
        scale=scale,
        prior_deviation=PACE_DEVIATION,
        worth_at_most=PACE_WORTH_AT_MOST,
    )


def _as_known(examples: Examples, rows: Integers, *, at: float) -> tuple[Floats, Booleans]:
    waited = np.maximum(at - examples.purchased[rows], KNOWN_DAYS_MIN)
    has_ended = examples.days[rows] <= waited
    known: Floats = np.log(np.where(has_ended, examples.days[rows], waited))
    return known, has_ended


def _groups(examples: Examples, rows: Integers) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The values of each grouping that are frequent enough to have an effect of their own."""
    return tuple(
        (name, _frequent(words[rows]))
        for name, words in (
            ("buyer's state", examples.buyer_state),
            ("seller's state", examples.seller_state),
            ("corridor", examples.corridor),
            ("buyer's region", examples.buyer_region),
        )
    )


def _frequent(words: Words) -> tuple[str, ...]:
    counts = Counter[str](words.tolist())
    return tuple(sorted(word for word, count in counts.items() if count >= GROUP_MEMBERS_MIN))


def _table(
    examples: Examples, history: Floats, groups: Sequence[tuple[str, tuple[str, ...]]]
) -> tuple[Floats, tuple[Column, ...]]:
    log_distance = np.log(examples.kilometres + 30)
    made: list[tuple[str, float, Floats]] = [
        ("usual", 0.0, np.ones(len(examples))),
        ("log distance", LINE_PENALTY, log_distance - LOG_DISTANCE_MIDDLE),
        ("distance", LINE_PENALTY, examples.kilometres / 1_000),
        ("log weight", LINE_PENALTY, np.log(examples.kilograms + 0.1)),
        ("same state", LINE_PENALTY, _flag(examples.buyer_state == examples.seller_state)),
        ("boleto", LINE_PENALTY, _flag(examples.is_boleto)),
        ("after 14:00", LINE_PENALTY, _flag(examples.hour >= AFTERNOON)),
        ("seller so far", LINE_PENALTY, history),
    ]
    made += [
        (f"bought on {name}", LINE_PENALTY, _flag(examples.weekday == number))
        for number, name in enumerate(WEEKDAYS)
    ]
    words_by_group = {
        "buyer's state": examples.buyer_state,
        "seller's state": examples.seller_state,
        "corridor": examples.corridor,
        "buyer's region": examples.buyer_region,
    }
    made += [
        (f"{group} {value}", GROUP_PENALTY, _flag(words_by_group[group] == value))
        for group, values in groups
        for value in values
    ]
    columns = tuple(Column(name=name, penalty=penalty) for name, penalty, _ in made)
    return np.column_stack([values for _, _, values in made]), columns


def _flag(is_so: Booleans) -> Floats:
    return is_so.astype(np.float64)
