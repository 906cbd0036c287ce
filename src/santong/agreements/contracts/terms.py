"""What a term promises, and what makes it good when it is broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Kind = Literal[
    "ship_window",
    "delivery_window",
    "install_window",
    "delay",
    "damage",
    "missing",
    "wrong_item",
    "gift",
    "material",
    "other",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
WINDOWS: Final[tuple[Kind, ...]] = ("ship_window", "delivery_window", "install_window")
# Terms that the clock finds broken; the others somebody claims.
CLOCKED: Final[tuple[Kind, ...]] = (*WINDOWS, "delay")

Remedy = Literal["resend", "replace", "discount", "refund", "compensate"]
REMEDIES: Final[tuple[Remedy, ...]] = get_args(Remedy)
MONEY_REMEDIES: Final[tuple[Remedy, ...]] = ("discount", "refund", "compensate")
GOODS_REMEDIES: Final[tuple[Remedy, ...]] = ("resend", "replace")

Basis = Literal["fixed", "share"]
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
Per = Literal["once", "day"]
PERS: Final[tuple[Per, ...]] = get_args(Per)
Bearer = Literal["merchant", "provider", "carrier"]
BEARERS: Final[tuple[Bearer, ...]] = get_args(Bearer)
Category = Literal["furniture", "appliances", "jewellery", "car_service", "beauty", "other"]
CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)

# By name of the field: a day as YYYY-MM-DD, a whole number, a word, a text.
Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """How much a remedy comes to: `value` is minor units, or basis points of the document's total.

    Once, or for each day that is begun after the last day that was promised.
    """

    basis: Basis
    value: int
    per: Per = "once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One promise of an agreement. Money never exceeds `cap_minor`; goods have no amount.

    The bearer is who the money is put on: a provider by code has it in its statement; ourselves,
    who ask a carrier by code for it by a claim.
    """

    number: int
    kind: Kind
    params: Params
    remedy: Remedy
    amount: Amount | None = None
    cap_minor: int | None = None
    bearer: Bearer = "merchant"
    bearer_code: str = ""
