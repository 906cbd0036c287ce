"""Whatever happens to a staged sale and its money, it stands where the model says."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Literal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from santong.payments import public as payments
from santong.payments.tests.factories import pay_intent
from santong.stagedsales.errors import OnlyWhole
from santong.stagedsales.selectors.sales import code_for_buyer
from santong.stagedsales.services.accept_stage import accept_silently, accept_stage
from santong.stagedsales.services.cancel_sale import cancel_sale
from santong.stagedsales.services.expire_sales import expire_sales
from santong.stagedsales.services.fall_due import fall_due
from santong.stagedsales.services.record_milestone import record_milestone
from santong.stagedsales.services.redeem import redeem
from santong.stagedsales.services.request_payment import request_payment
from santong.stagedsales.services.sign_contract import sign_contract
from santong.stagedsales.tests.changing import Changes
from santong.stagedsales.tests.factories import (
    come_in_unasked,
    give_back,
    new_key,
    see,
    tender,
)
from santong.stagedsales.tests.model import (
    DEPOSIT,
    Refused,
)

EXAMPLES = int(
    os.environ.get("SANTONG_MACHINE_EXAMPLES")
    or os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "12")
)
STEPS = 25
picks = st.integers(0, 5)
amounts = st.integers(1, 900)


class SaleMachine(Changes):
    """One sale, and everything that its buyer, its store, providers and the clock do."""

    @initialize(
        far=st.sampled_from([0, 1, 2, 3, 3, 3, 3, 3]),
        total=st.sampled_from([601, 1_003, 2_345]),
        paid=st.sets(st.integers(0, 2)),
        accepted=st.sets(st.integers(0, 2)),
        asked=st.sets(st.integers(0, 2)),
    )
    def begin(
        self, far: int, total: int, paid: set[int], accepted: set[int], asked: set[int]
    ) -> None:
        """Most stories begin where the interesting ones do."""
        if far > 0:
            self.pay_the_deposit()
        if far > 1:
            self.redeem()
        if far < 3:
            return
        self.sign(total)
        for number in sorted(paid):
            self.pay_a_stage(number)
        for number in sorted(accepted):
            self.work_is_done(number)
            self.work_is_accepted(number)
        for number in sorted(asked):
            self.ask_for_a_stage(number)

    @precondition(lambda self: self.model.phase == "reserved")
    @rule()
    def pay_the_deposit(self) -> None:
        self._pay(0, DEPOSIT, lambda: self.model.take(0, DEPOSIT))

    @precondition(lambda self: self.model.phase in {"code_issued", "redeemed"})
    @rule()
    def redeem(self) -> None:
        code = code_for_buyer(merchant_id=self.merchant_id, sale_id=self.sale_id)
        if not code:
            return
        self._both(
            self.model.redeem,
            redeem,
            code=code,
            location_id=self.place,
            device="till",
            nonce=new_key(),
        )

    @precondition(lambda self: self.model.phase == "redeemed")
    @rule(total=st.integers(90, 3_000))
    def sign(self, total: int) -> None:
        self._both(
            lambda: self.model.sign(total),
            sign_contract,
            sale_id=self.sale_id,
            number=new_key(),
            amount_minor=total,
            signed_on=self.now.date(),
            photo_ids=[self.photo],
        )

    @precondition(lambda self: self.model.stages)
    @rule(pick=picks)
    def pay_a_stage(self, pick: int) -> None:
        number, place = self._stage(pick)
        if self._live(place):
            return
        try:
            amount = self.model.open_of(number)
        except Refused:
            amount = 0
        self._pay(number, amount or 1, lambda: self._taken(number, place, amount))

    @precondition(lambda self: self.model.stages)
    @rule(pick=picks)
    def a_part_of_a_stage_is_not_taken(self, pick: int) -> None:
        number, place = self._stage(pick)
        if self._live(place) or self.model.part_of(number) < 1:
            return
        part = tender(self.merchant_id, self.model.part_of(number))
        with pytest.raises(OnlyWhole), transaction.atomic():
            self._call(
                request_payment,
                sale_id=self.sale_id,
                number=number,
                key=new_key(),
                tenders=[part],
            )

    @precondition(lambda self: self.model.stages)
    @rule(pick=picks)
    def ask_for_a_stage(self, pick: int) -> None:
        """The buyer is shown a code, and may pay it any time: now, late, or never."""
        number, place = self._stage(pick)
        if self._live(place):
            return
        try:
            amount = self.model.open_of(number)
        except Refused:
            return
        self._wallet()
        intent = self._call(
            request_payment,
            sale_id=self.sale_id,
            number=number,
            key=new_key(),
            tenders=[payments.NewTender(account_code="wallet", amount_minor=amount)],
        )
        self.asked.append((intent.id, place, amount))

    @precondition(lambda self: self.asked)
    @rule(pick=picks)
    def a_request_is_given_up(self, pick: int) -> None:
        """It may be paid all the same: its code was shown."""
        intent_id, _, _ = self.asked[pick % len(self.asked)]
        intent = payments.intent_by_id(merchant_id=self.merchant_id, intent_id=intent_id)
        if intent.state == "open":
            self._call(payments.cancel_intent, intent_id=intent_id, reason="out of patience")

    @precondition(lambda self: self.model.stages)
    @rule(pick=picks)
    def an_old_code_is_paid_while_another_is_shown(self, pick: int) -> None:
        before = len(self.asked)
        self.ask_for_a_stage(pick)
        if len(self.asked) == before:
            return
        self.a_request_is_given_up(before)
        self.ask_for_a_stage(pick)
        self.pay_what_was_asked(before)

    @precondition(lambda self: self.asked)
    @rule(pick=picks)
    def pay_what_was_asked(self, pick: int) -> None:
        intent_id, place, amount = self.asked.pop(pick % len(self.asked))
        pay_intent(merchant_id=self.merchant_id, intent_id=intent_id, now=self.now)
        self.model.take(place, amount)
        self._hear()

    @rule(pick=picks, amount=amounts)
    def money_comes_unasked(self, pick: int, amount: int) -> None:
        numbers = sorted(self.model.docs)
        place = numbers[pick % len(numbers)]
        if self._live(place):
            return
        come_in_unasked(self.merchant_id, self.sale_id, place, amount, now=self.now)
        self.model.take(place, amount)

    @precondition(lambda self: self.model.stages)
    @rule(pick=picks)
    def work_is_done(self, pick: int) -> None:
        number, _ = self._stage(pick)
        self._both(
            lambda: self.model.finish(number),
            record_milestone,
            sale_id=self.sale_id,
            number=number,
            photo_ids=[self.photo],
            note="",
        )

    @precondition(lambda self: self.model.stages)
    @rule(pick=picks)
    def work_is_accepted(self, pick: int) -> None:
        number, _ = self._stage(pick)
        self._both(
            lambda: self.model.accept(number),
            accept_stage,
            sale_id=self.sale_id,
            number=number,
            by="buyer_page",
        )

    @precondition(lambda self: self.model.stages)
    @rule(pick=picks, more=st.integers(-200, 900))
    def the_world_moves_before_the_buyer_agrees(self, pick: int, more: int) -> None:
        total = max(1, self.model.total + more)
        if self._propose(total, self._plain_drafts(total)):
            self.pay_a_stage(pick)
            self._agree(len(self.proposals) - 1)

    @precondition(lambda self: self.model.stages)
    @rule(pick=picks, more=st.integers(300, 900))
    def what_is_asked_for_changes(self, pick: int, more: int) -> None:
        self.ask_for_a_stage(pick)
        total = self.model.total + more
        if self._propose(total, self._plain_drafts(total)):
            self._agree(len(self.proposals) - 1)

    @rule(is_shops_fault=st.booleans())
    def cancel(self, is_shops_fault: bool) -> None:  # noqa: FBT001  drawn
        fault: Literal["shop", "buyer"] = "shop" if is_shops_fault else "buyer"
        expected: list[int] = []
        back = self._both(
            lambda: expected.append(self.model.cancel(is_shops_fault=is_shops_fault)),
            cancel_sale,
            sale_id=self.sale_id,
            fault=fault,
            reason="changed mind",
        )
        assert back is None or back == expected[0]
        if back is not None:
            for proposal in self.proposals:
                proposal.withdraw()

    @rule(pick=picks)
    def a_payment_is_fought_about(self, pick: int) -> None:
        found = [
            (number, each)
            for number in self.model.docs
            for intent in self._intents(number)
            for each in intent.tenders
            if each.refundable_minor and each.refunding_minor == each.refunded_minor
        ]
        if not found:
            return
        number, each = found[pick % len(found)]
        if each.id in self.ever_fought:
            return
        self.ever_fought.add(each.id)
        amount = each.refundable_minor
        self._say(each.id, "opened", amount)
        self.fought.append((each.id, number, amount))
        self.model.fight()

    @precondition(lambda self: self.fought)
    @rule(pick=picks, is_won=st.booleans())
    def a_fight_is_decided(self, pick: int, is_won: bool) -> None:  # noqa: FBT001  drawn
        tender_id, number, amount = self.fought.pop(pick % len(self.fought))
        self._say(tender_id, "won" if is_won else "lost", amount)
        if is_won:
            self.model.win()
        else:
            self.model.lose(number, amount)

    @rule()
    def refunds_arrive(self) -> None:
        give_back(self.merchant_id, self.sale_id, now=self.now)

    @precondition(lambda self: self.model.phase == "contract")
    @rule(days=st.sampled_from([1, 6]))
    def time_passes(self, days: int) -> None:
        """Silence of five days accepts the last stage of the plan; nothing else waits for a day."""
        self.now += timedelta(days=days)
        sale = see(self.merchant_id, self.sale_id)
        due = [
            each.number
            for each in sale.stages
            if each.silence_days
            and each.done_at
            and each.done_at + timedelta(days=each.silence_days) <= self.now
        ]
        for command in (fall_due, accept_silently, expire_sales):
            self._call(command)
        for number in due:
            stage = self.model.stage(number)
            if not stage.over and self.model.state != "disputed":
                self.model.accept(number)
        self._hear()


def test_a_staged_sale_stands_where_the_model_says(merchant_id: int) -> None:
    machine = type("Machine", (SaleMachine,), {"merchant_id": merchant_id})
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
