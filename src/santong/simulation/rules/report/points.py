"""The report about a replay of members' purchases: as a page, and for a terminal."""

from __future__ import annotations

from rich.console import Group
from rich.table import Table

from santong.simulation.rules.drawing import charts
from santong.simulation.rules.drawing.charts import OURS, Bar
from santong.simulation.rules.purchases.outcome import MonthEnd, PointsReport
from santong.simulation.rules.report import leftovers, pieces, terminal
from santong.simulation.rules.report.pieces import Column, Tile
from santong.simulation.rules.report.words import Both

POINTS = Both("积分", "points")
PEOPLE = Both("人", "members")
COUNTED = {
    "pending": Both("待生效", "pending"),
    "available": Both("可用（减欠）", "available less owed"),
    "expired": Both("已过期", "expired"),
    "burned": Both("已消耗", "burned"),
    "experience": Both("成长值", "experience"),
}


def page_of_points(*, report: PointsReport) -> str:
    """The whole page, bilingual, with every plot in it."""
    first, last = report.history.baskets[0], report.history.baskets[-1]
    return pieces.page(
        title="三通 · 会员重放报告",
        heading=Both("会员购买重放报告", "Replay of members' purchases"),
        subtitle=(
            f"{len(report.history.baskets):,} 笔 purchases · {first.bought_at:%Y-%m-%d} – "
            f"{last.bought_at:%Y-%m-%d} · 数据 data: {report.history.name} · "
            f"商家 merchant: {report.merchant_code} · "
            f"生成 made {report.made_at:%Y-%m-%d %H:%M} UTC"
        ),
        body=[_glance(report), _proof(report), _months(report), _tiers(report), _rest(report)],
    )


def summary_of_points(*, report: PointsReport) -> Group:
    """The same in a screenful."""
    table = Table(title=f"会员重放 members: {report.merchant_code}")
    for title in ("", "账本 ledger", "独立求和 SQL"):
        table.add_column(title, justify="right")
    for name, words in COUNTED.items():
        ledger, expected = report.proof.ledger[name], report.proof.expected[name]
        table.add_row(f"{words.zh} {words.en}", f"{ledger:,}", f"{expected:,}")
    for code, members in report.proof.members_by_tier.items():
        table.add_row(f"等级 tier {code}", f"{members:,}", "")
    table.add_row("不符的会员 members that differ", f"{report.proof.differing:,}", "")
    table.add_row("不变量 findings", f"{len(report.replayed.findings):,}", "")
    table.add_row("秒 seconds", f"{report.replayed.seconds:,.0f}", "")
    return Group(terminal.set_aside(tally=report.history.tally), table)


def _glance(report: PointsReport) -> str:
    history, proof = report.history, report.proof
    amount = sum(basket.amount_minor for basket in history.baskets)
    return pieces.section(
        title=Both("一览", "At a glance"),
        parts=[
            pieces.tiles(
                shown=[
                    Tile(
                        Both("会员", "members"),
                        f"{proof.members:,}",
                        PEOPLE,
                        Both("文件中有编号的买家。", "Buyers whom the files name."),
                    ),
                    Tile(
                        Both("购买", "purchases"),
                        f"{len(history.baskets):,}",
                        Both("笔", "baskets"),
                        Both("每笔都按时间先后计分。", "Each counted, in the order of time."),
                        note=f"{amount / 100:,.2f} {history.currency}",
                    ),
                    Tile(
                        Both("退回", "returns"),
                        f"{len(history.returns):,}",
                        Both("笔", "returns"),
                        Both("按行按件收回。", "Taken back by line and piece."),
                    ),
                    Tile(
                        Both("不符", "differences"),
                        f"{proof.differing:,}",
                        PEOPLE,
                        Both(
                            "账本与独立 SQL 求和不同的会员。",
                            "Members whose ledger differs from the sum in SQL.",
                        ),
                        note=f"不变量 findings {len(report.replayed.findings):,}",
                    ),
                ]
            )
        ],
    )


def _proof(report: PointsReport) -> str:
    rows = [
        [
            f"{words.zh} {words.en}",
            f"{report.proof.ledger[name]:,}",
            f"{report.proof.expected[name]:,}",
            f"{report.proof.ledger[name] - report.proof.expected[name]:,}",
        ]
        for name, words in COUNTED.items()
    ]
    return pieces.section(
        title=Both("账实相符", "The ledger proven"),
        lead=Both(
            "右列由 SQL 直接从原始行算出，不经产品代码；每位会员逐项比较。",
            "The sum is worked out by SQL from the raw rows, without the product's code, and "
            "compared for every member.",
        ),
        parts=[
            pieces.table(
                columns=[
                    Column(Both("科目", "account"), is_number=False),
                    Column(Both("账本", "ledger")),
                    Column(Both("独立求和", "sum in SQL")),
                    Column(Both("差", "difference")),
                ],
                rows=rows,
            )
        ],
    )


def _months(report: PointsReport) -> str:
    months = report.replayed.months
    drawn = [
        (Both("月末可用积分", "points available at the end of each month"), _available),
        (Both("累计过期", "expired so far"), _expired),
    ]
    return pieces.section(
        title=Both("按月", "Month by month"),
        parts=[
            pieces.side_by_side(
                parts=[
                    pieces.figure(
                        picture=charts.line_over(
                            names=[f"{month.at:%y-%m}" for month in months],
                            values=[value(month) for month in months],
                            words=lambda number: f"{number:,.0f}",
                            label=f"{caption.zh} {caption.en}",
                            every=2,
                        ),
                        caption=caption,
                    )
                    for caption, value in drawn
                ]
            )
        ],
    )


def _available(month: MonthEnd) -> float:
    return month.available


def _expired(month: MonthEnd) -> float:
    return month.expired


def _tiers(report: PointsReport) -> str:
    tiers = {tier.code: tier for tier in report.plan.terms.tiers}
    bars = [
        Bar(
            label=f"{tiers[code].name} ≥ {tiers[code].threshold:,}",
            value=members,
            words=f"{members:,}",
            colour=OURS,
        )
        for code, members in report.proof.members_by_tier.items()
    ]
    return pieces.section_of_bars(
        title=Both("等级", "Tiers"),
        caption=Both("期末各等级人数", "Members of each tier at the end"),
        bars=bars,
    )


def _rest(report: PointsReport) -> str:
    tally = report.history.tally
    notes = [
        Both(
            "所有日期整体平移，使最后一天为昨天；一天中的时刻不变。",
            "All dates are moved by whole days, so that the last one is yesterday.",
        ),
    ]
    notes += [Both(finding, finding) for finding in report.replayed.findings]
    return pieces.section(
        title=Both("数据", "Data"),
        parts=[
            pieces.side_by_side(
                parts=[leftovers.set_aside(tally=tally), leftovers.mended(tally=tally)]
            ),
            pieces.notes(lines=notes),
        ],
    )
