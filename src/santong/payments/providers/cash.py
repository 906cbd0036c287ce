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
from santong.payments.models import CashPayment, CounterRefund
from santong.payments.providers.counter import Counter, time_zone
from santong.payments.rules.card_numbers import refuse_card_numbers
from santong.payments.rules.counter_statement import counter_statement
from santong.payments.rules.tokens import tendered
from santong.payments.selectors.counter.days import (
    cash_lines,
    cash_name,
    cash_payment,
    counter_refund,
    refund_name,
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

    def query(self, *, access: Access, reference: str) -> Seen:
        """What was taken for a reference."""
        with tenancy.scope(merchant_id=access.merchant_id):
            found = cash_payment(
                merchant_id=access.merchant_id,
                account_code=access.account_code,
                reference=reference,
            )
        return Seen(state="unknown") if found is None else _seen(found)

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
        return _moved(given)

    def query_refund(self, *, access: Access, reference: str, payment_reference: str) -> SeenMove:
        """What was paid out under a reference."""
        del payment_reference
        with tenancy.scope(merchant_id=access.merchant_id):
            given = counter_refund(
                merchant_id=access.merchant_id,
                account_code=access.account_code,
                reference=reference,
            )
        return SeenMove(state="unknown") if given is None else _moved(given)

    def statement(self, *, access: Access, day: date) -> bytes:
        """The day of the till."""
        with tenancy.scope(merchant_id=access.merchant_id):
            lines = cash_lines(
                merchant_id=access.merchant_id,
                account_code=access.account_code,
                day=day,
                time_zone=time_zone(access),
            )
        return counter_statement(
            kind=self.code,
            account_code=access.account_code,
            currency=access.currency,
            day=day,
            lines=lines,
        )


def _seen(payment: CashPayment) -> Seen:
    return Seen(
        state="paid",
        their_reference=cash_name(payment),
        amount_minor=payment.amount_minor,
        at=payment.taken_at,
    )


def _moved(given: CounterRefund) -> SeenMove:
    return SeenMove(
        state="done",
        their_reference=refund_name(given),
        amount_minor=given.amount_minor,
        at=given.given_at,
    )


PROVIDER: Final[Provider] = Cash()
