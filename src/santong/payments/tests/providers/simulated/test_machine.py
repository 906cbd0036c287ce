"""Whatever buyers, shops and the weather do, the simulated provider's books add up.

What its answers say is added up beside its books: paid, less fees, refunds, transfers and disputes,
is the balance, and the statements of all days say the same.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from santong.kernel import tenancy
from santong.payments.contracts.providers import (
    Access,
    Ask,
    RefundAsk,
    Refused,
    Seen,
    SeenMove,
    TransferAsk,
    Unreachable,
)
from santong.payments.models import SimulatedDispute
from santong.payments.providers.simulated import Simulated
from santong.payments.rules.simulated.moods import MOODS
from santong.payments.selectors.simulated.books import balance_at_provider, check_books
from santong.payments.services.act_as_buyer import BUYERS_ACTIONS, BuyersAction, act_as_buyer
from santong.payments.services.simulated.settle_due import settle_due
from santong.payments.tests.at_providers import (
    Clock,
    make_ask,
    make_refund,
    make_simulated,
    make_transfer,
)

EXAMPLES = int(os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "8"))
STEPS = 20
ENDED = {"paid", "closed", "failed"}

pytestmark = pytest.mark.usefixtures("database")

T = TypeVar("T")
_numbers = itertools.count(1)
amounts = st.integers(1, 20_000)
picks = st.integers(0, 50)
moods = st.just("") | st.sampled_from(MOODS).map(lambda mood: f"mood:{mood}")


class ProviderMachine(RuleBasedStateMachine):
    """One account, in one weather."""

    merchant_id: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.simulated: Simulated = make_simulated(self.clock)
        self.asks: list[Ask] = []
        self.refunds: list[RefundAsk] = []
        self.transfers: list[TransferAsk] = []
        self.ended: dict[str, Seen] = {}

    @initialize(profile=st.sampled_from(["calm", "stormy"]), seed=st.text(max_size=5))
    def weather(self, profile: str, seed: str) -> None:
        self.access = self._access(profile, seed)

    @rule(amount=amounts, token=moods, later=st.booleans(), way=st.sampled_from(["qr", "scan"]))
    def ask(self, amount: int, token: str, later: bool, way: str) -> None:  # noqa: FBT001  as drawn
        until = self.clock() + timedelta(minutes=15)
        ask = make_ask(
            amount_minor=amount, token=token, authorise_only=later, way=way, expires_at=until
        )
        self.asks.append(ask)
        self._heard(lambda: self.simulated.ask(access=self.access, ask=ask))

    @precondition(lambda self: self.asks)
    @rule(pick=picks)
    def ask_again(self, pick: int) -> None:
        ask = self.asks[pick % len(self.asks)]
        self._heard(lambda: self.simulated.ask(access=self.access, ask=ask))

    @precondition(lambda self: self.asks)
    @rule(pick=picks, action=st.sampled_from(BUYERS_ACTIONS))
    def buyer(self, pick: int, action: BuyersAction) -> None:
        ask = self.asks[pick % len(self.asks)]

        def act() -> Seen:
            with tenancy.scope(merchant_id=self.merchant_id):
                return act_as_buyer(
                    merchant_id=self.merchant_id,
                    reference=ask.reference,
                    action=action,
                    now=self.clock(),
                )

        self._heard(act)

    @precondition(lambda self: self.asks)
    @rule(pick=picks)
    def close(self, pick: int) -> None:
        reference = self.asks[pick % len(self.asks)].reference
        self._heard(lambda: self.simulated.close(access=self.access, reference=reference))

    @precondition(lambda self: self.asks)
    @rule(pick=picks, amount=amounts)
    def capture(self, pick: int, amount: int) -> None:
        reference = self.asks[pick % len(self.asks)].reference
        self._heard(
            lambda: self.simulated.capture(
                access=self.access, reference=reference, amount_minor=amount
            )
        )

    @precondition(lambda self: self.asks)
    @rule(pick=picks, amount=amounts, reason=moods)
    def refund(self, pick: int, amount: int, reason: str) -> None:
        ask = make_refund(self.asks[pick % len(self.asks)], amount, reason=reason)
        self.refunds.append(ask)
        first = self._heard(lambda: self.simulated.refund(access=self.access, ask=ask))
        again = self._heard(lambda: self.simulated.refund(access=self.access, ask=ask))
        assert first is None or again is None or first == again

    @precondition(lambda self: self.asks)
    @rule(
        pick=st.none() | picks,
        amount=amounts,
        reason=moods,
        receiver=st.sampled_from(["dealer-7", "unknown-7", "returns-7"]),
    )
    def transfer(self, pick: int | None, amount: int, reason: str, receiver: str) -> None:
        out_of = "" if pick is None else self.asks[pick % len(self.asks)].reference
        ask = make_transfer(amount, reason=reason, receiver=receiver, payment_reference=out_of)
        self.transfers.append(ask)
        self._heard(lambda: self.simulated.transfer(access=self.access, ask=ask))

    @rule(minutes=st.integers(1, 4_000))
    def wait(self, minutes: int) -> None:
        self.clock.move(minutes=minutes)
        with tenancy.scope(merchant_id=self.merchant_id):
            settle_due(merchant_id=self.merchant_id, now=self.clock(), limit=1_000)

    def teardown(self) -> None:
        if not self.asks:
            return
        # Everything that was going to happen has happened, and the provider answers again.
        access = self._access("calm", "")
        for _ in range(2):
            self.clock.move(days=3)
            with tenancy.scope(merchant_id=self.merchant_id):
                settle_due(merchant_id=self.merchant_id, now=self.clock(), limit=1_000)
        paid = [self.simulated.query(access=access, reference=ask.reference) for ask in self.asks]
        expected = (
            sum(seen.amount_minor - seen.fee_minor for seen in paid if seen.state == "paid")
            - self._refunded(access)
            - self._transferred(access)
            - self._disputed(access)
        )
        with tenancy.scope(merchant_id=self.merchant_id):
            assert check_books(merchant_id=self.merchant_id) == []
            balance = balance_at_provider(
                merchant_id=self.merchant_id, account_code=access.account_code
            )
        assert balance == expected
        assert self._by_statements(access) == expected
        for ask, seen in zip(self.asks, paid, strict=True):
            assert seen.state in ENDED | {"authorised", "unknown"}
            assert self.ended.get(ask.reference, seen).state == seen.state

    def _refunded(self, access: Access) -> int:
        total = 0
        for refund in self.refunds:
            moved = self.simulated.query_refund(
                access=access,
                reference=refund.reference,
                payment_reference=refund.payment_reference,
            )
            assert moved.state in {"done", "failed", "unknown"}
            total += moved.amount_minor if moved.state == "done" else 0
        return total

    def _transferred(self, access: Access) -> int:
        total = 0
        for transfer in self.transfers:
            moved: SeenMove = self.simulated.query_transfer(
                access=access, reference=transfer.reference
            )
            assert moved.state in {"done", "failed", "returned", "unknown"}
            total += moved.amount_minor if moved.state == "done" else 0
        return total

    def _disputed(self, access: Access) -> int:
        with tenancy.scope(merchant_id=self.merchant_id):
            disputes = SimulatedDispute.objects.of_merchant(self.merchant_id)
            found = disputes.filter(account_code=access.account_code).exclude(state="won")
            return sum(each.amount_minor for each in found)

    def _by_statements(self, access: Access) -> int:
        """The closing balance of every day is the next one's opening balance."""
        day = Clock()().date()
        balance = 0
        while day <= self.clock().date() + timedelta(days=1):
            head, *_, total, _ = (
                self.simulated.statement(access=access, day=day).decode().split("\r\n")
            )
            opening, closing = (int(part) for part in head.split(",")[5:])
            amount, fee = (int(part) for part in total.split(",")[4:6])
            assert opening == balance
            assert closing == opening + amount - fee
            balance = closing
            day += timedelta(days=1)
        return balance

    def _heard(self, call: Callable[[], T]) -> T | None:
        """What is answered; what has ended never ends otherwise."""
        try:
            return call()
        except (Refused, Unreachable):
            return None
        finally:
            self._see()

    def _see(self) -> None:
        for ask in self.asks[-3:]:
            try:
                seen = self.simulated.query(access=self.access, reference=ask.reference)
            except Unreachable:
                continue
            before = self.ended.setdefault(ask.reference, seen) if seen.state in ENDED else seen
            assert before == seen

    def _access(self, profile: str, seed: str) -> Access:
        if not hasattr(self, "account_code"):
            self.account_code = f"machine-{next(_numbers)}"
        return Access(
            merchant_id=self.merchant_id,
            account_code=self.account_code,
            currency="CNY",
            settings={"profile": profile, "seed": seed},
            secrets={"secret": "a secret of nobody"},
            notify_url="http://127.0.0.1:9/notify",
        )


def test_the_books_add_up_in_every_weather(merchant: int) -> None:
    machine = type("Machine", (ProviderMachine,), {"merchant_id": merchant})
    machine.TestCase = None  # type: ignore[attr-defined]

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
