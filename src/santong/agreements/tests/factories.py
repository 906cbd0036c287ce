"""Things of agreements for tests: say what the test is about."""

from __future__ import annotations

import io
import itertools
from datetime import UTC, datetime
from typing import Any

from PIL import Image, ImageDraw

from santong.agreements import contracts
from santong.agreements import public as agreements
from santong.agreements.services.accept import accept
from santong.agreements.services.find_broken import find_broken
from santong.agreements.services.make_paper import make_paper
from santong.agreements.services.offer import offer
from santong.agreements.services.pay import follow_refund
from santong.payments import public as payments
from santong.payments.tests.factories import end_refunds, make_paid_by

# 2026-11-11 15:27 in China.
NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
NAME = "王小明"
ACCEPTED = contracts.Acceptance(how="name", name=NAME, address="203.0.113.7")

_numbers = itertools.count(1)


def window(
    start: str = "2026-11-13",
    end: str = "2026-11-15",
    *,
    kind: str = "delivery_window",
    **given: Any,
) -> contracts.Term:
    """Delivered in three days, else 100 yuan."""
    values: dict[str, Any] = {
        "number": 1,
        "kind": kind,
        "params": {"start": start, "end": end},
        "remedy": "compensate",
        "amount": contracts.Amount(basis="fixed", value=10_000),
    }
    return contracts.Term(**{**values, **given})


def damage(**given: Any) -> contracts.Term:
    """Damaged goods are replaced."""
    values: dict[str, Any] = {
        "number": 2,
        "kind": "damage",
        "params": {"report_hours": 72},
        "remedy": "replace",
    }
    return contracts.Term(**{**values, **given})


def new_agreement(
    *, document: str = "", terms: tuple[contracts.Term, ...] | None = None, **given: Any
) -> contracts.NewAgreement:
    """Two terms for a staged sale of 8,000 yuan."""
    values: dict[str, Any] = {
        "total_minor": 800_000,
        "currency": "CNY",
        "category": "furniture",
        "buyer": contracts.Buyer(name=NAME, phone="13800138000"),
    }
    return contracts.NewAgreement(
        document=document or f"stagedsale:{next(_numbers)}",
        terms=(window(), damage()) if terms is None else terms,
        **{**values, **given},
    )


def make_offer(merchant_id: int, *, now: datetime = NOW, **given: Any) -> contracts.Offered:
    return offer(merchant_id=merchant_id, new=new_agreement(**given), now=now)


def make_accepted(
    merchant_id: int,
    *,
    acceptance: contracts.Acceptance = ACCEPTED,
    now: datetime = NOW,
    **given: Any,
) -> contracts.Agreement:
    offered = make_offer(merchant_id, now=now, **given).agreement
    return accept(merchant_id=merchant_id, agreement_id=offered.id, acceptance=acceptance, now=now)


def make_with_paper(merchant_id: int, **given: Any) -> contracts.Agreement:
    made = make_accepted(merchant_id, **given)
    return make_paper(merchant_id=merchant_id, agreement_id=made.id, now=NOW)


def drawn_name() -> bytes:
    """A signature that somebody drew."""
    picture = Image.new("RGB", (300, 120), "white")
    ImageDraw.Draw(picture).line([(20, 90), (90, 20), (160, 100), (280, 40)], fill="black", width=4)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


# The window's last day, the fifteenth, is over in China.
OVER = datetime(2026, 11, 15, 16, tzinfo=UTC)
BY_THE_DAY = window(
    amount=contracts.Amount(basis="fixed", value=3_000, per="day"), cap_minor=10_000
)
MONEY_BACK = damage(
    remedy="compensate", amount=contracts.Amount(basis="fixed", value=6_000), cap_minor=10_000
)


def make_paid_agreement(merchant_id: int, *, paid_minor: int = 800_000, **given: Any) -> Any:
    made = make_accepted(merchant_id, **given)
    if paid_minor:
        make_paid_by(
            merchant_id=merchant_id, document=made.document, amount=paid_minor, payer="buyer"
        )
    return made


def broken(merchant_id: int, made: contracts.Agreement, *, now: datetime = OVER) -> int:
    found = find_broken(
        merchant_id=merchant_id, agreement_id=made.id, term=1, broken_at=OVER, now=now
    )
    assert found is not None
    return found


def breach(merchant_id: int, breach_id: int) -> contracts.Breach:
    return agreements.breach_by_id(merchant_id=merchant_id, breach_id=breach_id)


def gone_back(merchant_id: int, made: contracts.Agreement) -> int:
    """What the buyer has back."""
    end_refunds(merchant_id=merchant_id, document=made.document, now=OVER)
    every = payments.refunds_of(merchant_id=merchant_id, document=made.document)
    for each in every:
        follow_refund(merchant_id=merchant_id, refund_id=each.id, now=OVER)
    return sum(each.done_minor for each in every)


def claim(merchant_id: int, made: contracts.Agreement, **given: Any) -> contracts.Breach:
    values: dict[str, Any] = {
        "term": 1,
        "found_by": "buyer",
        "said": "桌面有一道划痕",
        "key": "first",
        "now": NOW,
    }
    return agreements.claim(merchant_id=merchant_id, agreement_id=made.id, **{**values, **given})
