"""Whatever happens to sales and payouts, in whatever order, a page of Python says the same."""

from __future__ import annotations

import os
from datetime import datetime
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
from santong.settlement import public as settlement
from santong.settlement.models import Party
from santong.settlement.selectors.ledger import balances_of_parties
from santong.settlement.tests.factories import (
    NOW,
    Shop,
    assert_sound,
    can_be_paid,
    lines_of,
    make_run,
    make_sale,
    make_shop,
    party_id_of,
    publish,
    tell,
)

EXAMPLES = int(os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "6"))
STEPS = 18
DUE = settlement.Due(days=0)

minors = st.integers(1, 12_000)
numbers = st.integers(0, 2)


class SharesMachine(RuleBasedStateMachine):
    """Up to three sales of two lines and a freight, one clerk and one dealer who are paid."""

    merchant_id: ClassVar[int]
    shop: ClassVar[Shop]

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.block = transaction.atomic()
        self.block.__enter__()
        self.sales: list[settlement.SharedSale] = []
        self.left: list[int] = []
        self.unsent: list[dict[int, int]] = []
        # What went back, by sale and key, as long as it stands; and what shares were before.
        self.standing: list[dict[str, int]] = []
        self.keys = 0
        self.paid_out = 0
        self.sent: list[Any] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @precondition(lambda self: len(self.sales) < 3)
    @rule(first=st.integers(1, 3), second=st.integers(1, 2), freight=st.integers(0, 900))
    def sell(self, first: int, second: int, freight: int) -> None:
        sale = make_sale(
            self.shop,
            quantities=(first, second),
            price_minor=3_333,
            freight_minor=freight,
            guide="G1",
            seller=self.shop.own_code,
        )
        self.sales.append(sale)
        self.left.append(sale.paid_minor)
        lines = {s.order_line_id: s.pieces for s in sale.shares if s.order_line_id is not None}
        self.unsent.append(dict(lines))
        self.standing.append({})
        assert sale.left_minor == 3_333 * (first + second) + freight

    @precondition(lambda self: self.sales)
    @rule(number=numbers, at_dealer=st.booleans(), pieces=st.integers(1, 3), data=st.data())
    def send(self, number: int, *, at_dealer: bool, pieces: int, data: st.DataObject) -> None:
        number %= len(self.sales)
        line_id = data.draw(st.sampled_from(sorted(self.unsent[number])))
        pieces = min(pieces, self.unsent[number][line_id])
        if not pieces:
            return
        self.unsent[number][line_id] -= pieces
        self.keys += 1
        settlement.assign_filler(
            merchant_id=self.merchant_id,
            order_id=self.sales[number].order_id or 0,
            location_id=self.shop.franchise if at_dealer else self.shop.own,
            quantity_by_line={line_id: pieces},
            key=f"work:{self.keys}",
            now=self.now,
        )

    @precondition(lambda self: self.sales)
    @rule(number=numbers)
    def receive(self, number: int) -> None:
        number %= len(self.sales)
        settlement.record_receipt(
            merchant_id=self.merchant_id,
            document=self.sales[number].document,
            received_at=self.now,
            now=self.now,
        )
        self.unsent[number] = dict.fromkeys(self.unsent[number], 0)

    @rule()
    def become_due(self) -> None:
        settlement.release_due(merchant_id=self.merchant_id, limit=100, now=self.now)

    @precondition(lambda self: self.sales)
    @rule(number=numbers, minor=minors, borne=st.booleans())
    def go_back(self, number: int, minor: int, *, borne: bool = False) -> None:
        number %= len(self.sales)
        minor = min(minor, self.left[number])
        if not minor:
            return
        self.keys += 1
        key = f"refund:{self.keys}"
        left = settlement.reverse_shares(
            merchant_id=self.merchant_id,
            document=self.sales[number].document,
            key=key,
            kind="refund",
            amount_minor=minor,
            bearer_id=party_id_of(self.merchant_id, "head_office") if borne else None,
            reason="refund",
            now=self.now,
        )
        self.left[number] -= minor
        self.standing[number][key] = minor
        assert left == self.left[number]

    @precondition(lambda self: any(self.standing))
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        some = [(n, key) for n, standing in enumerate(self.standing) for key in standing]
        number, key = data.draw(st.sampled_from(some))
        left = settlement.restore_shares(
            merchant_id=self.merchant_id,
            document=self.sales[number].document,
            key=key,
            reason="won",
            now=self.now,
        )
        self.left[number] += self.standing[number].pop(key)
        assert left == self.left[number]

    @precondition(lambda self: self.sales)
    @rule(number=numbers, minor=minors)
    def go_back_and_be_restored(self, number: int, minor: int) -> None:
        """The reversal of a reversal is the original, share by share."""
        number %= len(self.sales)
        before = self._shares(number)
        held = len(self.standing[number])
        self.go_back(number, minor)
        if len(self.standing[number]) > held:
            key = list(self.standing[number])[-1]
            settlement.restore_shares(
                merchant_id=self.merchant_id,
                document=self.sales[number].document,
                key=key,
                reason="won",
                now=self.now,
            )
            self.left[number] += self.standing[number].pop(key)
        assert self._shares(number) == before

    @rule()
    def pay_out(self) -> None:
        payable = self._payable()
        can_be_paid(self.merchant_id, *payable)
        if not any(minor > 0 for minor in payable.values()):
            return
        run = make_run(self.merchant_id, now=self.now)
        settlement.send_payouts(merchant_id=self.merchant_id, limit=50, now=self.now)
        lines = [line for line in lines_of(self.merchant_id, run) if line.state == "sent"]
        for line in lines:
            assert 0 < line.amount_minor <= payable[line.party_code]
        self.sent += lines
        self.paid_out += sum(line.amount_minor for line in lines)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), ending=st.sampled_from(["done", "failed", "returned"]))
    def end_payout(self, data: st.DataObject, ending: str) -> None:
        line = self.sent.pop(data.draw(st.integers(0, len(self.sent) - 1)))
        if ending == "returned":
            tell(self.merchant_id, line, "done")
        tell(self.merchant_id, line, ending, why="bank")
        if ending != "done":
            self.paid_out -= line.amount_minor

    @invariant()
    def what_is_shared_is_what_was_paid_less_what_went_back(self) -> None:
        for number, sale in enumerate(self.sales):
            now = settlement.shared_sale(merchant_id=self.merchant_id, document=sale.document)
            assert now.left_minor == self.left[number]
            assert sum(share.left_minor for share in now.shares) == self.left[number]

    @invariant()
    def parties_are_owed_what_is_shared_and_not_paid_out(self) -> None:
        rows = list(Party.objects.of_merchant(self.merchant_id).values_list("id", flat=True))
        stand = balances_of_parties(
            merchant_id=self.merchant_id, party_ids=rows, currency="CNY"
        ).values()
        owed = sum(each.pending_minor + each.payable_minor for each in stand)
        assert owed == sum(self.left) - self.paid_out
        assert_sound(self.merchant_id)

    def _shares(self, number: int) -> list[tuple[int, int]]:
        sale = settlement.shared_sale(
            merchant_id=self.merchant_id, document=self.sales[number].document
        )
        return [(share.id, share.left_minor) for share in sale.shares]

    def _payable(self) -> dict[str, int]:
        rows = Party.objects.of_merchant(self.merchant_id).filter(kind__in=["clerk", "dealer"])
        return {
            row.code: payments.balances(
                merchant_id=self.merchant_id,
                accounts=[payments.payable_account(currency="CNY", party=f"party:{row.id}")],
            )[payments.payable_account(currency="CNY", party=f"party:{row.id}")].posted
            for row in rows
        }


def test_whatever_happens_shares_are_what_was_paid_less_what_went_back(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(
        merchant_id,
        settlement.Rule(code="clerk", role="clerk", rate_bp=777, due=DUE),
        settlement.Rule(code="fee", role="filler", fixed_minor=111, due=DUE),
        settlement.Rule(code="freight", role="filler", base="freight", rate_bp=10_000),
        owners=(
            settlement.OwnerTerms(goods_of="dealer", kind="commission", rate_bp=1_500, due=DUE),
        ),
        rest_days=0,
    )
    SharesMachine.merchant_id = merchant_id
    SharesMachine.shop = shop
    run_state_machine_as_test(
        SharesMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
