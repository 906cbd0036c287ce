"""Cash, taken by a clerk at a till: it is here at once, and goes back out of the till."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import connection as database

from santong.kernel import tenancy
from santong.payments.contracts.providers import (
    Ability,
    Access,
    Ask,
    Provider,
    RefundAsk,
    Refused,
    Seen,
    SeenMove,
    Shown,
)
from santong.payments.models import CashPayment
from santong.payments.providers.counter import Counter, moved, time_zone
from santong.payments.rules.card_numbers import refuse_card_numbers
from santong.payments.rules.counter_statement import CounterLine
from santong.payments.rules.tokens import tendered
from santong.payments.selectors.counter.days import (
    cash_lines,
    cash_name,
    cash_payment,
)
from santong.payments.services.counter.give_back import pay_out
from santong.payments.services.counter.take_cash import take_cash


class Cash(Counter):
    """Tills. What was tendered and the change that was given are recorded."""

    code = "cash"
    abilities: frozenset[Ability] = frozenset({"refund", "partial_refund", "query", "statement"})

    def ask(self, *, access: Access, ask: Ask) -> tuple[Shown, Seen]:
        """Record what the clerk took: it is paid. Raises Refused."""
        refuse_card_numbers(ask.token, ask.subject)
        if ask.way != "none" or ask.authorise_only:
            raise Refused("WAY_NOT_OFFERED", ask.way)
        said = tendered(ask.token)
        assert not database.in_atomic_block, "nothing slow happens inside a transaction"
        with tenancy.scope(merchant_id=access.merchant_id):
            payment = take_cash(
                merchant_id=access.merchant_id,
                account_code=access.account_code,
                reference=ask.reference,
                amount_minor=ask.amount_minor,
                tendered=said,
                now=self.clock(),
            )
        return Shown(way="none", payload=str(payment.change_minor)), _seen(payment)

    def found(self, access: Access, reference: str) -> Seen | None:
        """What was taken for a reference, if anything was."""
        payment = cash_payment(
            merchant_id=access.merchant_id, account_code=access.account_code, reference=reference
        )
        return None if payment is None else _seen(payment)

    def lines(self, access: Access, day: date) -> list[CounterLine]:
        """The day of the till."""
        return cash_lines(
            merchant_id=access.merchant_id,
            account_code=access.account_code,
            day=day,
            time_zone=time_zone(access),
        )

    def refund(self, *, access: Access, ask: RefundAsk) -> SeenMove:
        """Pay it out of the till. Raises Refused."""
        refuse_card_numbers(ask.reason)
        with tenancy.scope(merchant_id=access.merchant_id):
            given = pay_out(
                merchant_id=access.merchant_id,
                account_code=access.account_code,
                ask=ask,
                today=self.today(access),
                now=self.clock(),
            )
        return moved(given)


def _seen(payment: CashPayment) -> Seen:
    return Seen(
        state="paid",
        their_reference=cash_name(payment),
        amount_minor=payment.amount_minor,
        at=payment.taken_at,
    )


PROVIDER: Final[Provider] = Cash()
