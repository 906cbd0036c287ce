"""Everybody hears what happened, and what they then say is what the model says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from santong.kernel import facts
from santong.kernel.models import OutboxEvent
from santong.orders import public as orders
from santong.payments import public as payments
from santong.payments.contracts import SeenDispute, SeenMove
from santong.payments.services.see_dispute import see_dispute
from santong.payments.services.see_refund import see_refund
from santong.payments.tests.money import stands
from santong.settlement import public as settlement
from santong.settlement.models import Party
from santong.settlement.tests.factories import NOW, Shop
from tests.invariants.money_counted import Back, Sold, Tender

ACCOUNT = "simulated"
# Who hears what, of those that this is about.
LISTENERS = ("orders", "payments", "settlement")
# Lines, their parts and the shares of these are rounded one after the other.
MOST_ROUNDED = 3


class MoneyChecked(RuleBasedStateMachine):
    """What has happened, as the model counts it, and as the contexts have it."""

    merchant_id: ClassVar[int]
    shop: ClassVar[Shop]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.heard = OutboxEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
        self.times = 1
        self.sold: list[Sold] = []
        self.named: set[str] = set()
        self.parts: list[Back] = []
        self.failed: list[Back] = []
        self.fights: list[Back] = []
        self.run_ids: set[int] = set()
        self.sent: list[settlement.PayoutLine] = []
        self.unpaid: list[settlement.PayoutLine] = []
        self.paid_out = Counter[str]()
        self.arrived = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(times=st.integers(1, 2))
    def everything_is_told(self, times: int) -> None:
        """Providers say each thing so many times, and so does the relay."""
        self.times = times

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        self._everybody_hears()
        sales = self._sales()
        self._orders_know_what_they_were_paid()
        self._money_is_where_the_model_says()
        self._shares_are_what_was_paid_and_has_not_gone_back(sales)
        self._parties_are_owed_what_is_shared_and_not_paid_out(sales)
        self._both_books_are_sound()

    def _orders_know_what_they_were_paid(self) -> None:
        for sold in self.sold:
            order = orders.order_by_id(merchant_id=self.merchant_id, order_id=sold.order_id)
            assert (order.paid_minor, order.refund_due_minor) == (sold.paid, sold.due)
            assert (order.state == "cancelled") == sold.is_cancelled()

    def _money_is_where_the_model_says(self) -> None:
        for sold in self.sold:
            intents = [
                payments.intent_by_id(merchant_id=self.merchant_id, intent_id=asked.intent_id)
                for asked in sold.asked
            ]
            assert [intent.state for intent in intents] == [asked.state for asked in sold.asked]
            tenders = [tender for intent in intents for tender in intent.tenders]
            assert [(t.captured_minor, t.refunded_minor, t.is_late) for t in tenders] == [
                (t.amount if t.is_in else 0, t.gone, t.is_late) for t in sold.tenders()
            ]
            assert all(t.refunded_minor <= t.captured_minor for t in tenders)
            came = sum(t.amount - t.gone for t in sold.tenders() if t.is_in)
            assert self._stands("document", sold.document()) == came
        in_account = sum(tender.kept() for tender in self._paid()) - self.arrived
        assert self._stands("at_provider", ACCOUNT) == -in_account
        assert self._stands("in_transit", ACCOUNT) == self.paid_out.total() - self.arrived

    def _shares_are_what_was_paid_and_has_not_gone_back(
        self, sales: Sequence[settlement.SharedSale]
    ) -> None:
        shared = [sold for sold in self.sold if sold.is_shared]
        assert [sale.document for sale in sales] == [sold.document() for sold in shared]
        for sale, sold in zip(sales, shared, strict=True):
            assert sale.left_minor == sum(share.left_minor for share in sale.shares)
            assert (sale.paid_minor, sale.left_minor) == (sold.total(), sold.shared())
            self._everybody_bears_their_part(sold, sale)

    def _parties_are_owed_what_is_shared_and_not_paid_out(
        self, sales: Sequence[settlement.SharedSale]
    ) -> None:
        shared, due = Counter[str](), Counter[str]()
        for share in [share for sale in sales for share in sale.shares]:
            shared[share.party_code] += share.left_minor
            due[share.party_code] += share.left_minor if share.is_due else 0
        for code, stand in self._stand_by_party().items():
            owed = stand.pending_minor + stand.payable_minor
            assert owed == shared[code] - self.paid_out[code]
            assert stand.payable_minor == due[code] - self.paid_out[code]

    def _both_books_are_sound(self) -> None:
        assert payments.check_invariants(merchant_id=self.merchant_id, now=NOW) == []
        assert settlement.check_invariants(merchant_id=self.merchant_id) == []

    def _everybody_bears_their_part(self, sold: Sold, sale: settlement.SharedSale) -> None:
        """What went back was taken from all shares alike; if nothing did, they are untouched."""
        stand = [share for share in sale.shares if not share.is_cancelled]
        assert sum(share.amount_minor for share in stand) == sold.worth
        for share in stand:
            assert 0 <= share.left_minor <= share.amount_minor
            apart = share.left_minor * sold.worth - share.amount_minor * sold.shared()
            assert abs(apart) <= (MOST_ROUNDED * sold.worth if sold.back else 0)

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
                        for _ in range(self.times):
                            hears(fact, merchant_id=self.merchant_id, now=NOW)

    def _what_is_due_goes_back(self, sold: Sold) -> None:
        self._everybody_hears()
        more = sold.send_back()
        found = payments.refunds_of(merchant_id=self.merchant_id, document=sold.document())
        sent = [
            self._parts_are_under_way(sold, refund, is_due=True)
            for refund in found
            if refund.key.startswith("due:")
        ]
        assert sum(sent) == more

    def _parts_are_under_way(
        self, sold: Sold, refund: payments.Refund, *, is_due: bool = False
    ) -> int:
        """Those that are new; say how much they are."""
        tender_by_id = {tender.id: tender for tender in sold.tenders()}
        fresh = [
            Back(
                sold=sold,
                tender=tender_by_id[part.tender_id],
                name=part.reference,
                amount=part.amount_minor,
                refund_id=refund.id,
                is_due=is_due,
            )
            for part in refund.parts
            if part.reference not in self.named
        ]
        self.named |= {part.name for part in fresh}
        self.parts += fresh
        there = sold.there()
        for part in fresh:
            part.tender.under_way += part.amount
            assert part.tender.left() >= 0
        return there - sold.there()

    def _see_part(self, part: Back, state: Literal["done", "working", "failed"]) -> None:
        for _ in range(self.times):
            see_refund(
                merchant_id=self.merchant_id,
                reference=part.name,
                seen=SeenMove(state=state, at=NOW),
                now=NOW,
            )

    def _say(self, fight: Back, state: Literal["opened", "won", "lost"]) -> None:
        for _ in range(self.times):
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

    def _paid(self) -> list[Tender]:
        return [tender for sold in self.sold for tender in sold.tenders() if tender.is_in]

    def _sales(self) -> list[settlement.SharedSale]:
        documents = [sold.document() for sold in self.sold]
        return [
            settlement.shared_sale(merchant_id=self.merchant_id, document=document)
            for document in documents
            if settlement.is_shared(merchant_id=self.merchant_id, document=document)
        ]

    def _left_by_share(self) -> dict[int, int]:
        self._everybody_hears()
        return {share.id: share.left_minor for sale in self._sales() for share in sale.shares}

    def _payable(self) -> dict[str, int]:
        """What those are owed who are not the merchant itself."""
        stand = self._stand_by_party(kinds=("clerk", "dealer"))
        return {code: each.payable_minor for code, each in stand.items()}

    def _stand_by_party(self, kinds: tuple[str, ...] = ()) -> dict[str, settlement.PartyBalance]:
        rows = Party.objects.of_merchant(self.merchant_id)
        rows = rows.filter(kind__in=kinds) if kinds else rows
        parties = list(rows.values_list("id", "code"))
        stand = settlement.balances_of_parties(
            merchant_id=self.merchant_id, party_ids=[each for each, _ in parties], currency="CNY"
        )
        return {code: stand[party_id] for party_id, code in parties}

    def _stands(self, kind: str, owner: str) -> int:
        return stands(merchant_id=self.merchant_id, kind=kind, owner=owner)


def by_party(lines: Iterable[settlement.PayoutLine]) -> Counter[str]:
    found = Counter[str]()
    for line in lines:
        found[line.party_code] += line.amount_minor
    return found
