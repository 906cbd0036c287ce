"""The operator gives an order's work to another place."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from santong.console.tests.desk import Shop, open_shop
from santong.kernel.lint import catalogues
from santong.orders import public as orders

# What a page says where the catalogues have been compiled, and where they have not.
REFUSED = ("only the buyer may choose another counter", "fulfilment.pickup_stays")


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant, near=5, middle=5)


def form_of(shop: Shop, order: orders.Order) -> str:
    return f"/console/orders/{order.id}/work/{shop.work(order)[-1].id}/reassign/"


def places_asked(shop: Shop, order: orders.Order) -> list[tuple[int, str]]:
    return [(each.location_id, each.state) for each in shop.work(order)]


def test_the_operator_gives_work_to_another_place_for_a_reason(shop: Shop) -> None:
    order = shop.order()
    office = shop.desk("head_office")

    before = office.open(f"/console/orders/{order.id}/")
    status, text = office.send(
        form_of(shop, order), reason="sooner_elsewhere", note="asked for by the buyer"
    )

    assert "Find another place" in before[1]
    assert status == 200
    assert "Another place has been asked." in text
    assert "given to another place" in text
    assert "asked for by the buyer" in text
    assert places_asked(shop, order) == [
        (shop.world.near, "cancelled"),
        (shop.world.middle, "offered"),
    ]


def test_a_form_sent_twice_takes_effect_once(shop: Shop) -> None:
    order = shop.order()
    office, form = shop.desk("head_office"), form_of(shop, order)

    answers = [office.send(form, reason="overloaded", key="one-tap")[0] for _ in range(2)]

    assert answers == [200, 200]
    assert len(places_asked(shop, order)) == 2


def test_a_refusal_stands_beside_the_form_and_keeps_what_was_typed(merchant: int) -> None:
    shop = open_shop(merchant, near=5)
    order = shop.order()

    office = shop.desk("head_office")
    answer = office.client.post(
        form_of(shop, order), {"key": "k", "reason": "one_parcel", "note": "send it together"}
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "routing.nothing_can_serve" in page or "No other place" in page
    assert 'value="send it together"' in page
    assert places_asked(shop, order) == [(shop.world.near, "offered")]


def test_a_store_may_decline_and_not_reassign(shop: Shop) -> None:
    order = shop.order()
    clerk = shop.desk("store_manager", at=shop.world.near)

    seen = clerk.open(f"/console/orders/{order.id}/")
    status, _ = clerk.send(form_of(shop, order), reason="overloaded")

    assert (seen[0], "Find another place" in seen[1]) == (200, False)
    assert status == 403
    assert places_asked(shop, order) == [(shop.world.near, "offered")]


def test_work_of_another_order_is_not_reached_through_this_one(shop: Shop) -> None:
    order, other = shop.order(), shop.order()
    office = shop.desk("head_office")

    form = f"/console/orders/{order.id}/work/{shop.work(other)[0].id}/reassign/"
    answer = office.client.post(form, {"key": "k", "reason": "overloaded"})

    assert answer.status_code == 404
    assert places_asked(shop, other) == [(shop.world.near, "offered")]


def test_a_pickup_is_not_offered_to_others_and_the_page_says_what_can_be_done(shop: Shop) -> None:
    order = shop.order(pickup_at=shop.world.near)
    office = shop.desk("head_office")

    seen = office.open(f"/console/orders/{order.id}/")
    answer = office.client.post(form_of(shop, order), {"key": "k", "reason": "overloaded"})

    assert "Find another place" not in seen[1]
    assert any(words in seen[1] for words in REFUSED)
    assert "Cancel the order" in seen[1]
    assert answer.status_code == 409
    assert any(words in answer.content.decode() for words in REFUSED)
    assert places_asked(shop, order) == [(shop.world.near, "offered")]


@pytest.mark.parametrize(
    ("language", "advice"),
    [
        ("en", "cancel this order and have it ordered anew"),
        ("zh_Hans", "请取消本订单，由买家重新下单"),
    ],
)
def test_the_refusal_of_a_pickup_says_what_to_do_instead(language: str, advice: str) -> None:
    (folder,) = settings.LOCALE_PATHS
    catalogue = Path(folder) / language / "LC_MESSAGES" / "django.po"

    (words,) = [
        entry.translations
        for entry in catalogues.entries(catalogue.read_text(encoding="utf-8"))
        if entry.source == "fulfilment.pickup_stays"
    ]

    assert advice in "".join(words)
