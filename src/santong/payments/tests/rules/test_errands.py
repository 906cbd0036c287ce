"""What is asked next about a payment, by how it stands and what was seen of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from santong.payments.contracts.money import TenderState
from santong.payments.contracts.providers import Seen, SeenState
from santong.payments.contracts.work import Errand, WorkStep
from santong.payments.rules.errands import next_of_payment

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
ENDS = NOW + timedelta(minutes=15)


class Case(NamedTuple):
    name: str
    becomes: WorkStep | None
    step: WorkStep = "query"
    state: TenderState = "waiting"
    seen: SeenState | None = "waiting"
    now: datetime = NOW
    is_shown: bool = True


CASES = [
    Case("who waits is looked at again", "query"),
    Case("an answer that did not come is asked for", "query", step="ask", seen=None),
    Case("what never arrived is asked anew", "ask", state="asked", seen="unknown"),
    Case("a code that nobody has scanned is looked for again", "query", seen="unknown"),
    Case("a code that was lost on its way is asked for again", "ask", is_shown=False),
    Case("a code that has just come is looked at", "query", step="ask", is_shown=False),
    Case("what is frozen is freed at its end", "close", state="authorised", seen="authorised"),
    Case("what has run out is closed", "close", now=ENDS),
    Case("a close without an answer is made again", "close", step="close", seen=None),
    Case("what is paid is left alone", None, state="captured", seen="paid"),
    Case("what is closed is left alone", None, state="closed", seen="closed"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_next_of_payment(case: Case) -> None:
    errand = Errand(
        work_id=1,
        claim=1,
        attempts=3,
        about="payment",
        step=case.step,
        account_code="alipay",
        provider="alipay",
        reference="pay1",
        payment_reference="pay1",
        amount_minor=1,
        expires_at=ENDS,
        is_shown=case.is_shown,
    )
    seen = None if case.seen is None else Seen(state=case.seen)

    following = next_of_payment(errand, state=case.state, seen=seen, now=case.now)

    assert following.step == case.becomes
