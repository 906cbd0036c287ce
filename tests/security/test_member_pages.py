"""Every page of the member centre, tried by members of another merchant and by other members."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from tests.security.rows import fingerprint

from santong.aftersales.tests.factories import NOW, make_bought
from santong.benefits.tests.factories import make_batch, make_coupon
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.orders import public as orders
from santong.prepaid.tests.factories import make_card
from santong.storefront.models import MemberSession
from santong.storefront.tests.factories import Buyer, open_shop
from santong.storefront.urls import urlpatterns

ROUTES = [str(each.pattern) for each in urlpatterns]
# For everybody who comes by, whoever they are.
DOORS = re.compile(r"<merchant_code>/(log-in/|join/|terms/|faces.css)")
SENT_AWAY = {HTTPStatus.FOUND, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}

_keys = itertools.count(1)


def visit(buyer: Buyer, cookie: str, method: str, route: str, ids: dict[str, str]) -> Any:
    """Open a page of the buyer's merchant, or send it a form, with this cookie."""
    path = "/m/" + re.sub(r"<(\w+)>", lambda name: ids[name.group(1)], route)
    client = Buyer(buyer.shop).client
    client.cookies["santong_member"] = cookie
    form = {
        "key": f"k{next(_keys)}",
        "topic": "marketing.sms",
        "on": "on",
        "agree": "on",
        "code": "000000",
        "phone": "",
    }
    return client.get(path) if method == "get" else client.post(path, form)


def things_of(buyer: Buyer) -> dict[str, str]:
    merchant_id = buyer.shop.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        member_id = MemberSession.objects.of_merchant(merchant_id).get().member_id
        batch = make_batch(merchant_id=merchant_id)
        coupon = make_coupon(merchant_id=merchant_id, batch=batch, member_id=member_id)
        person_id = membership.member_by_id(merchant_id=merchant_id, member_id=member_id).person_id
        card = make_card(merchant_id=merchant_id, person_id=person_id).card
        order_id = make_bought(merchant_id).order.id
        orders.link_member(merchant_id=merchant_id, order_id=order_id, member_id=member_id, now=NOW)
    return {
        "merchant_code": buyer.shop.code,
        "coupon_id": str(coupon.id),
        "batch_code": batch.code,
        "card_id": str(card.id),
        "order_id": str(order_id),
    }


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_member_of_another_merchant_is_a_stranger_here(
    new_merchant: Callable[..., int], method: str
) -> None:
    buyer, foreign = Buyer(open_shop(new_merchant())), Buyer(open_shop(new_merchant()))
    buyer.join()
    foreign.join()
    ids = things_of(buyer)
    cookie = foreign.client.cookies["santong_member"].value
    before = fingerprint(buyer.shop.merchant_id)

    answers = {
        route: visit(buyer, cookie, method, route, ids)
        for route in ROUTES
        if not DOORS.match(route)
    }

    wrong = {
        route: each.status_code
        for route, each in answers.items()
        if each.status_code not in SENT_AWAY
        or not each.headers.get("Location", f"/m/{buyer.shop.code}/log-in/").startswith(
            f"/m/{buyer.shop.code}/log-in/"
        )
    }
    assert wrong == {}
    assert fingerprint(buyer.shop.merchant_id) == before


def test_another_member_sees_nothing_of_this_one(new_merchant: Callable[..., int]) -> None:
    buyer = Buyer(open_shop(new_merchant()))
    buyer.join()
    ids = things_of(buyer)
    number = re.search(r"\b8\d{3}(?: \d{1,4})+", buyer.text("card/"))
    other = Buyer(buyer.shop)
    other.join()
    cookie = other.client.cookies["santong_member"].value

    answers = {route: visit(buyer, cookie, "get", route, ids) for route in ROUTES}

    hidden = f"{buyer.phone[:3]}****{buyer.phone[-4:]}"
    assert number is not None
    told = {
        route
        for route, each in answers.items()
        if any(text in each.content.decode() for text in (hidden, number.group(), buyer.phone))
    }
    assert told == set()
    assert answers["<merchant_code>/wallet/<coupon_id>/"].status_code == HTTPStatus.NOT_FOUND
    assert answers["<merchant_code>/stored/<card_id>/"].status_code == HTTPStatus.NOT_FOUND
