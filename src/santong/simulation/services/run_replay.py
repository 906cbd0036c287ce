from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from santong.simulation.contracts import Bars
from santong.simulation.errors import NothingToReplay
from santong.simulation.rules.delivery.examples import delivered_examples
from santong.simulation.rules.delivery.judge import judgement
from santong.simulation.rules.olist.tables import OlistData
from santong.simulation.rules.replay.freight import FreightRates, fitted_rates
from santong.simulation.rules.replay.world import StockRule, World, built_world, wanted_orders
from santong.simulation.rules.report.contents import LiveRun, ReplayReport
from santong.simulation.services.begin_process import without_waiting_for_disk
from santong.simulation.services.compare_policies import compare_policies
from santong.simulation.services.fill_places import fill_places
from santong.simulation.services.open_replay_merchant import open_replay_merchant
from santong.simulation.services.read_olist import read_olist
from santong.simulation.services.replay_orders import Acknowledge, replay_orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a replay is to do.

    `orders_max` takes only the latest orders through the doors; policies are compared on all.
    Without `merchant_code` nothing goes through the doors. Stores work in so many processes.
    """

    directory: Path
    merchant_code: str | None
    orders_max: int | None = None
    processes: int = 1
    rule: StockRule = field(default_factory=StockRule)


def run_replay(
    *, wanted: Wanted, now: datetime, bars: Bars, acknowledge: Acknowledge
) -> ReplayReport:
    """Read published orders, place them again, compare policies, judge the delivery days.

    Raises FilesMissing, ColumnsMissing, FileUnreadable, NothingToReplay.
    """
    progress = bars("读取 files", 1)
    data = read_olist(directory=wanted.directory)
    world = _world(wanted, data)
    rates = fitted_rates(world)
    progress(1)
    live = None
    if wanted.merchant_code is not None:
        live = _live(
            wanted,
            data,
            world,
            rates,
            code=wanted.merchant_code,
            bars=bars,
            acknowledge=acknowledge,
        )
    comparison = compare_policies(world=world, rates=rates, bars=bars)
    progress = bars("送达日 delivery days", 1)
    judged = judgement(delivered_examples(data))
    progress(1)
    return ReplayReport(
        made_at=now,
        directory=str(wanted.directory),
        data=data,
        world=world,
        rates=rates,
        comparison=comparison,
        judgement=judged,
        live=live,
    )


def _world(wanted: Wanted, data: OlistData) -> World:
    orders = wanted_orders(data, tally=data.tally)
    if not orders:
        raise NothingToReplay(directory=str(wanted.directory), orders_read=len(data.orders))
    return built_world(data, orders=orders, rule=wanted.rule)


def _live(
    wanted: Wanted,
    data: OlistData,
    world: World,
    rates: FreightRates,
    *,
    code: str,
    bars: Bars,
    acknowledge: Acknowledge,
) -> LiveRun:
    opens_at = world.orders[0].placed_at
    progress = bars("地点与商品 places and goods", 1)
    merchant_id = open_replay_merchant(
        code=code,
        world=world,
        rates=rates,
        english_by_category=data.english_by_category,
        now=opens_at,
    )
    progress(1)
    with without_waiting_for_disk():
        fill_places(
            merchant_id=merchant_id,
            stock=world.stock,
            reason="opening stock",
            now=opens_at,
            progress=bars("库存 stock", len({place for place, _ in world.stock})),
        )
    taken = replace(world, orders=world.orders[-(wanted.orders_max or len(world.orders)) :])
    return replay_orders(
        merchant_id=merchant_id,
        world=taken,
        bars=bars,
        acknowledge=acknowledge,
        processes=wanted.processes,
    )
