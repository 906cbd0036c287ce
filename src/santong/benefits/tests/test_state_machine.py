"""Whatever is done to coupons, in whatever order, they are what a page of Python says they are."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from santong.benefits import public as benefits
from santong.benefits.contracts import RedemptionLine, Validity
from santong.benefits.models import Coupon
from santong.benefits.rules.validity import day_of
from santong.benefits.selectors.limits import batch_by_id, given_of
from santong.benefits.tests.factories import NOW, make_batch, new_key
from santong.benefits.tests.model import DAYS_VALID, GRACE, Coupons, Refused
from santong.benefits.tests.races import REFUSALS

EXAMPLES = int(os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "30"))
STEPS = 40
HOLDERS = ("order:1", "order:2")

picks = st.integers(0, 30)
holders = st.sampled_from(HOLDERS)
amounts = st.integers(0, 60)
lines_of = st.sampled_from(["1", "2"])
parts = st.dictionaries(lines_of, st.integers(1, 2), max_size=2)
some_parts = st.dictionaries(lines_of, st.integers(1, 2), min_size=1, max_size=2)


class CouponMachine(RuleBasedStateMachine):
    """One batch with every limit, three members, two orders, and every command."""

    merchant_id: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(
        total=st.integers(1, 6),
        per_member=st.integers(1, 3),
        per_day=st.integers(1, 4),
        budget=st.integers(20, 150),
    )
    def open_batch(self, total: int, per_member: int, per_day: int, budget: int) -> None:
        self.model = Coupons(total=total, per_member=per_member, per_day=per_day, budget=budget)
        self.batch = make_batch(
            merchant_id=self.merchant_id,
            total=total,
            per_member=per_member,
            per_day=per_day,
            budget_minor=budget,
            validity=Validity(days=DAYS_VALID.days),
            return_policy="restore_with_grace",
            grace_days=GRACE.days,
        )
        self.batch_id = self.batch.id

    @rule(member=st.integers(17, 19), twice=st.booleans())
    def claim(self, member: int, *, twice: bool) -> None:
        day = day_of(at=self.now, timezone="Asia/Shanghai").isoformat()
        key, allowed = new_key(), self.model.may_claim(member, day)
        coupons = {
            self._try(
                benefits.claim,
                batch_id=self.batch_id,
                member_id=member,
                channel="online",
                key=key,
            )
            for _ in range(2 if twice and allowed else 1)
        }
        (coupon,) = coupons
        assert (coupon is not None) == allowed
        if coupon is not None:
            self.model.claimed(coupon.id, member, day, self.now)

    @precondition(lambda self: self.model.coupons)
    @rule(pick=picks, holder=holders, amount=amounts, hours=st.integers(1, 100))
    def hold(self, pick: int, holder: str, amount: int, hours: int) -> None:
        number, until = self._pick(pick), self.now + timedelta(hours=hours)
        self._both(
            lambda: self.model.hold(number, holder, amount, until, self.now),
            benefits.hold_for_order,
            coupon_id=number,
            holder=holder,
            amount_minor=amount,
            held_until=until,
        )

    @precondition(lambda self: self.model.coupons)
    @rule(pick=picks, holder=holders | st.just(""), amount=amounts, lines=parts)
    def redeem(self, pick: int, holder: str, amount: int, lines: dict[str, int]) -> None:
        number = self._pick(pick)
        self._both(
            lambda: self.model.redeem(number, holder, amount, lines, self.now),
            benefits.redeem,
            coupon_id=number,
            holder=holder,
            amount_minor=amount,
            lines=[RedemptionLine(line=line, quantity=n) for line, n in lines.items()],
            channel="store",
        )

    @precondition(lambda self: self.model.coupons)
    @rule(pick=picks, holder=holders)
    def give_back(self, pick: int, holder: str) -> None:
        number = self._pick(pick)
        self._both(
            lambda: self.model.give_back(number, holder, self.now),
            benefits.give_back,
            coupon_id=number,
            holder=holder,
        )

    @precondition(lambda self: self.model.coupons)
    @rule(pick=picks, lines=st.none() | some_parts)
    def take_back(self, pick: int, lines: dict[str, int] | None) -> None:
        number = self._pick(pick)
        self._both(
            lambda: self.model.take_back(number, lines, self.now),
            benefits.return_redemption,
            coupon_id=number,
            quantity_by_line=lines,
        )

    @precondition(lambda self: self.model.coupons)
    @rule(pick=picks)
    def void(self, pick: int) -> None:
        number = self._pick(pick)
        self._both(lambda: self.model.void(number), benefits.void, coupon_id=number, reason="test")

    @precondition(lambda self: self.model.coupons)
    @rule(pick=picks, is_frozen=st.booleans())
    def freeze(self, pick: int, *, is_frozen: bool) -> None:
        number = self._pick(pick)
        self._both(
            lambda: self.model.freeze(number, is_frozen=is_frozen),
            benefits.freeze if is_frozen else benefits.unfreeze,
            coupon_id=number,
            reason="test",
        )

    @rule(hours=st.sampled_from([1, 12, 30]))
    def time_passes_and_the_sweeper_comes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        ended = self.model.expire(self.now)
        assert benefits.expire_due(merchant_id=self.merchant_id, now=self.now) == ended
        assert benefits.expire_due(merchant_id=self.merchant_id, now=self.now) == 0

    @rule()
    def rest_or_go_on(self) -> None:
        step = benefits.pause_batch if self.model.is_open else benefits.resume_batch
        step(merchant_id=self.merchant_id, batch_id=self.batch_id, now=self.now)
        self.model.is_open = not self.model.is_open

    @rule(more=st.integers(1, 3))
    def raise_limit(self, more: int) -> None:
        self.model.total += more
        benefits.raise_limit(
            merchant_id=self.merchant_id,
            batch_id=self.batch_id,
            limit_total=self.model.total,
            reason="test",
            now=self.now,
        )

    @rule()
    def rebalance(self) -> None:
        benefits.rebalance(merchant_id=self.merchant_id, batch_id=self.batch_id)

    @invariant()
    def coupons_are_what_the_model_says(self) -> None:
        if not hasattr(self, "batch_id"):
            return
        rows = Coupon.objects.filter(merchant_id=self.merchant_id, batch_id=self.batch_id)
        found = {row.id: (row.member_id, row.state, row.is_frozen, row.valid_until) for row in rows}
        assert found == {
            number: (each.member, each.state, each.is_frozen, each.until)
            for number, each in self.model.coupons.items()
        }
        batch = batch_by_id(merchant_id=self.merchant_id, batch_id=self.batch_id)
        assert batch.spent_minor == self.model.spent
        given = given_of(merchant_id=self.merchant_id, batch_id=self.batch_id)
        assert given == len(self.model.coupons)
        assert benefits.check_invariants(merchant_id=self.merchant_id, now=self.now) == []

    def _pick(self, pick: int) -> int:
        numbers = sorted(self.model.coupons)
        return numbers[pick % len(numbers)]

    def _try(self, command: Callable[..., Any], **arguments: Any) -> Any:
        """What comes of a command; None where it was refused."""
        try:
            with transaction.atomic():
                return command(merchant_id=self.merchant_id, now=self.now, **arguments)
        except REFUSALS:
            return None

    def _both(
        self, of_model: Callable[[], None], command: Callable[..., Any], **arguments: Any
    ) -> None:
        """The model and the product agree, and a command that comes twice has one effect."""
        try:
            of_model()
        except Refused:
            is_allowed = False
        else:
            is_allowed = True
        key = new_key()
        for _ in range(2 if is_allowed else 1):
            done = self._try(command, key=key, **arguments)
            assert (done is not None) == is_allowed


def test_coupons_are_what_the_model_says(merchant_id: int) -> None:
    CouponMachine.merchant_id = merchant_id

    run_state_machine_as_test(
        CouponMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
