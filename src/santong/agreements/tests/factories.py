"""Things of agreements for tests: say what the test is about."""

from __future__ import annotations

import io
import itertools
from datetime import UTC, datetime
from typing import Any

from PIL import Image, ImageDraw

from santong.agreements import contracts
from santong.agreements.services.accept import accept
from santong.agreements.services.make_paper import make_paper
from santong.agreements.services.offer import offer

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
