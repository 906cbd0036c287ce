"""Whatever happens to money, in whatever order it is told, the books are what the model says."""

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

from santong.kernel.errors import NoSuch
from santong.payments import public as payments
from santong.payments.contracts import Seen, SeenDispute, SeenMove
from santong.payments.services.see_dispute import see_dispute
from santong.payments.services.see_payment import see_payment
from santong.payments.services.see_refund import see_refund
from santong.payments.services.see_transfer import see_transfer
from santong.payments.tests.money import NOW, make_account, new_intent, stands, tender
from santong.payments.tests.money_model import Intent, Money, Part, Refused, Tender, Transfer

EXAMPLES = int(os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "15"))
STEPS = 25
PARTY = "party:1"
REFUSALS = (
    payments.AlreadyAsked,
    payments.IntentPassed,
    payments.MoreThanAsked,
    payments.MoreThanReceived,
    payments.MoreThanPayable,
    NoSuch,
)
_keys = itertools.count(1)

documents = st.sampled_from(["order:1", "order:2"])
amounts = st.integers(1, 9)
picks = st.integers(0, 40)
payment_states = st.sampled_from(["paid", "waiting", "authorised", "closed", "failed", "unknown"])
move_states = st.sampled_from(["done", "failed", "working"])
transfer_states = st.sampled_from(["done", "failed", "working", "returned"])


class MoneyMachine(RuleBasedStateMachine):
    """Two documents, one account at a provider, one party."""

    merchant_id: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        make_account(merchant_id=self.merchant_id)
        self.model = Money()
        self.intents: list[tuple[payments.Intent, Intent]] = []
        self.parts: list[tuple[str, Part]] = []
        self.transfers: list[tuple[str, Transfer]] = []
        self.disputes: list[tuple[str, str, Tender, int]] = []

    def teardown(self) -> None:
        try:
            self.books_are_sound()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    @rule(document=documents, split=st.lists(amounts, max_size=2), more=amounts, only=st.booleans())
    def open_intent(self, document: str, split: list[int], more: int, only: bool) -> None:  # noqa: FBT001  as Hypothesis calls it
        amount = sum(split) + (0 if split else more)
        new = new_intent(
            document=document,
            amount=amount,
            authorise_only=only,
            tenders=tuple(tender("simulated", each) for each in split),
        )
        intent = Intent(document, amount, only, [Tender(each) for each in split])
        made = self._both(
            lambda: payments.open_intent(merchant_id=self.merchant_id, new=new, now=NOW),
            lambda: self.model.open(intent),
        )
        if made is not None:
            self.intents.append((made, intent))

    @precondition(lambda self: self.intents)
    @rule(pick=picks, amount=amounts)
    def add_tender(self, pick: int, amount: int) -> None:
        made, intent = self._picked(self.intents, pick)
        self._both(
            lambda: payments.add_tender(
                merchant_id=self.merchant_id,
                intent_id=made.id,
                number=len(intent.tenders) + 1,
                new=tender("simulated", amount),
                now=NOW,
            ),
            lambda: self.model.add(intent, amount),
        )

    @precondition(lambda self: any(intent.tenders for _, intent in self.intents))
    @rule(pick=picks, state=payment_states)
    def see(self, pick: int, state: Any) -> None:
        reference, intent, part = self._tender(pick)
        see_payment(
            merchant_id=self.merchant_id,
            reference=reference,
            seen=Seen(state=state, at=NOW),
            now=NOW,
        )
        self.model.see(intent, part, state)

    @precondition(lambda self: self.intents)
    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        made, intent = self._picked(self.intents, pick)
        self._both(
            lambda: payments.cancel_intent(
                merchant_id=self.merchant_id, intent_id=made.id, reason="given up", now=NOW
            ),
            lambda: self.model.end(intent, "cancelled"),
        )

    @rule()
    def expire(self) -> None:
        payments.expire_intents(merchant_id=self.merchant_id, now=NOW + timedelta(hours=1))
        for _, intent in self.intents:
            if intent.is_live():
                self.model.end(intent, "expired")

    @rule(document=documents, amount=amounts)
    def refund(self, document: str, amount: int) -> None:
        made = self._both(
            lambda: payments.refund(
                merchant_id=self.merchant_id,
                document=document,
                key=f"machine-{next(_keys)}",
                amount_minor=amount,
                currency="CNY",
                reason="no fit",
                now=NOW,
            ),
            lambda: self.model.check_refund(document, amount),
        )
        if made is None:
            return
        known = self._tenders_by_id()
        for part in made.parts:
            given = Part(known[part.tender_id], part.amount_minor)
            given.tender.asked_back += part.amount_minor
            assert given.tender.asked_back <= given.tender.captured
            self.parts.append((part.reference, given))

    @precondition(lambda self: self.parts)
    @rule(pick=picks, state=move_states)
    def see_part(self, pick: int, state: Any) -> None:
        reference, part = self._picked(self.parts, pick)
        see_refund(
            merchant_id=self.merchant_id,
            reference=reference,
            seen=SeenMove(state=state, at=NOW),
            now=NOW,
        )
        self.model.see_part(part, state)

    @rule(amount=amounts)
    def owe(self, amount: int) -> None:
        payable = payments.payable_account(currency="CNY", party=PARTY)
        shared = payments.AccountKey("money:CNY", "shared", "order:1")
        payments.post(
            merchant_id=self.merchant_id,
            source="machine",
            txn=payments.NewTxn(
                key=f"machine-{next(_keys)}",
                kind="share",
                entries=(payments.NewEntry(payable, amount), payments.NewEntry(shared, -amount)),
                occurred_at=NOW,
            ),
            now=NOW,
        )
        self.model.payable += amount

    @rule(amount=amounts)
    def send(self, amount: int) -> None:
        sent: list[Transfer] = []
        made = self._both(
            lambda: payments.transfer(
                merchant_id=self.merchant_id,
                source="machine",
                key=f"machine-{next(_keys)}",
                account_code="simulated",
                party=PARTY,
                receiver="dealer-1",
                amount_minor=amount,
                currency="CNY",
                reason="shares",
                now=NOW,
            ),
            lambda: sent.append(self.model.send(amount)),
        )
        if made is not None:
            self.transfers.append((made.reference, sent[0]))

    @precondition(lambda self: self.transfers)
    @rule(pick=picks, state=transfer_states)
    def see_sent(self, pick: int, state: Any) -> None:
        reference, transfer = self._picked(self.transfers, pick)
        see_transfer(
            merchant_id=self.merchant_id,
            reference=reference,
            seen=SeenMove(state=state, at=NOW),
            now=NOW,
        )
        self.model.see_transfer(transfer, state)

    @precondition(lambda self: any(intent.tenders for _, intent in self.intents))
    @rule(pick=picks, amount=amounts)
    def dispute(self, pick: int, amount: int) -> None:
        reference, _, part = self._tender(pick)
        name = f"D{next(_keys)}"
        fought: list[int] = []
        self._both(
            lambda: self._say(reference, name, "opened", amount),
            lambda: fought.append(self.model.dispute(part, amount)),
        )
        if fought:
            self.disputes.append((reference, name, part, fought[0]))

    @precondition(lambda self: self.disputes)
    @rule(pick=picks, is_won=st.booleans())
    def decide(self, pick: int, is_won: bool) -> None:  # noqa: FBT001  as Hypothesis calls it
        reference, name, part, fought = self.disputes.pop(pick % len(self.disputes))
        self._say(reference, name, "won" if is_won else "lost", fought)
        self.model.decide(part, fought, is_won=is_won)

    @invariant()
    def stands_as_the_model_says(self) -> None:
        for made, intent in self.intents:
            found = payments.intent_by_id(merchant_id=self.merchant_id, intent_id=made.id)
            assert (found.state, found.received_minor) == (intent.state, intent.received())
            assert [(t.state, t.captured_minor, t.refunded_minor) for t in found.tenders] == [
                (t.state, t.captured, t.gone_back) for t in intent.tenders
            ]
        for document in ("order:1", "order:2"):
            assert self._stands("document", document) == self.model.net(document)
        assert self._stands("payable", PARTY) == self.model.payable
        assert self._stands("in_transit", "simulated") == self.model.transit
        assert self._stands("at_provider", "simulated") == -self.model.account
        assert self._stands("disputed", "simulated") == -self.model.fought

    def books_are_sound(self) -> None:
        assert payments.check_invariants(merchant_id=self.merchant_id, now=NOW) == []
        assert payments.rebuild(merchant_id=self.merchant_id) == []

    def _both(self, real: Callable[[], Any], model: Callable[[], Any]) -> Any:
        """Both do it, or both refuse."""
        try:
            with transaction.atomic():
                made = real()
        except REFUSALS:
            made = None
        try:
            model()
        except Refused:
            assert made is None, "the model refuses it"
        else:
            assert made is not None, "the model allows it"
        return made

    def _say(self, reference: str, name: str, state: Any, amount: int) -> str:
        see_dispute(
            merchant_id=self.merchant_id,
            seen=SeenDispute(
                state=state,
                their_reference=name,
                payment_reference=reference,
                amount_minor=amount,
                at=NOW,
            ),
            now=NOW,
        )
        return name

    def _tender(self, pick: int) -> tuple[str, Intent, Tender]:
        found = [
            (each.reference, intent, part)
            for made, intent in self.intents
            for each, part in zip(self._now(made).tenders, intent.tenders, strict=True)
        ]
        return found[pick % len(found)]

    def _tenders_by_id(self) -> dict[int, Tender]:
        return {
            each.id: part
            for made, intent in self.intents
            for each, part in zip(self._now(made).tenders, intent.tenders, strict=True)
        }

    def _now(self, made: payments.Intent) -> payments.Intent:
        return payments.intent_by_id(merchant_id=self.merchant_id, intent_id=made.id)

    def _stands(self, kind: str, owner: str) -> int:
        return stands(merchant_id=self.merchant_id, kind=kind, owner=owner)

    def _picked(self, found: list[Any], pick: int) -> Any:
        return found[pick % len(found)]


def test_money_is_where_the_model_says(merchant_id: int) -> None:
    machine = type("Machine", (MoneyMachine,), {"merchant_id": merchant_id})
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
