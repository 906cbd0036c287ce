"""Payments and settlement together, in any order of events, against a model that only counts.

An order's money comes in by several tenders, is shared, goes back, is fought about, is paid out and
comes back. Hypothesis chooses the events; after each one the model and the checks of both contexts
must agree. `SANTONG_MACHINE_EXAMPLES` and `SANTONG_MACHINE_STEPS` make longer runs.
"""

from __future__ import annotations

import itertools
import os
from typing import Any, ClassVar, Literal

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from santong.kernel import facts
from santong.kernel.models import OutboxEvent
from santong.orders import public as orders
from santong.payments import public as payments
from santong.payments.contracts import Seen, SeenDispute, SeenMove
from santong.payments.services.see_dispute import see_dispute
from santong.payments.services.see_payment import see_payment
from santong.payments.services.see_refund import see_refund
from santong.payments.services.see_transfer import see_transfer
from santong.payments.tests.money import stands
from santong.settlement import public as settlement
from santong.settlement.models import Party
from santong.settlement.tests.factories import (
    NOW,
    Shop,
    can_be_paid,
    lines_of,
    make_account,
    make_order,
    make_run,
    make_shop,
    publish,
)
from tests.invariants.money_counted import Back, Sold, Tender

EXAMPLES = int(os.environ.get("SANTONG_MACHINE_EXAMPLES", "3"))
STEPS = int(os.environ.get("SANTONG_MACHINE_STEPS", "15"))
PHASES = (
    tuple(Phase)
    if os.environ.get("SANTONG_MACHINE_SHRINK")
    else (Phase.explicit, Phase.reuse, Phase.generate)
)
PRICE = 3_333
ACCOUNT = "simulated"
# Who hears what, of those that this is about.
LISTENERS = ("orders", "payments", "settlement")
_numbers = itertools.count(1)

picks = st.integers(0, 40)
minors = st.integers(1, 8_000)


class MoneyAndShares(RuleBasedStateMachine):
    """Up to three orders of two lines; everybody who has a share of them is paid."""

    merchant_id: ClassVar[int]
    shop: ClassVar[Shop]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.heard = OutboxEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
        self.sold: list[Sold] = []
        self.parts: list[Back] = []
        self.failed: list[Back] = []
        self.fights: list[Back] = []
        self.sent: list[settlement.PayoutLine] = []
        self.paid_out = self.arrived = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @precondition(lambda self: len(self.sold) < 3)
    @rule(
        pieces=st.integers(1, 2),
        cuts=st.sets(st.integers(1, PRICE - 1), max_size=2),
        at_dealer=st.booleans(),
    )
    def ask(self, pieces: int, cuts: set[int], *, at_dealer: bool) -> None:
        order = make_order(
            self.shop,
            quantities=(pieces, 1),
            price_minor=PRICE,
            guide="G1",
            seller=self.shop.franchise_code if at_dealer else self.shop.own_code,
            payments=0,
        )
        amounts = [b - a for a, b in itertools.pairwise([0, *sorted(cuts), order.total_minor])]
        intent = orders.request_payment(
            merchant_id=self.merchant_id,
            order_id=order.id,
            key="ask",
            tenders=[payments.NewTender(account_code=ACCOUNT, amount_minor=a) for a in amounts],
            now=NOW,
        )
        tenders = [Tender(each.reference, each.amount_minor) for each in intent.tenders]
        self.sold.append(Sold(order.id, intent.id, tenders))
        assert [tender.amount for tender in tenders] == amounts

    @precondition(lambda self: self._tenders(is_in=False))
    @rule(pick=picks, times=st.integers(1, 2))
    def pay(self, pick: int, times: int) -> None:
        """A buyer pays a part; the provider may say so twice."""
        tender = _picked(self._tenders(is_in=False), pick)
        for _ in range(times):
            see_payment(
                merchant_id=self.merchant_id,
                reference=tender.reference,
                seen=Seen(state="paid", amount_minor=tender.amount, at=NOW),
                now=NOW,
            )
        tender.is_in = True

    @precondition(lambda self: self._tenders(is_in=True))
    @rule(pick=picks, minor=minors)
    def give_back(self, pick: int, minor: int) -> None:
        """Money of an order is asked back: all of it, or it is more than is there."""
        sold = _picked(self.sold, pick)
        there = sum(tender.left() for tender in sold.tenders)
        try:
            with transaction.atomic():
                made = payments.refund(
                    merchant_id=self.merchant_id,
                    document=sold.document(),
                    key=f"machine-{next(_numbers)}",
                    amount_minor=minor,
                    currency="CNY",
                    reason="no fit",
                    now=NOW,
                )
        except payments.MoreThanReceived:
            assert minor > there, "the model allows it"
            return
        assert minor <= there, "the model refuses it"
        by_id = {
            found.id: tender
            for found, tender in zip(self._intent(sold).tenders, sold.tenders, strict=True)
        }
        for part in made.parts:
            back = Back(by_id[part.tender_id], part.reference, part.amount_minor)
            back.tender.under_way += back.amount
            assert back.tender.left() >= 0
            self.parts.append(back)

    @precondition(lambda self: self.parts)
    @rule(pick=picks, state=st.sampled_from(["done", "done", "working", "failed"]))
    def part_is_seen(self, pick: int, state: Literal["done", "working", "failed"]) -> None:
        part = _picked(self.parts, pick)
        self._see_part(part, state)
        if state == "working":
            return
        self.parts.remove(part)
        part.tender.under_way -= part.amount
        if state == "done":
            part.tender.gone += part.amount
        else:
            self.failed.append(part)

    @precondition(lambda self: self.failed)
    @rule(pick=picks)
    def part_went_after_all(self, pick: int) -> None:
        part = _picked(self.failed, pick)
        if part.tender.left() >= part.amount:
            self.failed.remove(part)
            self._see_part(part, "done")
            part.tender.gone += part.amount

    @precondition(lambda self: any(tender.left() for tender in self._tenders(is_in=True)))
    @rule(pick=picks, minor=minors)
    def buyer_fights(self, pick: int, minor: int) -> None:
        tender = _picked([t for t in self._tenders(is_in=True) if t.left()], pick)
        fight = Back(tender, f"D{next(_numbers)}", min(minor, tender.left()))
        self._say(fight, "opened")
        tender.fought += fight.amount
        self.fights.append(fight)

    @precondition(lambda self: self.fights)
    @rule(pick=picks, state=st.sampled_from(["won", "lost"]))
    def fight_is_decided(self, pick: int, state: Literal["won", "lost"]) -> None:
        fight = _picked(self.fights, pick)
        self.fights.remove(fight)
        self._say(fight, state)
        fight.tender.fought -= fight.amount
        fight.tender.gone += fight.amount if state == "lost" else 0

    @precondition(lambda self: any(sold.shared() for sold in self.sold))
    @rule(pick=picks, minor=minors)
    def what_is_fought_about_and_won_was_never_touched(self, pick: int, minor: int) -> None:
        """The reversal of a reversal is the original, share by share."""
        before = self._shares()
        held = len(self.fights)
        if any(tender.left() for tender in self._tenders(is_in=True)):
            self.buyer_fights(pick, minor)
            self._everybody_hears()
        if len(self.fights) > held:
            fight = self.fights.pop()
            self._say(fight, "won")
            fight.tender.fought -= fight.amount
            self._everybody_hears()
        assert self._shares() == before

    @precondition(lambda self: any(sold.is_shared() for sold in self.sold))
    @rule(pick=picks)
    def goods_are_there(self, pick: int) -> None:
        self._everybody_hears()
        sold = _picked([each for each in self.sold if each.is_shared()], pick)
        settlement.record_receipt(
            merchant_id=self.merchant_id, document=sold.document(), received_at=NOW, now=NOW
        )
        settlement.release_due(merchant_id=self.merchant_id, limit=100, now=NOW)

    @rule()
    def pay_out(self) -> None:
        payable = self._payable()
        can_be_paid(self.merchant_id, *payable)
        if not any(minor > 0 for minor in payable.values()):
            return
        run = make_run(self.merchant_id)
        settlement.send_payouts(merchant_id=self.merchant_id, limit=50, now=NOW)
        for line in lines_of(self.merchant_id, run):
            if line.state == "sent":
                assert 0 < line.amount_minor <= payable[line.party_code]
                self.paid_out += line.amount_minor
                self.sent.append(line)

    @precondition(lambda self: self.sent)
    @rule(pick=picks, ends=st.sampled_from([("done",), ("failed",), ("done", "returned")]))
    def payout_ends(
        self, pick: int, ends: tuple[Literal["done", "failed", "returned"], ...]
    ) -> None:
        line = _picked(self.sent, pick)
        self.sent.remove(line)
        assert line.transfer_id is not None
        sent = payments.transfer_by_id(merchant_id=self.merchant_id, transfer_id=line.transfer_id)
        for state in ends:
            see_transfer(
                merchant_id=self.merchant_id,
                reference=sent.reference,
                seen=SeenMove(state=state, at=NOW),
                now=NOW,
            )
        if ends == ("done",):
            self.arrived += line.amount_minor
        else:
            self.paid_out -= line.amount_minor

    @invariant()
    def everything_is_where_the_model_says(self) -> None:
        self._everybody_hears()
        for sold in self.sold:
            tenders = self._intent(sold).tenders
            assert [(t.captured_minor, t.refunded_minor) for t in tenders] == [
                (t.amount if t.is_in else 0, t.gone) for t in sold.tenders
            ]
            assert all(t.refunded_minor <= t.captured_minor for t in tenders)
            assert (
                settlement.is_shared(merchant_id=self.merchant_id, document=sold.document())
                == sold.is_shared()
            )
            came = sum(t.amount - t.gone for t in sold.tenders if t.is_in)
            assert self._stands("document", sold.document()) == came
        for document, left, shares in self._left():
            assert left == sum(shares) == self._by_document()[document].shared()
        in_account = sum(tender.kept() for tender in self._tenders(is_in=True)) - self.arrived
        assert self._stands("at_provider", ACCOUNT) == -in_account
        assert self._stands("in_transit", ACCOUNT) == self.paid_out - self.arrived

    @invariant()
    def parties_are_owed_what_is_shared_and_not_paid_out(self) -> None:
        parties = Party.objects.of_merchant(self.merchant_id).values_list("id", flat=True)
        stand = settlement.balances_of_parties(
            merchant_id=self.merchant_id, party_ids=list(parties), currency="CNY"
        )
        owed = sum(each.pending_minor + each.payable_minor for each in stand.values())
        assert owed == sum(sold.shared() for sold in self.sold) - self.paid_out

    @invariant()
    def both_books_are_sound(self) -> None:
        assert payments.check_invariants(merchant_id=self.merchant_id, now=NOW) == []
        assert settlement.check_invariants(merchant_id=self.merchant_id) == []

    def _everybody_hears(self) -> None:
        """As the relay tells, but in this transaction."""
        while told := list(
            OutboxEvent.objects.filter(merchant_id=self.merchant_id, id__gt=self.heard).order_by(
                "id"
            )
        ):
            for event in told:
                self.heard = event.id
                fact = facts.adapter(facts.fact_types()[event.name].cls).validate_python(event.body)
                for who in LISTENERS:
                    if hears := facts.subscribers()[who].get(event.name):
                        hears(fact, merchant_id=self.merchant_id, now=NOW)

    def _see_part(self, part: Back, state: Literal["done", "working", "failed"]) -> None:
        see_refund(
            merchant_id=self.merchant_id,
            reference=part.name,
            seen=SeenMove(state=state, at=NOW),
            now=NOW,
        )

    def _say(self, fight: Back, state: Literal["opened", "won", "lost"]) -> None:
        see_dispute(
            merchant_id=self.merchant_id,
            seen=SeenDispute(
                state=state,
                their_reference=fight.name,
                payment_reference=fight.tender.reference,
                amount_minor=fight.amount,
                at=NOW,
            ),
            now=NOW,
        )

    def _tenders(self, *, is_in: bool) -> list[Tender]:
        return [t for sold in self.sold for t in sold.tenders if t.is_in == is_in]

    def _intent(self, sold: Sold) -> payments.Intent:
        return payments.intent_by_id(merchant_id=self.merchant_id, intent_id=sold.intent_id)

    def _by_document(self) -> dict[str, Sold]:
        return {sold.document(): sold for sold in self.sold}

    def _left(self) -> list[tuple[str, int, list[int]]]:
        found = [
            settlement.shared_sale(merchant_id=self.merchant_id, document=sold.document())
            for sold in self.sold
            if sold.is_shared()
        ]
        return [(s.document, s.left_minor, [each.left_minor for each in s.shares]) for s in found]

    def _shares(self) -> list[tuple[str, int, list[int]]]:
        self._everybody_hears()
        return self._left()

    def _payable(self) -> dict[str, int]:
        """What those are owed who are not the merchant itself."""
        others = Party.objects.of_merchant(self.merchant_id).filter(kind__in=["clerk", "dealer"])
        parties = list(others.values_list("id", "code"))
        stand = settlement.balances_of_parties(
            merchant_id=self.merchant_id, party_ids=[each for each, _ in parties], currency="CNY"
        )
        return {code: stand[party_id].payable_minor for party_id, code in parties}

    def _stands(self, kind: str, owner: str) -> int:
        return stands(merchant_id=self.merchant_id, kind=kind, owner=owner)


def _picked(found: list[Any], pick: int) -> Any:
    return found[pick % len(found)]


def test_money_and_shares_are_where_the_model_says(merchant_id: int) -> None:
    now = settlement.Due(days=0)
    MoneyAndShares.merchant_id = merchant_id
    MoneyAndShares.shop = make_shop(merchant_id)
    make_account(merchant_id)
    publish(
        merchant_id,
        settlement.Rule(code="clerk", role="clerk", rate_bp=777, due=now),
        settlement.Rule(code="fee", role="filler", fixed_minor=111, due=now),
        owners=(
            settlement.OwnerTerms(goods_of="dealer", kind="commission", rate_bp=1_500, due=now),
        ),
        rest_days=0,
    )

    run_state_machine_as_test(
        MoneyAndShares,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            phases=PHASES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
