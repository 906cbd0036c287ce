"""The part of the page about delivery days."""

from __future__ import annotations

from santong.simulation.rules.delivery.judge import Errors, Judgement, Promise
from santong.simulation.rules.drawing import charts
from santong.simulation.rules.drawing.charts import OURS, THEIRS, Bar, Curve
from santong.simulation.rules.report import pieces
from santong.simulation.rules.report.pieces import Column
from santong.simulation.rules.report.words import ESTIMATE, Both

EARLIEST_DRAWN, LATEST_DRAWN = -30, 30
FASTER = "#5eada5"


def section(*, judgement: Judgement) -> str:
    """How near the estimated day is to the real one, and how often promises were kept."""
    month = f"{judgement.month:%Y-%m}"
    return pieces.section(
        title=Both("几天送到", "Delivery days"),
        lead=Both(
            f"以 {month} 之前的 {judgement.fitted_on:,} 单拟合（当时尚未签收的 "
            f"{judgement.not_yet_delivered:,} 单按“至少这么久”计），在 {month} 的 "
            f"{judgement.judged_on:,} 单上检验；只用下单时已知的信息。",
            f"Fitted on {judgement.fitted_on:,} orders placed before {month}, as known then "
            f"({judgement.not_yet_delivered:,} had not arrived and count as “at least so long”); "
            f"judged on the {judgement.judged_on:,} of {month}, from what was known at purchase.",
        ),
        parts=[
            _error_table(judgement),
            pieces.side_by_side(parts=[_errors(judgement), _promises(judgement)]),
            pieces.side_by_side(parts=[_pace(judgement), _effects(judgement)]),
            pieces.notes(lines=_notes(judgement)),
        ],
    )


def _error_table(judgement: Judgement) -> str:
    columns = [
        Column(Both("估计", "estimate"), is_number=False),
        Column(Both("平均误差（天）", "mean absolute error, days")),
        Column(Both("中位误差（天）", "median")),
        Column(Both("九成以内（天）", "90 % within")),
        Column(Both("平均偏差（天）", "mean, late is negative")),
    ]
    rows = [
        _error_row(errors)
        for errors in (
            judgement.ours,
            judgement.without_pace,
            judgement.constant,
            judgement.olist,
        )
    ]
    return pieces.table(columns=columns, rows=rows, strong=0)


def _error_row(errors: Errors) -> list[str]:
    name = ESTIMATE[errors.name]
    return [
        f"{name.zh} {name.en}",
        f"{errors.mean_absolute:.2f}",
        f"{errors.median_absolute:.0f}",
        f"{errors.p90_absolute:.0f}",
        f"{errors.mean:+.1f}",
    ]


def _errors(judgement: Judgement) -> str:
    curves = [
        Curve("平台原承诺 Olist's promise", judgement.olist.days, THEIRS),
        Curve("本系统估计 this estimate", judgement.ours.days, OURS),
    ]
    return pieces.figure(
        picture=charts.histogram(
            curves=curves,
            low=EARLIEST_DRAWN,
            high=LATEST_DRAWN,
            unit="天 days",
            label="误差分布 errors",
        ),
        caption=Both(
            "估计日减实际日，各占订单的百分之几：左边是来晚了，右边是来早了；两端的柱含更远的",
            "Estimated day minus real day, share of orders: left of zero it came later, right "
            "of it earlier; the outermost bars hold all beyond",
        ),
    )


def _promises(judgement: Judgement) -> str:
    columns = [
        Column(Both("承诺", "promise"), is_number=False),
        Column(Both("应守约", "should keep")),
        Column(Both("实际守约", "kept")),
        Column(Both("平均承诺（天）", "mean days promised")),
    ]
    rows = [_promise_row(promise) for promise in judgement.promises]
    return (
        "<div>"
        + pieces.table(
            columns=columns, rows=rows, strong=judgement.promises.index(_most_like(judgement))
        )
        + pieces.notes(
            lines=[
                Both(
                    "把估计中值加上此前三个月的余量，得到按比例守约的承诺日；余量在检验月之前定下。"
                    "加粗的一档与平台守约最接近。",
                    "A margin over the middle makes a day that a share of orders should keep; it "
                    "was set on the three months before the judged one. In bold the one that keeps "
                    "most nearly what Olist keeps.",
                )
            ]
        )
        + "</div>"
    )


def _promise_row(promise: Promise) -> list[str]:
    is_ours = promise.wanted_share is not None
    return [
        f"本系统 ours {promise.name}" if is_ours else "平台 Olist",
        f"{promise.wanted_share:.0%}" if promise.wanted_share is not None else "–",
        f"{promise.kept_share:.1%}",
        f"{promise.mean_days:.1f}",
    ]


def _pace(judgement: Judgement) -> str:
    return pieces.figure(
        picture=charts.line_over(
            names=[f"{day:%m-%d}" for day, _ in judgement.pace],
            values=[factor for _, factor in judgement.pace],
            words=lambda value: f"×{value:.2f}",
            label="节奏 pace",
            height=330.0,
        ),
        caption=Both(
            "近期节奏：比平时慢多少（每天零点所知）",
            "The pace: how much slower than usual, as known at each midnight",
        ),
    )


def _effects(judgement: Judgement) -> str:
    rows = [
        Bar(
            label=_effect_name(name),
            value=abs(factor - 1),
            words=f"×{factor:.2f}",
            colour=THEIRS if factor > 1 else FASTER,
        )
        for name, factor in judgement.effects
    ]
    return pieces.figure(
        picture=charts.bars(rows=rows, label="地区影响 effects"),
        caption=Both(
            "影响最大的地区：天数乘以几（橙为更慢，绿为更快；区号是邮编前三位）",
            "The places that change the days most, as factors (orange slower, green faster)",
        ),
    )


def _effect_name(name: str) -> str:
    for english, chinese in (
        ("buyer's state", "买家州"),
        ("seller's state", "卖家州"),
        ("corridor", "线路"),
        ("buyer's region", "买家区"),
    ):
        if name.startswith(english):
            return f"{chinese} {name.removeprefix(english).strip()}"
    return name


def _most_like(judgement: Judgement) -> Promise:
    *own, olist = judgement.promises
    return min(own, key=lambda promise: abs(promise.kept_share - olist.kept_share))


def _notes(judgement: Judgement) -> list[Both]:
    ours, theirs = judgement.ours, judgement.olist
    olist, like = judgement.promises[-1], _most_like(judgement)
    return [
        Both(
            f"平均误差 {ours.mean_absolute:.1f} 天，平台承诺为 {theirs.mean_absolute:.1f} 天。"
            f"平台的承诺偏保守：守约 {olist.kept_share:.1%}，平均 {olist.mean_days:.1f} 天；"
            f"我们最接近的一档守约 {like.kept_share:.1%}，平均 {like.mean_days:.1f} 天。",
            f"The mean error is {ours.mean_absolute:.1f} days against {theirs.mean_absolute:.1f} "
            f"of Olist's promise, which is cautious: {olist.kept_share:.1%} kept at "
            f"{olist.mean_days:.1f} days on average. The nearest of ours keeps "
            f"{like.kept_share:.1%} at {like.mean_days:.1f} days.",
        ),
        Both(
            "样本里未签收的订单全在、已签收的是抽样，所以只用已签收的订单，不从中读取签收率。",
            "The sample holds every undelivered order but only some delivered ones; so only "
            "deliveries are used and no delivery rate is read from it.",
        ),
    ]
