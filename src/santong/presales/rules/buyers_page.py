"""What a buyer can do about a presale order at a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from santong.presales.contracts import Part, Presale

Step = Literal[
    "pay_deposit", "deposit_late", "wait", "pay_balance", "balance_late", "paid", "ended"
]


def step_of(*, presale: Presale, now: datetime) -> Step:
    """Where the buyer stands. What was paid in time may still be on its way to us."""
    if presale.state == "paid":
        return "paid"
    if presale.state == "asked":
        return "pay_deposit" if now < presale.deposit_by else "deposit_late"
    if presale.state != "deposit_paid":
        return "ended"
    if now < presale.balance_from:
        return "wait"
    return "pay_balance" if now < presale.balance_until else "balance_late"


def part_of(*, step: Step) -> Part | None:
    """What can be paid in a step."""
    if step == "pay_deposit":
        return "deposit"
    return "balance" if step == "pay_balance" else None


def may_let_go(*, step: Step) -> bool:
    """Whether the buyer can still cancel."""
    return step in ("pay_deposit", "wait", "pay_balance")
