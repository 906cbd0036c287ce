from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from santong.simulation.rules.delivery import estimate, survival
from santong.simulation.rules.delivery.estimate import Usual
from santong.simulation.rules.delivery.examples import Examples, delivered_examples
from santong.simulation.rules.delivery.judge import Judgement, judgement
from santong.simulation.rules.olist.tables import OlistData
from santong.simulation.rules.places import Floats
from santong.simulation.rules.published.tally import Reason
from santong.simulation.tests.factories import make_olist

DECEMBER = 17_501.0 + 2 / 24  # 2017-12-01 00:00 in Brasília, days since 1970


@pytest.fixture(scope="session")
def examples(published: OlistData) -> Examples:
    return delivered_examples(published)


@pytest.fixture(scope="session")
def judged(examples: Examples) -> Judgement:
    found = judgement(examples)
    assert found is not None
    return found


def usual_at(examples: Examples, cut_off: float) -> Usual:
    history = estimate.seller_history(examples)
    return estimate.fitted_usual(examples, history=history, cut_off=cut_off)


def logistic(size: int, *, middle: float, scale: float, seed: int) -> Floats:
    drawn: Floats = np.random.default_rng(seed).logistic(middle, scale, size)
    return drawn


def test_orders_that_have_not_arrived_do_not_make_the_estimate_shorter() -> None:
    log_days = logistic(4_000, middle=2.4, scale=0.25, seed=1)
    waited = np.random.default_rng(2).uniform(1.0, 3.5, 4_000)
    has_ended = log_days <= waited

    weights, scale = survival.fitted(
        columns=np.ones((4_000, 1)),
        log_days=np.minimum(log_days, waited),
        has_ended=has_ended,
        penalty=np.zeros(1),
    )

    assert weights[0] == pytest.approx(2.4, abs=0.03)
    assert scale == pytest.approx(0.25, abs=0.02)
    assert np.median(log_days[has_ended]) < 2.3


def test_a_slow_fortnight_is_seen_before_its_parcels_arrive() -> None:
    late = logistic(300, middle=0.4, scale=0.25, seed=3)
    waited = np.full(300, 0.1)

    shift = survival.likeliest_shift(
        np.minimum(late, waited),
        has_ended=late <= waited,
        scale=0.25,
        prior_deviation=0.3,
        worth_at_most=150,
    )

    assert shift == pytest.approx(0.4, abs=0.12)


def test_nothing_known_shifts_nothing() -> None:
    nothing = np.array([], dtype=np.float64)

    shift = survival.likeliest_shift(
        nothing,
        has_ended=nothing.astype(np.bool_),
        scale=0.25,
        prior_deviation=0.3,
        worth_at_most=150,
    )

    assert shift == 0


def test_a_share_is_counted_with_those_that_have_not_ended() -> None:
    residuals = np.array([1.0, 2.0, 3.0, 4.0])
    all_ended = np.array([True, True, True, True])
    one_waits = np.array([True, False, True, True])

    assert survival.quantile(residuals, has_ended=all_ended, share=0.5) == 2.0
    assert survival.quantile(residuals, has_ended=one_waits, share=0.5) == 3.0


def test_only_whole_deliveries_are_examples(examples: Examples) -> None:
    assert len(examples) == 13_508
    assert examples.left_out == {
        Reason.NOT_DELIVERED: 1_198,
        Reason.NO_LINES: 539,
        Reason.DELIVERED_BEFORE_HANDOVER: 6,
    }


def test_the_fit_knows_nothing_of_what_came_after(examples: Examples) -> None:
    later = examples.purchased + examples.days > DECEMBER
    rewritten = replace(examples, days=np.where(later, examples.days + 40, examples.days))

    before = usual_at(examples, DECEMBER)
    after = usual_at(rewritten, DECEMBER)

    assert later.sum() > 1_000
    assert np.array_equal(before.weights, after.weights)
    assert before.scale == after.scale


def test_the_pace_of_a_day_knows_nothing_of_that_day(examples: Examples) -> None:
    day = 17_510
    usual_days = np.log(np.full(len(examples), 10.0))
    later = examples.purchased + examples.days > day
    rewritten = replace(examples, days=np.where(later, examples.days + 40, examples.days))

    paces = [
        estimate.pace_by_day(examples=each, usual_days=usual_days, scale=0.25, days=[day])
        for each in (examples, rewritten)
    ]

    assert paces[0] == paces[1]


def test_a_seller_is_known_by_earlier_handovers_only(examples: Examples) -> None:
    cut = len(examples) // 2
    handed_over_later = examples.purchased + examples.handover_days > examples.purchased[cut]
    rewritten = replace(
        examples, handover_days=np.where(handed_over_later, 30.0, examples.handover_days)
    )

    known = estimate.seller_history(examples)[: cut + 1]

    assert np.allclose(known, estimate.seller_history(rewritten)[: cut + 1])


def test_the_estimate_is_nearer_than_olists_promise(judged: Judgement) -> None:
    assert (judged.month.year, judged.month.month, judged.judged_on) == (2017, 12, 1_697)
    assert judged.ours.mean_absolute < 6.5
    assert judged.olist.mean_absolute > 12
    assert judged.ours.mean_absolute < judged.without_pace.mean_absolute
    assert judged.without_pace.mean_absolute < judged.constant.mean_absolute


def test_a_promise_is_kept_about_as_often_as_it_says(judged: Judgement) -> None:
    kept = {promise.wanted_share: promise.kept_share for promise in judged.promises}

    assert kept[0.5] == pytest.approx(0.5, abs=0.06)
    assert kept[0.8] == pytest.approx(0.8, abs=0.06)
    assert kept[0.9] == pytest.approx(0.9, abs=0.06)


def test_too_little_is_not_judged(tmp_path: Path) -> None:
    one_order = delivered_examples(make_olist(tmp_path))

    assert judgement(one_order) is None
