"""A buyer scans a code in a store, joins, shows the card, takes a coupon, buys, and leaves."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from santong.benefits.tests.factories import make_batch
from santong.kernel import tenancy
from santong.storefront.tests.factories import Buyer, Shop, open_shop, wait_a_day
from tests.journeys.http import tell_all


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant)


def test_from_the_scan_to_the_card_and_out_again(shop: Shop) -> None:
    with tenancy.scope(merchant_id=shop.merchant_id):
        batch = make_batch(merchant_id=shop.merchant_id, total=5, per_member=1)
    buyer = Buyer(shop)

    scanned = buyer.open("join/", store=shop.store.code, guide="G017")
    form = dict(re.findall(r'name="(store|guide)" value="([^"]*)"', scanned.content.decode()))
    buyer.ask(**form)
    buyer.type_code()
    joined = buyer.agree(agree="on", marketing="on")
    card = buyer.text("card/")
    number = found(r"\b8\d{3}(?: \d{1,4})+\b", card).replace(" ", "")
    taken = buyer.send(f"claim/{batch.code}/", key="one-tap")
    coupon = buyer.client.get(taken["Location"]).content.decode()

    assert scanned.status_code == 200
    assert joined["Location"] == shop.path("card/")
    assert re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", coupon)
    assert number in buyer.text("card/").replace(" ", "")

    wait_a_day(buyer)
    buyer.send("data/erase/")
    left = buyer.send("data/erase/code/", code=buyer.code())
    tell_all()

    assert left.status_code == 200
    assert buyer.open("card/").status_code == 302
    assert Client().get(shop.path("card/")).status_code == 302


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, text
    return match.group()
