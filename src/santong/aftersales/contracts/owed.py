"""Goods that a broken term of an agreement owes its buyer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from santong.aftersales.contracts.cases import NewUnit

# waiting: somebody says which goods it is about. let_be: the term was kept after all.
OwedState = Literal["waiting", "opened", "made_good", "let_be"]
OWED_STATES: Final[tuple[OwedState, ...]] = get_args(OwedState)
# What it waits for while it waits.
WAITS_FOR: Final = ("no_order", "which_goods", "case_ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedRemedy:
    """What a broken term owes in goods; `reference` is the term, as `agreement:3/2`.

    `goods` are what was granted, as far as anybody has said.
    """

    id: int
    breach_id: int
    reference: str
    document: str
    order_id: int | None
    term: str
    remedy: Literal["resend", "replace"]
    goods: tuple[NewUnit, ...]
    state: OwedState
    waits_for: str
    case_id: int | None
    owed_at: datetime
