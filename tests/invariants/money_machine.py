"""What may happen to an order's money, in any order: Hypothesis chooses."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any, Literal

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from santong.orders import public as orders
from santong.payments import public as payments
from santong.payments.contracts import Seen, SeenMove
from santong.payments.services.see_payment import see_payment
from santong.payments.services.see_transfer import see_transfer
from santong.settlement import public as settlement
from santong.settlement.tests.factories import NOW, can_be_paid, make_order, make_run
from tests.invariants.money_checked import ACCOUNT, MoneyChecked, by_party
from tests.invariants.money_counted import PRICE, Asked, Back, Sold, Tender

MOST_ORDERS = 3
_numbers = itertools.count(1)

picks = st.integers(0, 40)
minors = st.integers(1, 8_000)


class MoneyAndShares(MoneyChecked):
    """Up to three orders of two lines; everybody who has a share of them is paid."""

    @precondition(lambda self: len(self.sold) < 2 or self._paid())
    @precondition(lambda self: len(self.sold) < MOST_ORDERS)
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
        first, second = order.lines
        sold = Sold(order_id=order.id, line_ids=(first.id, second.id), pieces=(pieces, 1))
        self.sold.append(sold)
        self._ask(sold, [b - a for a, b in itertools.pairwise([0, *sorted(cuts), sold.total()])])

    @precondition(lambda self: any(not sold.is_asked() for sold in self.sold))
    @rule(pick=picks)
    def ask_again(self, pick: int) -> None:
        """For what is still open; what was asked for before may be paid, too."""
        sold = _picked(self.sold, pick)
        may = sold.state == "placed" and not sold.is_asked()
        try:
            with transaction.atomic():
                self._ask(sold, [max(1, sold.total() - sold.paid)])
        except (payments.AlreadyAsked, orders.NothingToPay):
            assert not may, "the model allows it"
            return
        assert may, "the model refuses it"

    @precondition(lambda self: self._paid() and any(sold.is_asked() for sold in self.sold))
    @rule()
    def asking_ends(self) -> None:
        """Nobody has paid in time."""
        payments.expire_intents(merchant_id=self.merchant_id, now=NOW + timedelta(hours=1))
        for sold in self.sold:
            sold.end_asking("expired")

    @precondition(lambda self: self._paid())
    @precondition(lambda self: any(sold.state == "placed" for sold in self.sold))
    @rule()
    def holds_run_out(self) -> None:
        """Orders that are not paid in time are given up, whatever came in."""
        orders.expire_unpaid(merchant_id=self.merchant_id, now=NOW + timedelta(days=1))
        for sold in self.sold:
            if sold.state == "placed":
                sold.give_up()
                self._what_is_due_goes_back(sold)

    @precondition(lambda self: self._paid())
    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        """An order is cancelled, paid or not; of one that was collected in part, the rest."""
        sold = _picked(self.sold, pick)
        try:
            with transaction.atomic():
                orders.cancel_order(
                    merchant_id=self.merchant_id, order_id=sold.order_id, reason="asked", now=NOW
                )
        except orders.AlreadyShipped:
            assert sold.state == "ended"
            assert sold.collected
            return
        if sold.state != "ended":
            sold.give_up()
            self._what_is_due_goes_back(sold)

    @precondition(lambda self: self._unpaid())
    @rule(pick=picks, is_closed=st.booleans(), is_all=st.booleans())
    def pay(self, pick: int, *, is_closed: bool, is_all: bool) -> None:
        """A buyer pays a part, or all that was asked for at once; it may have been closed."""
        sold, asked, one = _picked(self._unpaid(), pick)
        unpaid = [tender for tender in asked.tenders if not tender.is_in]
        for tender in unpaid if is_all else [one]:
            if is_closed:
                self._see_payment(tender, "closed")
            self._see_payment(tender, "paid")
            tender.is_in, tender.is_late = True, is_closed
            asked.see()
            sold.take(tender.amount)
            self._what_is_due_goes_back(sold)

    @precondition(lambda self: self._paid())
    @rule(pick=picks, minor=minors)
    def give_back(self, pick: int, minor: int) -> None:
        """Money of an order is asked back: all of it, or it is more than is there."""
        self._give_back(_picked(self.sold, pick), minor)

    @precondition(lambda self: self._paid())
    @rule(pick=picks, beyond=st.integers(0, 1))
    def all_goes_back(self, pick: int, beyond: int) -> None:
        """All that is there, or the least that is too much."""
        sold = _picked(self.sold, pick)
        self._give_back(sold, max(1, sold.there() + beyond))

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
            self._is_gone(part)
        else:
            self.failed.append(part)

    @precondition(lambda self: self.failed)
    @rule(pick=picks)
    def part_went_after_all(self, pick: int) -> None:
        part = _picked(self.failed, pick)
        if part.tender.left() >= part.amount:
            self.failed.remove(part)
            self._see_part(part, "done")
            self._is_gone(part)

    @precondition(lambda self: self.failed)
    @rule(pick=picks)
    def refund_is_tried_again(self, pick: int) -> None:
        part = _picked(self.failed, pick)
        again = [each for each in self.failed if each.refund_id == part.refund_id]
        try:
            with transaction.atomic():
                made = payments.retry_refund(
                    merchant_id=self.merchant_id, refund_id=part.refund_id, reason="again", now=NOW
                )
        except payments.MoreThanReceived:
            assert sum(each.amount for each in again) > part.sold.there()
            return
        self.failed = [each for each in self.failed if each not in again]
        fresh = self._parts_are_under_way(part.sold, made, is_due=part.is_due)
        assert fresh == sum(each.amount for each in again)

    @precondition(lambda self: any(tender.left() for tender in self._paid()))
    @rule(pick=picks, minor=minors)
    def buyer_fights(self, pick: int, minor: int) -> None:
        tender = _picked([t for t in self._paid() if t.left()], pick)
        sold = next(each for each in self.sold if tender in each.tenders())
        fight = Back(
            sold=sold,
            tender=tender,
            name=f"D{next(_numbers)}",
            amount=min(minor, tender.left()),
        )
        self._say(fight, "opened")
        tender.fought += fight.amount
        sold.reverse(fight.name, fight.amount)
        self.fights.append(fight)

    @precondition(lambda self: self.fights)
    @rule(pick=picks, state=st.sampled_from(["won", "lost"]))
    def fight_is_decided(self, pick: int, state: Literal["won", "lost"]) -> None:
        fight = _picked(self.fights, pick)
        self.fights.remove(fight)
        self._say(fight, state)
        fight.tender.fought -= fight.amount
        if state == "lost":
            fight.tender.gone += fight.amount
            fight.sold.reverse(fight.name, fight.amount)
        else:
            fight.sold.restore(fight.name)
            self._what_is_due_goes_back(fight.sold)

    @precondition(lambda self: any(sold.state == "paid" for sold in self.sold))
    @rule(pick=picks, is_whole=st.booleans())
    def goods_are_collected(self, pick: int, *, is_whole: bool) -> None:
        """All of an order, or a piece."""
        sold = _picked([each for each in self.sold if each.state == "paid"], pick)
        pieces = sold.pieces if is_whole else (1,)
        orders.record_progress(
            merchant_id=self.merchant_id,
            order_id=sold.order_id,
            line_quantities=dict(zip(sold.line_ids, pieces, strict=False)),
            kind="collected",
            now=NOW,
        )
        sold.collected = sum(pieces)
        sold.state = "ended" if is_whole else "partly_collected"

    @precondition(lambda self: any(sold.collected for sold in self.sold))
    @rule(is_sent=st.booleans())
    def payout_is_approved(self, *, is_sent: bool) -> None:
        settlement.release_due(merchant_id=self.merchant_id, limit=100, now=NOW)
        payable = self._payable()
        can_be_paid(self.merchant_id, *payable)
        if any(minor > 0 for minor in payable.values()):
            self.run_ids.add(make_run(self.merchant_id).id)
            if is_sent:
                self.payout_is_sent()

    @precondition(lambda self: self.run_ids)
    @rule()
    def payout_is_sent(self) -> None:
        """Money may have gone back since it was approved: never more than is payable."""
        payable = self._payable()
        before = {line.id for line in self.sent}
        settlement.send_payouts(merchant_id=self.merchant_id, limit=50, now=NOW)
        lines = [line for run_id in self.run_ids for line in self._lines_of(run_id)]
        assert all(line.state != "planned" for line in lines)
        sent = [line for line in lines if line.state == "sent" and line.id not in before]
        self.run_ids.clear()
        self.sent += sent
        self.paid_out.update(by_party(sent))
        assert all(line.amount_minor > 0 for line in sent)
        assert all(minor <= payable[party] for party, minor in by_party(sent).items())

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
            for _ in range(self.times):
                see_transfer(
                    merchant_id=self.merchant_id,
                    reference=sent.reference,
                    seen=SeenMove(state=state, at=NOW),
                    now=NOW,
                )
        if ends == ("done",):
            self.arrived += line.amount_minor
        else:
            self.paid_out.subtract(by_party([line]))
            self.unpaid.append(line)

    @precondition(lambda self: self.unpaid)
    @rule(pick=picks)
    def payout_is_tried_again(self, pick: int) -> None:
        line = _picked(self.unpaid, pick)
        self.unpaid.remove(line)
        again = settlement.retry_payout(
            merchant_id=self.merchant_id, line_id=line.id, reason="again", now=NOW
        )
        assert again.state == "planned"
        self.run_ids.add(line.run_id)

    @precondition(lambda self: any(sold.shared() for sold in self.sold))
    @rule(pick=picks, minor=minors)
    def what_is_fought_about_and_won_was_never_touched(self, pick: int, minor: int) -> None:
        """The reversal of a reversal is the original, share by share."""
        before = self._left_by_share()
        held = len(self.fights)
        if any(tender.left() for tender in self._paid()):
            self.buyer_fights(pick, minor)
            self._everybody_hears()
        if len(self.fights) > held:
            self.fight_is_decided(held, "won")
        assert self._left_by_share() == before

    def _ask(self, sold: Sold, amounts: list[int]) -> None:
        intent = orders.request_payment(
            merchant_id=self.merchant_id,
            order_id=sold.order_id,
            key=f"ask-{next(_numbers)}",
            tenders=[payments.NewTender(account_code=ACCOUNT, amount_minor=a) for a in amounts],
            now=NOW,
        )
        assert [tender.amount_minor for tender in intent.tenders] == amounts
        tenders = [
            Tender(id=each.id, reference=each.reference, amount=each.amount_minor)
            for each in intent.tenders
        ]
        sold.asked.append(Asked(intent_id=intent.id, tenders=tenders))

    def _see_payment(self, tender: Tender, state: Literal["paid", "closed"]) -> None:
        for _ in range(self.times):
            see_payment(
                merchant_id=self.merchant_id,
                reference=tender.reference,
                seen=Seen(state=state, amount_minor=tender.amount, at=NOW),
                now=NOW,
            )

    def _lines_of(self, run_id: int) -> list[settlement.PayoutLine]:
        return settlement.payout_lines_page(merchant_id=self.merchant_id, run_id=run_id, limit=200)

    def _unpaid(self) -> list[tuple[Sold, Asked, Tender]]:
        return [
            (sold, asked, tender)
            for sold in self.sold
            for asked in sold.asked
            for tender in asked.tenders
            if not tender.is_in
        ]

    def _give_back(self, sold: Sold, minor: int) -> None:
        there = sold.there()
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
        self._parts_are_under_way(sold, made)

    def _is_gone(self, part: Back) -> None:
        """What an order owed was taken from its shares before."""
        part.tender.gone += part.amount
        if not part.is_due:
            part.sold.reverse(part.name, part.amount)


def _picked(found: list[Any], pick: int) -> Any:
    return found[pick % len(found)]
