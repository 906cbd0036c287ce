from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from santong.simulation.rules.delivery.examples import delivered_examples
from santong.simulation.rules.delivery.judge import judgement
from santong.simulation.rules.olist.tables import OlistData
from santong.simulation.rules.published.tally import Reason, Remark
from santong.simulation.rules.replay.compare import Outcome, as_it_was, outcome_of
from santong.simulation.rules.replay.freight import fitted_rates
from santong.simulation.rules.replay.policies import AsSold, NearestPerLine
from santong.simulation.rules.replay.world import StockRule, built_world, wanted_orders
from santong.simulation.rules.report.contents import Comparison, LiveRun, ReplayReport
from santong.simulation.rules.report.glance import tiles_of
from santong.simulation.rules.report.page import page_of
from santong.simulation.rules.report.terminal import summary
from santong.simulation.rules.report.words import REASON
from santong.simulation.services.write_replay_report import write_replay_report
from santong.simulation.tests.factories import make_olist

MADE_AT = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
LIVE = LiveRun(
    orders_placed=1,
    orders_served=1,
    orders_refused={"routing.out_of_stock": 2},
    pieces_wanted=3,
    pieces_promised=1,
    parcels=1,
    seconds_of_placing=0.5,
    p50_ms=5.0,
    p95_ms=9.0,
    accepted=1,
    declined={"no_time": 1},
    rerouted=1,
    delivered=1,
    oversold_pieces=0,
    shortfalls=0,
    findings=(),
    metres=(1_000,),
)


def make_report(olist: OlistData, *, live: LiveRun | None = None) -> ReplayReport:
    world = built_world(olist, orders=wanted_orders(olist, tally=olist.tally), rule=StockRule())
    rates = fitted_rates(world)
    nearest = outcome_of(policy=NearestPerLine(world), world=world, rates=rates)
    outcomes = (
        outcome_of(policy=AsSold(), world=world, rates=rates),
        nearest,
        *(_named(nearest, name) for name in ("rule engine", "myopic", "dual prices")),
    )
    return ReplayReport(
        made_at=MADE_AT,
        directory="olist",
        data=olist,
        world=world,
        rates=rates,
        comparison=Comparison(
            as_it_was=as_it_was(world=world, rates=rates),
            outcomes=outcomes,
            common_orders=1,
            common_cost_minor={outcome.name: 1_329.0 for outcome in outcomes},
            bound_milli=nearest.cost_milli,
        ),
        judgement=judgement(delivered_examples(olist)),
        live=live,
    )


def _named(outcome: Outcome, name: str) -> Outcome:
    return replace(outcome, name=name)


def test_a_page_needs_nothing_from_anywhere(tmp_path: Path) -> None:
    report = make_report(make_olist(tmp_path), live=LIVE)

    page = page_of(report=report)

    addresses = set(re.findall(r"https?://[^\s\"'<]+", page))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in page
    assert "<script" not in page


def test_every_figure_says_its_unit_and_how_it_is_counted(tmp_path: Path) -> None:
    report = make_report(make_olist(tmp_path), live=LIVE)

    shown = tiles_of(report=report)

    assert [tile.title.en for tile in shown][:8] == [
        "orders",
        "fill rate",
        "parcels",
        "median distance",
        "freight",
        "throughput",
        "oversold",
        "shortfalls",
    ]
    assert all(tile.unit.en and tile.how.zh and tile.how.en.endswith(".") for tile in shown)


def test_every_policy_has_its_cost_beside_as_sold(tmp_path: Path) -> None:
    report = make_report(make_olist(tmp_path))
    dearer = dict(report.comparison.common_cost_minor) | {"as sold": 2_658.0}
    comparison = replace(report.comparison, common_cost_minor=dearer)

    page = page_of(report=replace(report, comparison=comparison))

    assert "26.58" in page
    assert page.count("13.29 (-50.0%)") == 4


def test_a_report_is_saved_under_its_time(tmp_path: Path) -> None:
    report = make_report(make_olist(tmp_path))

    path = write_replay_report(
        page=page_of(report=report), made_at=report.made_at, directory=tmp_path / "var" / "reports"
    )

    assert path.name == "replay-20261111-072700.html"
    assert path.read_text(encoding="utf-8") == page_of(report=report)


def test_what_could_not_be_done_is_said(tmp_path: Path) -> None:
    report = make_report(make_olist(tmp_path), live=replace(LIVE, findings=("a level differs",)))

    page = page_of(report=report)

    assert "1 项不符" in page
    assert "a level differs" in page
    assert "routing.out_of_stock" in page


def test_every_reason_has_its_chinese_words() -> None:
    assert {reason.value for reason in Reason} | {remark.value for remark in Remark} == set(REASON)


@pytest.mark.parametrize("width", [80, 160])
def test_a_terminal_shows_the_same_figures(width: int, tmp_path: Path) -> None:
    report = make_report(make_olist(tmp_path), live=LIVE)
    console = Console(width=width, file=io.StringIO(), record=True)

    console.print(summary(report=report))

    told = console.export_text()
    assert "影子价格" in told
    assert "超卖" in told


def test_the_published_files_make_a_whole_page(published: OlistData) -> None:
    page = page_of(report=make_report(published))

    assert "几天送到" in page
    assert page.count("<svg") == 7
    assert len(page) < 1_000_000
