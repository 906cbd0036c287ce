"""What is offered in stages: the deposit, the stages, and what comes back when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

Basis = Literal["fixed", "percent", "remainder"]
BASES: tuple[Basis, ...] = get_args(Basis)

Due = Literal["signing", "date", "days_after", "milestone", "delivery", "acceptance"]
DUES: tuple[Due, ...] = get_args(Due)

LONGEST_CODE = 40
LONGEST_NAME = 60
LONGEST_REASON = 200
MOST_MINOR = 10**11
MOST_STAGES = 12
MOST_DAYS = 3_650
WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTerms:
    """One stage as it is offered or agreed.

    `amount_minor` counts for `fixed`, `share_bp` (hundredths of a hundredth) for `percent`. Work
    that the buyer does not accept for `silence_days` is accepted by silence; 0: never. A stage that
    does not wait for acceptance is released as soon as it is paid.
    """

    name: str
    basis: Basis
    due: Due
    amount_minor: int = 0
    share_bp: int = 0
    due_on: date | None = None
    due_days: int = 0
    gates_delivery: bool = False
    waits_for_acceptance: bool = True
    silence_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundTerms:
    """What the shop keeps, of a hundred hundreds, when a buyer cancels after the contract.

    Of the deposit, of what was paid for work that is not done, and of what was paid for work that
    is done but not accepted. Before the contract nothing is kept; of what was accepted, all.
    """

    deposit_kept_bp: int = WHOLE_BP
    paid_kept_bp: int = 0
    done_kept_bp: int = WHOLE_BP


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTerms:
    """All that a plan promises. `credited_to` is the place of the stage the deposit counts for.

    Partners' rules of sharing know what is sold by its `category`.
    """

    name: str
    currency: str
    deposit_minor: int
    stages: tuple[StageTerms, ...]
    credited_to: int = 1
    payable_minutes: int = 60
    code_days: int = 30
    grace_hours: int = 48
    signs_codes: bool = False
    category: str = ""
    refunds: RefundTerms = RefundTerms()


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePlan:
    """A version of a plan. It never changes; what was sold by it stays as it was."""

    id: int
    code: str
    version: int
    terms: PlanTerms
    is_offered: bool
    reason: str
    published_by: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A stage as the rules see it.

    `paid_minor` is what has come in for it and stays; `deposit_minor` what of that was the deposit.
    """

    number: int
    amount_minor: int
    paid_minor: int
    deposit_minor: int
    is_paid: bool
    is_released: bool
    is_done: bool = False
    is_over: bool = False
