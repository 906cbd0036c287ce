"""The report about a replay of payments: as a page, and for a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Group
from rich.table import Table

from santong.simulation.rules.drawing.charts import OURS, Bar
from santong.simulation.rules.paid.outcome import PaidReport
from santong.simulation.rules.paid.plan import CURRENCY, METHODS, NOT_DELIVERED
from santong.simulation.rules.report import leftovers, pieces, terminal
from santong.simulation.rules.report.pieces import Column, Tile
from santong.simulation.rules.report.words import Both

METHOD: Mapping[str, Both] = {
    "credit_card": Both("信用卡", "credit card"),
    "boleto": Both("付款单", "boleto"),
    "voucher": Both("代金券", "voucher"),
    "debit_card": Both("借记卡", "debit card"),
}
CATEGORY: Mapping[str, Both] = {
    "nothing_sold": Both("无商品行", "nothing sold"),
    "not_paid": Both("无付款", "not paid"),
    "document_rounding": Both("舍入", "rounding"),
    "paid_more": Both("多付", "paid more"),
    "paid_less": Both("少付", "paid less"),
}
ORDERS = Both("单", "orders")


def page_of_payments(*, report: PaidReport) -> str:
    """The whole page, bilingual, with every figure in it."""
    first, last = report.orders[0], report.orders[-1]
    return pieces.page(
        title="三通 · 收款重放报告",
        heading=Both("收款重放报告", "Replay of payments"),
        subtitle=(
            f"{len(report.orders):,} 单 orders · {first.asked_at:%Y-%m-%d} – "
            f"{last.asked_at:%Y-%m-%d} · 数据 data: Olist · 商家 merchant: "
            f"{report.merchant_code} · 生成 made {report.made_at:%Y-%m-%d %H:%M} UTC"
        ),
        body=[
            _glance(report),
            _methods(report),
            _instalments(report),
            _differences(report),
            _statements(report),
            _rest(report),
        ],
    )


def summary_of_payments(*, report: PaidReport) -> Group:
    """The same in a screenful."""
    table = Table(title=f"收款重放 payments: {report.merchant_code}")
    for title in ("", "文件 files", "收款 tenders", "账本 ledger"):
        table.add_column(title, justify="right")
    for method, words in METHOD.items():
        table.add_row(
            f"{words.zh} {words.en}",
            _money(report.sums.minor_by_method[method]),
            _money(report.proof.minor_by_method[method]),
            _money(report.proof.ledger_by_method[method]),
        )
    table.add_row(
        "合计 total",
        _money(report.sums.minor),
        _money(report.proof.minor),
        _money(sum(report.proof.ledger_by_method.values())),
    )
    differ = Table(title="差异 differences")
    for title in ("类别 category", "原因 reason", "单 orders", CURRENCY):
        differ.add_column(title)
    for each in report.reconciled.explained:
        differ.add_row(each.category, each.why.value, f"{each.count:,}", _money(each.minor))
    differ.add_row("一致 equal", "", f"{report.reconciled.equal:,}", "0.00")
    rest = Table(title="核对 proof")
    rest.add_column("")
    rest.add_column("", justify="right")
    for words, figure in _figures(report):
        rest.add_row(f"{words.zh} {words.en}", figure)
    return Group(terminal.set_aside(tally=report.tally), table, differ, rest)


def _figures(report: PaidReport) -> list[tuple[Both, str]]:
    found, proof = report.reconciled, report.proof
    return [
        (Both("收款单", "intents"), f"{proof.intents:,}"),
        (Both("支付笔数", "tenders"), f"{sum(proof.tenders_by_method.values()):,}"),
        (Both("逐单不符", "orders that differ from the file"), f"{proof.orders_differing:,}"),
        (Both("未说明的差异", "differences left open"), f"{found.left_open:,}"),
        (Both("未说明金额（分）", "unexplained minor units"), f"{found.unexplained_minor:,}"),
        (Both("对账单", "statements"), f"{found.statements:,}"),
        (
            Both("对账单行：匹配 / 全部", "lines: matched of all"),
            f"{found.statement_matched:,} / {found.statement_lines:,}",
        ),
        (Both("对账单差异", "differences of statements"), f"{found.statement_differences:,}"),
        (
            Both("对账单未说明（分）", "unexplained minor units of statements"),
            f"{found.statement_unexplained_minor:,}",
        ),
        (Both("不变量", "findings"), f"{len(report.findings):,}"),
        (Both("逐分一致", "agrees to the minor unit"), "是 yes" if report.is_proven else "否 no"),
        (
            Both("秒", "seconds"),
            " + ".join(f"{part} {took:,.0f}" for part, took in report.seconds_by_part.items()),
        ),
    ]


def _glance(report: PaidReport) -> str:
    sums, proof, found = report.sums, report.proof, report.reconciled
    return pieces.section(
        title=Both("一览", "At a glance"),
        parts=[
            pieces.tiles(
                shown=[
                    Tile(
                        Both("已收", "received"),
                        _money(proof.minor),
                        Both(CURRENCY, CURRENCY),
                        Both("账本与文件逐分一致。", "Books and files agree to the centavo."),
                        note=f"文件 files {_money(sums.minor)}",
                    ),
                    Tile(
                        Both("支付", "tenders"),
                        f"{sum(proof.tenders_by_method.values()):,}",
                        Both("笔", "rows"),
                        Both("文件每行为一笔支付。", "Every row of the file is a tender."),
                        note=f"收款单 intents {proof.intents:,}",
                    ),
                    Tile(
                        Both("逐单不符", "orders that differ"),
                        f"{proof.orders_differing:,}",
                        ORDERS,
                        Both("账本与文件比较。", "The ledger beside the file."),
                    ),
                    Tile(
                        Both("未说明", "unexplained"),
                        f"{found.left_open:,}",
                        ORDERS,
                        Both("每笔差异都有类别与原因。", "Every difference has a reason."),
                        note=f"差异 differences {sum(found.count_by_category.values()):,}",
                    ),
                ]
            )
        ],
    )


def _methods(report: PaidReport) -> str:
    rows = [
        [
            f"{METHOD[method].zh} {METHOD[method].en}",
            f"{report.sums.count_by_method[method]:,}",
            f"{report.proof.tenders_by_method[method]:,}",
            _money(report.sums.minor_by_method[method]),
            _money(report.proof.minor_by_method[method]),
            _money(report.proof.ledger_by_method[method]),
        ]
        for method in METHODS
    ]
    return pieces.section(
        title=Both("按支付方式", "By way to pay"),
        parts=[
            pieces.table(
                columns=[
                    Column(Both("方式", "way"), is_number=False),
                    Column(Both("文件行", "rows of the file")),
                    Column(Both("支付", "tenders")),
                    Column(Both("文件金额", "by the file")),
                    Column(Both("支付金额", "by tenders")),
                    Column(Both("账本金额", "by the ledger")),
                ],
                rows=rows,
            )
        ],
    )


def _instalments(report: PaidReport) -> str:
    bars = [
        Bar(label=f"{count}", value=times, words=f"{times:,}", colour=OURS)
        for count, times in report.proof.tenders_by_instalments.items()
    ]
    return pieces.section_of_bars(
        title=Both("分期", "Instalments"),
        caption=Both("按分期数的支付笔数", "Tenders by number of instalments"),
        bars=bars,
    )


def _differences(report: PaidReport) -> str:
    found = report.reconciled
    rows = [
        [
            f"{CATEGORY[each.category].zh} {CATEGORY[each.category].en}",
            each.why.value,
            f"{each.count:,}",
            _money(each.minor),
            each.example,
        ]
        for each in found.explained
    ]
    rows.append(
        [
            "合计 total",
            "",
            f"{sum(each.count for each in found.explained):,}",
            _money(sum(each.minor for each in found.explained)),
            "",
        ]
    )
    return pieces.section(
        title=Both("差异与原因", "What differs, and why"),
        lead=Both(
            f"{found.documents:,} 单中 {found.equal:,} 单一致；应收 {_money(found.owed_minor)}，"
            f"已收 {_money(found.paid_minor)} {CURRENCY}。",
            f"Of {found.documents:,} orders {found.equal:,} are equal; {_money(found.owed_minor)} "
            f"{CURRENCY} were owed, {_money(found.paid_minor)} were paid.",
        ),
        parts=[
            pieces.table(
                columns=[
                    Column(Both("类别", "category"), is_number=False),
                    Column(Both("原因", "reason"), is_number=False),
                    Column(Both("单", "orders")),
                    Column(Both("金额", "amount")),
                    Column(Both("最大一例", "the largest"), is_number=False),
                ],
                rows=rows,
                strong=len(rows) - 1,
            )
        ],
    )


def _statements(report: PaidReport) -> str:
    found = report.reconciled
    return pieces.section(
        title=Both("对账单", "Statements"),
        lead=Both(
            "按文件（而非账本）逐日逐方式写成对账单，再与账本核对。",
            "Written from the files and not from the books, for each day and way to pay; then "
            "matched to the books.",
        ),
        parts=[
            pieces.table(
                columns=[
                    Column(Both("对账单", "statements")),
                    Column(Both("行", "lines")),
                    Column(Both("匹配", "matched")),
                    Column(Both("差异", "differences")),
                    Column(Both("金额", "amount")),
                    Column(Both("未说明（分）", "unexplained minor units")),
                ],
                rows=[
                    [
                        f"{found.statements:,}",
                        f"{found.statement_lines:,}",
                        f"{found.statement_matched:,}",
                        f"{found.statement_differences:,}",
                        _money(found.statement_minor),
                        f"{found.statement_unexplained_minor:,}",
                    ]
                ],
            )
        ],
    )


def _rest(report: PaidReport) -> str:
    given_up = [
        order for order in report.orders if order.status in NOT_DELIVERED and order.payments
    ]
    paid = sum(order.paid_minor for order in given_up)
    empty = sum(order.empty for order in report.orders)
    notes = [
        Both(
            f"取消或缺货的 {len(given_up):,} 单共付 {_money(paid)} {CURRENCY}；文件没有退款，"
            "因此不记任何退款。",
            f"For {len(given_up):,} orders that were cancelled or unavailable {_money(paid)} "
            f"{CURRENCY} were paid. The files have no refunds, so none is made up.",
        ),
        Both(
            f"{empty:,} 行付款金额为零，未移动任何金额，不成为支付。",
            f"{empty:,} rows are payments of nothing: they moved nothing and are no tenders.",
        ),
        Both(
            "收款在审批时刻入账；无审批时刻者，在下单时刻入账。",
            "Money comes in when it was approved; what never was, when it was bought.",
        ),
    ]
    notes += [Both(finding, finding) for finding in report.findings]
    return pieces.section(
        title=Both("数据", "Data"),
        parts=[leftovers.set_aside(tally=report.tally), pieces.notes(lines=notes)],
    )


def _money(minor: int) -> str:
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100:,}.{abs(minor) % 100:02d}"
