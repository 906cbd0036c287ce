"""The replay in the words of a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from santong.simulation.rules.delivery.judge import Judgement
from santong.simulation.rules.published.tally import Tally
from santong.simulation.rules.report.contents import BEST, Comparison, LiveRun, ReplayReport
from santong.simulation.rules.report.words import ESTIMATE, POLICY, REASON


def summary(*, report: ReplayReport) -> Group:
    """What the page says, in a screenful or two."""
    parts: list[RenderableType] = [set_aside(tally=report.data.tally)]
    if report.live:
        parts += [_live(report.live)]
    parts += [_policies(report.comparison)]
    if report.judgement:
        parts += [_estimates(report.judgement), _promises(report.judgement)]
    return Group(*parts)


def set_aside(*, tally: Tally) -> Table:
    """Rows that were not used, by file and reason, and those that were used all the same."""
    table = Table(title=f"读取 read: {sum(tally.rows_by_file.values()):,} 行 rows · 未用 set aside")
    table.add_column("文件 file")
    table.add_column("原因 reason")
    table.add_column("行 rows", justify="right")
    for (file, reason), times in sorted(tally.count_by_reason().items()):
        table.add_row(file, f"{REASON[reason.value]} {reason.value}", f"{times:,}")
    for remark, times in sorted(tally.remarks.items()):
        table.add_row("", Text(f"{REASON[remark.value]} {remark.value}", "dim"), f"{times:,}")
    return table


def _live(live: LiveRun) -> Table:
    table = Table(title="实际走一遍 through the doors", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    rows = [
        ("下单 orders placed", f"{live.orders_placed:,}"),
        ("每秒 orders per second", f"{live.orders_per_s:,.0f}"),
        ("毫秒 p50 / p95 ms", f"{live.p50_ms:,.1f} / {live.p95_ms:,.1f}"),
        ("承诺件数 pieces promised", f"{live.pieces_promised:,} / {live.pieces_wanted:,}"),
        ("包裹 parcels", f"{live.parcels:,}"),
        ("中位公里 median km", f"{live.median_km:,.0f}"),
        ("接单 accepted", f"{live.accepted:,}"),
        ("拒单 declined", f"{sum(live.declined.values()):,}"),
        ("改派 re-routed", f"{live.rerouted:,}"),
        ("签收 delivered", f"{live.delivered:,}"),
        ("超卖 oversold pieces", f"{live.oversold_pieces:,}"),
        ("短缺任务 shortfall tasks", f"{live.shortfalls:,}"),
        ("不变量 findings", f"{len(live.findings):,}"),
        *((f"下单被拒 refused: {reason}", f"{times:,}")
          for reason, times in sorted(live.orders_refused.items())),
    ]  # fmt: skip
    for name, value in rows:
        table.add_row(name, value)
    return table


def _policies(comparison: Comparison) -> Table:
    table = Table(title="策略比较 policies on the same orders and stock")
    table.add_column("策略 policy", no_wrap=True)
    for title in ("满足率 fill", "包裹/单 parcels", "中位公里 km", "R$/件 a piece", "下限 bound"):
        table.add_column(title, justify="right")
    for outcome in (comparison.as_it_was, *comparison.outcomes):
        is_comparable = outcome.name not in ("as it was", "as sold")
        name = POLICY[outcome.name]
        table.add_row(
            f"{name.zh} {name.en}",
            f"{outcome.fill_rate:.2%}",
            f"{outcome.parcels_per_order:.4f}",
            f"{outcome.median_km:,.0f}",
            f"{outcome.cost_minor_per_piece / 100:.2f}",
            f"{outcome.cost_milli / comparison.bound_milli:.4f}" if is_comparable else "–",
            style="bold" if outcome.name == BEST else "",
        )
    return table


def _estimates(judgement: Judgement) -> Table:
    table = Table(title=f"几天送到 delivery days, {judgement.month:%Y-%m}: {judgement.judged_on:,}")
    table.add_column("估计 estimate", no_wrap=True)
    for title in ("平均误差 mean", "中位 median", "九成 p90", "偏差 bias"):
        table.add_column(title, justify="right")
    for errors in (judgement.ours, judgement.without_pace, judgement.constant, judgement.olist):
        name = ESTIMATE[errors.name]
        table.add_row(
            f"{name.zh} {name.en}",
            f"{errors.mean_absolute:.2f}",
            f"{errors.median_absolute:.0f}",
            f"{errors.p90_absolute:.0f}",
            f"{errors.mean:+.1f}",
        )
    return table


def _promises(judgement: Judgement) -> Table:
    table = Table(title="承诺 promises kept")
    for title in ("承诺 promise", "应守约 wanted", "实际 kept", "平均天数 mean days"):
        table.add_column(title, justify="right")
    for promise in judgement.promises:
        wanted = f"{promise.wanted_share:.0%}" if promise.wanted_share is not None else "–"
        table.add_row(promise.name, wanted, f"{promise.kept_share:.1%}", f"{promise.mean_days:.1f}")
    return table
