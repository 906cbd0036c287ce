"""Money for tests: say what the test is about, the rest is invented."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from santong.payments import public as payments
from santong.payments.contracts import Seen, SeenMove
from santong.payments.models import RefundPart
from santong.payments.services.see_payment import see_payment
from santong.payments.services.see_refund import see_refund

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
SOON = NOW + timedelta(minutes=30)
CNY = "CNY"

_numbers = itertools.count(1)


def make_account(
    *, merchant_id: int, provider: str = "simulated", method: Any = "wechat_pay", **more: Any
) -> str:
    """The code of a payment account; those that are there already are left as they are."""
    given: dict[str, Any] = {"code": provider, "name": provider, "currency": CNY, **more}
    account = payments.open_payment_account(
        merchant_id=merchant_id, provider=provider, method=method, now=NOW, **given
    )
    return account.code


def new_document() -> str:
    return f"order:{next(_numbers)}"


def new_intent(*, account: str = "simulated", amount: int = 10_000, **more: Any) -> Any:
    """An intent as it is handed in, with one part unless others are given."""
    given: dict[str, Any] = {
        "key": f"intent-{next(_numbers)}",
        "document": new_document(),
        "currency": CNY,
        "amount_minor": amount,
        "subject": "两件衬衫",
        "expires_at": SOON,
        "tenders": (payments.NewTender(account_code=account, amount_minor=amount),),
    }
    return payments.NewIntent(**{**given, **more})


def make_intent(*, merchant_id: int, **more: Any) -> payments.Intent:
    make_account(merchant_id=merchant_id)
    return payments.open_intent(merchant_id=merchant_id, new=new_intent(**more), now=NOW)


def tender(code: str, amount: int, **more: Any) -> payments.NewTender:
    return payments.NewTender(account_code=code, amount_minor=amount, **more)


def paid(amount: int = 0, **more: Any) -> Seen:
    return Seen(state="paid", amount_minor=amount, at=NOW, **more)


def see(intent: payments.Intent, seen: Seen, *, merchant_id: int, number: int = 1) -> Any:
    """What the provider of a part says of it."""
    return see_payment(
        merchant_id=merchant_id,
        reference=intent.tenders[number - 1].reference,
        seen=seen,
        now=NOW,
    )


def make_paid(*, merchant_id: int, **more: Any) -> payments.Intent:
    """An intent that its buyer has paid, by each of its parts."""
    intent = make_intent(merchant_id=merchant_id, **more)
    for part in intent.tenders:
        if part.state != "captured":
            see(intent, paid(part.amount_minor), merchant_id=merchant_id, number=part.number)
    return payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)


def make_refund(*, merchant_id: int, document: str, amount: int, **more: Any) -> payments.Refund:
    given: dict[str, Any] = {
        "key": f"refund-{next(_numbers)}",
        "currency": CNY,
        "reason": "不合身",
        **more,
    }
    return payments.refund(
        merchant_id=merchant_id, document=document, amount_minor=amount, now=NOW, **given
    )


def see_parts(refund: payments.Refund, seen: SeenMove, *, merchant_id: int) -> payments.Refund:
    """What providers say of all parts of a refund."""
    for part in refund.parts:
        see_refund(merchant_id=merchant_id, reference=part.reference, seen=seen, now=NOW)
    return payments.refund_by_id(merchant_id=merchant_id, refund_id=refund.id)


def stands(*, merchant_id: int, kind: str, owner: str) -> int:
    """What an account of the money of a merchant stands at."""
    key = payments.AccountKey("money:CNY", kind, owner)
    return payments.balances(merchant_id=merchant_id, accounts=[key])[key].posted


def parts_of(refund: payments.Refund) -> list[RefundPart]:
    return list(RefundPart.objects.filter(refund=refund.id).order_by("number"))
