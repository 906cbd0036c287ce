"""The figures at the head of the page: each with its unit, what it stands beside, how it counts."""

from __future__ import annotations

from santong.simulation.rules.delivery.judge import Judgement
from santong.simulation.rules.report.contents import BEST, LiveRun, ReplayReport
from santong.simulation.rules.report.pieces import Tile
from santong.simulation.rules.report.words import Both

ORDERS = Both("单", "orders")
PIECES = Both("件", "pieces")


def tiles_of(*, report: ReplayReport) -> list[Tile]:
    """What a reader asks first."""
    return [
        *_of_all_orders(report),
        *(_of_live_orders(report.live) if report.live else []),
        *(_of_delivery_days(report.judgement) if report.judgement else []),
    ]


def _of_all_orders(report: ReplayReport) -> list[Tile]:
    world, comparison = report.world, report.comparison
    best, as_sold = comparison.outcome(BEST), comparison.outcome("as sold")
    common = comparison.common_cost_minor
    wanted = sum(order.pieces for order in world.orders)
    return [
        Tile(
            Both("订单", "orders"),
            f"{len(world.orders):,}",
            ORDERS,
            Both(
                "文件里有明细、付款和可定位地址的全部订单。",
                "All orders of the files that have lines, a payment and a known place.",
            ),
            note=f"{wanted:,} 件 pieces · {len(world.places):,} 地点 places",
        ),
        Tile(
            Both("满足率", "fill rate"),
            f"{best.fill_rate:.1%}",
            Both("按件", "of pieces"),
            Both(
                "发出的件数 ÷ 想要的件数；库存有意备得不够。",
                "Pieces sent of pieces wanted; the opening stock is short on purpose.",
            ),
            note=f"原卖家发货 as sold {as_sold.fill_rate:.1%}",
        ),
        Tile(
            Both("包裹", "parcels"),
            f"{best.parcels_per_order:.3f}",
            Both("个/单", "an order"),
            Both(
                "包裹数 ÷ 至少收到一件的订单数。",
                "Parcels divided by the orders that got anything.",
            ),
            note=f"逐行就近 nearest {comparison.outcome('nearest per line').parcels_per_order:.3f}",
        ),
        Tile(
            Both("中位距离", "median distance"),
            f"{best.median_km:,.0f}",
            Both("公里", "km"),
            Both(
                "一半的货走得更近：发货地到买家邮编点的大圆距离，每件算一次。",
                "Half of the pieces travel less: great circle from the sending place to the "
                "buyer's postal prefix, once a piece.",
            ),
            note=f"真实历史 actual {comparison.as_it_was.median_km:,.0f} km",
        ),
        Tile(
            Both("运费", "freight"),
            f"R$ {common[BEST] / 100:.2f}",
            Both("每单", "an order"),
            Both(
                f"五种策略都整单满足的 {comparison.common_orders:,} 单，按拟合费率。",
                f"Over the {comparison.common_orders:,} orders that all five policies fill whole, "
                "at the fitted rates.",
            ),
            note=f"原卖家 as sold {common['as sold'] / 100:.2f} · "
            f"就近 nearest {common['nearest per line'] / 100:.2f}",
        ),
    ]


def _of_live_orders(live: LiveRun) -> list[Tile]:
    return [
        Tile(
            Both("吞吐", "throughput"),
            f"{live.orders_per_s:,.0f}",
            Both("单/秒", "orders per second"),
            Both(
                f"{live.orders_placed:,} 单一单接一单地下：校验、寻源、预占、写事件、提交。",
                f"{live.orders_placed:,} orders, one after the other: checked, sourced, reserved, "
                "facts written, committed.",
            ),
            note=f"一单 an order: p50 {live.p50_ms:,.1f} ms · p95 {live.p95_ms:,.1f} ms",
        ),
        Tile(
            Both("超卖", "oversold"),
            f"{live.oversold_pieces:,}",
            PIECES,
            Both(
                "重放之后承诺多于在手、又没有记成短缺的件数，逐个库存核对。",
                "Pieces promised beyond what is on hand and not recorded as a shortfall, by every "
                "stock level once all is done.",
            ),
        ),
        Tile(
            Both("短缺任务", "shortfalls"),
            f"{live.shortfalls:,}",
            Both("项", "tasks"),
            Both(
                "门店拒单说账实不符、别处又没有货：等人处理，没有重复卖出。",
                "A store found less than its books say and no other place has it: a person "
                "decides, nothing was sold twice.",
            ),
        ),
    ]


def _of_delivery_days(judgement: Judgement) -> list[Tile]:
    ours, theirs = judgement.ours, judgement.olist
    month = f"{judgement.month:%Y-%m}"
    return [
        Tile(
            Both("送达日误差", "delivery-day error"),
            f"{ours.mean_absolute:.1f}",
            Both("天", "days"),
            Both(
                f"估计日与实际签收日相差几天，{month} 的 {judgement.judged_on:,} 单平均。",
                f"Days between the estimated and the real day, mean of the {judgement.judged_on:,} "
                f"orders of {month}.",
            ),
            note=f"平台承诺 Olist's promise {theirs.mean_absolute:.1f}",
        )
    ]
