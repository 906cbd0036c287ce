"""Whatever is asked, issued and refunded, in whatever order: never more than paid, never twice."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from santong.invoicing import public as invoicing
from santong.invoicing.models import Invoice, SaleLine, SimulatedInvoice
from santong.invoicing.tests.factories import BUYER, NOW, PERSON, ask, make_seller, work
from santong.orders import public as orders
from santong.orders.tests.factories import make_new_line, make_paid_order, make_shop

EXAMPLES = int(os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "6"))
STEPS = 20
SKUS = ("A", "B")
REFUSALS = (
    invoicing.NothingToInvoice,
    invoicing.MoreThanPaid,
    invoicing.KeyTaken,
    invoicing.StatePassed,
)
QUIET = ("issued", "refused", "cancelled")


class InvoiceMachine(RuleBasedStateMachine):
    """One order of two lines, an office of every mood, and everything that can happen to them."""

    merchant_id: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.block = transaction.atomic()
        self.block.__enter__()
        self.refunded: dict[str, int] = {}
        self.is_cancelled = False

    def teardown(self) -> None:
        try:
            self.settle()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    @initialize(quantity=st.integers(1, 3), mood=st.sampled_from(["", "prompt", "slow", "lost"]))
    def sell(self, quantity: int, mood: str) -> None:
        self.set_up(mood=mood, quota="")
        make_shop(self.merchant_id, sku_codes=SKUS)
        self.order: orders.Order = make_paid_order(
            self.merchant_id,
            lines=[
                make_new_line(sku_code=code, quantity=quantity, unit_price_minor=333)
                for code in SKUS
            ],
        )
        self.paid = self.order.total_minor

    def set_up(self, *, mood: str, quota: str) -> None:
        make_seller(self.merchant_id, settings={"mood": mood, "quota_minor": quota})

    @rule(
        key=st.sampled_from("abc"),
        parts=st.none() | st.tuples(st.integers(0, 700), st.integers(0, 700)),
        is_company=st.booleans(),
    )
    def request(self, key: str, parts: tuple[int, int] | None, *, is_company: bool) -> None:
        lines = (str(line.id) for line in self.order.lines)
        try:
            with transaction.atomic():
                ask(
                    self.merchant_id,
                    self.order,
                    key=key,
                    title=BUYER if is_company else PERSON,
                    form="special" if is_company else "ordinary",
                    amount_by_line=dict(zip(lines, parts, strict=True)) if parts else None,
                )
        except REFUSALS:
            return

    @rule(minutes=st.sampled_from([0, 1, 120]))
    def go_on(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        work(self.merchant_id, now=self.now)

    @rule(key=st.sampled_from("xyz"), minor=st.integers(1, 500))
    def refund(self, key: str, minor: int) -> None:
        minor = self.refunded.setdefault(key, minor)
        invoicing.follow_money(
            merchant_id=self.merchant_id,
            order_id=self.order.id,
            refund_key=key,
            refunded_minor=minor,
            now=self.now,
        )

    @rule()
    def cancel(self) -> None:
        orders.cancel_order(
            merchant_id=self.merchant_id, order_id=self.order.id, reason="不要了", now=self.now
        )
        self.is_cancelled = True
        invoicing.follow_money(merchant_id=self.merchant_id, order_id=self.order.id, now=self.now)

    @rule(mood=st.sampled_from(["", "prompt", "slow", "lost", "unheard", "denied", "waiting"]))
    def change_the_offices_mood(self, mood: str) -> None:
        self.set_up(mood=mood, quota="")

    @rule(quota=st.integers(0, 1_000))
    def lower_the_quota(self, quota: int) -> None:
        self.set_up(mood="prompt", quota=str(quota))

    @rule()
    def ask_anew(self) -> None:
        for red in Invoice.objects.of_merchant(self.merchant_id).filter(kind="red"):
            try:
                with transaction.atomic():
                    invoicing.ask_anew(
                        merchant_id=self.merchant_id,
                        invoice_id=red.id,
                        reason="再试",
                        now=self.now,
                    )
            except REFUSALS:
                continue

    @invariant()
    def never_more_than_was_paid_and_kept(self) -> None:
        blue = self.total(kind="blue", state__in=["requested", "sent", "issued"])
        red = self.total(kind="red") - self.total(kind="red", state="cancelled")
        gone = self.paid if self.is_cancelled else min(self.paid, sum(self.refunded.values()))

        assert 0 <= blue - red <= self.paid - gone
        assert self.total(kind="red", state="issued") <= self.total(kind="blue", state="issued")
        assert invoicing.check_invariants(merchant_id=self.merchant_id) == []

    def total(self, **which: object) -> int:
        rows = Invoice.objects.of_merchant(self.merchant_id).filter(**which)
        return rows.aggregate(total=Sum("total_minor"))["total"] or 0

    def settle(self) -> None:
        """Once everybody answers, what went back is red, and the office's books say the same."""
        self.set_up(mood="prompt", quota="")
        for hours in range(12):
            self.now += timedelta(hours=hours)
            self.ask_anew()
            work(self.merchant_id, now=self.now, rounds=2)
        states = Invoice.objects.of_merchant(self.merchant_id).values_list("state", flat=True)
        assert set(states) <= set(QUIET)
        lines = SaleLine.objects.of_merchant(self.merchant_id).aggregate(
            covered=Sum("covered_minor"), room=Sum("payable_minor") - Sum("returned_minor")
        )
        net = self.total(kind="blue", state="issued") - self.total(kind="red", state="issued")
        assert net == (lines["covered"] or 0) <= (lines["room"] or 0)
        books = SimulatedInvoice.objects.of_merchant(self.merchant_id).filter(
            is_heard=True, why="", kind="blue"
        )
        sums = books.aggregate(total=Sum("total_minor"), back=Sum("taken_back_minor"))
        assert (sums["total"] or 0) - (sums["back"] or 0) == net


@pytest.mark.timeout(600)
def test_invoices_never_exceed_what_was_paid_and_kept(merchant_id: int) -> None:
    machine = type("Machine", (InvoiceMachine,), {"merchant_id": merchant_id})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
