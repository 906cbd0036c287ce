"""Money for the pages about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel import tenancy
from santong.payments import public as payments
from santong.payments.tests.factories import Troubles, make_troubles
from santong.reconciliation.tests.factories import (
    DAY,
    Move,
    differences,
    line,
    move,
    open_account,
    reconcile,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneySide:
    """What tests know of it."""

    paid: payments.Intent
    account_id: int
    file_id: int
    difference_id: int
    month: str


def make_money_side(*, merchant_id: int, order_id: int, now: datetime) -> MoneySide:
    """Money with everything out of the ordinary, and a statement that differs in some ways."""
    with tenancy.scope(merchant_id=merchant_id):
        troubles: Troubles = make_troubles(merchant_id=merchant_id, now=now, order_id=order_id)
        account = payments.payment_account_by_code(
            merchant_id=merchant_id, code=troubles.account_code
        )
    code = open_account(merchant_id, code="statements")
    move(
        merchant_id,
        Move("payment", "M1", 45_900),
        Move("payment", "M2", 10_000),
        Move("payment", "M3", 3_000),
        account=code,
    )
    file = reconcile(
        merchant_id,
        [
            line("M1", 45_900),
            line("M2", 10_050),
            line("M4", 700),
            line("M1", 45_900, their_reference="S-M1-again"),
        ],
        account=code,
    )
    found = {each.category: each for each in differences(merchant_id)}
    return MoneySide(
        paid=troubles.paid,
        account_id=account.id,
        file_id=file.id,
        difference_id=found["amount_differs"].id,
        month=f"{DAY:%Y-%m}",
    )
