"""Whatever is put on a card, kept, taken, given back and ended, it is what the model says."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from santong.payments import public as payments
from santong.prepaid import errors
from santong.prepaid.selectors.cards import balances_of
from santong.prepaid.services.capture_use import capture_use
from santong.prepaid.services.close_card import close_card
from santong.prepaid.services.keep import keep
from santong.prepaid.services.refund_use import refund_use
from santong.prepaid.services.release_overdue import release_overdue
from santong.prepaid.services.release_use import release_use
from santong.prepaid.services.top_up import top_up
from santong.prepaid.tests.factories import (
    FREE,
    NOW,
    assert_sound,
    landed,
    make_card,
    make_programme,
    new_key,
)
from santong.prepaid.tests.model import Model, Paid, Refused

EXAMPLES = int(os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "12"))
STEPS = 20
REFUSALS = (
    errors.CardUnusable,
    errors.TooLittleOnCard,
    errors.MoreThanTaken,
    errors.PrepaidKeyTaken,
    errors.UseEnded,
    errors.PaymentsUnderWay,
)
_references = itertools.count(1)

offers = st.sampled_from([None, *FREE.offers])
amounts = st.integers(1, 90)
picks = st.integers(0, 50)


class CardMachine(RuleBasedStateMachine):
    """One card, and every command that moves what is on it."""

    merchant_id: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = NOW
        programme = make_programme(merchant_id=self.merchant_id, terms=FREE)
        sold = make_card(merchant_id=self.merchant_id, programme=programme, amount_minor=40)
        self.card_id, self.bonus_asset = sold.card.id, programme.bonus_asset
        self.model = Model()
        self.model.top_up(40, 0, NOW)
        self.uses: list[tuple[str, Paid]] = []

    def teardown(self) -> None:
        try:
            assert_sound(merchant_id=self.merchant_id)
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    @rule(offer=offers, amount=amounts)
    def money_comes_in(self, offer: Any, amount: int) -> None:
        paid, bonus = (offer.pay_minor, offer.bonus_minor) if offer else (amount, 0)
        ends = self.now + timedelta(days=30)
        asked = self._both(
            lambda: self.model.top_up(paid, bonus, ends),
            top_up,
            card_id=self.card_id,
            key=new_key(),
            amount_minor=paid,
            offer_code=offer.code if offer else "",
        )
        if asked is not None:
            landed(merchant_id=self.merchant_id, top_up=asked, now=self.now)

    @rule(amount=amounts, hours=st.sampled_from([1, 40]))
    def keep(self, amount: int, hours: int) -> None:
        reference = f"machine-{next(_references)}"
        ends = self.now + timedelta(hours=hours)
        made: list[Paid] = []
        kept = self._both(
            lambda: made.append(self.model.keep(amount, ends, self.now)),
            keep,
            card_id=self.card_id,
            reference=reference,
            document="order:1",
            amount_minor=amount,
            currency="CNY",
            expires_at=ends,
        )
        if kept is not None:
            self.uses.append((reference, made[0]))

    @precondition(lambda self: self.uses)
    @rule(pick=picks, amount=amounts, is_whole=st.booleans())
    def capture(self, pick: int, amount: int, is_whole: bool) -> None:  # noqa: FBT001  drawn
        reference, paid = self.uses[pick % len(self.uses)]
        wanted = paid.amount if is_whole and paid.amount else amount
        self._both(
            lambda: self.model.capture(paid, wanted, self.now),
            capture_use,
            reference=reference,
            amount_minor=wanted,
        )

    @precondition(lambda self: self.uses)
    @rule(pick=picks)
    def release(self, pick: int) -> None:
        reference, paid = self.uses[pick % len(self.uses)]
        self._both(
            lambda: self.model.release(paid), release_use, reference=reference, reason="test"
        )

    @precondition(lambda self: self.uses)
    @rule(pick=picks, amount=st.integers(1, 30))
    def refund(self, pick: int, amount: int) -> None:
        reference, paid = self.uses[pick % len(self.uses)]
        self._both(
            lambda: self.model.refund(paid, amount, self.now),
            refund_use,
            reference=reference,
            refund_reference=new_key(),
            amount_minor=amount,
            reason="test",
        )

    @rule(hours=st.sampled_from([2, 200, 500]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def the_sweepers_come(self) -> None:
        for _, paid in self.uses:
            if paid.ends <= self.now:
                self.model.release(paid)
        self._call(release_overdue)
        self._call(payments.expire_lots, asset=self.bonus_asset)

    @precondition(lambda self: len(self.uses) > 3)
    @rule()
    def close(self) -> None:
        self._both(
            lambda: self.model.close(self.now), close_card, card_id=self.card_id, reason="test"
        )

    @invariant()
    def everything_is_what_the_model_says(self) -> None:
        found = self._call(balances_of, card_ids=[self.card_id])[self.card_id]
        assert (found.principal_minor, found.bonus_minor, found.held_minor) == (
            self.model.principal,
            self.model.bonus(self.now),
            self.model.held(),
        )

    def _both(self, model: Callable[[], Any], command: Callable[..., Any], **asked: Any) -> Any:
        try:
            model()
        except Refused:
            self._refused(command, **asked)
            return None
        return self._call(command, **asked)

    def _call(self, command: Callable[..., Any], **asked: Any) -> Any:
        return command(merchant_id=self.merchant_id, now=self.now, **asked)

    def _refused(self, command: Callable[..., Any], **asked: Any) -> None:
        try:
            with transaction.atomic():
                self._call(command, **asked)
        except REFUSALS:
            return
        raise AssertionError("the model refuses it")


def test_a_card_is_what_the_model_says(merchant_id: int) -> None:
    machine = type("Machine", (CardMachine,), {"merchant_id": merchant_id})
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
