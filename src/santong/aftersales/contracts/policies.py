"""What a merchant grants after the sale, in versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

Replaced = Literal["on_receipt", "at_once"]
REPLACEMENTS: Final[tuple[Replaced, ...]] = get_args(Replaced)


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePolicy:
    """What is granted without anything being agreed. Days are counted from the delivery.

    `kinds_by_category` says which kinds are allowed for goods whose category begins so; goods that
    it does not name may have all. Up to `alone_minor` a case is approved without a person.
    """

    return_days: int = 7
    exchange_days: int = 15
    fault_days: int = 30
    buyer_pays_freight: tuple[str, ...] = ("changed_mind", "wrong_size", "other")
    photo_for: tuple[str, ...] = ("damaged", "missing_part", "wrong_item", "not_as_described")
    kinds_by_category: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )
    alone_minor: int = 0
    sends_replacement: Replaced = "on_receipt"
    reply_hours: int = 4
    decide_hours: int = 48
    refund_hours: int = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class WarrantyTerms:
    """For how many months goods are repaired for nothing; what is nearest to the goods counts."""

    months: int = 0
    months_by_category: Mapping[str, int] = field(default_factory=dict[str, int])
    months_by_sku: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A version of what is granted; version 0 is what holds while nothing was published."""

    version: int
    terms: CasePolicy
    reason: str
    published_by: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Warranty:
    """A version of how long goods are good."""

    version: int
    terms: WarrantyTerms
    reason: str
    published_by: str
    published_at: datetime | None
