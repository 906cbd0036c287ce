"""A payment with everything around it: the order, calls, notices, refunds, the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from santong.console.rules.lateness import Remark, remarks
from santong.orders import public as orders
from santong.payments import public as payments

MOST_ENTRIES: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentStory:
    """An intent, and what happened to it and to its document."""

    intent: payments.Intent
    others: Sequence[payments.Intent]
    order: orders.Order | None
    remarks: Sequence[Remark]
    refunds: Sequence[payments.Refund]
    movements: Sequence[payments.Movement]
    call_by_tender: dict[int, payments.Call]
    call_by_part: dict[int, payments.Call]
    told: Sequence[payments.Told]
    disputes: Sequence[payments.DisputeTold]
    entries: Sequence[payments.AccountEntry]
    stands_minor: int

    @property
    def refundable_minor(self) -> int:
        """What of the whole document could still go back by its tenders."""
        intents = [self.intent, *self.others]
        tenders = [tender for each in intents for tender in each.tenders]
        return sum(tender.refundable_minor for tender in tenders)


def payment_story(*, merchant_id: int, intent_id: int) -> PaymentStory:
    """One intent with its story, in a fixed number of questions. Raises NoSuch."""
    intent = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent_id)
    of_document = payments.intents_of(merchant_id=merchant_id, document=intent.document)
    refunds = payments.refunds_of(merchant_id=merchant_id, document=intent.document)
    parts = [part for refund in refunds for part in refund.parts]
    calls = payments.calls_of(
        merchant_id=merchant_id,
        tender_ids=[tender.id for tender in intent.tenders],
        part_ids=[part.id for part in parts],
    )
    account = payments.document_account(currency=intent.currency, document=intent.document)
    order_id = orders.order_of_document(document=intent.document)
    known = orders.orders_by_id(merchant_id=merchant_id, order_ids=[order_id] if order_id else [])
    return PaymentStory(
        intent=intent,
        others=[each for each in of_document if each.id != intent.id],
        order=known.get(order_id) if order_id else None,
        remarks=remarks(intent, of_document=of_document),
        refunds=refunds,
        movements=payments.movements_of(merchant_id=merchant_id, document=intent.document),
        call_by_tender={call.subject_id: call for call in calls if call.about == "payment"},
        call_by_part={call.subject_id: call for call in calls if call.about == "refund"},
        told=payments.told_of(
            merchant_id=merchant_id,
            references=[
                *(tender.reference for tender in intent.tenders),
                *(part.reference for part in parts),
            ],
        ),
        disputes=payments.disputes_of_intent(merchant_id=merchant_id, intent_id=intent.id),
        entries=payments.entries_page(merchant_id=merchant_id, account=account, limit=MOST_ENTRIES),
        stands_minor=payments.balances(merchant_id=merchant_id, accounts=[account])[account].posted,
    )
