"""A term in a sentence, in Chinese and in English, made from its parameters.

The sentences are frozen with the record: what the buyer read stays what was agreed, however these
words change later. That is why both languages are here and not in the catalogues.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from santong.agreements.contracts import Amount, Kind, Params, Remedy, Term
from santong.agreements.rules.terms import BASIS_POINTS, is_on_top
from santong.kernel.money import money_text

Language = Literal["zh-hans", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh-hans", "en")

_WHAT_ZH: Final = {"ship": "发货", "delivery": "送达", "install": "安装完成"}
_WHAT_EN: Final = {"ship": "shipped", "delivery": "delivered", "install": "installed"}
_REMEDY_ZH: Final[dict[Remedy, str]] = {
    "resend": "免费补发",
    "replace": "免费更换",
    "discount": "减价",
    "refund": "退款",
    "compensate": "赔付",
}
_REMEDY_EN: Final[dict[Remedy, str]] = {
    "resend": "what is missing is sent free of charge",
    "replace": "it is replaced free of charge",
    "discount": "the price is reduced by",
    "refund": "you get back",
    "compensate": "you are paid",
}
_BASIS_POINTS_OF_A_PERCENT: Final = BASIS_POINTS // 100


def sentence(*, term: Term, currency: str, language: Language) -> str:
    """What a term promises and what follows if it is broken, as one sentence."""
    if language == "en":
        return f"{_promise_en(term.kind, term.params)} {_remedy_en(term, currency)}"
    return f"{_promise_zh(term.kind, term.params)}{_remedy_zh(term, currency)}"


def promise(*, term: Term, language: Language) -> str:
    """What a term promises, alone."""
    if language == "en":
        return _promise_en(term.kind, term.params)
    return _promise_zh(term.kind, term.params)


def _promise_zh(kind: Kind, params: Params) -> str:
    if kind in {"ship_window", "delivery_window", "install_window"}:
        what = _WHAT_ZH[kind.removesuffix("_window")]
        return f"{_span_zh(params)}{what}。"
    if kind == "delay":
        what = _WHAT_ZH[str(params["what"])]
        return f"最迟 {_day_zh(params)}{what}。"
    if kind == "gift":
        return f"赠送：{params['text']} × {params['quantity']}。"
    if kind == "material":
        return f"材质保证：{params['text']}。"
    if kind == "other":
        return f"{params['text']}。"
    said = {"damage": "如有破损", "missing": "如有缺件", "wrong_item": "如发错商品"}[kind]
    return f"{said}，签收后 {params['report_hours']} 小时内提出。"


def _promise_en(kind: Kind, params: Params) -> str:
    if kind in {"ship_window", "delivery_window", "install_window"}:
        what = _WHAT_EN[kind.removesuffix("_window")]
        return f"{what.capitalize()} {_span_en(params)}."
    if kind == "delay":
        return f"{_WHAT_EN[str(params['what'])].capitalize()} {_day_en(params)} at the latest."
    if kind == "gift":
        return f"A gift: {params['text']} × {params['quantity']}."
    if kind == "material":
        return f"Made of: {params['text']}."
    if kind == "other":
        return f"{params['text']}."
    said = {"damage": "damaged", "missing": "incomplete", "wrong_item": "not what was ordered"}
    hours = params["report_hours"]
    return f"If it comes {said[kind]}, say so within {hours} hours of delivery."


def _remedy_zh(term: Term, currency: str) -> str:
    start = "" if term.kind in {"damage", "missing", "wrong_item"} else "未做到时"
    if term.amount is None:
        return f"{start}{_REMEDY_ZH[term.remedy]}。"
    return f"{start}{_amount_zh(term, term.amount, currency)}。"


def _amount_zh(term: Term, amount: Amount, currency: str) -> str:
    verb = _REMEDY_ZH[term.remedy]
    if amount.basis == "fixed":
        much = f" {money_text(minor=amount.value, currency=currency)}"
    else:
        much = f"成交总额的 {_percent(amount.value)}"
    said = f"每逾期一天{verb}{much}" if amount.per == "day" else f"{verb}{much}"
    if term.cap_minor is not None:
        said = f"{said}，最高 {money_text(minor=term.cap_minor, currency=currency)}"
    return f"{said}，退货退款时不扣减" if is_on_top(term) else said


def _remedy_en(term: Term, currency: str) -> str:
    start = "Otherwise " if term.kind not in {"damage", "missing", "wrong_item"} else "Then "
    verb = _REMEDY_EN[term.remedy]
    if term.amount is None:
        return f"{start}{verb}."
    return f"{start}{verb} {_amount_en(term, term.amount, currency)}."


def _amount_en(term: Term, amount: Amount, currency: str) -> str:
    if amount.basis == "fixed":
        much = money_text(minor=amount.value, currency=currency)
    else:
        much = f"{_percent(amount.value)} of the total"
    said = f"{much} for each day late" if amount.per == "day" else much
    if term.cap_minor is not None:
        said = f"{said}, at most {money_text(minor=term.cap_minor, currency=currency)}"
    return f"{said}, on top of what goes back for the goods" if is_on_top(term) else said


def _percent(basis_points: int) -> str:
    whole, rest = divmod(basis_points, _BASIS_POINTS_OF_A_PERCENT)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") + "%"


def _span_zh(params: Params) -> str:
    if "after_days" in params:
        return f"下单后第 {params['after_days']} 天起 {params['days']} 天内"
    start, end = date.fromisoformat(str(params["start"])), date.fromisoformat(str(params["end"]))
    first = f"{start.year} 年 {start.month} 月 {start.day} 日"
    if start == end:
        return f"{first}当天"
    year = f"{end.year} 年 " if end.year != start.year else ""
    return f"{first}至 {year}{end.month} 月 {end.day} 日之间"


def _span_en(params: Params) -> str:
    if "after_days" in params:
        return f"within {params['days']} days from day {params['after_days']} after the offer"
    start, end = date.fromisoformat(str(params["start"])), date.fromisoformat(str(params["end"]))
    if start == end:
        return f"on {_written_en(start)}"
    return f"between {_written_en(start)} and {_written_en(end)}"


def _day_zh(params: Params) -> str:
    if "after_days" in params:
        return f"下单后第 {params['after_days']} 天"
    day = date.fromisoformat(str(params["on"]))
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _day_en(params: Params) -> str:
    if "after_days" in params:
        return f"on day {params['after_days']} after the offer"
    return f"on {_written_en(date.fromisoformat(str(params['on'])))}"


def _written_en(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
