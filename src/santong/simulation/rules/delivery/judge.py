"""The estimate judged on a month it has not seen, beside the promise that Olist itself made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from santong.simulation.rules.delivery import estimate, survival
from santong.simulation.rules.delivery.estimate import Usual
from santong.simulation.rules.delivery.examples import Examples, Integers, instant
from santong.simulation.rules.olist.tables import BRASILIA
from santong.simulation.rules.places import Floats
from santong.simulation.rules.published.tally import Reason

CALIBRATION_DAYS = 92  # the quarter before the judged month
SHARES = (0.5, 0.8, 0.9, 0.95)
JUDGED_MIN = 100
FITTED_MIN = 1_000
EFFECTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Errors:
    """How far one way of estimating was off, in calendar days."""

    name: str
    mean_absolute: float
    median_absolute: float
    p90_absolute: float
    mean: float
    days: Integers  # estimated day minus real day, one an order


@dataclass(frozen=True, slots=True)
class Promise:
    """A day promised so that a share of orders should arrive by it, and how many did."""

    name: str
    wanted_share: float | None
    kept_share: float
    mean_days: float


@dataclass(frozen=True, slots=True)
class Judgement:
    month: date
    fitted_on: int
    not_yet_delivered: int
    judged_on: int
    left_out: Mapping[Reason, int]
    ours: Errors
    without_pace: Errors
    constant: Errors
    olist: Errors
    promises: tuple[Promise, ...]
    effects: tuple[tuple[str, float], ...]  # name, factor on the days
    pace: tuple[tuple[date, float], ...]  # day, factor on the days


def judgement(examples: Examples) -> Judgement | None:
    """Fit on everything before the last month, judge on that month; None when there is too little.

    Nothing of the judged month is used but what had happened before each purchase in it.
    """
    if not len(examples):
        return None
    month = _last_month(examples)
    cut_off = instant(datetime(month.year, month.month, 1, tzinfo=BRASILIA))
    judged = np.nonzero(examples.purchased >= cut_off)[0]
    if len(judged) < JUDGED_MIN or len(examples) - len(judged) < FITTED_MIN:
        return None
    history = estimate.seller_history(examples)
    calibration = _calibration(examples, history, cut_off=cut_off)
    usual = estimate.fitted_usual(examples, history=history, cut_off=cut_off)
    usual_days = estimate.usual_log_days(examples, history=history, usual=usual)
    pace = _pace(examples, usual_days, usual=usual, rows=judged)
    paced = _paced(examples, usual_days, pace, judged)
    return Judgement(
        month=month,
        fitted_on=usual.fitted_on,
        not_yet_delivered=usual.not_yet_delivered,
        judged_on=len(judged),
        left_out=examples.left_out,
        ours=_errors("this estimate", examples, judged, np.exp(paced)),
        without_pace=_errors("without the pace", examples, judged, np.exp(usual_days[judged])),
        constant=_errors("one number for all", examples, judged, _constant(examples, judged)),
        olist=_errors_of_days("Olist's promise", examples, judged, examples.promised_days[judged]),
        promises=_promises(examples, judged, paced, calibration),
        effects=_effects(usual),
        pace=tuple((_date(day), float(np.exp(shift))) for day, shift in pace.items()),
    )


Calibration = tuple[Floats, np.typing.NDArray[np.bool_]]


def _last_month(examples: Examples) -> date:
    return _date(int(examples.purchased_on.max())).replace(day=1)


def _date(day: int) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).date()


def _calibration(examples: Examples, history: Floats, *, cut_off: float) -> Calibration:
    """How far off the same method was in the quarter before, as known at the cut-off."""
    start = cut_off - CALIBRATION_DAYS
    rows = np.nonzero((examples.purchased >= start) & (examples.purchased < cut_off))[0]
    usual = estimate.fitted_usual(examples, history=history, cut_off=start)
    usual_days = estimate.usual_log_days(examples, history=history, usual=usual)
    pace = _pace(examples, usual_days, usual=usual, rows=rows)
    paced = np.array(usual_days)
    paced[rows] = _paced(examples, usual_days, pace, rows)
    return estimate.residuals_as_known(examples=examples, rows=rows, estimate=paced, at=cut_off)


def _pace(
    examples: Examples, usual_days: Floats, *, usual: Usual, rows: Integers
) -> dict[int, float]:
    days = sorted(set(examples.purchased_on[rows].tolist()))
    return estimate.pace_by_day(
        examples=examples, usual_days=usual_days, scale=usual.scale, days=days
    )


def _paced(
    examples: Examples, usual_days: Floats, pace: Mapping[int, float], rows: Integers
) -> Floats:
    shifts = [pace[day] for day in examples.purchased_on[rows].tolist()]
    paced: Floats = usual_days[rows] + np.array(shifts)
    return paced


def _constant(examples: Examples, judged: Integers) -> Floats:
    rest = np.ones(len(examples), dtype=np.bool_)
    rest[judged] = False
    return np.full(len(judged), np.median(examples.days[rest]))


def _errors(name: str, examples: Examples, judged: Integers, days: Floats) -> Errors:
    return _errors_of_days(name, examples, judged, _whole_days(examples, judged, days))


def _whole_days(examples: Examples, judged: Integers, days: Floats) -> Integers:
    """The calendar days between the purchase and the day on which so many days have passed."""
    day_of_purchase = examples.purchased_on[judged] + _BRASILIA_MIDNIGHT_UTC
    return np.floor(examples.purchased[judged] - day_of_purchase + days).astype(np.int64)


def _errors_of_days(name: str, examples: Examples, judged: Integers, days: Integers) -> Errors:
    off = examples.purchased_on[judged] + days - examples.delivered_on[judged]
    size = np.abs(off)
    return Errors(
        name=name,
        mean_absolute=float(size.mean()),
        median_absolute=float(np.median(size)),
        p90_absolute=float(np.quantile(size, 0.9)),
        mean=float(off.mean()),
        days=off,
    )


def _promises(
    examples: Examples, judged: Integers, paced: Floats, calibration: Calibration
) -> tuple[Promise, ...]:
    residuals, has_ended = calibration
    made: list[Promise] = []
    for share in SHARES:
        margin = survival.quantile(residuals, has_ended=has_ended, share=share)
        days = _whole_days(examples, judged, np.exp(paced + margin))
        made.append(_promise(f"{share:.0%}", examples, judged, days, wanted_share=share))
    theirs = _promise("Olist", examples, judged, examples.promised_days[judged], wanted_share=None)
    return (*made, theirs)


def _promise(
    name: str,
    examples: Examples,
    judged: Integers,
    days: Integers,
    *,
    wanted_share: float | None,
) -> Promise:
    kept = examples.delivered_on[judged] <= examples.purchased_on[judged] + days
    return Promise(
        name=name,
        wanted_share=wanted_share,
        kept_share=float(kept.mean()),
        mean_days=float(days.mean()),
    )


def _effects(usual: Usual) -> tuple[tuple[str, float], ...]:
    """The groups that change the days most, as factors, slowest and fastest."""
    grouped = [
        (column.name, float(np.exp(weight)))
        for column, weight in zip(usual.columns, usual.weights.tolist(), strict=True)
        if column.penalty == estimate.GROUP_PENALTY
    ]
    ranked = sorted(grouped, key=lambda effect: effect[1])
    return (*ranked[-EFFECTS_SHOWN:][::-1], *ranked[:EFFECTS_SHOWN][::-1])


_BRASILIA_MIDNIGHT_UTC = 3 / 24
