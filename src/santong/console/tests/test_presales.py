"""Presales on the console: drafted with a preview, published, followed, given up."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from santong.console.tests.settlement_people import desk
from santong.kernel import tenancy
from santong.merchants.tests.factories import make_staff
from santong.presales import public as presales
from santong.presales.tests.factories import (
    make_deposit,
    make_offer,
    make_shop,
)
from santong.stores import public as stores
from santong.stores.tests.factories import make_location

FORM = {
    "name": "大衣预售",
    "code": "coats",
    "storefront": "flagship",
    "limit_units": "10",
    "most_per_buyer": "1",
    "stock": "in_stock",
    "forfeit": "all",
    "deposit_from": "2026-11-20T20:00",
    "deposit_until": "2030-11-27T20:00",
    "balance_from": "2030-11-27T20:00",
    "balance_until": "2030-11-30T20:00",
    "lines.0.sku": "COAT-RED-M",
    "lines.0.price": "1000",
    "lines.0.deposit": "100",
    "lines.0.worth": "200",
}


@pytest.fixture
def shop(merchant: int) -> int:
    """A shop and its people."""
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        place = make_location(merchant_id=merchant, code="clerk-store")
        make_staff(merchant, login="head", role="head_office")
        make_staff(merchant, login="clerk", role="clerk", location_id=place.id)
    return merchant


@pytest.fixture
def presale(shop: int) -> presales.Presale:
    """Somebody has joined, and the deposit is in."""
    with tenancy.scope(merchant_id=shop):
        return make_deposit(shop, make_offer(shop))


def offers(merchant_id: int) -> list[presales.Offer]:
    with tenancy.scope(merchant_id=merchant_id):
        return presales.offers_page(merchant_id=merchant_id)


def again(merchant_id: int, presale: presales.Presale) -> presales.Presale:
    with tenancy.scope(merchant_id=merchant_id):
        return presales.presale_by_id(merchant_id=merchant_id, presale_id=presale.id)


def test_an_offer_is_worked_out_before_it_is_kept(shop: int) -> None:
    at = desk(shop, "head")

    status, page = at.send("/console/presales/new/again/", **FORM)

    assert status == 200
    for amount in ("¥1,000.00", "¥100.00", "¥200.00", "¥800.00", "¥900.00"):
        assert amount in page
    assert offers(shop) == []


def test_an_offer_is_drafted_published_changed_and_ended(shop: int) -> None:
    at = desk(shop, "head")

    at.send("/console/presales/new/save/", **FORM)
    (drafted,) = offers(shop)
    at.send(f"/console/presales/{drafted.id}/publish/")
    at.send(
        f"/console/presales/{drafted.id}/edit/save/", version="1", **FORM | {"limit_units": "20"}
    )
    (changed,) = offers(shop)
    at.send(f"/console/presales/{drafted.id}/end/", reason="enough")
    (ended,) = offers(shop)

    assert (drafted.state, drafted.terms.lines[0].worth_minor) == ("draft", 20_000)
    assert (changed.state, changed.version, changed.terms.limit_units) == ("live", 2, 20)
    assert ended.state == "ended"


def test_what_is_not_lawful_is_said_at_its_field(shop: int) -> None:
    at = desk(shop, "head")
    form = FORM | {"lines.0.deposit": "300", "lines.0.worth": ""}

    status, page = at.send("/console/presales/new/save/", **form)

    assert status == 422
    assert "at most a fifth of what is paid in all" in page
    assert offers(shop) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"deposit_from": ""}, "deposit_from"),
        ({"code": "no code"}, "code"),
        ({"lines.0.price": "x"}, "lines.0.price"),
        ({"limit_units": "0"}, "limit_units"),
    ],
)
def test_a_wrong_field_is_marked_and_what_was_typed_stays(
    shop: int, wrong: dict[str, str], said: str
) -> None:
    at = desk(shop, "head")

    answer = at.client.post("/console/presales/new/save/", {"key": "k", **FORM, **wrong})

    assert answer.status_code == 422
    assert f'id="problem-{said}"' in answer.content.decode()
    assert "大衣预售" in answer.content.decode()


WHO = {
    "sku": "COAT-RED-M",
    "units": "2",
    "name": "李小红",
    "phone": "13900001111",
    "city": "杭州市",
    "address": "文三路 90 号",
}


def test_a_clerk_joins_a_buyer_at_the_clerks_store_and_hands_out_the_link(shop: int) -> None:
    with tenancy.scope(merchant_id=shop):
        now = datetime.now(UTC)
        offer = make_offer(
            shop,
            deposit_from=now - timedelta(hours=1),
            deposit_until=now + timedelta(days=1),
            balance_from=now + timedelta(days=1),
            balance_until=now + timedelta(days=2),
        )
        (place,) = stores.locations_page(merchant_id=shop, kind="store", search="clerk-store")
    at, path = desk(shop, "clerk"), f"/console/presales/{offer.id}/"
    elsewhere, _ = at.send(f"{path}join/", **WHO)
    too_many, page = at.send(f"{path}join/", **WHO | {"units": "3", "place": place.code})
    before = presale_orders(shop)

    at.send(f"{path}join/", **WHO, place=place.code)

    assert (elsewhere, too_many) == (404, 429)
    assert "more than one buyer may have" in page
    assert before == []
    (joined,) = presale_orders(shop)
    assert (joined.units, joined.seller_location_id) == (2, place.id)
    page = at.client.get(f"/console/presales/orders/{joined.id}/").content.decode()
    (link,) = set(re.findall(r"/b/[\w-]+/", page))
    buyers = Client().get(link).content.decode()
    assert "200.00" in buyers


def presale_orders(merchant_id: int) -> list[presales.Presale]:
    with tenancy.scope(merchant_id=merchant_id):
        return presales.presales_page(merchant_id=merchant_id)


def test_one_offer_shows_its_numbers(shop: int, presale: presales.Presale) -> None:
    _, page = desk(shop, "head").open(f"/console/presales/{presale.offer_id}/")

    assert "1 / 10 units taken" in page
    assert "¥100.00 deposits in" in page
    assert presale.number in page


def test_a_presale_order_is_a_story_beside_its_order(shop: int, presale: presales.Presale) -> None:
    at = desk(shop, "head")

    _, page = at.open(f"/console/presales/orders/{presale.id}/")
    _, order = at.open(f"/console/orders/{presale.order_id}/")

    assert "deposit in" in page
    assert "its order" in page
    assert "Presale order (deposit paid)" in order
    assert "13800138000" not in page


def test_whoever_may_lets_it_go_once(shop: int, presale: presales.Presale) -> None:
    at = desk(shop, "head")
    path = f"/console/presales/orders/{presale.id}/cancel/"

    at.send(path, reason="the buyer called")
    again_, _ = at.send(path, reason="the buyer called again")

    assert again_ == 200
    assert (again(shop, presale).state, again(shop, presale).kept_minor) == ("cancelled", 10_000)


def test_who_cannot_deliver_owes_the_deposit_on_top(shop: int, presale: presales.Presale) -> None:
    at = desk(shop, "head")

    at.send(f"/console/presales/orders/{presale.id}/fail/", reason="no cloth")
    _, page = at.open(f"/console/presales/orders/{presale.id}/")

    assert again(shop, presale).state == "failed"
    assert "Owed on top" in page


def test_another_link_ends_the_old_one(shop: int, presale: presales.Presale) -> None:
    desk(shop, "head").send(f"/console/presales/orders/{presale.id}/link/")

    assert again(shop, presale).link_round == presale.link_round + 1


def test_a_clerk_sees_offers_and_what_was_sold_at_their_place(
    shop: int, presale: presales.Presale
) -> None:
    at = desk(shop, "clerk")

    listed, page = at.open("/console/presales/orders/")
    elsewhere, _ = at.open(f"/console/presales/orders/{presale.id}/")
    offered, _ = at.open(f"/console/presales/{presale.offer_id}/")
    form, _ = at.open("/console/presales/new/")

    assert (listed, offered) == (200, 200)
    assert presale.number not in page
    assert (elsewhere, form) == (404, 403)


def test_lists_ask_as_often_for_many_as_for_one(shop: int) -> None:
    with tenancy.scope(merchant_id=shop):
        offer = make_offer(shop, limit_units=50)
        make_deposit(shop, offer)
    at = desk(shop, "head")
    paths = ("/console/presales/", "/console/presales/orders/")
    few = [at.questions(path) for path in paths]

    with tenancy.scope(merchant_id=shop):
        for _ in range(4):
            make_deposit(shop, offer)
            make_offer(shop)

    assert [at.questions(path) for path in paths] == few
