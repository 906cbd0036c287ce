"""The part of the page about the orders that went through the doors."""

from __future__ import annotations

from santong.simulation.rules.report import pieces
from santong.simulation.rules.report.contents import LiveRun
from santong.simulation.rules.report.pieces import Column, Tile
from santong.simulation.rules.report.words import Both


def live_section(*, live: LiveRun) -> str:
    """What placing, routing, reserving and fulfilling all orders came to."""
    sound = not live.findings and not live.oversold_pieces
    return pieces.section(
        title=Both("实际走一遍", "Through the doors"),
        lead=Both(
            "每一单都走与线上订单相同的入口：下单、寻源、预占、写事件；模拟门店随后接单、拒单、发货。",
            "Every order went in where live orders go in: placed, sourced, reserved, its facts "
            "written; simulated stores then accepted, declined and shipped.",
        ),
        parts=[
            pieces.tiles(
                shown=[
                    Tile(
                        Both("下单", "placed"),
                        f"{live.orders_placed:,}",
                        f"{live.orders_per_s:,.0f}/s · p50 {live.p50_ms:,.1f} ms",
                    ),
                    Tile(
                        Both("承诺件数", "pieces promised"),
                        f"{live.pieces_promised:,}",
                        f"共 of {live.pieces_wanted:,}",
                    ),
                    Tile(Both("接单", "accepted"), f"{live.accepted:,}"),
                    Tile(
                        Both("拒单", "declined"),
                        f"{sum(live.declined.values()):,}",
                        f"改派 re-routed {live.rerouted:,}",
                    ),
                    Tile(Both("签收", "delivered"), f"{live.delivered:,}"),
                    Tile(
                        Both("不变量", "invariants"),
                        "全部成立" if sound else f"{len(live.findings)} 项不符",
                        "all hold" if sound else "; ".join(live.findings[:2]),
                    ),
                ]
            ),
            *([_refusals(live)] if live.orders_refused or live.declined else []),
        ],
    )


def _refusals(live: LiveRun) -> str:
    rows = [
        *(["下单被拒 order refused", reason, f"{times:,}"]
          for reason, times in sorted(live.orders_refused.items())),
        *(["门店拒单 store declined", reason, f"{times:,}"]
          for reason, times in sorted(live.declined.items())),
    ]  # fmt: skip
    columns = [
        Column(Both("环节", "where"), is_number=False),
        Column(Both("原因", "reason"), is_number=False),
        Column(Both("次数", "times")),
    ]
    return pieces.table(columns=columns, rows=rows)
