"""A dispute about all that is left of a payment is opened, told again, and decided."""

from __future__ import annotations

from typing import Literal

import pytest
from django.db import transaction

from santong.kernel.errors import NoSuch
from santong.payments.contracts import SeenDispute, SeenMove
from santong.payments.services.see_dispute import see_dispute
from santong.payments.tests.money import NOW, make_paid, make_refund, see_parts, stands


@pytest.mark.parametrize(("decided", "at_provider"), [("won", -10_000), ("lost", 0)])
def test_a_dispute_about_everything_is_decided(
    merchant_id: int, decided: Literal["won", "lost"], at_provider: int
) -> None:
    intent = make_paid(merchant_id=merchant_id)

    def tell(state: Literal["opened", "won", "lost"]) -> int:
        seen = SeenDispute(
            state=state,
            their_reference="sd1",
            payment_reference=intent.tenders[0].reference,
            amount_minor=10_000,
            at=NOW,
        )
        see_dispute(merchant_id=merchant_id, seen=seen, now=NOW)
        return stands(merchant_id=merchant_id, kind="at_provider", owner="simulated")

    found = [tell("opened"), tell("opened"), tell(decided), tell(decided)]

    assert found == [0, 0, at_provider, at_provider]


def test_a_dispute_about_what_is_asked_back_is_heard_once_it_is_known_which_was_first(
    merchant_id: int,
) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)
    asked = make_refund(merchant_id=merchant_id, document=intent.document, amount=4_000)
    seen = SeenDispute(
        state="opened",
        their_reference="sd1",
        payment_reference=intent.tenders[0].reference,
        amount_minor=10_000,
        at=NOW,
    )

    with pytest.raises(NoSuch), transaction.atomic():
        see_dispute(merchant_id=merchant_id, seen=seen, now=NOW)
    see_parts(asked, SeenMove(state="failed", why="DISPUTED"), merchant_id=merchant_id)
    see_dispute(merchant_id=merchant_id, seen=seen, now=NOW)

    assert stands(merchant_id=merchant_id, kind="at_provider", owner="simulated") == 0
