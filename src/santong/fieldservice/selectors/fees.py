"""The fee of a visit that was called off late: what is owed, what came in, how it can be paid."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.fieldservice import contracts
from santong.fieldservice.selectors.photos import subject_of
from santong.merchants import public as merchants
from santong.payments import public as payments

__all__ = ["fee_of", "pay_accounts", "subject_of", "visit_of_subject"]

# Where a buyer can pay alone, with a page of the provider's.
ONLINE: Final = frozenset({"simulated", "alipay", "wechat_pay"})
_KIND: Final = "visit:"
_MOST_DIGITS: Final = 18


def fee_of(*, merchant_id: int, visit: contracts.Visit, now: datetime) -> contracts.VisitFee:
    """How a visit's fee stands; what came in is read from payments."""
    document = subject_of(visit.id)
    intents = payments.intents_of(merchant_id=merchant_id, document=document)
    refunds = payments.refunds_of(merchant_id=merchant_id, document=document)
    disputes = payments.disputes_of(merchant_id=merchant_id, document=document)
    received = sum(each.captured_minor for intent in intents for each in intent.tenders)
    returned = sum(each.amount_minor - each.given_up_minor for each in refunds)
    lost = sum(each.amount_minor for each in disputes if each.state == "lost")
    paid = received - returned - lost
    asked = [
        intent.tenders[-1]
        for intent in intents
        if intent.state == "open" and now < intent.expires_at and intent.tenders
    ]
    return contracts.VisitFee(
        owed_minor=visit.fee_minor,
        paid_minor=paid,
        returned_minor=returned,
        open_minor=max(0, visit.fee_minor - received + lost),
        currency=merchants.merchant(merchant_id=merchant_id).currency,
        pay_page=asked[0].payload if asked else "",
        pay_method=asked[0].method if asked else "",
    )


def pay_accounts(*, merchant_id: int, currency: str) -> list[payments.PaymentAccount]:
    """Where a buyer can pay alone: one account for each way."""
    found: dict[str, payments.PaymentAccount] = {}
    for each in payments.payment_accounts(merchant_id=merchant_id):
        if each.is_open and each.provider in ONLINE and each.currency == currency:
            found.setdefault(each.method, each)
    return list(found.values())


def visit_of_subject(subject: str) -> int | None:
    """The visit that a subject (`visit:9`) is, if it is one."""
    number = subject.removeprefix(_KIND)
    is_one = number != subject and number.isascii() and number.isdigit()
    return int(number) if is_one and len(number) <= _MOST_DIGITS else None
