"""The part of the page about the orders that went through the doors."""

from __future__ import annotations

from santong.simulation.rules.drawing import charts
from santong.simulation.rules.drawing.charts import OURS, Bar
from santong.simulation.rules.report import pieces
from santong.simulation.rules.report.contents import LiveRun
from santong.simulation.rules.report.pieces import Column, Tile
from santong.simulation.rules.report.words import DECLINE, Both


def live_section(*, live: LiveRun) -> str:
    """What placing, routing, reserving and fulfilling all orders came to."""
    return pieces.section(
        title=Both("实际走一遍", "Through the doors"),
        lead=Both(
            "每一单都走与线上订单相同的入口：下单、寻源、预占、写事件；模拟门店随后接单、拒单、发货。",
            "Every order went in where live orders go in: placed, sourced, reserved, its facts "
            "written; simulated stores then accepted, declined and shipped.",
        ),
        parts=[
            pieces.tiles(shown=_tiles(live)),
            pieces.side_by_side(
                parts=[
                    *([_declined(live)] if live.declined else []),
                    *([_refused(live)] if live.orders_refused else []),
                    pieces.notes(lines=NOTES),
                ]
            ),
        ],
    )


def _tiles(live: LiveRun) -> list[Tile]:
    sound = not live.findings and not live.oversold_pieces
    return [
        Tile(
            Both("下单", "placed"),
            f"{live.orders_placed:,}",
            Both("单", "orders"),
            Both(
                "下单入口收下并提交的订单；下过的再来一次，得到第一次的结果。",
                "Orders that the door took and committed; one that comes again gets its first "
                "answer.",
            ),
            note=f"{live.orders_per_s:,.0f} 单/秒 per second · p50 {live.p50_ms:,.1f} ms",
        ),
        Tile(
            Both("满足率", "fill rate"),
            f"{live.pieces_promised / max(live.pieces_wanted, 1):.1%}",
            Both("按件", "of pieces"),
            Both(
                "下单时承诺并占住库存的件数 ÷ 想要的件数。",
                "Pieces promised and bound when the order was placed, of pieces wanted.",
            ),
            note=f"{live.pieces_promised:,} / {live.pieces_wanted:,} 件 pieces",
        ),
        Tile(
            Both("包裹", "parcels"),
            f"{live.parcels / max(live.orders_served, 1):.3f}",
            Both("个/单", "an order"),
            Both(
                "寻源决定的包裹数 ÷ 有货可发的订单数；距离每件算一次。",
                "Parcels that sourcing decided on, by orders that got anything; the distance "
                "counts once a piece.",
            ),
            note=f"中位距离 median {live.median_km:,.0f} km",
        ),
        Tile(
            Both("接单", "accepted"),
            f"{live.accepted:,}",
            Both("次", "offers"),
            Both("派给门店后被接下的活。", "Offers that a place took."),
        ),
        Tile(
            Both("拒单", "declined"),
            f"{sum(live.declined.values()):,}",
            Both("次", "offers"),
            Both(
                "门店按各自的接单率拒绝；改派是另一处接手的次数。",
                "Places decline by rates of their own; re-routed is how often another place was "
                "asked.",
            ),
            note=f"改派 re-routed {live.rerouted:,}",
        ),
        Tile(
            Both("签收", "delivered"),
            f"{live.delivered:,}",
            Both("个包裹", "parcels"),
            Both(
                "交运后在真实订单的那一天签收。",
                "Handed over, then delivered on the day of the real order.",
            ),
        ),
        Tile(
            Both("短缺任务", "shortfalls"),
            f"{live.shortfalls:,}",
            Both("项", "tasks"),
            Both("结束时还等人处理的。", "Those that wait for a person at the end."),
        ),
        Tile(
            Both("不变量", "invariants"),
            "全部成立" if sound else f"{len(live.findings)} 项不符",
            Both("", "all hold" if sound else "do not hold"),
            Both(
                "结束后各模块核对自己的数据，与 doctor 相同。",
                "Every context checks its own rows when all is done, as `doctor` does.",
            ),
            note="" if sound else "; ".join(live.findings[:2]),
        ),
    ]


def _declined(live: LiveRun) -> str:
    rows = [
        Bar(
            label=f"{DECLINE[reason].zh} {DECLINE[reason].en}",
            value=times,
            words=f"{times:,}",
            colour=OURS,
        )
        for reason, times in sorted(live.declined.items(), key=lambda row: (-row[1], row[0]))
    ]
    return pieces.figure(
        picture=charts.bars(rows=rows, label="拒单原因 why stores declined"),
        caption=Both("门店为什么拒单", "Why stores declined"),
    )


def _refused(live: LiveRun) -> str:
    rows = [[reason, f"{times:,}"] for reason, times in sorted(live.orders_refused.items())]
    columns = [
        Column(Both("下单被拒", "order refused"), is_number=False),
        Column(Both("次数", "times")),
    ]
    return pieces.table(columns=columns, rows=rows)


NOTES = [
    Both(
        "吞吐是一单接一单地下、含提交的速度；并发下单的速度见 bench orders。",
        "Orders per second are placed one after the other, commit included; `bench orders` "
        "measures them side by side.",
    ),
    Both(
        "短缺任务是门店找不到账上的货而又没有别处可发：它们留在异常队列里等人决定，并不是超卖。",
        "A shortfall task is a piece that a store did not find and no other place has: it waits "
        "for a person, and nothing was sold twice.",
    ),
]
