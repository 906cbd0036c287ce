"""Whatever buyers, clocks, shops and providers do, in whatever order, the money adds up."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
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

from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.kernel.errors import DomainError
from santong.orders import public as orders
from santong.payments import public as payments
from santong.payments.tests.factories import end_refunds, fight
from santong.presales import contracts
from santong.presales.rules.states import may_become
from santong.presales.selectors.offers import offer_by_id
from santong.presales.services.cancel_presale import cancel_presale
from santong.presales.services.compensate import fail_presale, party_of
from santong.presales.services.share_kept import share_all_kept
from santong.presales.tests.factories import (
    BALANCE_FROM,
    BALANCE_UNTIL,
    GRACE,
    NOW,
    again,
    assert_sound,
    books,
    make_offer,
    make_presale,
    make_shop,
    order_of,
    pay_part,
    tell_all,
    told,
)
from santong.settlement import public as settlement

EXAMPLES = int(os.environ.get("SANTONG_MACHINE_EXAMPLES", "6"))
STEPS = 20
LIMIT = 3

numbers = st.integers(0, 5)
# Where the clock may go next: it never goes back.
MOMENTS = (
    NOW + timedelta(minutes=29),
    NOW + timedelta(minutes=45),
    BALANCE_FROM,
    BALANCE_UNTIL - timedelta(seconds=1),
    BALANCE_UNTIL,
    BALANCE_UNTIL + GRACE,
    BALANCE_UNTIL + GRACE + timedelta(days=1),
)


class PresaleMachine(RuleBasedStateMachine):
    """One offer of three units, whose deposit is partly at stake; up to six who join."""

    merchant_id: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.block = transaction.atomic()
        self.block.__enter__()
        self.offer = make_offer(
            self.merchant_id, limit_units=LIMIT, forfeit="part", forfeit_bp=3_333
        )
        self.joined: list[contracts.Presale] = []
        self.states: dict[int, contracts.PresaleState] = {}

    def teardown(self) -> None:
        try:
            self.settle()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def attempt(self, act: Callable[[], Any]) -> bool:
        """Do something that may be refused; what was refused has left nothing behind."""
        try:
            with transaction.atomic():
                act()
        except DomainError:
            return False
        return True

    def one(self, number: int) -> contracts.Presale:
        return again(self.merchant_id, self.joined[number % len(self.joined)])

    @precondition(lambda self: len(self.joined) < 6)
    @rule()
    def somebody_joins(self) -> None:
        taken = offer_by_id(merchant_id=self.merchant_id, offer_id=self.offer.id).taken_units

        def act() -> None:
            self.joined.append(make_presale(self.merchant_id, self.offer, now=self.now))

        could = self.attempt(act)

        is_open = self.now < self.offer.terms.deposit_until
        assert could == (is_open and taken < LIMIT)

    @precondition(lambda self: self.joined)
    @rule(number=numbers, part=st.sampled_from(contracts.PARTS))
    def the_buyer_pays(self, number: int, part: contracts.Part) -> None:
        presale = self.one(number)
        self.attempt(lambda: pay_part(self.merchant_id, presale, part, now=self.now))

    @precondition(lambda self: self.joined)
    @rule(number=numbers, amount=st.integers(1, 100_000))
    def money_comes_another_way(self, number: int, amount: int) -> None:
        presale = self.one(number)
        orders.record_payment(
            merchant_id=self.merchant_id,
            order_id=presale.order_id,
            payment=orders.NewPayment(
                external_id=f"T{self.now.timestamp()}-{amount}",
                amount_minor=amount,
                currency="CNY",
                paid_at=self.now,
                provider="till",
            ),
            now=self.now,
        )

    @rule()
    def everybody_hears(self) -> None:
        tell_all(self.merchant_id, now=self.now)

    @rule()
    def presales_hear_late(self) -> None:
        """The order's own money comes first; what presales misses it hears another time."""
        orders.expire_unpaid(merchant_id=self.merchant_id, now=self.now)

    @rule(moment=st.sampled_from(MOMENTS))
    def time_passes(self, moment: datetime) -> None:
        self.now = max(self.now, moment)
        orders.expire_unpaid(merchant_id=self.merchant_id, now=self.now)
        inventory.expire_due(merchant_id=self.merchant_id, now=self.now)

    @precondition(lambda self: self.joined)
    @rule(number=numbers)
    def the_buyer_lets_it_go(self, number: int) -> None:
        presale = self.one(number)
        self.attempt(
            lambda: cancel_presale(
                merchant_id=self.merchant_id, presale_id=presale.id, reason="no", now=self.now
            )
        )

    @precondition(lambda self: self.joined)
    @rule(number=numbers)
    def the_shop_cancels(self, number: int) -> None:
        presale = self.one(number)
        self.attempt(
            lambda: orders.cancel_order(
                merchant_id=self.merchant_id,
                order_id=presale.order_id,
                reason="wrong goods",
                now=self.now,
            )
        )

    @precondition(lambda self: self.joined)
    @rule(number=numbers)
    def the_merchant_fails(self, number: int) -> None:
        presale = self.one(number)
        self.attempt(
            lambda: fail_presale(
                merchant_id=self.merchant_id, presale_id=presale.id, reason="gone", now=self.now
            )
        )

    @precondition(lambda self: self.joined)
    @rule(number=numbers, state=st.sampled_from(["opened", "won", "lost"]))
    def the_buyer_fights(self, number: int, state: Any) -> None:
        presale = self.one(number)
        for intent in payments.intents_of(merchant_id=self.merchant_id, document=presale.document):
            for tender in intent.tenders:
                if tender.state == "captured" and not tender.refunding_minor:
                    self.attempt(lambda: self._fight(tender, state))  # noqa: B023  called at once
                    return

    def _fight(self, tender: payments.Tender, state: Any) -> None:
        fight(
            merchant_id=self.merchant_id,
            tender_id=tender.id,
            state=state,
            amount=tender.captured_minor,
        )

    @precondition(lambda self: self.joined)
    @rule(number=numbers)
    def providers_give_back(self, number: int) -> None:
        document = self.one(number).document
        end_refunds(merchant_id=self.merchant_id, document=document, now=self.now)

    @precondition(lambda self: self.joined)
    @rule(number=numbers, amount=st.integers(1, 12_000), key=st.sampled_from(["a", "b"]))
    def something_is_made_good(self, number: int, amount: int, key: str) -> None:
        """Money goes back although nobody owes it: scratched, late, or as a favour."""
        presale = self.one(number)
        self.attempt(
            lambda: payments.refund(
                merchant_id=self.merchant_id,
                document=presale.document,
                key=f"favour:{key}",
                amount_minor=amount,
                currency="CNY",
                reason="a favour",
                now=self.now,
            )
        )

    @precondition(lambda self: len(self.joined) < 6 and self.now < MOMENTS[2])
    @rule(amount=st.integers(5_000, 9_900))
    def part_of_a_deposit_goes_back_before_it_is_kept(self, amount: int) -> None:
        """A favour first, and the balance never comes: less is there to be shared."""
        before = len(self.joined)
        self.somebody_joins()
        if len(self.joined) == before:
            return
        self.the_buyer_pays(before, "deposit")
        self.everybody_hears()
        self.something_is_made_good(before, amount, "a")
        self.providers_give_back(before)
        self.everybody_hears()
        self.time_passes(MOMENTS[-1])
        self.settle()

    @invariant()
    def states_follow_their_steps(self) -> None:
        for each in self.joined:
            before, after = self.states.get(each.id, "asked"), again(self.merchant_id, each).state
            assert before == after or self.can_lead(before, after), (before, after)
            self.states[each.id] = after

    def can_lead(self, before: contracts.PresaleState, after: contracts.PresaleState) -> bool:
        """One step, or several that were heard of at once."""
        return any(
            may_become(before=before, after=step) and (step == after or self.can_lead(step, after))
            for step in contracts.PRESALE_STATES
        )

    @invariant()
    def no_more_than_the_limit_is_taken(self) -> None:
        offer = offer_by_id(merchant_id=self.merchant_id, offer_id=self.offer.id)
        assert 0 <= offer.taken_units <= LIMIT

    @invariant()
    def what_was_paid_for_what_ended_goes_back_or_is_kept(self) -> None:
        for each in self.joined:
            presale, order = again(self.merchant_id, each), order_of(self.merchant_id, each)
            if order.state == "cancelled":
                assert order.paid_minor == order.refund_due_minor + order.forfeited_minor
            assert presale.kept_minor <= presale.forfeit_minor == 3_333

    def settle(self) -> None:
        """Everybody hears everything, providers do what they were asked, books are looked at."""
        for _ in range(3):
            tell_all(self.merchant_id, now=self.now)
            share_all_kept(merchant_id=self.merchant_id, now=self.now)
            for each in self.joined:
                end_refunds(merchant_id=self.merchant_id, document=each.document, now=self.now)
        assert_sound(self.merchant_id)
        assert settlement.check_invariants(merchant_id=self.merchant_id) == []
        for each in self.joined:
            presale = again(self.merchant_id, each)
            if presale.state == "failed":
                assert books(self.merchant_id, "payable", party_of(presale.id)) >= 0
            self.no_more_is_shared_than_is_there(presale)
            self.each_ending_is_told_once(presale)

    def no_more_is_shared_than_is_there(self, presale: contracts.Presale) -> None:
        """Partners have shares of money that came in and has not gone back, and of no other."""
        document = presale.document
        if not settlement.is_shared(merchant_id=self.merchant_id, document=document):
            return
        sale = settlement.shared_sale(merchant_id=self.merchant_id, document=document)
        assert sale.left_minor <= self._left_of(presale)

    def _left_of(self, presale: contracts.Presale) -> int:
        about: dict[str, Any] = {"merchant_id": self.merchant_id, "document": presale.document}
        tenders = [each for intent in payments.intents_of(**about) for each in intent.tenders]
        refunds = payments.refunds_of(**about)
        lost = [each for each in payments.disputes_of(**about) if each.state == "lost"]
        came = max(
            sum(each.captured_minor for each in tenders),
            order_of(self.merchant_id, presale).paid_minor,
        )
        back = sum(each.amount_minor - each.given_up_minor for each in refunds)
        return came - back - sum(each.amount_minor for each in lost)

    def each_ending_is_told_once(self, presale: contracts.Presale) -> None:
        ends = {
            "lapsed": "presale_lapsed",
            "forfeited": "deposit_forfeited",
            "cancelled": "presale_cancelled",
            "failed": "presale_failed",
        }
        for state, name in ends.items():
            said = [each["presale_id"] for each in told(self.merchant_id, name)]
            assert said.count(presale.id) == (presale.state == state)

    @rule()
    def all_is_settled(self) -> None:
        self.settle()


def test_whatever_happens_the_money_adds_up(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        PresaleMachine.merchant_id = merchant
        make_shop(merchant, on_hand=100)
        run_state_machine_as_test(
            PresaleMachine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
        transaction.set_rollback(True)
