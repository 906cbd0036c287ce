"""The page about a replay."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np

from santong.simulation.rules.drawing import charts, maps
from santong.simulation.rules.drawing.charts import INK, OURS, THEIRS, THIRD, Bar, Curve
from santong.simulation.rules.drawing.maps import BRAZIL, Route
from santong.simulation.rules.olist.tables import OlistData, Point
from santong.simulation.rules.replay.compare import Outcome
from santong.simulation.rules.replay.world import sold_once_share
from santong.simulation.rules.report import delivery, glance, leftovers, pieces
from santong.simulation.rules.report.contents import BEST, Comparison, ReplayReport
from santong.simulation.rules.report.live import live_section
from santong.simulation.rules.report.pieces import Column
from santong.simulation.rules.report.words import POLICY, Both

ROUTES_DRAWN = 260
LAND_DOTS = 6_000
FARTHEST_DRAWN_KM = 2_500


def page_of(*, report: ReplayReport) -> str:
    """The whole page, bilingual, with every plot in it."""
    first, last = report.world.orders[0], report.world.orders[-1]
    return pieces.page(
        title="三通 · 订单重放报告",
        heading=Both("订单重放报告", "Replay of published orders"),
        subtitle=(
            f"{len(report.world.orders):,} 单 orders · {first.placed_at:%Y-%m-%d} – "
            f"{last.placed_at:%Y-%m-%d} · 数据 data: Olist, Brazilian E-Commerce Public Dataset · "
            f"生成 made {report.made_at:%Y-%m-%d %H:%M} UTC"
        ),
        body=[
            _summary(report),
            *([live_section(live=report.live)] if report.live else []),
            _maps(report),
            _policies(report),
            *([delivery.section(judgement=report.judgement)] if report.judgement else []),
            leftovers.section(report=report),
        ],
    )


def _summary(report: ReplayReport) -> str:
    return pieces.section(
        title=Both("一览", "At a glance"),
        lead=Both(
            "满足率、包裹、距离和运费是在同样的订单和库存上由影子价格策略算出的；"
            "吞吐、超卖和短缺来自真正经过下单入口的订单。",
            "Fill rate, parcels, distance and freight are what dual prices make of all the orders; "
            "orders per second, oversold pieces and shortfalls come from those that were placed.",
        ),
        parts=[pieces.tiles(shown=glance.tiles_of(report=report))],
    )


def _maps(report: ReplayReport) -> str:
    random = Random(report.world.rule.seed)
    land = _land(report.data, random)
    sample = random.sample(
        range(len(report.world.orders)), min(ROUTES_DRAWN, len(report.world.orders))
    )
    best = report.comparison.outcome(BEST)
    return pieces.section(
        title=Both("货从哪里来", "Where the goods come from"),
        lead=Both(
            f"同一批抽样订单 {len(sample)} 单：左为真实卖家发货，右为共享库存后按价格选择的发货地。"
            "灰点为邮编点，深色点为卖家门店，方块为五个区域仓；绿线由门店发出，橙线由区域仓发出。",
            f"The same sample of {len(sample)} orders: left from the real seller, right from where "
            "sourcing sends them once stock is shared. Pale dots are postal prefixes, dark dots "
            "sellers as stores, squares the five regional warehouses; green lines start at a "
            "store, orange ones at a warehouse.",
        ),
        parts=[
            pieces.side_by_side(
                parts=[
                    _map(report, report.comparison.as_it_was, sample, land),
                    _map(report, best, sample, land),
                ]
            )
        ],
    )


def _land(data: OlistData, random: Random) -> Sequence[Point]:
    points = [data.points[prefix] for prefix in sorted(data.points)]
    return random.sample(points, min(LAND_DOTS, len(points)))


def _map(
    report: ReplayReport, outcome: Outcome, sample: Sequence[int], land: Sequence[Point]
) -> str:
    places = report.world.places
    routes = [
        Route(
            start=places[code].point,
            end=report.world.orders[number].point,
            is_from_warehouse=places[code].kind == "warehouse",
        )
        for number in sample
        for code in outcome.places_by_order.get(report.world.orders[number].number, ())
    ]
    name = POLICY[outcome.name]
    picture = maps.route_map(
        frame=BRAZIL,
        land=land,
        stores=[place.point for place in places.values() if place.kind == "store"],
        warehouses=[place.point for place in places.values() if place.kind == "warehouse"],
        routes=routes,
        label=f"{name.zh} {name.en}",
    )
    return pieces.figure(
        picture=picture,
        caption=Both(
            f"{name.zh}：中位 {outcome.median_km:,.0f} 公里",
            f"{name.en}: median {outcome.median_km:,.0f} km",
        ),
    )


def _policies(report: ReplayReport) -> str:
    comparison = report.comparison
    return pieces.section(
        title=Both("策略比较", "Policies on the same orders and stock"),
        lead=Both(
            "同样的订单、同样的期初库存、同样的运费：原卖家发货不共享库存，其余四种都必须发出任何地点还有的货。"
            "影子价格只依据此前的销售预测。",
            "The same orders, opening stock and freight. As sold shares nothing; the other four "
            "must send whatever any place still holds. Dual prices look at earlier sales only.",
        ),
        parts=[
            _policy_table(comparison),
            pieces.side_by_side(parts=[_cost_bars(comparison), _distances(comparison)]),
            pieces.notes(lines=_policy_notes(report)),
        ],
    )


def _policy_table(comparison: Comparison) -> str:
    columns = [
        Column(Both("策略", "policy"), is_number=False),
        Column(Both("满足率", "fill rate")),
        Column(Both("整单满足（单）", "whole orders")),
        Column(Both("包裹（个/单）", "parcels an order")),
        Column(Both("中位距离（公里）", "median km")),
        Column(Both("运费（R$/件）", "freight R$ a piece")),
        Column(Both("相对下限（倍）", "times the bound")),
    ]
    outcomes = [comparison.as_it_was, *comparison.outcomes]
    rows = [_policy_row(outcome, comparison) for outcome in outcomes]
    names = [outcome.name for outcome in outcomes]
    return pieces.table(columns=columns, rows=rows, strong=names.index(BEST))


def _policy_row(outcome: Outcome, comparison: Comparison) -> list[str]:
    is_comparable = outcome.name not in ("as it was", "as sold")
    name = POLICY[outcome.name]
    return [
        f"{name.zh} {name.en}",
        f"{outcome.fill_rate:.2%}",
        f"{outcome.orders_whole:,}",
        f"{outcome.parcels_per_order:.4f}",
        f"{outcome.median_km:,.0f}",
        f"{outcome.cost_minor_per_piece / 100:.2f}",
        f"{outcome.cost_milli / comparison.bound_milli:.4f}" if is_comparable else "–",
    ]


def _cost_bars(comparison: Comparison) -> str:
    as_sold = comparison.common_cost_minor["as sold"]
    rows = [
        Bar(
            label=f"{POLICY[outcome.name].zh} {POLICY[outcome.name].en}",
            value=comparison.common_cost_minor[outcome.name] / 100,
            words=_cost_words(comparison.common_cost_minor[outcome.name], as_sold),
            colour=OURS if outcome.name == BEST else THIRD,
        )
        for outcome in comparison.outcomes
    ]
    return pieces.figure(
        picture=charts.bars(rows=rows, label="每单运费 cost per order"),
        caption=Both(
            f"每单运费（R$），只算五种策略都整单满足的 {comparison.common_orders:,} 单；"
            "括号内为与原卖家发货之差",
            f"Freight per order (R$) over the {comparison.common_orders:,} orders that all five "
            "policies fill whole; in brackets the difference to as sold",
        ),
    )


def _cost_words(cost_minor: float, as_sold_minor: float) -> str:
    if cost_minor == as_sold_minor or not as_sold_minor:
        return f"{cost_minor / 100:.2f}"
    return f"{cost_minor / 100:.2f} ({cost_minor / as_sold_minor - 1:+.1%})"


def _distances(comparison: Comparison) -> str:
    chosen = [
        (comparison.as_it_was, THEIRS, True),
        (comparison.outcome(BEST), OURS, False),
        # Drawn last and dashed: it nearly covers the one before it.
        (comparison.outcome("nearest per line"), INK, True),
    ]
    curves = [
        Curve(
            name=f"{POLICY[outcome.name].zh} {POLICY[outcome.name].en}",
            values=np.array(outcome.metres, dtype=np.float64) / 1_000,
            colour=colour,
            is_dashed=is_dashed,
        )
        for outcome, colour, is_dashed in chosen
    ]
    return pieces.figure(
        picture=charts.shares_below(
            curves=curves, high=FARTHEST_DRAWN_KM, unit="公里 km", label="距离分布 distances"
        ),
        caption=Both("每件货走的距离：不超过横轴的占比", "How far a piece travels: share below"),
    )


def _policy_notes(report: ReplayReport) -> list[Both]:
    comparison = report.comparison
    best = comparison.outcome(BEST).cost_milli / comparison.bound_milli
    myopic = comparison.outcome("myopic").cost_milli / comparison.bound_milli
    once = sold_once_share(world=report.world)
    return [
        Both(
            "满足率是发出的件数除以想要的件数；整单满足是每件都发出的订单；包裹数除以至少收到一件的订单数；"
            "距离是发货地到买家邮编点的大圆距离，每件算一次；运费按拟合的费率逐包裹计算，除以发出的件数。",
            "Fill rate is pieces sent of pieces wanted; a whole order had every piece sent; "
            "parcels are divided by the orders that got anything; distance is the great circle "
            "from the sending place to the buyer's postal prefix, once a piece; freight is the "
            "fitted rate of every parcel, divided by the pieces sent.",
        ),
        Both(
            "下限是事先知道全部订单时发出同样件数的最低运费（线性规划），没有策略能低于它。"
            f"当单最优为 {myopic:.4f}，影子价格为 {best:.4f}。",
            "The bound is the least freight for the same pieces had all orders been known (a "
            "linear programme); no policy can beat it. Cheapest now reaches "
            f"{myopic:.4f}, dual prices {best:.4f}.",
        ),
        Both(
            f"影子价格要靠销量预测。这里 {once:.0%} 的商品只卖出一件，对它们无从预测；"
            "它的收益在常卖的商品上。",
            f"Dual prices live on a forecast. Here {once:.0%} of the products sold once, and for "
            "those there is none; prices pay where goods sell often.",
        ),
    ]
