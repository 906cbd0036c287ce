"""Why goods come from a place, in a sentence of each language, made from a decision's numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from santong.kernel.money import money_text
from santong.routing.public import Choice, WhyChosen

_ZH: Final[Mapping[WhyChosen, str]] = {
    "nothing_to_send": "没有地点能发出这张订单的任何商品。",
    "chosen_by_buyer": "买家选择在{place}自提。",
    "only_place": "只有{place}能一单发齐。",
    "cheapest_place": "{place}发齐的成本是 {cost}；次选{rival}是 {rival_cost}，差别主要在 {part}。",
    "tie_broken": "{place}与{rival}的成本相同（{cost}），由 {part} 决定。",
    "split_needed": "没有一个地点有全部商品：从{place}发 {parcels} 个包裹，成本 {cost}。",
    "split_cheaper": "从{place}发 {parcels} 个包裹共 {cost}；全部从{rival}发是 {rival_cost}。",
    "limit_kept": "最多 {limit} 个包裹的限制被遵守，更远的商品暂未分配。",
}
_EN: Final[Mapping[WhyChosen, str]] = {
    "nothing_to_send": "No place can send anything of this order.",
    "chosen_by_buyer": "The buyer chose to collect at {place}.",
    "only_place": "{place} is the only place that can send everything in one parcel.",
    "cheapest_place": "{place} sends everything for {cost}; the next best, {rival}, would cost"
    " {rival_cost}; what weighs most is {part}.",
    "tie_broken": "{place} and {rival} cost the same, {cost}; {part} decided.",
    "split_needed": "No single place has everything: {parcels} parcels from {place}, for {cost}.",
    "split_cheaper": "{parcels} parcels from {place} cost {cost} together; everything from {rival}"
    " would cost {rival_cost}.",
    "limit_kept": "The limit of {limit} parcels is kept; what lies further apart stays unfilled.",
}
_NEAREST_ZH: Final = "最近的{nearest}未被选中：它能发 {units} 件，成本 {cost}。"
_NEAREST_EN: Final = (
    "The nearest place, {nearest}, was passed over: it could send {units} units, for {cost}."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A decision in words."""

    zh: str
    en: str


def explained(*, choice: Choice, name_by_id: Mapping[int, str], currency: str) -> Explained:
    """Why this choice, and what became of the nearest place where it was passed over."""
    numbers = choice.reason.numbers

    def named(location_id: int) -> str:
        return name_by_id.get(location_id, str(location_id))

    names = [named(parcel.location_id) for parcel in choice.parcels]
    words: dict[str, str | int] = {
        "cost": _milli(choice.cost_milli, currency),
        "parcels": len(choice.parcels),
        "rival": named(numbers.get("rival_location_id", 0)),
        "rival_cost": _milli(numbers.get("rival_cost_milli", 0), currency),
        "limit": numbers.get("parcels_max", 0),
        "part": choice.reason.decided_by or "",
    }
    zh = _ZH[choice.reason.code].format(place="、".join(names), **words)
    en = _EN[choice.reason.code].format(place=", ".join(names), **words)
    if "nearest_location_id" in numbers:
        nearest: dict[str, str | int] = {
            "nearest": named(numbers["nearest_location_id"]),
            "cost": _milli(numbers["nearest_cost_milli"], currency),
            "units": numbers["nearest_units"],
        }
        zh += _NEAREST_ZH.format(**nearest)
        en += f" {_NEAREST_EN.format(**nearest)}"
    return Explained(zh=zh, en=en)


def _milli(amount_milli: int, currency: str) -> str:
    """Thousandths of a minor unit as a person reads them, rounded half up."""
    rounded = (abs(amount_milli) + 500) // 1_000
    return money_text(minor=-rounded if amount_milli < 0 else rounded, currency=currency)
