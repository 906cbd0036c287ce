"""One sale with its model beside it: what is looked at after every step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from django.db import transaction
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
)

from santong.kernel.errors import FieldInvalid
from santong.payments import public as payments
from santong.payments.tests.factories import fight
from santong.settlement import public as settlement
from santong.stagedsales import errors
from santong.stagedsales.contracts import RefundTerms, document_of
from santong.stagedsales.services.request_payment import request_payment
from santong.stagedsales.tests.factories import (
    NOW,
    STAGES,
    assert_sound,
    give_back,
    hear_all,
    make_photo_of,
    make_place,
    make_plan,
    make_sale,
    new_key,
    see,
    tender,
)
from santong.stagedsales.tests.model import (
    DEPOSIT,
    DONE_KEPT_BP,
    FIRST_BP,
    MIDDLE,
    PAID_KEPT_BP,
    WHOLE,
    Model,
    Proposal,
    Refused,
)

REFUSALS = (
    errors.SalePassed,
    errors.StagePassed,
    errors.NothingOpen,
    errors.BelowAccepted,
    errors.ChangePassed,
    errors.AlreadyRedeemed,
    errors.CodeOver,
    FieldInvalid,
)
PLAN = (
    replace(STAGES[0], share_bp=FIRST_BP),
    replace(STAGES[1], amount_minor=MIDDLE),
    replace(STAGES[2], silence_days=5),
)
REFUNDS = RefundTerms(paid_kept_bp=PAID_KEPT_BP, done_kept_bp=DONE_KEPT_BP)
assert WHOLE == 10_000


class Sale(RuleBasedStateMachine):
    """The sale, its model, and how both are asked the same."""

    merchant_id: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = NOW
        self.model = Model()
        self.asked: list[tuple[int, int, int]] = []
        self.fought: list[tuple[int, int, int]] = []
        self.ever_fought: set[int] = set()
        self.proposals: list[Proposal] = []
        plan = make_plan(
            merchant_id=self.merchant_id, stages=PLAN, deposit_minor=DEPOSIT, refunds=REFUNDS
        )
        self.sale_id = make_sale(merchant_id=self.merchant_id, plan=plan).sale_id
        self.place = make_place(self.merchant_id)
        self.photo = make_photo_of(self.merchant_id, self.sale_id)

    def teardown(self) -> None:
        try:
            if not transaction.get_rollback():
                self._all_is_well_at_the_end()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def _all_is_well_at_the_end(self) -> None:
        give_back(self.merchant_id, self.sale_id, now=self.now)
        self.stands_as_the_model_says()
        self._shares_are_what_stays()
        assert_sound(self.merchant_id)

    @invariant()
    def stands_as_the_model_says(self) -> None:
        sale, model = see(self.merchant_id, self.sale_id), self.model
        under_way = any(each.returning_minor > each.returned_minor for each in sale.money)
        waits = under_way and model.state == "refunded"
        assert sale.state in ({"cancelled", "refunded"} if waits else {model.state})
        money = {each.number: (each.keep_minor, each.net_minor) for each in sale.money}
        assert money == {number: (doc.keep, doc.net) for number, doc in model.docs.items()}
        assert [each.received_minor for each in sale.money] == [
            model.docs[each.number].came for each in sale.money
        ]
        stages = [(each.number, each.amount_minor, each.state) for each in sale.stages]
        assert stages == [(each.number, each.amount, each.state) for each in model.stages]
        if sale.contract is not None:
            assert sale.contract.amount_minor == model.total
            assert sum(each.amount_minor for each in sale.stages) == model.total
        for each in sale.stages:
            assert each.amount_minor >= each.paid_minor >= each.released_minor >= 0

    @invariant()
    def little_is_asked(self) -> None:
        """One request at a time for a document, and for exactly what is open."""
        for number, doc in self.model.docs.items():
            live = [each for each in self._intents(number) if each.state == "open"]
            assert len(live) <= 1
            assert all(each.amount_minor == doc.keep - doc.net for each in live)

    def _shares_are_what_stays(self) -> None:
        """What was shared of a stage and has not gone back is what stays of it."""
        for stage in self.model.stages:
            document = document_of(self.sale_id, 0 if stage.number == 1 else stage.number)
            was_lost = stage.doc.lost and not stage.is_paid
            if was_lost or self.fought or not self._is_shared(document):
                continue
            sale = settlement.shared_sale(merchant_id=self.merchant_id, document=document)
            assert sale.left_minor == stage.doc.net
            assert (sale.accepted_at is not None) == (stage.is_accepted and sale.paid_minor > 0)

    def _is_shared(self, document: str) -> bool:
        return bool(settlement.is_shared(merchant_id=self.merchant_id, document=document))

    def _stage(self, pick: int) -> tuple[int, int]:
        stage = self.model.stages[pick % len(self.model.stages)]
        return stage.number, 0 if stage.number == 1 else stage.number

    def _taken(self, number: int, place: int, amount: int) -> None:
        self.model.open_of(number)
        self.model.take(place, amount)

    def _pay(self, number: int, amount: int, model: Callable[[], object]) -> None:
        self._both(
            model,
            request_payment,
            sale_id=self.sale_id,
            number=number,
            key=new_key(),
            tenders=[tender(self.merchant_id, amount)],
        )

    def _intents(self, number: int) -> list[payments.Intent]:
        return payments.intents_of(
            merchant_id=self.merchant_id, document=document_of(self.sale_id, number)
        )

    def _live(self, number: int) -> bool:
        return any(each.state == "open" for each in self._intents(number))

    def _wallet(self) -> None:
        payments.open_payment_account(
            merchant_id=self.merchant_id,
            code="wallet",
            provider="simulated",
            method="wechat_pay",
            name="wallet",
            currency="CNY",
            now=NOW,
        )

    def _say(self, tender_id: int, state: Any, amount: int) -> None:
        fight(merchant_id=self.merchant_id, tender_id=tender_id, state=state, amount=amount)
        self._hear()

    def _hear(self) -> None:
        hear_all(self.merchant_id, now=self.now)

    def _both(self, model: Callable[[], object], command: Callable[..., Any], **asked: Any) -> Any:
        try:
            model()
        except Refused:
            self._refused(command, **asked)
            return None
        found = self._call(command, **asked)
        self._hear()
        return found

    def _call(self, command: Callable[..., Any], **asked: Any) -> Any:
        return command(merchant_id=self.merchant_id, now=self.now, **asked)

    def _refused(self, command: Callable[..., Any], **asked: Any) -> None:
        try:
            with transaction.atomic():
                self._call(command, **asked)
        except REFUSALS:
            return
        raise AssertionError("the model refuses it")
