"""The buyer's page: what was agreed, what to pay and when, and what happens if not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.presales import contracts
from santong.presales.models import Presale
from santong.presales.rules.buyers_page import may_let_go, part_of, step_of
from santong.presales.selectors.links import link_path, token_of
from santong.presales.selectors.presales import presale_by_id
from santong.presales.services.draft_offer import draft_offer
from santong.presales.services.publish_offer import publish_offer
from santong.presales.tests.factories import (
    LINE,
    make_presale,
    make_shop,
    make_terms,
    pay_part,
    tell_all,
)


class Buyer:
    """Somebody with the link of a presale order that was joined a moment ago."""

    def __init__(self, merchant_id: int, **given: Any) -> None:
        self.merchant_id = merchant_id
        self.now = datetime.now(UTC)
        terms = make_terms(
            LINE,
            deposit_from=self.now - timedelta(hours=1),
            deposit_until=self.now + timedelta(days=1),
            balance_from=self.now + timedelta(days=2),
            balance_until=self.now + timedelta(days=3),
            **given,
        )
        with tenancy.scope(merchant_id=merchant_id):
            make_shop(merchant_id)
            drafted = draft_offer(
                merchant_id=merchant_id,
                code="coats",
                storefront_code="flagship",
                terms=terms,
                now=self.now,
            )
            offer = publish_offer(merchant_id=merchant_id, offer_id=drafted.id, now=self.now)
            self.presale = make_presale(merchant_id, offer, now=self.now)
        token = token_of(merchant_id=merchant_id, presale=self.presale)
        self.path = link_path(token=token)
        self.client = Client(headers={"Accept-Language": "en"})

    def page(self) -> str:
        answer = self.client.get(self.path)
        assert answer.status_code == 200
        return answer.content.decode()

    def pay_deposit(self) -> None:
        with tenancy.scope(merchant_id=self.merchant_id):
            pay_part(self.merchant_id, self.presale, "deposit", now=self.now)
            tell_all(self.merchant_id, now=self.now)

    def let_days_pass(self, days: int) -> None:
        """Every instant of the presale order lies so much earlier."""
        with tenancy.scope(merchant_id=self.merchant_id):
            row = Presale.objects.of_merchant(self.merchant_id).get(id=self.presale.id)
            for name in ("deposit_by", "balance_from", "balance_until", "closes_at"):
                setattr(row, name, getattr(row, name) - timedelta(days=days))
            row.save()

    def stands(self) -> contracts.Presale:
        with tenancy.scope(merchant_id=self.merchant_id):
            return presale_by_id(merchant_id=self.merchant_id, presale_id=self.presale.id)


def test_says_what_was_agreed_and_what_is_to_be_paid(merchant: int) -> None:
    page = Buyer(merchant).page()

    for said in ("Deposit to pay now", "¥100.00", "counts for ¥200.00", "Balance ¥800.00"):
        assert said in page
    assert "the shop keeps ¥100.00 of it" in page
    assert "¥100.00 on top" in page
    assert "Pay ¥100.00 by WeChat Pay" in page
    assert "All times are those of Beijing." in page


def test_shows_nobody_in_clear_text(merchant: int) -> None:
    page = Buyer(merchant).page()

    assert "王**" in page
    assert "文三路" not in page


def test_a_deposit_that_is_not_at_stake_is_said_to_go_back(merchant: int) -> None:
    page = Buyer(merchant, forfeit="none").page()

    assert "the whole deposit goes back" in page
    assert "twofold" not in page


def test_a_tap_asks_for_the_deposit_and_a_second_asks_for_the_same(merchant: int) -> None:
    buyer = Buyer(merchant)

    for key in ("a", "b"):
        answer = buyer.client.post(f"{buyer.path}pay/", {"account": "wallet", "key": key})
        assert answer.status_code == 302

    assert "WeChat Pay is being prepared" in buyer.page()


def test_pays_at_no_account_that_is_not_offered(merchant: int) -> None:
    buyer = Buyer(merchant)

    answer = buyer.client.post(f"{buyer.path}pay/", {"account": "till", "key": "a"})

    assert answer.status_code == 422


def test_waits_for_the_balance_and_pays_it_when_it_opens(merchant: int) -> None:
    buyer = Buyer(merchant)
    buyer.pay_deposit()
    waiting = buyer.page()
    early = buyer.client.post(f"{buyer.path}pay/", {"account": "wallet", "key": "a"})

    buyer.let_days_pass(2)
    opened = buyer.page()
    buyer.let_days_pass(1)
    late = buyer.page()

    assert "Your deposit is in." in waiting
    assert early.status_code == 409
    assert "Balance to pay now" in opened
    assert "Pay ¥800.00 by WeChat Pay" in opened
    assert "The time to pay is over." in late


def test_lets_it_go_only_when_sure(merchant: int) -> None:
    buyer = Buyer(merchant)
    buyer.pay_deposit()

    unsure = buyer.client.post(f"{buyer.path}cancel/", {})
    sure = buyer.client.post(f"{buyer.path}cancel/", {"sure": "yes"})

    assert (unsure.status_code, sure.status_code) == (422, 302)
    assert (buyer.stands().state, buyer.stands().kept_minor) == ("cancelled", 10_000)
    assert "This presale order is cancelled." in buyer.page()


def test_who_taps_too_often_is_heard_later(merchant: int) -> None:
    buyer = Buyer(merchant)

    answers = [buyer.client.post(f"{buyer.path}cancel/", {}).status_code for _ in range(21)]

    assert (answers[0], answers[-1]) == (422, 503)


@pytest.mark.parametrize("path", ["/b/nothing/", "/b/{begin}{other}/", "/b/{begin}/"])
def test_a_link_that_is_not_ours_opens_nothing(merchant: int, path: str) -> None:
    buyer = Buyer(merchant)
    token = buyer.path.split("/")[2]
    other = "B" if token.endswith("A") else "A"

    answer = buyer.client.get(path.format(begin=token[:-1], other=other))

    assert answer.status_code == 404


def test_steps_follow_the_clock(merchant: int) -> None:
    presale = Buyer(merchant).stands()

    steps = [
        step_of(presale=presale, now=presale.deposit_by - timedelta(seconds=1)),
        step_of(presale=presale, now=presale.deposit_by),
    ]

    assert steps == ["pay_deposit", "deposit_late"]
    assert [part_of(step=step) for step in steps] == ["deposit", None]
    assert [may_let_go(step=step) for step in steps] == [True, False]
