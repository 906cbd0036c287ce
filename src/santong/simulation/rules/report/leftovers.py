"""The part of the page about what was not used, what was mended, and the rules of the replay."""

from __future__ import annotations

from santong.simulation.rules.published.tally import Remark, Tally
from santong.simulation.rules.report import pieces
from santong.simulation.rules.report.contents import ReplayReport
from santong.simulation.rules.report.pieces import Column
from santong.simulation.rules.report.words import REASON, Both


def section(*, report: ReplayReport) -> str:
    """Rows set aside by file and reason, rows mended, and how the world was made."""
    tally = report.data.tally
    return pieces.section(
        title=Both("数据与规则", "Data and rules"),
        parts=[
            pieces.side_by_side(parts=[set_aside(tally=tally), mended(tally=tally)]),
            pieces.notes(lines=_rules(report)),
        ],
    )


def set_aside(*, tally: Tally) -> str:
    """Rows that were not used, by file and reason."""
    columns = [
        Column(Both("文件", "file"), is_number=False),
        Column(Both("未用的原因", "set aside because"), is_number=False),
        Column(Both("行", "rows")),
    ]
    counted = sorted(tally.count_by_reason().items())
    rows = [
        [file, f"{REASON[reason.value]} {reason.value}", f"{times:,}"]
        for (file, reason), times in counted
    ]
    total = sum(tally.rows_by_file.values())
    rows.append(["共读取 all rows read", "", f"{total:,}"])
    return pieces.table(columns=columns, rows=rows, strong=len(rows) - 1)


def mended(*, tally: Tally) -> str:
    """Rows that were used although something is wrong with them."""
    columns = [
        Column(Both("使用但有瑕疵", "used although"), is_number=False),
        Column(Both("次", "times")),
    ]
    rows = [
        [f"{REASON[remark.value]} {remark.value}", f"{tally.remarks[remark]:,}"]
        for remark in Remark
        if tally.remarks[remark]
    ]
    return pieces.table(columns=columns, rows=rows)


def _rules(report: ReplayReport) -> list[Both]:
    rule, rates = report.world.rule, report.rates
    own_percent = 100 - rule.at_warehouses_percent - rule.at_other_sellers_percent
    return [
        Both(
            f"期初库存（种子 {rule.seed}）：每种商品备实际销量加 {rule.spare_percent}%，其中 "
            f"{rule.scarce_products_percent}% 的商品紧缺，只备 {rule.scarce_percent}%；"
            "第一件在原卖家，"
            f"其余按 {own_percent}/{rule.at_warehouses_percent}/{rule.at_other_sellers_percent} "
            "分到原卖家、区域仓、同类目其他卖家。期间不补货。",
            f"Opening stock (seed {rule.seed}): what was sold of each product and "
            f"{rule.spare_percent} % more, but {rule.scarce_products_percent} % of the products "
            f"are scarce and get {rule.scarce_percent} %. The first piece lies at the real seller, "
            f"each further one by {own_percent}/{rule.at_warehouses_percent}/"
            f"{rule.at_other_sellers_percent} at the real seller, at a regional warehouse, at "
            "another seller of the category. Nothing is replenished.",
        ),
        Both(
            f"运费按 {rates.fitted_on:,} 个单件订单的真实运费拟合"
            f"（解释 {rates.explained_percent}%）："
            f"每包裹 R$ {rates.parcel_milli / 100_000:.2f}，每公里 "
            f"R$ {rates.parcel_micro_per_km / 100_000_000:.4f}，每公斤 "
            f"R$ {rates.weight_micro_per_kg / 100_000_000:.2f}，每公斤公里 "
            f"R$ {rates.carriage_micro_per_kg_km / 100_000_000:.5f}。",
            f"Freight is fitted on what {rates.fitted_on:,} single-piece orders really paid "
            f"({rates.explained_percent} % explained): R$ {rates.parcel_milli / 100_000:.2f} a "
            f"parcel, R$ {rates.parcel_micro_per_km / 100_000_000:.4f} a kilometre, "
            f"R$ {rates.weight_micro_per_kg / 100_000_000:.2f} a kilogram, "
            f"R$ {rates.carriage_micro_per_kg_km / 100_000_000:.5f} a kilogram-kilometre.",
        ),
    ]
