"""Bank cards by the shop's own terminal: it approves outside of us, and gives us its number.

No card number comes here. What looks like one is refused, wherever it stands.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

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
from santong.payments.models import TerminalPayment
from santong.payments.providers.counter import Counter, moved, time_zone
from santong.payments.rules.card_numbers import refuse_card_numbers
from santong.payments.rules.counter_statement import CounterLine
from santong.payments.rules.simulated.terms import fee_on
from santong.payments.rules.tokens import approved
from santong.payments.selectors.counter.days import (
    terminal_lines,
    terminal_name,
    terminal_payment,
)
from santong.payments.services.counter.give_back import void_or_refund
from santong.payments.services.counter.take_terminal import take_terminal

# A terminal that was without a line tells later; one whose clock is ahead, a little before.
OLDEST: Final = timedelta(days=3)
AHEAD: Final = timedelta(minutes=10)


class Terminal(Counter):
    """Card terminals of the shop's bank. A batch is a day."""

    code = "terminal"
    abilities: frozenset[Ability] = frozenset({"refund", "partial_refund", "query", "statement"})

    def ask(self, *, access: Access, ask: Ask) -> tuple[Shown, Seen]:
        """Record what the terminal has approved: it is paid. Raises Refused."""
        refuse_card_numbers(ask.token, ask.subject)
        if ask.way != "terminal" or ask.authorise_only:
            raise Refused("WAY_NOT_OFFERED", ask.way)
        said = approved(ask.token)
        if said.amount_minor != ask.amount_minor:
            raise Refused("AMOUNT_DIFFERS")
        if not -AHEAD <= self.clock() - said.approved_at <= OLDEST:
            raise Refused("TIME_INVALID")
        assert not database.in_atomic_block, "nothing slow happens inside a transaction"
        with tenancy.scope(merchant_id=access.merchant_id):
            payment = take_terminal(
                merchant_id=access.merchant_id,
                account_code=access.account_code,
                reference=ask.reference,
                approved=said,
                fee_minor=fee_on(said.amount_minor, per_million=_fee_per_million(access)),
                batch_on=said.approved_at.astimezone(ZoneInfo(time_zone(access))).date(),
                now=self.clock(),
            )
        return Shown(way="terminal"), _seen(payment)

    def found(self, access: Access, reference: str) -> Seen | None:
        """What the terminal has approved for a reference, if anything."""
        payment = terminal_payment(
            merchant_id=access.merchant_id, account_code=access.account_code, reference=reference
        )
        return None if payment is None else _seen(payment)

    def lines(self, access: Access, day: date) -> list[CounterLine]:
        """The day's batch of all terminals of the account."""
        return terminal_lines(
            merchant_id=access.merchant_id, account_code=access.account_code, day=day
        )

    def refund(self, *, access: Access, ask: RefundAsk) -> SeenMove:
        """Void it while its batch is open, refund it after, as the clerk did. Raises Refused."""
        refuse_card_numbers(ask.reason)
        with tenancy.scope(merchant_id=access.merchant_id):
            given = void_or_refund(
                merchant_id=access.merchant_id,
                account_code=access.account_code,
                ask=ask,
                today=self.today(access),
                now=self.clock(),
            )
        return moved(given)


def _seen(payment: TerminalPayment) -> Seen:
    return Seen(
        state="paid",
        their_reference=terminal_name(payment),
        amount_minor=payment.amount_minor,
        fee_minor=payment.fee_minor,
        payer=payment.card_tail,
        at=payment.approved_at,
    )


def _fee_per_million(access: Access) -> int:
    text = access.settings.get("fee_per_million") or "0"
    if not (text.isascii() and text.isdigit() and int(text) <= 1_000_000):  # noqa: PLR2004  all of it
        raise Refused("BAD_SETTING", "fee_per_million")
    return int(text)


PROVIDER: Final[Provider] = Terminal()
